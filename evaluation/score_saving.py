"""The save of a score sheet: all that was given, or nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core import rights
from core.errors import DomainError, TransitionError
from evaluation.models import Case, Indicator, Score, ScoreSheet
from evaluation.writes import record
from submissions.services import StaleRevision


@dataclass(frozen=True, slots=True)
class Given:
    """What was given for one indicator: a score from 0 to the best of the set, or none."""

    value: int | None = None
    comment: str = ""
    not_applicable: bool = False

    @property
    def is_empty(self) -> bool:
        return self.value is None and not self.comment.strip() and not self.not_applicable


Scores = Mapping[int, Given]  # by the id of the indicator


@transaction.atomic
def save_scores(
    assignment_id: UUID,
    scores: Scores,
    *,
    comment: str,
    actor: User,
    revision: int,
    generated: bool = False,
) -> ScoreSheet:
    """Save the whole score sheet as given; what is not given is empty.

    ``revision`` is the one the expert began from: when the sheet has moved on, StaleRevision
    is raised and nothing is saved. ``generated`` marks scores no person gave (demonstration only).
    """
    if generated and not settings.DEMO:
        raise PermissionDenied("generated scores exist in the demonstration only")
    sheet = _lock_for_scoring(assignment_id, actor)
    if sheet.revision != revision:
        raise StaleRevision(sheet)
    _check(sheet.assignment.case, scores)
    _write(sheet, scores)
    sheet.comment = comment.strip()
    sheet.revision += 1
    sheet.generated = sheet.generated or generated
    sheet.save(update_fields=["comment", "revision", "generated", "updated_at"])
    record("score sheet.saved", sheet, actor, details={"revision": sheet.revision})
    return sheet


def _lock_for_scoring(assignment_id: UUID, actor: User) -> ScoreSheet:
    sheets = ScoreSheet.objects.select_related("assignment__case__criteria_set")
    sheet = sheets.select_for_update(of=("self",), no_key=True).get(pk=assignment_id)
    if rights.can(actor, "score", sheet):
        return sheet
    if rights.can(actor, rights.READ, sheet):
        raise TransitionError(_("The score sheet has been submitted; it can no longer be changed."))
    raise PermissionDenied(f"score {assignment_id}")


def _check(case: Case, scores: Scores) -> None:
    asked = {one.pk: one for dimension in case.asked() for one in dimension.indicators.all()}
    best = case.criteria_set.best
    if not set(scores) <= set(asked):
        raise DomainError(_("This indicator is not among the criteria of this case."))
    for pk, given in scores.items():
        if given.value is not None and not 0 <= given.value <= best:
            raise DomainError(_("A score lies between 0 and %(best)d.") % {"best": best})
        if given.not_applicable:
            _check_not_applicable(asked[pk], given)


def _check_not_applicable(indicator: Indicator, given: Given) -> None:
    if not indicator.not_applicable:
        raise DomainError(_("“%s” applies to every declaration.") % indicator.name)
    if given.value is not None:
        raise DomainError(_("“%s” has a score, or does not apply: not both.") % indicator.name)


def _write(sheet: ScoreSheet, scores: Scores) -> None:
    given = {pk: one for pk, one in scores.items() if not one.is_empty}
    sheet.scores.exclude(indicator__in=given).delete()
    Score.objects.bulk_create(
        [
            Score(
                sheet=sheet,
                indicator_id=pk,
                value=one.value,
                comment=one.comment.strip(),
                not_applicable=one.not_applicable,
            )
            for pk, one in sorted(given.items())
        ],
        update_conflicts=True,
        unique_fields=["sheet", "indicator"],
        update_fields=["value", "comment", "not_applicable"],
    )
