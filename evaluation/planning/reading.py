"""A plan that was drawn, as arithmetic can ask it: why this expert, why not that one."""

from collections import OrderedDict
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import numpy as np

from evaluation.assignment.affinity import Affinity
from evaluation.assignment.compare import Comparison, compare
from evaluation.assignment.plan import Figures, Plan
from evaluation.assignment.problem import Ints
from evaluation.assignment.seating import Seating
from evaluation.models import AssignmentPlan, PlanInputs
from evaluation.planning.documents import Document, fit_of, kinds_of, problem_of

MOST_KEPT = 4  # by a process; some megabytes each for an activity of a thousand
_kept: "OrderedDict[UUID, Reading]" = OrderedDict()


@dataclass(frozen=True, slots=True)
class Reading:
    """What a plan was drawn from, and who sits where. Never written to."""

    document: Document
    seating: Seating
    fit: Affinity
    kinds: Any  # (D, E) places of the reasons among those of the document
    rows: dict[UUID, int]
    columns: dict[UUID, int]

    def barred(self, row: int, column: int) -> str:
        """Return why a pair was not allowed, by its code; "" where it was."""
        return str(self.document["kinds"][self.kinds[row, column]])


def read(plan: AssignmentPlan) -> Reading:
    """Return a plan that was drawn. Nothing of it changes: each process reads it once."""
    known = _kept.get(plan.pk)
    if known is None:
        known = _kept[plan.pk] = _read(plan)
        if len(_kept) > MOST_KEPT:
            _kept.popitem(last=False)
    return known


def declarations_of(plan: AssignmentPlan) -> list[UUID]:
    """Return what a plan was drawn for: what got no seat at all is among it."""
    keys = PlanInputs.objects.filter(plan=plan).values_list("document__declarations", flat=True)
    return [UUID(key) for key in keys.get()]


def _read(plan: AssignmentPlan) -> Reading:
    document = PlanInputs.objects.get(plan=plan).document
    problem = problem_of(document)
    rows = {UUID(key): place for place, key in enumerate(problem.declarations)}
    columns = {UUID(key): place for place, key in enumerate(problem.experts)}
    pairs = _pairs(plan, rows, columns)
    seating, fit = Seating(problem, pairs), fit_of(document)
    return Reading(document, seating, fit, kinds_of(document), rows, columns)


def _pairs(plan: AssignmentPlan, rows: dict[UUID, int], columns: dict[UUID, int]) -> Ints:
    seats = plan.seats.values_list("case", "expert")
    found = sorted([rows[case], columns[expert]] for case, expert in seats)
    return np.array(found, np.int64).reshape(-1, 2)


def figures_of(plan: AssignmentPlan) -> Figures:
    return Figures(**plan.outcome["figures"])


def compared(first: AssignmentPlan, second: AssignmentPlan) -> Comparison:
    """Return two plans beside each other; their inputs need not be the same."""
    return compare(_as_plan(first), _as_plan(second))


def _as_plan(plan: AssignmentPlan) -> Plan:
    seats = list(plan.seats.order_by("case", "expert").values_list("case", "expert"))
    cases = {case: place for place, case in enumerate(dict.fromkeys(one for one, _e in seats))}
    experts = {one: place for place, one in enumerate(sorted({expert for _c, expert in seats}))}
    pairs = np.array([[cases[case], experts[one]] for case, one in seats], np.int64).reshape(-1, 2)
    names = tuple(str(one) for one in cases), tuple(str(one) for one in experts)
    return Plan(*names, pairs, plan.seed, figures_of(plan))
