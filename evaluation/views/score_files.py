"""The score sheet on paper and as a spreadsheet."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.http import attempt
from evaluation.desk import files, page
from evaluation.desk.forms import ScoreForm
from evaluation.desk.saving import stored_entries
from evaluation.forms import ScoreFileForm
from evaluation.models import ScoreSheet
from evaluation.states import SheetStatus
from evaluation.views.desk import my_sheet

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
def scoring_print(request: HttpRequest, assignment_id: UUID) -> HttpResponse:
    sheet = my_sheet(request, assignment_id)
    dimensions = sheet.assignment.case.asked()
    form = ScoreForm(sheet=sheet, indicators=page.indicators_of(dimensions))
    context = {"desk": page.build(sheet, dimensions, form), "is_open": False, "on_paper": True}
    return render(request, "evaluation/scoring_print.html", {**_of(sheet), **context})


@require_safe
def scoring_workbook(request: HttpRequest, assignment_id: UUID) -> HttpResponse:
    sheet = my_sheet(request, assignment_id)
    answer = HttpResponse(files.workbook(sheet, sheet.assignment.case.asked()), content_type=XLSX)
    number = sheet.assignment.case.declaration.number
    answer["Content-Disposition"] = f'attachment; filename="scores-{number}.xlsx"'
    return answer


@require_http_methods(("GET", "HEAD", "POST"))
def scoring_file(request: HttpRequest, assignment_id: UUID) -> HttpResponse:
    """Take a filled spreadsheet and show what it would change; saving is the next press."""
    sheet = my_sheet(request, assignment_id)
    form = ScoreFileForm(request.POST or None, request.FILES or None)
    is_open = sheet.status == SheetStatus.DRAFT
    context: dict[str, Any] = {**_of(sheet), "form": form, "is_open": is_open}
    read: list[files.Read] = []
    dimensions = sheet.assignment.case.asked()
    if (
        is_open
        and form.is_valid()
        and attempt(
            request,
            form,
            lambda: read.append(files.read(form.cleaned_data["file"], sheet, dimensions)),
        )
    ):
        context |= _compared(sheet, page.indicators_of(dimensions), read[0])
    return render(request, "evaluation/scoring_file.html", context)


def _compared(sheet: ScoreSheet, indicators: list[Any], read: files.Read) -> dict[str, Any]:
    stored = stored_entries(sheet)
    data = _sent(read.data)
    entries = ScoreForm(data, sheet=sheet, indicators=indicators)
    begun: str = entries.initial["begun"]
    given = {str(pk): one for pk, one in entries.scores().items()} | entries.said()
    refused = [_("%(name)s, “%(typed)s”: %(sentence)s") % one for one in entries.in_words()]
    taken = _sent(files.without_refused(read.data, stored, entries.refused()))
    taken["begun"] = begun
    return {
        "compared": True,
        "lines": files.differences(stored, given, indicators, entries.version),
        "wrong": read.wrong + refused,
        "carried": [(name, one) for name, values in taken.lists() for one in values],
    }


def _sent(values: Mapping[str, Any]) -> QueryDict:
    """Write values as a page sends them."""
    data = QueryDict(mutable=True)
    for name, value in values.items():
        data.setlist(name, value if isinstance(value, list) else [str(value)])
    return data


def _of(sheet: ScoreSheet) -> dict[str, Any]:
    return {"sheet": sheet, "declaration": sheet.assignment.case.declaration}
