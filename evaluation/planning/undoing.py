"""Undoing a plan: what nobody answered is cancelled, what was answered stays and is named."""

from uuid import UUID

from django.db.models import QuerySet

from core.workflow import Act
from evaluation import notifications
from evaluation.models import Assignment, AssignmentPlan
from evaluation.planning.publishing import experts_of, hold_cases, mine_to_assign
from evaluation.states import AssignmentStatus
from evaluation.workflow import ASSIGNMENTS


def asked_by(plan: AssignmentPlan) -> QuerySet[Assignment]:
    """Return what a plan asked, replacements drawn for it too."""
    return Assignment.objects.filter(planned__plan=plan)


def staying(plan: AssignmentPlan) -> QuerySet[Assignment]:
    """Return what stays when the plan is undone: whoever has answered goes on."""
    return asked_by(plan).filter(status=AssignmentStatus.ACCEPTED)


def sign(plan: AssignmentPlan, act: Act) -> tuple[str, ...]:
    # The cases before their assignments: who completes a review takes the locks in this order.
    cases = set(asked_by(plan).order_by().values_list("case", flat=True))
    hold_cases(cases)
    mine_to_assign(cases, act.actor)
    plan.undone_at = act.at
    act.details["staying"] = sorted(str(pk) for pk in staying(plan).values_list("pk", flat=True))
    return ("undone_at",)


def cancel_unanswered(plan: AssignmentPlan, act: Act) -> None:
    invited = asked_by(plan).filter(status=AssignmentStatus.INVITED).order_by("pk")
    # Held before they are counted: who accepts at this moment has done so, or finds it cancelled.
    held = invited.select_for_update(of=("self",), no_key=True)
    keys = list(held.values_list("pk", flat=True))
    gone = ASSIGNMENTS.perform_all(
        "cancel", keys, actor=act.actor, reason=act.reason, fields={"reason": act.reason}
    )
    by_expert: dict[UUID, int] = {}
    for one in gone:
        by_expert[one.expert_id] = by_expert.get(one.expert_id, 0) + 1
    for expert in experts_of(by_expert):
        notifications.released_by_plan(expert, plan, by_expert[expert.pk], act.reason)
