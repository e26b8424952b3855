"""The officers' queue: what waits for them, the longest waiting first."""

from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, When

from core import rights
from submissions.models import Declaration, Recommendation
from submissions.states import RecommendationStatus, Status

JUDGING = ("check", "hear")
WAITING = (Status.SUBMITTED, Status.IN_CHECK, Status.CONTESTED)
# Of a list of all declarations: what waits, as the queue has it, then the others, the latest first.
ORDER = (
    Case(When(status__in=WAITING, then="state_since"), default=None).asc(nulls_last=True),
    "-submitted_at",
    "pk",
)


def waiting(user: Any) -> QuerySet[Declaration]:
    """Return what waits for an officer and may be judged by this one."""
    judged = (rights.granted(user, right, Declaration) for right in JUDGING)
    rows = Declaration.objects.filter(reduce(or_, judged), version__isnull=False)
    return rows.order_by("state_since", "pk")


def to_work_on(user: Any, *, held_by_others: bool = False) -> QuerySet[Declaration]:
    """Return of what waits that about which this officer can do something now.

    Left out is what cannot be begun, since a recommending unit was asked and has not answered,
    and what another officer has in hand (but for ``held_by_others``). What joint applicants have
    not confirmed stays: it can be checked, returned and rejected, and one of them may have no
    address to be asked at.
    """
    rows = waiting(user).exclude(_waits_for_a_unit())
    return rows if held_by_others else rows.exclude(_held_by_another(user))


def _waits_for_a_unit() -> Q:
    asked = Recommendation.objects.filter(
        declaration=OuterRef("pk"), status=RecommendationStatus.ASKED
    )
    return Q(Exists(asked), status=Status.SUBMITTED)


def _held_by_another(user: Any) -> Q:
    held = Q(status__in=(Status.SUBMITTED, Status.IN_CHECK), checked_by__isnull=False)
    return held & ~Q(checked_by=user.pk)


def neighbours(
    declaration: Declaration, rows: QuerySet[Declaration]
) -> tuple[Declaration | None, Declaration | None]:
    """Return what stands before and after it in a queue; two questions, however long it is."""
    since, pk = declaration.state_since, declaration.pk
    rows = rows.only("number", "state_since")
    earlier = Q(state_since__lt=since) | Q(state_since=since, pk__lt=pk)
    later = Q(state_since__gt=since) | Q(state_since=since, pk__gt=pk)
    return rows.filter(earlier).last(), rows.filter(later).first()


def following(declaration: Declaration, rows: QuerySet[Declaration]) -> Declaration | None:
    """Return what comes after it; at the end of the queue, what was passed over before."""
    _before, after = neighbours(declaration, rows)
    return after or rows.exclude(pk=declaration.pk).first()
