"""What an expert says of conflicts: before the content opens, or after the sheet was in."""

from typing import Any

from django.utils.translation import gettext as _

from core.canonical import content_hash
from core.errors import DomainError
from core.workflow import Act
from evaluation import confidentiality, notifications
from evaluation.conflicts.finding import joint_names
from evaluation.models import Assignment, Case, ConflictCheck, Decision, LateConflict, ScoreSheet
from evaluation.results import case_result, counted, sheet_document
from evaluation.states import MOST_FURTHER
from submissions.models import Declaration


def shown(declaration: Declaration) -> dict[str, Any]:
    """Return all that may be known before one has answered: names and title."""
    house = declaration.organisation
    return {
        "number": declaration.number or "",
        "title": declaration.title,
        "organisations": [
            *(name for name in (house.name_en, house.name_zh) if name),
            *joint_names(declaration),
        ],
    }


# Before -----------------------------------------------------------------------------------


def no_conflict_is_declared(_assignment: Assignment, act: Act) -> None:
    if act.inputs.get("no_conflict") is not True:
        raise DomainError(
            _("Please say that you have no conflict of interest, or declare it below."),
            field="no_conflict",
        )


def confidence_is_promised(assignment: Assignment, act: Act) -> None:
    if act.inputs.get("confidential") is not True and not confidentiality.is_signed(assignment):
        raise DomainError(
            _("Please promise to keep what you read to yourself."), field="confidential"
        )


def keep_no_conflict(assignment: Assignment, act: Act) -> tuple[str, ...]:
    """Keep the answer and the promise; the database lets nobody accept without both."""
    confidentiality.sign(assignment, act)
    _keep(assignment, act, ConflictCheck.Answer.NONE)
    assignment.answered_at = assignment.committed_at = act.at
    return "answered_at", "committed_at"


def keep_conflict(assignment: Assignment, act: Act) -> tuple[str, ...]:
    _keep(assignment, act, ConflictCheck.Answer.CONFLICT)
    assignment.answered_at, assignment.reason = act.at, act.reason
    return "answered_at", "reason"


def _keep(assignment: Assignment, act: Act, answer: str) -> None:
    ConflictCheck.objects.create(
        assignment=assignment,
        answer=answer,
        text=act.reason,
        shown=shown(assignment.case.declaration),
        answered_at=act.at,
    )


def tell_conflict(assignment: Assignment, _act: Act) -> None:
    notifications.declined(assignment, template="assignment_conflict")


# After ------------------------------------------------------------------------------------


def evidence_is_given(sheet: ScoreSheet, act: Act) -> None:
    """Ask an officer where it is known from; who tells of themself is the evidence."""
    own = act.actor.pk == sheet.assignment.expert_id
    if not own and not str(act.inputs.get("evidence", "")).strip():
        raise DomainError(_("Say where this is known from."), field="evidence")


def quarantine(sheet: ScoreSheet, act: Act) -> tuple[str, ...]:
    """Keep why the sheet counts no more, and the result with it and without it."""
    case = sheet.assignment.case
    keys = set(counted(case).values_list("pk", flat=True))
    before = case_result(case, sheets=keys)
    after = case_result(case, sheets=keys - {sheet.pk})
    row = LateConflict.objects.create(
        sheet=sheet,
        reason=act.reason,
        evidence=str(act.inputs.get("evidence", "")).strip(),
        recorded_by=act.actor,
        recorded_at=act.at,
        decision=Decision.objects.standing().filter(case=case).first(),
        result_before=before,
        result_after=after,
    )
    act.details.update(
        content_hash=content_hash(sheet_document(sheet)),
        result_before=content_hash(before),
        result_after=content_hash(after),
        decision=row.decision_id,
    )
    return ("updated_at",)


def tell_quarantined(sheet: ScoreSheet, act: Act) -> None:
    notifications.late_conflict(sheet.late_conflict, but=act.actor)


def decision_rests_on_excluded(case: Case, _act: Act) -> None:
    """Let a decision be unsettled only by a sheet it rests on and that counts no more."""
    named = Decision.objects.standing().filter(case=case).values_list("result", flat=True)
    keys = {key for result in named for key in result["sheets"]}
    if keys <= {str(pk) for pk in counted(case).values_list("pk", flat=True)}:
        raise DomainError(_("Every score sheet the decision rests on counts."))


def something_counts(case: Case, _act: Act) -> None:
    if not counted(case).exists():
        raise DomainError(_("No score sheet counts any more. Ask further experts first."))


def a_sheet_is_wanting(case: Case, act: Act) -> None:
    """Go back to the review only for somebody: who is missing, or who is wanted beside them."""
    more = act.inputs.get("more") or 0
    if not 0 <= more <= MOST_FURTHER:
        raise DomainError(
            _("At most %d further experts can be wanted at once.") % MOST_FURTHER, field="more"
        )
    if counted(case).count() >= case.experts_wanted + more:
        raise DomainError(
            _("All score sheets that were wanted are in. Say how many more are wanted."),
            field="more",
        )


def want_more(case: Case, act: Act) -> tuple[str, ...]:
    """Want further opinions, as the figures may propose at the cut line; the reason is recorded."""
    more = act.inputs.get("more") or 0
    case.experts_wanted += more
    act.details["more"] = more
    return ("experts_wanted",)
