"""The scoring desk: the declaration beside the criteria, and the check before submitting."""

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import User
from core.http import attempt
from evaluation import desk, review_steps
from evaluation.forms import ScoreForm
from evaluation.models import Dimension, ScoreSheet
from evaluation.score_saving import save_scores
from evaluation.states import SheetStatus
from evaluation.workflow import perform_sheet
from submissions.services import StaleRevision

FORM_METHODS = ("GET", "HEAD", "POST")
RELATED = (
    "assignment__case__version__declaration__activity__scheme",
    "assignment__case__version__declaration__organisation",
    "assignment__case__criteria_set",
)


@require_http_methods(FORM_METHODS)
def scoring_desk(request: HttpRequest, assignment_id: UUID) -> HttpResponse:
    sheet = _mine(request, assignment_id)
    dimensions = sheet.assignment.case.asked()
    form = _form(request, sheet, dimensions)
    stored: list[ScoreSheet] = []
    if (
        form.is_bound
        and form.is_valid()
        and attempt(request, form, lambda: _save(request, sheet, form, stored))
    ):
        messages.success(request, _("Saved."))
        target = "scoring-check" if "check" in request.POST else "scoring-desk"
        return redirect(f"evaluation:{target}", sheet.pk)
    if stored:
        form = _again(request, form, stored[0])
    return _desk_page(request, sheet, dimensions, form, stored[0] if stored else None)


@require_http_methods(FORM_METHODS)
def scoring_check(request: HttpRequest, assignment_id: UUID) -> HttpResponse:
    """Show what is missing, and seal the sheet on the expert's word."""
    sheet = _mine(request, assignment_id)
    if request.method == "POST" and attempt(
        request, None, lambda: perform_sheet("submit", sheet.pk, actor=request.user)
    ):
        messages.success(request, _("Submitted. Thank you for your judgement."))
        return redirect("evaluation:scoring-desk", sheet.pk)
    dimensions = sheet.assignment.case.asked()
    laid = desk.build(sheet, dimensions, _form(None, sheet, dimensions))
    return render(
        request,
        "evaluation/scoring_check.html",
        {
            "sheet": sheet,
            "declaration": sheet.assignment.case.declaration,
            "desk": laid,
            "missing": review_steps.missing(sheet),
            "is_open": sheet.status == SheetStatus.DRAFT,
        },
    )


def _save(
    request: HttpRequest, sheet: ScoreSheet, form: ScoreForm, stored: list[ScoreSheet]
) -> None:
    try:
        save_scores(
            sheet.pk,
            form.scores(),
            comment=form.cleaned_data["comment"],
            actor=cast("User", request.user),  # the gate let no one else in
            revision=form.cleaned_data["revision"],
        )
    except StaleRevision as error:
        stored.append(error.stored)
        raise


def _again(request: HttpRequest, refused: ScoreForm, stored: ScoreSheet) -> ScoreForm:
    """Give the form back with what was typed, on top of what is stored now.

    Saving it again is then a choice made in the sight of both.
    """
    data = request.POST.copy()
    data["revision"] = str(stored.revision)
    form = ScoreForm(data, sheet=stored, indicators=refused.indicators)
    form.full_clean()
    for error in refused.non_field_errors():
        form.add_error(None, error)
    return form


def _desk_page(
    request: HttpRequest,
    sheet: ScoreSheet,
    dimensions: list[Dimension],
    form: ScoreForm,
    stored: ScoreSheet | None,
) -> HttpResponse:
    return render(
        request,
        "evaluation/scoring_desk.html",
        {
            "sheet": sheet,
            "case": sheet.assignment.case,
            "declaration": sheet.assignment.case.declaration,
            "desk": desk.build(sheet, dimensions, form, stored),
            "form": form,
            "stored": stored,
            "is_open": sheet.status == SheetStatus.DRAFT,
        },
    )


def _form(request: HttpRequest | None, sheet: ScoreSheet, dimensions: list[Dimension]) -> ScoreForm:
    data = request.POST if request is not None and request.method == "POST" else None
    return ScoreForm(data, sheet=sheet, indicators=desk.indicators_of(dimensions))


def _mine(request: HttpRequest, assignment_id: UUID) -> ScoreSheet:
    mine = ScoreSheet.objects.visible_to(request.user).filter(assignment__expert=request.user.pk)
    return get_object_or_404(
        mine.select_related(*RELATED).prefetch_related("scores"), pk=assignment_id
    )
