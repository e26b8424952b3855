"""The writes by which a criteria set becomes rows for good, and the choice of an activity."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core import rights
from core.errors import DomainError
from evaluation.criteria import documents
from evaluation.criteria.documents import Document
from evaluation.criteria.soundness import faults
from evaluation.models import ActivityCriteria, CriteriaSet, Dimension, Indicator
from evaluation.writes import record
from reference.models import Field
from submissions.models import Activity
from submissions.states import ActivityStatus


@dataclass(frozen=True, slots=True)
class Signatures:
    """Who proposed a set and who sealed it, of which one it is the next version, and why."""

    proposed_by: User
    sealed_by: User
    based_on: CriteriaSet | None
    reason: str


@transaction.atomic
def seal_criteria(document: Document, *, signed: Signatures | None = None) -> CriteriaSet:
    """Write a criteria set for good. The same document again returns what it made.

    Without ``signed`` it is what the portal itself brings along. Another document under a code
    and version already sealed is refused: a change is a new version.
    """
    for sentence in faults(document, fields=field_codes()):
        raise DomainError(sentence)
    seal = documents.seal_of(document)
    given = documents.set_values(document)
    sealed, is_new = CriteriaSet.objects.get_or_create(
        code=given.pop("code"),
        version=given.pop("version"),
        defaults={**given, **_signed(signed), "content_hash": seal},
    )
    if is_new:
        _write_dimensions(sealed, document["dimensions"])
        actor = signed.sealed_by if signed else None
        details = {"content_hash": seal, "parts": documents.part_seals(document)}
        record("criteria set.sealed", sealed, actor, details=details)
    elif sealed.content_hash != seal:
        raise DomainError(_("This version is sealed with other content; give a new version."))
    return sealed


def field_codes() -> set[str]:
    return set(Field.objects.values_list("code", flat=True))


def _signed(signed: Signatures | None) -> Document:
    if signed is None:
        return {}
    return {
        "proposed_by": signed.proposed_by,
        "sealed_by": signed.sealed_by,
        "based_on": signed.based_on,
        "reason": signed.reason,
    }


def _write_dimensions(sealed: CriteriaSet, dimensions: list[Document]) -> None:
    for place, entry in enumerate(dimensions, 1):
        dimension = Dimension.objects.create(
            criteria_set=sealed, order=place, **documents.dimension_values(entry)
        )
        Indicator.objects.bulk_create(
            Indicator(dimension=dimension, order=order, **documents.indicator_values(indicator))
            for order, indicator in enumerate(entry["indicators"], 1)
        )


@transaction.atomic
def set_activity_criteria(
    activity: Activity, criteria_set: CriteriaSet, *, experts_wanted: int, actor: User | None
) -> ActivityCriteria:
    """Say by what an activity will be judged and by how many; fixed once it is open.

    What an open activity is judged by is changed by ``evaluation.criteria.workflow.CHANGES``.
    """
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
    record("activity.criteria_set", locked, actor, details=details)
    return chosen
