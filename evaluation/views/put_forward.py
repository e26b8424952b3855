"""Whom an organisation nominates for the expert pool: its own nominations and their state."""

from uuid import UUID

from allauth.core.internal import ratelimit
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import MAIL_LANGUAGES, Organisation
from accounts.views.access import FORM_METHODS, follows_merges, person
from core import rights
from core.clock import database_now
from core.http import attempt
from evaluation.forms import KeyForm
from evaluation.models import Nomination
from evaluation.pool import putting_forward
from evaluation.pool.forms import PutForwardForm
from evaluation.pool.nominating import NOMINATIONS
from submissions.paging import newest_first

# By one person, refused ones too.
RATES = {"put_forward": "10/h/user"}


@require_http_methods(FORM_METHODS)
@follows_merges
def put_forward(request: HttpRequest, organisation_id: UUID) -> HttpResponse:
    """List what the organisation put forward; what is posted here nominates one more."""
    mine = rights.with_right(Organisation.objects.all(), request.user, "list_nominations")
    organisation = get_object_or_404(mine, pk=organisation_id)
    may_nominate = rights.can(request.user, "nominate", organisation)
    if request.method == "POST" and not may_nominate:
        raise Http404
    here = get_language() or ""
    language = here if here in dict(MAIL_LANGUAGES) else "en"
    form = PutForwardForm(request.POST or None, initial={"language": language})
    status = 200
    if form.is_bound and form.is_valid():
        if ratelimit.consume(request, app="portal", action="put_forward", config=RATES) is None:
            form.add_error(None, _("Too many were sent in a short time. Please try again later."))
            status = 429
        elif _made(request, organisation, form):
            # The same of everybody, and true of everybody.
            said = _(
                "Nominated. The person is asked by mail, unless in the pool already, an applicant "
                "or asked before."
            )
            messages.success(request, said)
            return redirect("evaluation:put-forward", organisation.pk)
    now = database_now()
    own = Nomination.objects.with_right(request.user, "own").filter(organisation=organisation)
    after = KeyForm(request.GET).key()
    shown = newest_first(own, by="nominated_at", after=after)
    page = {
        "organisation": organisation,
        "rows": [(one, putting_forward.state(one, now)) for one in shown.rows],
        "next_key": shown.next_key,
        "form": form,
        "may_nominate": may_nominate,
        "left": putting_forward.left(organisation, now),
        "most": putting_forward.MOST_A_YEAR,
    }
    return render(request, "evaluation/put_forward.html", page, status=status)


def _made(request: HttpRequest, organisation: Organisation, form: PutForwardForm) -> bool:
    return attempt(
        request,
        form,
        lambda: putting_forward.put_forward(
            organisation.pk, actor=person(request), **form.cleaned_data
        ),
    )


@require_POST
def put_forward_withdraw(
    request: HttpRequest, organisation_id: UUID, nomination_id: UUID
) -> HttpResponse:
    mine = Nomination.objects.with_right(request.user, "own")
    row = get_object_or_404(mine, pk=nomination_id, organisation=organisation_id)
    if attempt(request, None, lambda: NOMINATIONS.perform("withdraw", row.pk, actor=request.user)):
        messages.success(request, _("Withdrawn."))
    return redirect("evaluation:put-forward", organisation_id)
