"""A plan is published at one moment: all its experts are asked, or nobody is."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from core.errors import DomainError
from core.sentences import follow
from core.workflow import Act
from evaluation import notifications
from evaluation.conflicts import avoiding
from evaluation.models import Assignment, AssignmentPlan, Case, Expert, PlannedAssignment
from evaluation.planning import differences, facts
from evaluation.relations import ASSIGNABLE
from evaluation.workflow import CASES


def due_date_lies_ahead(_plan: AssignmentPlan, act: Act) -> None:
    due_at = act.inputs.get("due_at")
    if due_at is not None and due_at <= act.at:
        raise DomainError(_("The due date has passed already."), field="due_at")


def nothing_changed(plan: AssignmentPlan, act: Act) -> None:
    """Hold the cases and then the experts, as who assigns by hand does, and look once more.

    Of two plans published at one moment the second meets what the first has asked.
    """
    seats = list(plan.seats.values_list("case", "expert"))
    hold_cases({case for case, _expert in seats})
    experts = Expert.objects.select_for_update(of=("self",), no_key=True)
    list(experts.filter(pk__in={one for _case, one in seats}).order_by("pk").values_list("pk"))
    mine_to_assign({case for case, _expert in seats}, act.actor)
    avoiding.none_wait_in({case for case, _expert in seats})
    now = facts.read(plan.activity)
    changes = differences.since(plan, plan.inputs.document, now, act.actor)
    if told := [str(one.sentence) for one in changes if one.blocks]:
        raise DomainError(
            _("This plan is out of date: %(changes)s Draw it anew.") % {"changes": follow(*told)}
        )


def hold_cases(cases: Iterable[UUID]) -> None:
    rows = Case.objects.select_for_update(of=("self",), no_key=True)
    list(rows.filter(pk__in=set(cases)).order_by("pk").values_list("pk"))


def mine_to_assign(cases: set[UUID], officer: Any) -> None:
    """Refuse who may not assign in every one of the cases; what has moved on is told elsewhere."""
    rows = Case.objects.filter(pk__in=cases, status__in=ASSIGNABLE)
    if rows.count() != rows.with_right(officer, "assign").count():
        raise DomainError(
            _("There are declarations in this plan that you may not assign experts to. "
              "Another officer has to do this.")
        )  # fmt: skip


def sign(plan: AssignmentPlan, act: Act) -> tuple[str, ...]:
    plan.published_by, plan.published_at = act.actor, act.at
    plan.due_at = act.inputs.get("due_at")
    act.details.update(seed=plan.seed, inputs=plan.inputs.content_hash)
    return "published_by", "published_at", "due_at"


def invite_all(plan: AssignmentPlan, act: Act) -> None:
    """Ask everybody who is not asked yet; each expert gets one mail about all of it."""
    seats = plan.seats.filter(standing=False).order_by("case", "expert")
    made = Assignment.objects.bulk_create(
        [
            Assignment(case_id=case, expert_id=expert, invited_by=act.actor, due_at=plan.due_at)
            for case, expert in seats.values_list("case", "expert")
        ],
        batch_size=1000,
    )
    PlannedAssignment.objects.bulk_create(
        [PlannedAssignment(plan=plan, assignment=one) for one in made], batch_size=1000
    )
    by_case: dict[UUID, list[str]] = {}
    by_expert: dict[UUID, int] = {}
    for one in made:
        by_case.setdefault(one.case_id, []).append(str(one.pk))
        by_expert[one.expert_id] = by_expert.get(one.expert_id, 0) + 1
    CASES.perform_all(
        "assign",
        by_case,
        actor=act.actor,
        details=lambda case: {"assignments": by_case[case.pk], "plan": str(plan.pk)},
    )
    for expert in experts_of(by_expert):
        notifications.invited_by_plan(expert, plan, by_expert[expert.pk])


def experts_of(keys: Iterable[UUID]) -> list[Expert]:
    return list(Expert.objects.select_related("user").filter(pk__in=list(keys)).order_by("pk"))
