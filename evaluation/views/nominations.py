"""The link of a nomination: what is proposed, and the answer to it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.views.access import FORM_METHODS, person
from core.http import attempt
from evaluation.models import Expert, Nomination
from evaluation.pool import nominating
from evaluation.pool.forms import ApplicationForm
from evaluation.pool.states import LIVE


@require_safe
@never_cache
def nomination(request: HttpRequest, token: str) -> HttpResponse:
    """Show who nominates, and what is kept meanwhile; both answers take a button."""
    found = _found(token)
    page = {"nomination": found, "ended": nominating.ended(found), "token": token}
    return render(request, "evaluation/nomination.html", page)


@require_POST
def nomination_decline(request: HttpRequest, token: str) -> HttpResponse:
    _found(token)
    attempt(request, None, lambda: nominating.decline(token))
    return redirect("evaluation:nomination", token)


@require_http_methods(FORM_METHODS)
@never_cache
def nomination_consent(request: HttpRequest, token: str) -> HttpResponse:
    """Consent by looking through what is proposed, putting it right and sending it."""
    found = _found(token)
    if nominating.ended(found):
        return redirect("evaluation:nomination", token)
    known = Expert.objects.filter(pk=person(request).pk).first()
    if known is not None and known.status in LIVE:
        messages.info(request, _("You are in the pool already, or have applied."))
        return redirect("evaluation:expert-profile")
    form = ApplicationForm(request.POST or None, instance=known, initial=_proposed(found))
    if form.is_bound and form.is_valid() and _consent(request, token, form):
        messages.success(request, _("Thank you. An officer decides, and you get a mail."))
        return redirect("evaluation:expert-profile")
    page = {"form": form, "nomination": found}
    return render(request, "evaluation/expert_apply.html", page)


def _consent(request: HttpRequest, token: str, form: ApplicationForm) -> bool:
    return attempt(
        request,
        form,
        lambda: nominating.consent(token, actor=person(request), **form.application()),
    )


def _proposed(nomination: Nomination) -> dict[str, Any]:
    """Return what was proposed, by the names of the form."""
    given = dict(nomination.proposed)
    return {"employer_name": given.pop("employer", ""), **given}


def _found(token: str) -> Nomination:
    found = nominating.found(token)
    if found is None:
        raise Http404
    return found
