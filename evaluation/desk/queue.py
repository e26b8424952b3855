"""In which order an expert's work is served."""

from django.db.models import F, QuerySet

from accounts.models import User
from evaluation.models import Assignment
from evaluation.states import AssignmentStatus, SheetStatus


def in_order(expert: User) -> QuerySet[Assignment]:
    """Return what an expert agreed to, may see and has not submitted: what is due first, first."""
    mine = Assignment.objects.visible_to(expert).filter(
        expert=expert.pk, status=AssignmentStatus.ACCEPTED, sheet__status=SheetStatus.DRAFT
    )
    return mine.order_by(F("due_at").asc(nulls_last=True), "invited_at", "pk")


def next_to_score(assignment: Assignment, expert: User) -> Assignment | None:
    """Return what comes after an assignment, from the end to the beginning again; or none.

    In turns, not always the first: who cannot finish one now would be sent back to it for ever.
    """
    keys = list(in_order(expert).values_list("pk", flat=True))
    here = keys.index(assignment.pk) if assignment.pk in keys else -1
    following = [key for key in keys[here + 1 :] + keys[: here + 1] if key != assignment.pk]
    return Assignment.objects.get(pk=following[0]) if following else None
