"""Guards and effects of the steps of an assignment and of a score sheet."""

import secrets
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.errors import DomainError
from core.models import AuditEntry
from core.workflow import Act
from evaluation import notifications
from evaluation.criteria.asking import must_be_explained
from evaluation.models import Assignment, Case, Indicator, Score, ScoreSheet
from evaluation.results import seals_of, sheet_document
from evaluation.states import HANDED_IN, CaseStatus

# Assignments ----------------------------------------------------------------------------


def review_goes_on(assignment: Assignment, _act: Act) -> None:
    if assignment.case.status != CaseStatus.IN_REVIEW:
        raise DomainError(_("The review of this declaration is complete."))


def sheet_is_not_in(assignment: Assignment, _act: Act) -> None:
    """The sheet is locked, so that a submission at the same moment has gone before or waits."""
    sheet = ScoreSheet.objects.select_for_update(no_key=True).filter(pk=assignment.pk).first()
    if sheet is not None and sheet.status in HANDED_IN:
        raise DomainError(_("The score sheet has been submitted; the assignment is done."))


def note_answer(assignment: Assignment, act: Act) -> tuple[str, ...]:
    assignment.answered_at, assignment.reason = act.at, act.reason
    return "answered_at", "reason"


def note_reason(assignment: Assignment, act: Act) -> tuple[str, ...]:
    assignment.reason = act.reason
    return ("reason",)


def note_released(assignment: Assignment, act: Act) -> tuple[str, ...]:
    if act.inputs.get("by_hand"):
        act.details["by_hand"] = True
    return note_reason(assignment, act)


def open_sheet(assignment: Assignment, _act: Act) -> None:
    ScoreSheet.objects.create(assignment=assignment, salt=secrets.token_hex(16))


def tell_declined(assignment: Assignment, _act: Act) -> None:
    notifications.declined(assignment)


def tell_cancelled(assignment: Assignment, act: Act) -> None:
    """Say why in the reader's language, where the portal cancels by itself."""
    by_itself = act.inputs.get("in_words", notifications.REVIEW_COMPLETE)
    notifications.cancelled(assignment, assignment.reason if act.actor else by_itself)


# Score sheets ---------------------------------------------------------------------------


def lock_case_of(sheet_id: UUID) -> Case:
    """Lock the case a sheet belongs to; before the sheet, as everybody does."""
    return Case.objects.select_for_update(of=("self",), no_key=True).get(assignments=sheet_id)


def case_is_in_review(sheet: ScoreSheet, _act: Act) -> None:
    if lock_case_of(sheet.pk).status != CaseStatus.IN_REVIEW:
        raise DomainError(_("The review of this declaration is complete."))


def nothing_is_missing(sheet: ScoreSheet, _act: Act) -> None:
    gaps = missing(sheet)
    if gaps:
        raise DomainError(
            ngettext(
                "%(count)d entry is missing in the score sheet.",
                "%(count)d entries are missing in the score sheet.",
                len(gaps),
            )
            % {"count": len(gaps)}
        )


def seal(sheet: ScoreSheet, act: Act) -> tuple[str, ...]:
    """Note the hashes of what was given in the audit: the chain then vouches for the scores."""
    sheet.submitted_at = act.at
    act.details.update(seals_of(sheet_document(sheet)))
    return "submitted_at", "updated_at"


def totals_are_closed(sheet: ScoreSheet, _act: Act) -> None:
    """Once the figures of a case were open to anybody, what they rest on stays as it is."""
    if totals_opened(sheet):
        raise DomainError(_("The totals have been opened; the score sheet stays as it is."))


def totals_opened(sheet: ScoreSheet) -> bool:
    """Tell whether all sheets of the case were in once.

    Before, no officer reads a single score: whoever has read one could give the sheet back.
    """
    done = AuditEntry.objects.filter(act="case.complete_review", subject_type="case")
    return done.filter(subject_id=str(sheet.assignment.case_id)).exists()


def unseal(sheet: ScoreSheet, act: Act) -> tuple[str, ...]:
    """Give the sheet back; the audit keeps the hashes of what was sealed."""
    act.details["sealed"] = seals_of(sheet_document(sheet))
    sheet.submitted_at, sheet.reopened = None, act.reason
    return "submitted_at", "reopened", "updated_at"


def tell_reopened(sheet: ScoreSheet, _act: Act) -> None:
    notifications.reopened(sheet)


@dataclass(frozen=True, slots=True)
class Gap:
    """What keeps a sheet from being submitted; ``place`` is where on the desk it is given."""

    place: str
    name: str
    sentence: str


def missing(sheet: ScoreSheet) -> list[Gap]:
    """Return all that keeps the sheet from being submitted, in the order of the desk."""
    scores = {score.indicator_id: score for score in sheet.scores.all()}
    found = [
        Gap(f"indicator-{one.pk}", one.name, gap(one, scores.get(one.pk)))
        for dimension in sheet.assignment.case.asked()
        for one in dimension.indicators.all()
    ]
    if not sheet.recommendation:
        sentence = _("Say in a word what you advise the panel.")
        found.append(Gap("over-all", _("Your recommendation"), sentence))
    return [one for one in found if one.sentence]


def gap(indicator: Indicator, score: Score | None) -> str:
    """Say what a score still needs; empty when nothing."""
    if score is None or (score.value is None and not score.not_applicable):
        return _("The score is missing.")
    explained = bool(score.comment.strip())
    if score.not_applicable:
        return "" if explained else _("Say in a comment why it does not apply.")
    if not must_be_explained(indicator, score.value, not_applicable=False):
        return ""
    if not explained:
        return _("A score in the best or in the worst band needs a comment.")
    return "" if score.evidence else _("Name the evidence for a score in the best or worst band.")
