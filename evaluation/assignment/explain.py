"""Why this expert, why not that one, and what it would cost. numpy only, for a page.

From the problem and the pairs of a plan (``Seating``) alone: all experts of one declaration at
once, some milliseconds at 1,000 × 150 × 5. Costs are those of the cheapest single exchange, or,
where there is none, of a replacement that moves a load; chains of several would sometimes be
cheaper still.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from evaluation.assignment.plan import can_serve
from evaluation.assignment.problem import POINTS, Block, Ints
from evaluation.assignment.seating import Seating


class WhyNot(StrEnum):
    """What stands against an expert at a declaration.

    From ``LOADS`` on no rule does: what the cheapest way to a seat would make of the plan, in the
    order of what a plan is drawn for.
    """

    CONFLICT = "conflict"
    DECLINED = "declined"
    EDITED = "edited"
    CAP = "cap"
    ORGANISATION = "organisation"
    SPECIALIST = "specialist"
    ECONOMIST = "economist"
    FULL = "full"  # all seats are fixed
    NO_ROOM = "no_room"  # no way to a seat keeps all rules
    LOADS = "loads"  # less even
    WORST = "worst"  # the worst-served declaration would be served less well
    TOTAL = "total"  # less affinity in all
    DRAWN = "drawn"  # as good: the seed decided
    PRICE = "price"  # better, but a seat of the earlier plan would be lost
    BETTER = "better"  # a single exchange the search has not come to


CHANGES_NOTHING = 0.0005  # an affinity below this is shown as nought

BLOCKS = {
    Block.CONFLICT: WhyNot.CONFLICT,
    Block.DECLINED: WhyNot.DECLINED,
    Block.EDITED: WhyNot.EDITED,
}


@dataclass(frozen=True, slots=True)
class Why:
    """A pair of the plan: affinity 0 to 1, the load of the expert, what the seat counts for.

    needed_as_...: without this expert the declaration would break the rule. rank: place of the
    expert among those allowed there, by affinity, from 1.
    """

    affinity: float
    rank: int
    load: int
    specialist: bool
    economist: bool
    needed_as_specialist: bool
    needed_as_economist: bool
    of_one_organisation: int
    fixed: bool


@dataclass(frozen=True, slots=True)
class Cost:
    """What seating an expert would change. ``leaving`` makes room; at ``partner`` it sits instead.

    partner None: the seat is taken over, and the spread of loads may change. total, worst and own
    are changes of affinity: of all pairs, of the worst-served mean, of this declaration's sum.
    loads: of whoever comes and whoever leaves, where the seat is taken over.
    """

    leaving: str
    partner: str | None
    total: float
    own: float
    worst: float
    spread: int
    loads: "Loads | None" = None

    @property
    def less_even(self) -> bool:
        return self.loads is not None and self.loads.coming > self.loads.leaving + 1


@dataclass(frozen=True, slots=True)
class Loads:
    """What a seat that is taken over does to loads, once it is done.

    before, after: the lowest and the highest of all who can serve.
    """

    coming: int
    leaving: int
    before: tuple[int, int]
    after: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Alternative:
    """An expert who does not sit at a declaration; cost None where no single exchange helps."""

    expert: str
    affinity: float
    load: int
    reasons: tuple[WhyNot, ...]
    cost: Cost | None


def why(seating: Seating, row: int, column: int) -> Why:
    """Return what a pair of the plan rests on."""
    problem, points = seating.problem, seating.points
    house = problem.houses[column]
    of_field = bool(problem.specialist[row, column])
    economics = bool(problem.economist[column])
    least = int(problem.least_specialists[row])
    better = seating.allowed[row] & (points[row] > points[row, column])
    return Why(
        affinity=float(problem.affinity[row, column]),
        rank=int(better.sum()) + 1,
        load=int(seating.load[column]),
        specialist=of_field,
        economist=economics,
        needed_as_specialist=of_field and bool(seating.of_field[row] <= least),
        needed_as_economist=economics
        and bool(problem.wants_economist[row])
        and bool(seating.with_economics[row] == 1),
        of_one_organisation=int(seating.of_house[row, house]),
        fixed=not bool(seating.movable[seating.seat(row, column)]),
    )


def alternatives(seating: Seating, row: int) -> list[Alternative]:
    """Return all experts who do not sit at a declaration, in the order of the problem."""
    problem = seating.problem
    costs = _exchanged(seating, row)
    found = []
    for column in np.flatnonzero(~seating.taken[row]).tolist():
        reasons = _reasons(seating, row, column)
        cost = costs.get(column)
        if cost is None and not reasons:
            cost = _replaced(seating, row, column)
        reasons = reasons or (_weighed(seating, cost),)
        affinity, load = float(problem.affinity[row, column]), int(seating.load[column])
        found.append(Alternative(problem.experts[column], affinity, load, reasons, cost))
    return found


def why_not(seating: Seating, row: int, column: int) -> Alternative:
    """Return what stands against one expert, and what seating them would cost."""
    key = seating.problem.experts[column]
    return next(one for one in alternatives(seating, row) if one.expert == key)


def _reasons(seating: Seating, row: int, column: int) -> tuple[WhyNot, ...]:
    """Return what stands against taking over a seat, the weightiest first."""
    problem, leaving = seating.problem, seating.leaving(row)
    if not seating.allowed[row, column]:
        return (BLOCKS[Block(int(problem.blocked[row, column]))],)
    if not leaving:
        return (WhyNot.FULL,)
    found = []
    if seating.load[column] >= problem.caps[column]:
        found.append(WhyNot.CAP)
    house, limit = problem.houses[column], problem.rules.per_organisation
    colleagues = [one for one in leaving if problem.houses[one] == house]
    if seating.of_house[row, house] >= limit and not colleagues:
        found.append(WhyNot.ORGANISATION)
    if not any(seating.breaks(row, one)[column] <= 0 for one in leaving):
        found += _rules(seating, row, column, leaving)
    return tuple(found)


def _weighed(seating: Seating, cost: Cost | None) -> WhyNot:
    """Return what a seat against which no rule stands would cost the plan."""
    if cost is None:
        return WhyNot.NO_ROOM
    if cost.less_even:
        return WhyNot.LOADS
    if abs(cost.worst) >= CHANGES_NOTHING:
        better = cost.worst > 0
    elif abs(cost.total) <= 2 * seating.problem.rules.epsilon:  # two pairs change
        return WhyNot.DRAWN
    else:
        better = cost.total > 0
    if not better:
        return WhyNot.WORST if cost.worst <= -CHANGES_NOTHING else WhyNot.TOTAL
    priced = seating.problem.rules.price > 0 and len(seating.problem.earlier) > 0
    return WhyNot.PRICE if priced else WhyNot.BETTER


def _rules(seating: Seating, row: int, column: int, leaving: Sequence[int]) -> list[WhyNot]:
    """Return which mix of experts would be lost whoever left."""
    problem = seating.problem
    found = []
    tight = seating.of_field[row] <= problem.least_specialists[row]
    if tight and not problem.specialist[row, column]:
        found.append(WhyNot.SPECIALIST)
    alone = problem.wants_economist[row] and seating.with_economics[row] <= 1
    needed = any(problem.economist[one] for one in leaving)
    if alone and needed and not problem.economist[column]:
        found.append(WhyNot.ECONOMIST)
    return found


def _exchanged(seating: Seating, row: int) -> dict[int, Cost]:
    """Return the cheapest exchange that breaks nothing for each expert it would bring."""
    parts = []
    for leaving in seating.leaving(row):
        some = seating.exchanges(row, leaving)
        fine = np.flatnonzero(seating.breaks_of(row, leaving, some.seats) <= 0)
        gain = some.gain[fine].astype(np.int64)
        other = some.other_gain[fine].astype(np.int64)
        whose = np.full(len(fine), leaving)
        parts.append(np.column_stack([some.seats[fine], whose, gain, other]))
    if not parts:
        return {}
    all_of_them = np.concatenate(parts)
    coming = seating.columns[all_of_them[:, 0]]
    order = np.lexsort((all_of_them[:, 0], -all_of_them[:, 2] - all_of_them[:, 3], coming))
    columns, first = np.unique(coming[order], return_index=True)
    best = all_of_them[order[first]]
    return {
        int(column): _cost(seating, row, tuple(one))
        for column, one in zip(columns, best.tolist(), strict=True)
    }


def _cost(seating: Seating, row: int, one: tuple[int, int, int, int]) -> Cost:
    seat, leaving, gain, other = one
    partner = int(seating.rows[seat])
    worst = _worst_change(seating, [(row, gain), (partner, other)])
    keys = seating.problem
    return Cost(
        leaving=keys.experts[leaving],
        partner=keys.declarations[partner],
        total=(gain + other) / POINTS,
        own=gain / POINTS,
        worst=worst,
        spread=0,
    )


def _replaced(seating: Seating, row: int, column: int) -> Cost | None:
    """Return the cost of taking over a seat: loads as even as can be first, then affinity."""
    points = seating.points
    options = []
    for leaving in seating.leaving(row):
        if seating.breaks(row, leaving)[column] <= 0:
            gain = int(points[row, column]) - int(points[row, leaving])
            options.append((-_spread(_moved(seating, leaving, column)), gain, -leaving))
    if not options:
        return None
    spread, gain, leaving = max(options)
    after = _moved(seating, -leaving, column)
    serving = can_serve(seating.problem)
    loads = Loads(
        int(after[column]),
        int(after[-leaving]),
        _range(seating.load[serving]),
        _range(after[serving]),
    )
    worst = _worst_change(seating, [(row, gain)])
    key, moved = seating.problem.experts[-leaving], -spread - seating.spread
    return Cost(key, None, gain / POINTS, gain / POINTS, worst, moved, loads)


def _moved(seating: Seating, leaving: int, coming: int) -> Ints:
    """Return the loads once one expert has taken over a seat of another."""
    load: Ints = seating.load.copy()
    load[leaving] -= 1
    load[coming] += 1
    return load


def _spread(load: Ints) -> int:
    return int(np.ptp(load))


def _range(load: Ints) -> tuple[int, int]:
    return int(load.min()), int(load.max())


def _worst_change(seating: Seating, changes: Sequence[tuple[int, int]]) -> float:
    """Return the change of the worst-served mean when sums of points change at some rows."""
    before = seating.served
    after = before.copy()
    for row, gain in changes:
        after[row] = (seating.total[row] + gain) // max(1, int(seating.problem.seats[row]))
    return float(after.min() - before.min()) / POINTS
