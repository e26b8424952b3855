"""A seat of a plan that became free is owed a replacement; a worker draws it."""

from core import outbox
from core.workflow import Act
from evaluation.models import Assignment, PlannedAssignment, Replacement
from evaluation.planning.states import PlanStatus
from evaluation.states import CaseStatus

TOPIC = "evaluation.replace"


def owe(assignment: Assignment, act: Act) -> None:
    """Owe a replacement for who gave up a seat, if a plan asked them and the review goes on.

    Not where the officer who released them looks for another one.
    """
    if act.inputs.get("by_hand"):
        return
    planned = PlannedAssignment.objects.filter(
        assignment=assignment.pk,
        plan__status=PlanStatus.PUBLISHED,
        assignment__case__status=CaseStatus.IN_REVIEW,
    ).first()
    if planned is None:
        return
    Replacement.objects.create(declined=assignment, plan_id=planned.plan_id, owed_at=act.at)
    outbox.enqueue(TOPIC, {"declined": str(assignment.pk)})
