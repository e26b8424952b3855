"""In which order an expert's work is served."""

import datetime as dt

from django.db.models import DateTimeField, F, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from accounts.models import User
from evaluation.models import Assignment
from evaluation.states import AssignmentStatus, SheetStatus

# Behind all that is due on a day.
NEVER_DUE = dt.datetime(9999, 1, 1, tzinfo=dt.UTC)


def to_do(expert: User) -> QuerySet[Assignment]:
    """Return what waits for an expert, an answer or a score sheet; ``served_by`` orders it."""
    waits = Q(status=AssignmentStatus.INVITED) | Q(
        status=AssignmentStatus.ACCEPTED, sheet__status=SheetStatus.DRAFT
    )
    due = Coalesce("due_at", Value(NEVER_DUE), output_field=DateTimeField())
    return _asked(expert).filter(waits).annotate(served_by=due)


def done(expert: User) -> QuerySet[Assignment]:
    """Return what an expert was asked and nothing is left to do about.

    ``done_at``: when the sheet was submitted, else when the expert answered or was asked.
    """
    rows = _asked(expert).exclude(pk__in=to_do(expert).values("pk"))
    return rows.annotate(done_at=Coalesce("sheet__submitted_at", "answered_at", "invited_at"))


def _asked(expert: User) -> QuerySet[Assignment]:
    # What an officer sees of assignments is not work to do: only what one was asked oneself.
    return Assignment.objects.visible_to(expert).filter(expert=expert.pk)


def in_order(expert: User) -> QuerySet[Assignment]:
    """Return what an expert agreed to, may see and has not submitted: what is due first, first."""
    mine = _asked(expert).filter(status=AssignmentStatus.ACCEPTED, sheet__status=SheetStatus.DRAFT)
    return mine.order_by(F("due_at").asc(nulls_last=True), "invited_at", "pk")


def next_to_score(assignment: Assignment, expert: User) -> Assignment | None:
    """Return what comes after an assignment, from the end to the beginning again; or none.

    In turns, not always the first: who cannot finish one now would be sent back to it for ever.
    """
    keys = list(in_order(expert).values_list("pk", flat=True))
    here = keys.index(assignment.pk) if assignment.pk in keys else -1
    following = [key for key in keys[here + 1 :] + keys[: here + 1] if key != assignment.pk]
    return Assignment.objects.get(pk=following[0]) if following else None
