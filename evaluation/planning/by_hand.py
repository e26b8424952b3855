"""A seat changed by hand: its effect, and the plan of its own that it becomes.

The plan it is made from stays as it was drawn. Conflicts, limits and the number of experts of one
organisation hold for officers, too, and a plan with an empty seat is not published; what is lost of
the other rules is told.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import numpy as np
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core import rights
from core.clock import database_now
from core.errors import DomainError
from evaluation.assignment.problem import Ints, Rule
from evaluation.assignment.seating import Seating
from evaluation.conflicts.knowing import KNOWS, who_know
from evaluation.models import AssignmentPlan, Case, PlanInputs, PlanSeat
from evaluation.planning import asking
from evaluation.planning.outcomes import of_seating
from evaluation.planning.reading import Reading, read
from evaluation.planning.workflow import perform_plan
from submissions.models import Activity


@dataclass(frozen=True, slots=True)
class Edit:
    """At a declaration one expert gives the seat to another; None: a seat that was empty."""

    case: UUID
    leaving: UUID | None
    coming: UUID


def effect(plan: AssignmentPlan, edits: Sequence[Edit]) -> dict[str, Any]:
    """Return the outcome the plan would have; refuse what no plan may."""
    reading = read(plan)
    return of_seating(Seating(reading.seating.problem, _edited(reading, edits)))


@transaction.atomic
def derive(
    plan: AssignmentPlan, edits: Sequence[Edit], *, actor: User, name: str
) -> AssignmentPlan:
    """Make the edited plan; drawn from the same inputs, with the seats as edited."""
    activity = Activity.objects.select_for_update(no_key=True).get(pk=plan.activity_id)
    plan.refresh_from_db()
    if not rights.can(actor, "derive", plan):
        raise PermissionDenied(f"edit plan {plan.pk}")
    _may_assign([one.case for one in edits], actor)
    reading = read(plan)
    pairs = _edited(reading, edits)
    made = asking.create(
        activity,
        actor=actor,
        name=name,
        base=plan,
        seed=plan.seed,  # its seats were drawn with it, but for those that were changed
        origin=AssignmentPlan.Origin.BY_HAND,
        **{key: getattr(plan, key) for key in asking.ASKED if key != "price"},
    )
    inputs = PlanInputs.objects.create(
        plan=made,
        document=reading.document,
        content_hash=PlanInputs.objects.get(plan=plan).content_hash,
        read_at=database_now(),
    )
    outcome = of_seating(Seating(reading.seating.problem, pairs))
    perform_plan("begin", made.pk, actor=None)
    return perform_plan(
        "clash" if _has_empty_seats(outcome) else "finish",
        made.pk,
        actor=None,
        outcome=outcome,
        seats=_seats(reading, pairs),
        inputs_hash=inputs.content_hash,
    )


def _has_empty_seats(outcome: dict[str, Any]) -> bool:
    """Say whether it cannot be published: what else is missing an officer may answer for."""
    return any(one["rule"] == Rule.NEED for one in outcome["missing"])


def _may_assign(cases: list[UUID], actor: User) -> None:
    mine = Case.objects.filter(pk__in=cases).with_right(actor, "assign")
    if mine.count() != len(set(cases)):
        raise DomainError(_("You may not assign experts to this declaration."))


def _seats(reading: Reading, pairs: Ints) -> list[PlanSeat]:
    problem = reading.seating.problem
    fixed = {tuple(pair) for pair in reading.document["fixed"]}
    return [
        PlanSeat(
            case_id=UUID(problem.declarations[row]),
            expert_id=UUID(problem.experts[column]),
            standing=(row, column) in fixed,
            points=int(problem.points[row, column]),
        )
        for row, column in pairs.tolist()
    ]


def _edited(reading: Reading, edits: Sequence[Edit]) -> Ints:
    """Return the pairs after the edits; hard rules are asked when all of them are made."""
    pairs = {(row, column) for row, column in reading.seating.pairs.tolist()}
    fixed = {tuple(pair) for pair in reading.document["fixed"]}
    for edit in edits:
        row, coming = _place(reading, edit.case, edit.coming)
        if edit.leaving is not None:
            leaving = _place(reading, edit.case, edit.leaving)
            if leaving not in pairs:
                raise DomainError(_("This expert has no seat at the declaration."))
            if leaving in fixed:
                raise DomainError(_("Who was asked before the plan was drawn keeps the seat."))
            pairs.remove(leaving)
        if (row, coming) in pairs:
            raise DomainError(_("This expert sits at the declaration already."))
        pairs.add((row, coming))
    after = np.array(sorted(pairs), np.int64).reshape(-1, 2)
    know = who_know(edit.case for edit in edits)
    for edit in edits:
        _check(reading, after, *_place(reading, edit.case, edit.coming))
        if (edit.case, edit.coming) in know:
            raise DomainError(str(KNOWS))
    return after


def _place(reading: Reading, case: UUID, expert: UUID) -> tuple[int, int]:
    if case not in reading.rows or expert not in reading.columns:
        raise DomainError(_("The plan was drawn without this declaration or expert."))
    return reading.rows[case], reading.columns[expert]


def _check(reading: Reading, pairs: Ints, row: int, column: int) -> None:
    """Refuse a seat that breaks what holds for everybody."""
    problem = reading.seating.problem
    if not problem.allowed[row, column]:
        raise DomainError(_("This expert may not judge the declaration."))
    if int((pairs[:, 1] == column).sum()) > problem.caps[column]:
        raise DomainError(_("This expert would have more declarations than they take."))
    here = pairs[pairs[:, 0] == row, 1]
    if len(here) > problem.seats[row]:
        raise DomainError(_("All seats of this declaration are taken."))
    colleagues = int((problem.houses[here] == problem.houses[column]).sum())
    if colleagues > problem.rules.per_organisation:
        raise DomainError(_("There would be too many experts of one organisation."))
