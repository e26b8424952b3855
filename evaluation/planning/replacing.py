"""Draws who takes the seat of an expert who declined: the next by the rules and seed of the plan.

Safe to repeat: what was drawn is not drawn again. Two draws at one declaration come one after the
other, by its lock; two that want the same expert by the expert's.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import numpy as np
from django.db import transaction

from core import audit
from core.clock import database_now
from evaluation import notifications
from evaluation.assignment.seating import Seating
from evaluation.assignment.seats import Reserve, reserves
from evaluation.conflicts.finding import conflicts
from evaluation.conflicts.knowing import who_know
from evaluation.models import (
    Assignment,
    AssignmentPlan,
    Case,
    Expert,
    PlannedAssignment,
    Replacement,
)
from evaluation.planning import facts, fitting
from evaluation.planning.documents import document, problem_of, wanted
from evaluation.planning.states import PlanStatus
from evaluation.states import CaseStatus
from evaluation.steps import open_assignments

SHORTEST = dt.timedelta(days=7)  # to score, for who comes late


@transaction.atomic
def draw(payload: dict[str, Any]) -> None:
    """Draw one replacement that is owed; called by a worker."""
    rows = Replacement.objects.select_for_update(of=("self",), no_key=True).select_related(
        "plan__activity", "plan__published_by", "declined"
    )
    owed = rows.filter(pk=UUID(payload["declined"]), drawn_at=None).first()
    if owed is None:
        return
    case = Case.objects.select_for_update(of=("self",), no_key=True).get(pk=owed.declined.case_id)
    # Read under the lock of the case, which an undoing takes before it cancels anything.
    if not AssignmentPlan.objects.filter(pk=owed.plan_id, status=PlanStatus.PUBLISHED).exists():
        _end(owed, None, {"undone": True})
        return
    if case.status != CaseStatus.IN_REVIEW or _is_full(owed, case):
        _end(owed, None, {"needless": True})
        return
    found = _reserves(owed, case)
    for place, reserve in enumerate(found, 1):
        expert = _free(UUID(reserve.expert), case)
        if expert is not None:
            details = {"place": place, "of": len(found), "load": reserve.load}
            _end(owed, _invite(owed, case, expert), details)
            return
    _end(owed, None, {"of": len(found)})
    notifications.nobody_left(owed)


def _is_full(owed: Replacement, case: Case) -> bool:
    """Say whether somebody was asked by hand meanwhile."""
    return case.assignments.standing().count() >= max(owed.plan.need, case.experts_wanted)


def _reserves(owed: Replacement, case: Case) -> Sequence[Reserve]:
    """Return who could take the seat, by what stands in the activity at this moment."""
    plan, leaving = owed.plan, owed.declined.expert_id
    now = facts.read(plan.activity, also=[leaving])
    given = document(now, fitting.fit(now), wanted(plan))
    problem = problem_of(given)
    row = given["declarations"].index(str(case.pk))
    column = problem.experts.index(str(leaving))
    pairs = np.array([*given["fixed"], [row, column]], np.int64)
    return reserves(Seating(problem, pairs), row, column, plan.seed)


def _free(pk: UUID, case: Case) -> Expert | None:
    """Hold an expert, and say whether they can be asked still."""
    held = Expert.objects.select_for_update(of=("self",), no_key=True).select_related("user")
    expert = held.get(pk=pk)
    away = not Expert.objects.available().filter(pk=pk).exists()
    full = expert.cap is not None and open_assignments([pk]).get(pk, 0) >= expert.cap
    knows = (case.pk, pk) in who_know([case.pk])
    return None if away or full or knows or conflicts(expert, case.declaration) else expert


def _invite(owed: Replacement, case: Case, expert: Expert) -> Assignment:
    plan, now = owed.plan, database_now()
    due_at = owed.declined.due_at
    made = Assignment.objects.create(
        case=case,
        expert=expert,
        invited_by=plan.published_by,  # type: ignore[misc]  # a constraint of the table
        due_at=max(due_at, now + SHORTEST) if due_at else None,
    )
    PlannedAssignment.objects.create(plan=plan, assignment=made)
    audit.record(
        "assignment.drawn",
        audit.subject(made),
        actor=None,
        change=("", made.status),
        details={
            "declined": str(owed.pk),
            "case": str(case.pk),
            "plan": str(plan.pk),
            "seed": plan.seed,
        },
    )
    notifications.invited(made)
    return made


def _end(owed: Replacement, assignment: Assignment | None, details: dict[str, Any]) -> None:
    owed.assignment, owed.drawn_at, owed.details = assignment, database_now(), details
    owed.save(update_fields=["assignment", "drawn_at", "details"])
