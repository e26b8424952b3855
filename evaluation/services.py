"""The writes of evaluation that are no steps: criteria, scores, the end of publicity."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import structlog
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core import audit, rights
from core.clock import database_now
from core.errors import DomainError, TransitionError
from evaluation import criteria
from evaluation.models import (
    ActivityCriteria,
    Case,
    CriteriaSet,
    Dimension,
    Indicator,
    Score,
    ScoreSheet,
)
from evaluation.states import CaseStatus
from evaluation.workflow import CASES
from submissions.models import Activity
from submissions.services import StaleRevision
from submissions.states import ActivityStatus

logger = structlog.get_logger(__name__)

Given = Mapping[int, tuple[int | None, str]]  # indicator id -> score 0 to 100 and comment


# Criteria -------------------------------------------------------------------------------


@transaction.atomic
def seal_criteria(document: dict[str, Any], *, actor: User | None = None) -> CriteriaSet:
    """Write a criteria set for good. The same document again returns what it made.

    Another document under a code and version already sealed is refused: a change is a new
    version.
    """
    _demand_ever(actor, "add", CriteriaSet)
    for sentence in criteria.faults(document):
        raise DomainError(sentence)
    seal = criteria.seal_of(document)
    sealed, is_new = CriteriaSet.objects.get_or_create(
        code=document["code"],
        version=document["version"],
        defaults={
            "names": document["names"],
            "gates": document["gates"],
            "content_hash": seal,
        },
    )
    if is_new:
        _write_dimensions(sealed, document["dimensions"])
        _record("criteria set.sealed", sealed, actor, details={"content_hash": seal})
    elif sealed.content_hash != seal:
        raise DomainError(_("This version is sealed with other content; give a new version."))
    return sealed


def _write_dimensions(sealed: CriteriaSet, dimensions: list[dict[str, Any]]) -> None:
    for place, entry in enumerate(dimensions, 1):
        dimension = Dimension.objects.create(
            criteria_set=sealed,
            code=entry["code"],
            names=entry["names"],
            weight=entry["weight"],
            order=place,
        )
        Indicator.objects.bulk_create(
            Indicator(dimension=dimension, order=order, **criteria.indicator_columns(indicator))
            for order, indicator in enumerate(entry["indicators"], 1)
        )


@transaction.atomic
def set_activity_criteria(
    activity: Activity, criteria_set: CriteriaSet, *, experts_wanted: int, actor: User | None
) -> ActivityCriteria:
    """Say by what an activity will be judged and by how many; fixed once it is open."""
    locked = Activity.objects.select_for_update(no_key=True).get(pk=activity.pk)
    if not rights.can(actor, "manage", locked):
        raise PermissionDenied(f"set the criteria of activity {locked.pk}")
    if locked.status != ActivityStatus.PREPARED:
        raise DomainError(_("The criteria are fixed: the activity has been opened."))
    if experts_wanted < 1:
        raise DomainError(_("At least one expert is needed."), field="experts_wanted")
    chosen, _is_new = ActivityCriteria.objects.update_or_create(
        activity=locked,
        defaults={"criteria_set": criteria_set, "experts_wanted": experts_wanted},
    )
    details = {"criteria": criteria_set.content_hash, "experts_wanted": experts_wanted}
    _record("activity.criteria_set", locked, actor, details=details)
    return chosen


# Scores ---------------------------------------------------------------------------------


@transaction.atomic
def save_scores(
    assignment_id: UUID,
    scores: Given,
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
    _check_scores(sheet, scores)
    _write_scores(sheet, scores)
    sheet.comment = comment.strip()
    sheet.revision += 1
    sheet.generated = sheet.generated or generated
    sheet.save(update_fields=["comment", "revision", "generated", "updated_at"])
    _record("score sheet.saved", sheet, actor, details={"revision": sheet.revision})
    return sheet


def _lock_for_scoring(assignment_id: UUID, actor: User) -> ScoreSheet:
    sheets = ScoreSheet.objects.select_related("assignment__case")
    sheet = sheets.select_for_update(of=("self",), no_key=True).get(pk=assignment_id)
    if rights.can(actor, "score", sheet):
        return sheet
    if rights.can(actor, rights.READ, sheet):
        raise TransitionError(_("The score sheet has been submitted; it can no longer be changed."))
    raise PermissionDenied(f"score {assignment_id}")


def _check_scores(sheet: ScoreSheet, scores: Given) -> None:
    known = Indicator.objects.filter(
        dimension__criteria_set=sheet.assignment.case.criteria_set_id
    ).values_list("pk", flat=True)
    if not set(scores) <= set(known):
        raise DomainError(_("This indicator is not among the criteria of this case."))
    if any(value is not None and not 0 <= value <= 100 for value, _comment in scores.values()):
        raise DomainError(_("A score lies between 0 and 100."))


def _write_scores(sheet: ScoreSheet, scores: Given) -> None:
    given = {
        indicator: (value, comment.strip())
        for indicator, (value, comment) in scores.items()
        if value is not None or comment.strip()
    }
    sheet.scores.exclude(indicator__in=given).delete()
    Score.objects.bulk_create(
        [
            Score(sheet=sheet, indicator_id=indicator, value=value, comment=comment)
            for indicator, (value, comment) in sorted(given.items())
        ],
        update_conflicts=True,
        unique_fields=["sheet", "indicator"],
        update_fields=["value", "comment"],
    )


# Publicity ------------------------------------------------------------------------------


def end_due_publicity() -> int:
    """Clear every case whose publicity is over, one transaction each; return how many.

    Safe to run twice at once: who comes second finds the case cleared already. A case that
    cannot be cleared is logged and stands in the way of no other.
    """
    due = Case.objects.filter(
        status=CaseStatus.PUBLICITY, publicity_ends_at__lte=database_now()
    ).order_by("publicity_ends_at", "pk")
    return sum(_clear(pk) for pk in due.values_list("pk", flat=True))


def _clear(pk: UUID) -> bool:
    try:
        CASES.perform("clear", pk, actor=None)
    except TransitionError:
        return False  # somebody was quicker
    except Exception:
        logger.exception("publicity not ended", case=str(pk))
        return False
    return True


# What every write asks ------------------------------------------------------------------


def _demand_ever(actor: User | None, right: str, model: type[models.Model]) -> None:
    if not rights.may_ever(actor, right, model):
        raise PermissionDenied(f"{right} {model._meta.model_name}")


def _record(
    act: str,
    obj: models.Model,
    actor: User | None,
    details: dict[str, Any] | None = None,
) -> None:
    kind = act.rsplit(".", 1)[0]
    audit.record(act, audit.Subject(kind, obj.pk), actor=actor, details=details)
