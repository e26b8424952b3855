"""Objections: the form for everybody, the page of the link, and the applicant's answer."""

from typing import Any
from uuid import UUID

from allauth.core.internal import ratelimit
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.views.access import FORM_METHODS, person
from core import rights
from core.clock import database_now
from core.http import attempt
from evaluation.clarifications.clarifying import end_of
from evaluation.models import Case, Objection, ObjectionFile
from evaluation.objections import files as objection_files
from evaluation.objections import objecting
from evaluation.objections.forms import ObjectionForm, ResponseForm
from evaluation.objections.states import OPEN, ObjectionStatus
from evaluation.objections.telling import closed_to_applicant, told
from evaluation.objections.workflow import OBJECTIONS
from evaluation.publicity import contents
from evaluation.publicity.page import CONTENT, called, named
from submissions import joint
from submissions.views.access import own
from submissions.views.attachments import handed_out

# From one address of the network: each may have files looked into, and sends a mail.
RATES = {"send": "5/m,20/h"}


@require_http_methods(FORM_METHODS)
@never_cache
def objection_form(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Take an objection from anybody; nothing typed is lost when it is refused."""
    public = Case.objects.with_right(AnonymousUser(), "notice")
    rows = named(public).select_related("declaration__organisation", *CONTENT)
    case = get_object_or_404(rows, pk=case_id)
    if not objecting.is_open(case, database_now()):
        return render(request, "evaluation/objection_late.html", {"case": case})
    form = ObjectionForm(request.POST or None, request.FILES or None)
    status = 200
    if form.is_bound and form.is_valid():
        if ratelimit.consume(request, app="portal", action="send", config=RATES) is None:
            form.add_error(None, _("Too many were sent in a short time. Please try again later."))
            status = 429
        elif attempt(request, form, lambda: _send(case, form)):
            address = form.cleaned_data["address"]
            page = {"case": case, "address": address}
            return render(request, "evaluation/objection_sent.html", page)
    language_then, title_then = called(case)
    page = {
        "case": case,
        "language_then": language_then,
        "title_then": title_then,
        "form": form,
        "joint": joint.of_version(case.version),
        "contents": contents.drawn(case),
        "keep_days": settings.OBJECTIONS_KEEP_DAYS,
    }
    return render(request, "evaluation/objection_form.html", page, status=status)


def _send(case: Case, form: ObjectionForm) -> None:
    with objection_files.SHELF.stored(form.cleaned_data["attached"]) as files:
        objecting.send(case.pk, form.said(), files)


@require_safe
@never_cache
def objection(request: HttpRequest, token: str) -> HttpResponse:
    """Show the objector what became of it; confirming takes a button, for programs open links."""
    found = _found(token)
    still_open = objecting.is_open(found.case, database_now())
    page = {
        "objection": found,
        "declaration": found.case.declaration,
        "token": token,
        "told": told(found, still_open=still_open),
        "files": found.files.all(),
        "open": still_open,
        "waits": found.status == ObjectionStatus.SENT,
        "withdrawable": found.status in OPEN,
    }
    return render(request, "evaluation/objection.html", page)


@require_POST
def objection_step(request: HttpRequest, token: str, step: str) -> HttpResponse:
    found = _found(token)
    if step not in ("confirm", "withdraw"):
        raise Http404
    attempt(request, None, lambda: OBJECTIONS.perform(step, found.pk, actor=None))
    return redirect("evaluation:objection", token)


@require_safe
@never_cache
def objection_file(request: HttpRequest, token: str, file_id: UUID) -> FileResponse:
    """Hand an objector back what they sent: whoever holds the link, and nobody else here."""
    file = get_object_or_404(_found(token).files, pk=file_id)
    return handed_out(file)


def _found(token: str) -> Objection:
    found = objecting.by_token(token)
    if found is None:
        raise Http404
    return found


# The applicant --------------------------------------------------------------------------


@require_safe
def objection_list(request: HttpRequest, declaration_id: UUID) -> HttpResponse:
    """Show an applicant what was admitted against its entry, and what it can say to it."""
    declaration = own(request, declaration_id)
    put = _put(request, declaration_id)
    entries = [{"row": one, "form": _form_of(request, one)} for one in put]
    return _page(request, declaration, entries)


@require_http_methods(FORM_METHODS)
def objection_answer(
    request: HttpRequest, declaration_id: UUID, objection_id: UUID
) -> HttpResponse:
    declaration = own(request, declaration_id)
    put = _put(request, declaration_id)
    row = get_object_or_404(put, pk=objection_id)
    form = ResponseForm(request.POST or None, prefix=_prefix(row))
    if (
        form.is_bound
        and form.is_valid()
        and attempt(
            request,
            form,
            lambda: OBJECTIONS.perform(
                "respond", row.pk, actor=person(request), **form.cleaned_data
            ),
        )
    ):
        messages.success(request, _("Sent. You get a mail with the ruling."))
        return redirect("evaluation:objection-list", declaration_id)
    row = get_object_or_404(put, pk=objection_id)  # it may have been ruled on meanwhile
    if _form_of(request, row) is not None:
        return _page(request, declaration, [{"row": row, "form": form}])
    typed = str(form["response"].value() or "") if form.is_bound else ""
    late = closed_to_applicant(row) if form.is_bound else ""
    return _page(request, declaration, [{"row": row, "late": late, "typed": typed}])


def _page(request: HttpRequest, declaration: Any, entries: list[Any]) -> HttpResponse:
    page = {"declaration": declaration, "entries": entries}
    return render(request, "evaluation/objection_list.html", page)


def _put(request: HttpRequest, declaration_id: UUID) -> Any:
    rows = Objection.objects.with_right(request.user, "hear")
    rows = rows.filter(case__declaration=declaration_id).select_related("case__declaration")
    files = ObjectionFile.objects.filter(objection=OuterRef("pk"))
    return rows.annotate(has_files=Exists(files)).order_by("admitted_at", "pk")


def _form_of(request: HttpRequest, row: Objection) -> ResponseForm | None:
    until = row.respond_until
    open_still = row.responded_at is None and until is not None and database_now() < end_of(until)
    may = open_still and rights.can(request.user, "respond", row)
    return ResponseForm(prefix=_prefix(row)) if may else None


def _prefix(row: Objection) -> str:
    return f"o{row.pk.hex[:8]}"
