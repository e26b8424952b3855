"""The exact model of a small part of an assignment (OR-Tools CP-SAT). Imported by the worker only.

Its import takes 1 to 3 seconds. One thread, a fixed seed and a limit in deterministic time: the
answer hangs neither on the machine nor on what else runs there.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from ortools.sat.python import cp_model

from evaluation.assignment.problem import POINTS, Block, Bools, Ints, Problem, Rule

DETERMINISTIC_SECONDS = 5.0
PER_UNIT = 1_000  # units of the objective in an affinity of 1
WEIGHTS = {Rule.NEED: 16, Rule.SPECIALIST: 2, Rule.ECONOMIST: 1}
EVERY_RULE = frozenset(Rule)


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """Rows to be seated anew; usable: (D, E) pairs to think of; load: (E,) from all other rows."""

    problem: Problem
    rows: Ints
    usable: Bools
    load: Ints


class _Seats:
    """One variable for each pair of the part, and the rules over them."""

    def __init__(self, part: Part, rules: frozenset[Rule], *, soft: bool) -> None:
        self.part, self.rules, self.soft = part, rules, soft
        self.model = cp_model.CpModel()
        self.short: list[cp_model.LinearExpr | cp_model.IntVar] = []
        self.chosen: dict[tuple[int, int], cp_model.IntVar] = {}
        self._choose()
        for row in part.rows.tolist():
            self._row(row)
        self._caps()

    def _choose(self) -> None:
        problem, rows = self.part.problem, self.part.rows
        blocked = problem.blocked[rows]
        barred = np.zeros(blocked.shape, np.bool_)
        if Rule.CONFLICT in self.rules:
            barred |= (blocked == Block.CONFLICT) | (blocked == Block.DECLINED)
        if Rule.EDIT in self.rules:
            barred |= blocked == Block.EDITED
        fixed = {(int(row), int(column)) for row, column in problem.fixed}
        within = {pair for pair in fixed if pair[0] in set(rows.tolist())}
        free = np.argwhere(~barred & self.part.usable[rows])
        pairs = {(int(rows[place]), int(column)) for place, column in free} | within
        for row, column in sorted(pairs):
            self.chosen[row, column] = self.model.new_bool_var("")
        if Rule.EDIT in self.rules:
            for pair in sorted(within):
                self.model.add(self.chosen[pair] == 1)

    def _row(self, row: int) -> None:
        problem = self.part.problem
        columns = [column for other, column in self.chosen if other == row]
        seats = int(problem.seats[row])
        self.model.add(self._sum(row, columns) <= seats)
        self._at_least(Rule.NEED, self._sum(row, columns), seats)
        of_field = [column for column in columns if problem.specialist[row, column]]
        least = int(problem.least_specialists[row])
        self._at_least(Rule.SPECIALIST, self._sum(row, of_field), least)
        economists = [column for column in columns if problem.economist[column]]
        wanted = int(problem.wants_economist[row])
        self._at_least(Rule.ECONOMIST, self._sum(row, economists), wanted)
        if Rule.ORGANISATION in self.rules:
            self._houses(row, columns)

    def _sum(self, row: int, columns: list[int]) -> cp_model.LinearExprT:
        return cp_model.LinearExpr.sum([self.chosen[row, column] for column in columns])

    def _at_least(self, rule: Rule, number: cp_model.LinearExprT, least: int) -> None:
        if rule not in self.rules or not least:
            return
        if not self.soft:
            self.model.add(number >= least)
            return
        short = self.model.new_int_var(0, least, "")
        self.model.add(cp_model.LinearExpr.sum([number, short]) >= least)
        self.short.append(WEIGHTS[rule] * short)

    def _houses(self, row: int, columns: list[int]) -> None:
        problem = self.part.problem
        fixed = set(problem.fixed[problem.fixed[:, 0] == row, 1].tolist())
        by_house: dict[int, list[int]] = {}
        for column in columns:
            by_house.setdefault(int(problem.houses[column]), []).append(column)
        for members in by_house.values():
            limit = problem.rules.per_organisation
            if self.soft:  # what is fixed by hand is not undone
                limit = max(limit, len(fixed.intersection(members)))
            if len(members) > limit:
                self.model.add(self._sum(row, members) <= limit)

    def _caps(self) -> None:
        if Rule.CAP not in self.rules:
            return
        problem, load = self.part.problem, self.part.load
        for column, literals in self.by_expert().items():
            most = int(problem.caps[column])
            if self.soft:
                most = max(most, int(problem.fixed_load[column]))
            left = max(0, most - int(load[column]))  # others may be fixed beyond the cap
            if len(literals) > left:
                self.model.add(cp_model.LinearExpr.sum(literals) <= left)

    def by_expert(self) -> dict[int, list[cp_model.IntVar]]:
        found: dict[int, list[cp_model.IntVar]] = {}
        for (_row, column), literal in self.chosen.items():
            found.setdefault(column, []).append(literal)
        return found


def _solved(model: cp_model.CpModel) -> tuple[cp_model.CpSolver, int]:
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 1
    solver.parameters.max_deterministic_time = DETERMINISTIC_SECONDS
    return solver, int(solver.solve(model))


def feasible(part: Part, rules: frozenset[Rule]) -> bool | None:
    """Return whether the rows can be seated under these rules; None where time ran out."""
    _solver, status = _solved(_Seats(part, rules, soft=False).model)
    if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return True
    return False if status == cp_model.INFEASIBLE else None


def best(part: Part, worths: NDArray[np.int32], hint: Bools) -> Ints | None:
    """Return pairs for the rows: fewest rules broken, then even loads, then worth; (m, 2).

    Caps, conflicts, hand edits and the organisation rule always hold. None where time ran out
    before anything was found.
    """
    seats = _Seats(part, EVERY_RULE, soft=True)
    gain = [
        int(worths[pair]) * PER_UNIT // POINTS * literal for pair, literal in seats.chosen.items()
    ]
    most = 2 * PER_UNIT * (int(part.problem.seats[part.rows].sum()) + 1)
    steps, highest = _steps(seats)
    uneven = cp_model.LinearExpr.sum(steps)
    # One rule outweighs any loads there can be, one step of load any worth.
    rule = most * (highest + 1)
    seats.model.maximize(
        cp_model.LinearExpr.sum(gain) - most * uneven - rule * cp_model.LinearExpr.sum(seats.short)
    )
    for pair, literal in seats.chosen.items():
        seats.model.add_hint(literal, bool(hint[pair]))
    solver, status = _solved(seats.model)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None
    found = [pair for pair, literal in seats.chosen.items() if solver.boolean_value(literal)]
    return np.array(found, np.int64).reshape(-1, 2)


def _steps(seats: _Seats) -> tuple[list[cp_model.LinearExprT], int]:
    """Return what loads cost, each unit of an expert dearer than the one before, and the most."""
    steps: list[cp_model.LinearExprT] = []
    highest = 0
    for column, literals in seats.by_expert().items():
        units = [seats.model.new_bool_var("") for _one in literals]
        seats.model.add(cp_model.LinearExpr.sum(units) == cp_model.LinearExpr.sum(literals))
        begin = int(seats.part.load[column])
        steps += [(begin + place) * unit for place, unit in enumerate(units)]
        highest += sum(range(begin, begin + len(units)))
    return steps, highest
