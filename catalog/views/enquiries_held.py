"""The enquiries about a listing, for who may answer for its holder."""

from contextlib import suppress
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.views.access import person
from catalog.acting import acts_for
from catalog.enquiries import telling
from catalog.enquiries.forms import MessageForm, ReportForm
from catalog.enquiries.states import EnquiryStatus
from catalog.enquiries.workflow import ENQUIRIES
from catalog.models import Enquiry, Technology
from catalog.naming import title_of
from core import rights
from core.errors import TransitionError
from core.http import attempt

PAGE = 20
FORMS: dict[str, type[MessageForm | ReportForm] | None] = {
    "answer": MessageForm,
    "report": ReportForm,
    "close": None,
}
SAID = {
    "answer": gettext_lazy("Your answer was sent."),
    "report": gettext_lazy("Reported. The officers look at it."),
    "close": gettext_lazy("The enquiry is closed."),
}


@require_safe
@never_cache
def enquiry_list(request: HttpRequest, id: UUID) -> HttpResponse:
    technology = _held(request, id)
    rows = _heard(request, technology).order_by("-sent_at", "pk")
    after = rows.filter(pk=_key(request)).first()
    if after is not None:  # the row where the page before ended
        earlier = rows.filter(sent_at__lt=after.sent_at)
        rows = earlier | rows.filter(sent_at=after.sent_at, pk__gt=after.pk)
    found = list(rows.select_related("country")[: PAGE + 1])
    page = {
        **_about(technology),
        "rows": [{"enquiry": one, "status": telling.status_of(one)} for one in found[:PAGE]],
        "after": found[PAGE - 1].pk if len(found) > PAGE else None,
        "reads": bool(found) or acts_for(technology, person(request)),
    }
    return render(request, "catalog/holder_enquiries.html", page)


def _key(request: HttpRequest) -> UUID | None:
    try:
        return UUID(request.GET.get("after", ""))
    except ValueError:
        return None


@require_safe
@never_cache
def enquiry(request: HttpRequest, id: UUID, enquiry_id: UUID) -> HttpResponse:
    """Show an enquiry; who asked is told that it was read."""
    technology = _held(request, id)
    found = _one(request, technology, enquiry_id)
    if found.status == EnquiryStatus.RECEIVED and rights.can(request.user, "answer", found):
        with suppress(TransitionError):  # another member opened it in this moment
            ENQUIRIES.perform("open", found.pk, actor=person(request))
        found = _one(request, technology, enquiry_id)
    return _page(request, technology, found)


@require_POST
def enquiry_step(request: HttpRequest, id: UUID, enquiry_id: UUID, step: str) -> HttpResponse:
    technology = _held(request, id)
    found = _one(request, technology, enquiry_id)
    if step not in FORMS:
        raise Http404
    asks = FORMS[step]
    form = asks(request.POST) if asks else None
    given = form.cleaned_data if form is not None and form.is_valid() else {}
    if (form is None or form.is_valid()) and attempt(
        request,
        form,
        lambda: ENQUIRIES.perform(step, found.pk, actor=person(request), **given),
    ):
        messages.success(request, SAID[step])
        return redirect("catalog:holder-enquiry", technology.pk, found.pk)
    if form is None:
        return redirect("catalog:holder-enquiry", technology.pk, found.pk)
    found = _one(request, technology, enquiry_id)
    return _page(request, technology, found, refused=(step, form))


def _held(request: HttpRequest, pk: UUID) -> Technology:
    return get_object_or_404(Technology.objects.with_right(request.user, "hold"), pk=pk)


def _heard(request: HttpRequest, technology: Technology) -> Any:
    return Enquiry.objects.with_right(request.user, "hear").filter(technology=technology)


def _one(request: HttpRequest, technology: Technology, pk: UUID) -> Enquiry:
    rows: Any = _heard(request, technology).select_related("country", "technology__holder")
    found: Enquiry = get_object_or_404(rows, pk=pk)
    return found


def _about(technology: Technology) -> dict[str, Any]:
    language, title = title_of(technology)
    return {"technology": technology, "title": title, "title_lang": language}


def _page(
    request: HttpRequest,
    technology: Technology,
    found: Enquiry,
    *,
    refused: tuple[str, Any] | None = None,
) -> HttpResponse:
    """Draw the page; a form that was refused comes back with what was typed, open or not."""
    may = rights.can(request.user, "answer", found)
    given = dict([refused] if refused else [])
    asker = f"{found.name}, {found.unit}" if found.name else _("who asked")
    answerable = may and telling.is_listed(found)
    page = {
        **_about(technology),
        "enquiry": found,
        "status": telling.status_of(found),
        "kind": telling.kind_of(found),
        "events": telling.messages_of(found, asker=asker, holder=technology.holder.name),
        "may": may,
        "answer": given.get("answer") or (MessageForm() if answerable else None),
        "report": given.get("report") or (ReportForm() if may else None),
    }
    status = 400 if refused else 200
    return render(request, "catalog/holder_enquiry.html", page, status=status)
