"""The officers' page that nominates a whole list: a dry run first, line by line."""

from typing import cast

from django import forms
from django.contrib import messages  # noqa: TID251 -- a page of the officers
from django.contrib.admin import ModelAdmin
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse  # noqa: TID251 -- what Django admin passes
from django.shortcuts import redirect  # noqa: TID251 -- as above
from django.template.response import TemplateResponse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core import rights
from core.errors import DomainError
from core.http import attempt
from evaluation import spreadsheets
from evaluation.models import Nomination
from evaluation.pool import importing
from evaluation.pool.importing import Line
from evaluation.sheet_columns import CSV, XLSX, empty_sheet

AN_HOUR = 3600


class SheetForm(forms.Form):
    """The spreadsheet."""

    file = forms.FileField(
        label=_("Spreadsheet"),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
        help_text=_("XLSX, or CSV in UTF-8; at most 1 MB and 300 lines, no formulas."),
    )


def import_page(admin: ModelAdmin[Nomination], request: HttpRequest) -> HttpResponse:
    """Show what a spreadsheet would do; nominate whom the officer was shown, after a press."""
    if not rights.may_ever(request.user, "add", Nomination):
        raise PermissionDenied("nominate experts")
    if request.method == "POST" and "list" in request.POST:
        return _nominate(request)
    form = SheetForm(request.POST or None, request.FILES or None)
    lines: list[Line] = []
    if form.is_bound and form.is_valid():
        upload = form.cleaned_data["file"]
        attempt(request, form, lambda: lines.extend(importing.plan(spreadsheets.read(upload))))
    page = {
        **admin.admin_site.each_context(request),
        "title": _("Nominate from a spreadsheet"),
        "opts": admin.opts,
        "form": form,
        "lines": lines,
        "wanted": sum(one.nominates for one in lines),
        "list": _sealed(request, lines),
    }
    return TemplateResponse(request, "evaluation/admin/import.html", page)


def _sealed(request: HttpRequest, lines: list[Line]) -> str:
    """Return what was shown, for the page to send back: nothing of it is stored before."""
    given = [one.given for one in lines if one.nominates]
    return signing.dumps(given, salt=_salt(request), compress=True) if given else ""


def _nominate(request: HttpRequest) -> HttpResponse:
    try:
        given = signing.loads(request.POST["list"], salt=_salt(request), max_age=AN_HOUR)
        made = importing.nominate_all(given, actor=cast(User, request.user))
    except signing.BadSignature:
        messages.error(request, _("This list is too old. Please upload the file again."))
        return redirect("admin:evaluation_nomination_import")
    except DomainError as refusal:
        messages.error(request, str(refusal))
        return redirect("admin:evaluation_nomination_import")
    said = ngettext("%(count)d person was asked.", "%(count)d people were asked.", made)
    messages.success(request, said % {"count": made})
    return redirect("admin:evaluation_nomination_changelist")


def _salt(request: HttpRequest) -> str:
    """Bind the list to who was shown it."""
    return f"evaluation.expert_import.{request.user.pk}"


def template(kind: str) -> HttpResponse:
    """Hand out an empty spreadsheet with the heading in the language of the page."""
    content = empty_sheet(importing.COLUMNS, kind, get_language() or "en")
    disposition = f'attachment; filename="experts.{kind}"'
    return HttpResponse(
        content,
        content_type=XLSX if kind == "xlsx" else CSV,
        headers={"Content-Disposition": disposition, "X-Content-Type-Options": "nosniff"},
    )
