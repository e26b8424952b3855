"""The steps of a plan: what the worker reports, and what an officer decides."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from core.errors import DomainError
from core.workflow import Act, Step, Workflow
from evaluation import notifications
from evaluation.models import AssignmentPlan, PlanSeat
from evaluation.planning import publishing, undoing
from evaluation.planning.states import PLAN

LONGEST = 500


def _keep(plan: AssignmentPlan, act: Act) -> tuple[str, ...]:
    """Keep what the plan came to."""
    plan.outcome, plan.finished_at = act.inputs["outcome"], act.at
    act.details.update(
        inputs=act.inputs["inputs_hash"], seats=len(act.inputs["seats"]), seed=plan.seed
    )
    return "outcome", "finished_at"


def _seat(plan: AssignmentPlan, act: Act) -> None:
    seats: list[PlanSeat] = act.inputs["seats"]
    for one in seats:
        one.plan = plan
    PlanSeat.objects.bulk_create(seats, batch_size=1000)


def _give_up(plan: AssignmentPlan, act: Act) -> tuple[str, ...]:
    plan.failure, plan.finished_at = act.reason[:LONGEST], act.at
    return "failure", "finished_at"


def _tell_ended(plan: AssignmentPlan, _act: Act) -> None:
    notifications.plan_ended(plan)


def _end(plan: AssignmentPlan, act: Act) -> tuple[str, ...]:
    plan.finished_at = act.at
    return ("finished_at",)


def _holds_no_faults(plan: AssignmentPlan, _act: Act) -> None:
    if not plan.seats.exists():
        raise DomainError(_("This plan has no seats."))


PLANS: Workflow[AssignmentPlan] = Workflow(
    PLAN,
    AssignmentPlan,
    {
        "finish": Step(change=_keep, after=(_seat, _tell_ended)),
        "clash": Step(change=_keep, after=(_seat, _tell_ended)),
        "fail": Step(change=_give_up, after=(_tell_ended,)),
        "cancel": Step(change=_end),
        "publish": Step(
            guards=(_holds_no_faults, publishing.due_date_lies_ahead, publishing.nothing_changed),
            change=publishing.sign,
            after=(publishing.invite_all,),
        ),
        "undo": Step(change=undoing.sign, after=(undoing.cancel_unanswered,)),
    },
)


def perform_plan(
    name: str, pk: UUID, *, actor: Any, reason: str = "", **inputs: Any
) -> AssignmentPlan:
    """Take a step of a plan; see ``Workflow.perform``."""
    return PLANS.perform(name, pk, actor=actor, reason=reason, **inputs)
