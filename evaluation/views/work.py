"""What an expert was asked to do: the list, the invitation, the answer."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.views.access import person
from core.forms import StepForm
from core.http import attempt
from evaluation import words
from evaluation.conflicts import interests
from evaluation.desk import queue
from evaluation.forms import AcceptForm, DeclineForm, KeyForm, LateConflictForm, RecuseForm
from evaluation.models import Assignment, ScoreSheet
from evaluation.states import AssignmentStatus
from evaluation.workflow import ASSIGNMENTS, SHEETS, perform_assignment, perform_sheet
from submissions.paging import newest_first, soonest_first

STEP_FORMS: dict[str, type[StepForm]] = {
    "accept": AcceptForm,
    "recuse": RecuseForm,
    "decline": DeclineForm,
}
RELATED = ("case__declaration__organisation", "case__declaration__activity", "sheet")


@require_safe
def work_list(request: HttpRequest) -> HttpResponse:
    expert, after = person(request), KeyForm(request.GET).key()
    is_done = "done" in request.GET
    if is_done:
        rows = queue.done(expert).select_related(*RELATED)
        shown = newest_first(rows, by="done_at", after=after)
    else:
        rows = queue.to_do(expert).select_related(*RELATED)
        shown = soonest_first(rows, by="served_by", after=after)
    entries = [(one, words.of_assignment(one)) for one in shown.rows]
    begins = "?done=1&after=" if is_done else "?after="
    context = {"entries": entries, "page": shown, "is_done": is_done, "begins": begins}
    return render(request, "evaluation/work_list.html", context)


@require_safe
def invitation(request: HttpRequest, assignment_id: UUID) -> HttpResponse:
    return _invitation_page(request, _mine(request, assignment_id))


@require_POST
def invitation_step(request: HttpRequest, assignment_id: UUID, step: str) -> HttpResponse:
    if step not in STEP_FORMS:
        raise Http404
    assignment = _mine(request, assignment_id)
    form = _form(request, assignment, step, bound=True)
    if form.is_valid() and attempt(
        request,
        form,
        lambda: perform_assignment(step, assignment.pk, actor=request.user, **form.inputs()),
    ):
        return _answered(request, assignment, step)
    return _invitation_page(request, assignment, form)


def _answered(request: HttpRequest, assignment: Assignment, step: str) -> HttpResponse:
    if step == "accept":
        messages.success(request, _("Thank you. The declaration is open to you now."))
        return redirect("evaluation:scoring-desk", assignment.pk)
    if step == "recuse":
        messages.success(request, _("Thank you for saying so. The officers have been told."))
    else:
        messages.success(request, _("You declined. The officers have been told."))
    return redirect("evaluation:work-list")


def _invitation_page(
    request: HttpRequest, assignment: Assignment, refused: StepForm | None = None
) -> HttpResponse:
    """Show what may be known before accepting; ``refused`` is the form that came back."""
    open_steps = {step.name for step in ASSIGNMENTS.open_to(request.user, assignment)}
    if refused and refused.transition.name not in open_steps:
        # Its form is no longer on the page, so its errors are said above it.
        for error in refused.non_field_errors():
            messages.error(request, str(error))
    answers = [
        refused
        if refused and refused.transition.name == name
        else _form(request, assignment, name, bound=False)
        for name in STEP_FORMS
        if name in open_steps
    ]
    return render(
        request,
        "evaluation/invitation.html",
        {
            "assignment": assignment,
            "declaration": assignment.case.declaration,
            "shown": interests.shown(assignment.case.declaration),
            "status": words.of_assignment(assignment),
            "accepted": assignment.status == AssignmentStatus.ACCEPTED,
            "answers": [] if _is_done(assignment) else answers,
            "submitted": words.of_assignment(assignment) is words.SUBMITTED,
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def late_conflict(request: HttpRequest, assignment_id: UUID) -> HttpResponse:
    """Let an expert say that a conflict came up when the sheet was in: it counts no more."""
    mine = ScoreSheet.objects.with_right(request.user, "exclude")
    sheet = get_object_or_404(mine.filter(assignment__expert=request.user.pk), pk=assignment_id)
    form = LateConflictForm(
        request.POST if request.method == "POST" else None,
        transition=SHEETS.lifecycle.step("exclude"),
        obj=sheet,
        actor=request.user,
    )
    if (
        form.is_bound
        and form.is_valid()
        and attempt(
            request,
            form,
            lambda: perform_sheet("exclude", sheet.pk, actor=request.user, **form.inputs()),
        )
    ):
        messages.success(request, _("Thank you for saying so. The officers have been told."))
        return redirect("evaluation:invitation", sheet.pk)
    assignment = _mine(request, assignment_id)
    page = {"form": form, "assignment": assignment, "declaration": assignment.case.declaration}
    return render(request, "evaluation/late_conflict.html", page)


def _mine(request: HttpRequest, assignment_id: UUID) -> Assignment:
    mine = Assignment.objects.visible_to(request.user).filter(expert=request.user.pk)
    return get_object_or_404(mine.select_related(*RELATED), pk=assignment_id)


def _form(request: HttpRequest, assignment: Assignment, step: str, *, bound: bool) -> StepForm:
    return STEP_FORMS[step](
        request.POST if bound else None,
        transition=ASSIGNMENTS.lifecycle.step(step),
        obj=assignment,
        actor=request.user,
        auto_id=f"{step}-%s",
    )


def _is_done(assignment: Assignment) -> bool:
    return words.of_assignment(assignment) in (words.SUBMITTED, words.EXCLUDED)
