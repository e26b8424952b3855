"""What became of what experts were asked: the facts by which officers judge their reliability.

Missed is what an expert had not finished when it was due: still open, or cancelled by an officer
after that day. Whether there was an excuse, the officer knows who decides on a removal.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import (
    CharField,
    Count,
    DateTimeField,
    Exists,
    F,
    IntegerField,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)
from django.db.models.functions import Cast, Coalesce

from core.clock import PortalNow
from core.models import AuditEntry
from evaluation.models import Assignment, Expert, ScoreSheet
from evaluation.pool.states import IN_POOL
from evaluation.states import HANDED_IN, STANDING, AssignmentStatus

RULE_MISSED = 2  # in a row: from then on a removal is proposed


@dataclass(frozen=True, slots=True)
class Attendance:
    """Of all an expert was asked: how many sheets came, how many were declined or missed."""

    asked: int
    submitted: int
    declined: int
    missed: int
    in_a_row: int  # missed since the last sheet that came, or since applying

    @property
    def proposes_removal(self) -> bool:
        return self.in_a_row >= RULE_MISSED


def missed() -> QuerySet[Assignment]:
    """Return the assignments that were due and not done, whoever was asked."""
    late_cancel = AuditEntry.objects.filter(
        act="assignment.cancel",
        subject_type="assignment",
        subject_id=Cast(OuterRef("pk"), CharField()),
        actor__isnull=False,  # the portal cancels when enough others have finished
        at__gt=OuterRef("due_at"),
    )
    overdue = Q(status__in=STANDING, due_at__lt=PortalNow())
    cancelled = Q(status=AssignmentStatus.CANCELLED, due_at__isnull=False) & Exists(late_cancel)
    rows = Assignment.objects.filter(overdue | cancelled)
    return rows.exclude(sheet__status__in=HANDED_IN)


def of(expert_id: UUID) -> Attendance:
    mine = Assignment.objects.filter(expert=expert_id)
    counted = mine.aggregate(
        asked=Count("pk"),
        submitted=Count("pk", filter=Q(sheet__status__in=HANDED_IN)),
        declined=Count("pk", filter=Q(status=AssignmentStatus.DECLINED)),
    )
    absent = missed().filter(expert=expert_id)
    since = absent.filter(due_at__gt=_began())
    return Attendance(missed=absent.count(), in_a_row=since.count(), **counted)


def _began() -> Coalesce:
    """Return when the row of missed sheets begins: with the last that came, or by applying."""
    last = (
        ScoreSheet.objects.filter(assignment__expert=OuterRef("expert"))
        .order_by()
        .values("assignment__expert")
        .annotate(last=Max("submitted_at"))
        .values("last")
    )
    return Coalesce(Subquery(last), F("expert__applied_at"), output_field=DateTimeField())


def to_be_removed(experts: QuerySet[Expert]) -> QuerySet[Any]:
    """Keep the experts in the pool whose removal the rule proposes."""
    counted = (
        missed()
        .filter(expert=OuterRef("pk"), due_at__gt=_began())
        .order_by()
        .values("expert")
        .annotate(number=Count("pk"))
        .values("number")
    )
    found = experts.filter(status__in=IN_POOL).annotate(
        missed_in_a_row=Subquery(counted, output_field=IntegerField())
    )
    return found.filter(missed_in_a_row__gte=RULE_MISSED)
