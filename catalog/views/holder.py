"""The page of a listing for its holder: how it stands, what is to be answered, renewal."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET, require_POST, require_safe

from accounts.views.access import person
from catalog import attesting, renewing
from catalog.labels import STATE_TONES
from catalog.measure_forms import AnswerForm, RenewalForm
from catalog.measure_states import HEARD, MeasureStatus
from catalog.measures import MEASURES
from catalog.models import ListingMeasure, Technology
from catalog.naming import title_of
from catalog.states import TechnologyStatus
from catalog.trust import certificate as certificates
from catalog.trust.checking import is_listed
from catalog.trust.credentials import address
from core import rights
from core.clock import database_now
from core.errors import DomainError
from core.http import attempt
from evaluation.clarifications.clarifying import end_of

ON_PAGE = gettext_lazy("Confirmed. The public page says so.")
WHEN_LISTED = gettext_lazy("Confirmed. The public page says so once it is listed again.")


@require_GET
def listing(request: HttpRequest, id: UUID) -> HttpResponse:
    return _page(request, _held(request, id))


@require_POST
def ask_renewal(request: HttpRequest, id: UUID) -> HttpResponse:
    technology, form = _held(request, id), RenewalForm(request.POST)
    if form.is_valid() and attempt(
        request,
        form,
        lambda: renewing.ask(technology.pk, actor=person(request), **form.cleaned_data),
    ):
        messages.success(request, _("Sent. Two officers decide, and you get a mail."))
        return redirect("catalog:listing", technology.pk)
    return _page(request, technology, renewal=form)


@require_POST
def attest(request: HttpRequest, id: UUID) -> HttpResponse:
    technology = _held(request, id)
    try:
        attesting.attest(technology.pk, actor=person(request))
        shown = technology.status == TechnologyStatus.LISTED
        said = ON_PAGE if shown else WHEN_LISTED
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, said)
    return redirect("catalog:listing", technology.pk)


@require_POST
def answer(request: HttpRequest, id: UUID, measure_id: int) -> HttpResponse:
    technology, form = _held(request, id), AnswerForm(request.POST)
    measure = get_object_or_404(_heard(request, technology), pk=measure_id)
    if form.is_valid() and attempt(
        request,
        form,
        lambda: MEASURES.perform(
            "answer", measure.pk, actor=request.user, answer=form.cleaned_data["answer"]
        ),
    ):
        messages.success(request, _("Your answer was sent."))
        return redirect("catalog:listing", technology.pk)
    return _page(request, technology, answering=form, refused=measure)


@require_safe
@cache_control(private=True, no_store=True)
def certificate(request: HttpRequest, id: UUID) -> HttpResponse:
    """Answer with the certificate of a listing that is one; officers may have it too."""
    rows = Technology.objects.with_right(request.user, "certificate")
    technology = get_object_or_404(rows, pk=id)
    if not is_listed(technology, database_now()):
        raise Http404
    response = HttpResponse(certificates.certificate(technology), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{technology.number}.pdf"'
    return response


def _held(request: HttpRequest, pk: UUID) -> Technology:
    rows = Technology.objects.with_right(request.user, "hold")
    return get_object_or_404(rows, pk=pk)


def _heard(request: HttpRequest, technology: Technology) -> Any:
    rows = ListingMeasure.objects.with_right(request.user, "hear")
    return rows.filter(technology=technology, kind__in=HEARD)


def _page(
    request: HttpRequest,
    technology: Technology,
    *,
    answering: AnswerForm | None = None,
    renewal: RenewalForm | None = None,
    refused: ListingMeasure | None = None,
) -> HttpResponse:
    """Draw the page; a form that was refused comes back with what was typed, open or not."""
    now = database_now()
    measures = list(_heard(request, technology))
    open_one = next((one for one in measures if _can_be_answered(one, now)), None)
    may_answer = open_one is not None and rights.can(request.user, "answer", open_one)
    can_ask = renewing.can_be_asked(technology, now)
    may_ask = can_ask and rights.can(request.user, "ask_renewal", technology)
    page = {
        "technology": technology,
        "title_lang": title_of(technology)[0],
        "status": {
            "label": technology.get_status_display(),
            "tone": STATE_TONES[technology.status],
        },
        "measures": measures,
        "open": refused or (open_one if may_answer else None),
        "answering": answering or AnswerForm(),
        "renewal": renewal or RenewalForm(),
        "request_for_renewal": None if renewal else renewing.standing_request(technology),
        "renewal_from": renewing.opens_on(technology),
        "may_ask": may_ask or renewal is not None,
        "is_listed": is_listed(technology, now),
        "badge_url": address("badge", technology.number),
        "badge_lines": _badge_lines(technology),
        "confirmation": _confirmation(request, technology, now),
    }
    status = 400 if answering or renewal else 200
    return render(request, "catalog/listing.html", page, status=status)


def _badge_lines(technology: Technology) -> str:
    leads_to, image = (address(name, technology.number) for name in ("code", "badge"))
    alt = f"Technology Pool {technology.number}"
    return f'<a href="{leads_to}"><img src="{image}" width="360" height="64" alt="{alt}"></a>'


def _confirmation(request: HttpRequest, technology: Technology, now: Any) -> dict[str, Any]:
    """Say how far it is confirmed; what follows only as far as the listing lasts till then."""
    can = attesting.can_be_confirmed(technology, now)
    days = attesting.due_on(technology), attesting.lapses_on(technology)
    due_on, lapses_on = (day if day < technology.valid_until else None for day in days)
    return {
        "counts": technology.status in attesting.ATTESTABLE,
        "last": attesting.last_confirmed(technology),
        "due_on": due_on,
        "lapses_on": lapses_on,
        "opens_on": attesting.opens_on(technology),
        "may": can and rights.can(request.user, "attest", technology),
    }


def _can_be_answered(measure: ListingMeasure, now: Any) -> bool:
    still_open = measure.status == MeasureStatus.PROPOSED and not measure.answer
    return still_open and measure.due_on is not None and now < end_of(measure.due_on)
