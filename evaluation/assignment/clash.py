"""Why not everything can be had: the smallest sets of rules that clash.

First by counting (all seats against all caps; each declaration by itself), then, where only several
declarations together are too many, by leaving rules and declarations out of the exact model one by
one (deletion filter: Chinneck, Dravnieks 1991): what is left is needed for the clash.
"""

from collections.abc import Sequence

import numpy as np

from evaluation.assignment import alone
from evaluation.assignment.exchange import Go
from evaluation.assignment.model import EVERY_RULE, Part, feasible
from evaluation.assignment.plan import Clash
from evaluation.assignment.problem import Bools, Ints, Problem, Rule
from evaluation.assignment.seating import Seating

MOST_PAIRS = 12_000  # of a part that is tried rule by rule
MOST_ROWS = 40  # of a part whose declarations are left out one by one


def clashes(problem: Problem, seating: Seating, go: Go) -> tuple[Clash, ...]:
    """Return the clashes behind the broken rules of a plan, none of them twice."""
    found = list(_too_many_seats(problem))
    broken = np.flatnonzero(seating.broken() > 0)
    plain = np.setdiff1d(broken, problem.fixed[:, 0])
    by_itself = alone.clashing(problem, plain)
    found += [alone.described(problem, int(row), rules) for row, rules in by_itself.items()]
    for row in broken.tolist():
        go()
        if row in by_itself or (found and found[0].rules == {Rule.NEED, Rule.CAP}):
            continue
        clash = _joint(problem, seating, row)
        if clash and not any(_same(clash, other) for other in found):
            found.append(clash)
    return tuple(found)


def _same(one: Clash, other: Clash) -> bool:
    return one.rules == other.rules and one.declarations == other.declarations


def _too_many_seats(problem: Problem) -> list[Clash]:
    most = np.minimum(problem.caps, problem.allowed.sum(axis=0))
    seats, capacity = int(problem.seats.sum()), int(most.sum())
    without_caps = int(problem.allowed.sum())
    if seats <= capacity or seats > without_caps:
        return []
    every = frozenset({Rule.NEED, Rule.CAP})
    return [Clash(every, tuple(problem.declarations), tuple(problem.experts), seats, capacity)]


def _joint(problem: Problem, seating: Seating, row: int) -> Clash | None:
    """Return the clash that a broken row is part of; None where the model finds room for all."""
    rows = _competing(problem, seating, row)
    if problem.allowed[rows].sum() > MOST_PAIRS:
        return _counted(problem, rows, EVERY_RULE, minimal=False)
    if feasible(_part(problem, rows), EVERY_RULE) is not False:
        return None
    if len(rows) <= MOST_ROWS:
        rows = _fewer_rows(problem, rows, EVERY_RULE)
    rules = _fewer_rules(problem, rows)
    if len(rows) <= MOST_ROWS:
        rows = _fewer_rows(problem, rows, rules)
    return _counted(problem, rows, rules, minimal=len(rows) <= MOST_ROWS)


def _part(problem: Problem, rows: Ints) -> Part:
    """Return the rows by themselves: only fixed pairs of others keep their places."""
    others = problem.fixed[~np.isin(problem.fixed[:, 0], rows)]
    load = np.bincount(others[:, 1], minlength=problem.shape[1])
    return Part(problem, rows, np.ones(problem.shape, np.bool_), load)


def _competing(problem: Problem, seating: Seating, row: int) -> Ints:
    """Return the row and all that could free a place for it, directly or through others.

    An expert at the cap is where declarations compete; from each of them on to all who hold one.
    """
    rows: Bools = np.zeros(problem.shape[0], np.bool_)
    rows[row] = True
    full = seating.load >= problem.caps
    while True:
        wanted = full & problem.allowed[rows].any(axis=0)
        grown = rows | (seating.taken & wanted).any(axis=1)
        if (grown == rows).all():
            return np.flatnonzero(rows)
        rows = grown


def _fewer_rows(problem: Problem, rows: Ints, rules: frozenset[Rule]) -> Ints:
    for row in rows.tolist():
        fewer = rows[rows != row]
        if len(fewer) and feasible(_part(problem, fewer), rules) is False:
            rows = fewer
    return rows


def _fewer_rules(problem: Problem, rows: Ints) -> frozenset[Rule]:
    rules, part = EVERY_RULE, _part(problem, rows)
    for rule in alone.ORDER:
        if feasible(part, rules - {rule}) is False:
            rules -= {rule}
    return rules


def _counted(problem: Problem, rows: Ints, rules: frozenset[Rule], *, minimal: bool) -> Clash:
    """Put numbers to a clash: places asked for, and places of the experts who could take them."""
    usable = (
        problem.allowed[rows]
        if Rule.CONFLICT in rules
        else np.ones((len(rows), problem.shape[1]), np.bool_)
    )
    asked = problem.seats[rows]
    if Rule.NEED not in rules:
        if Rule.SPECIALIST in rules:
            usable, asked = usable & problem.specialist[rows], problem.least_specialists[rows]
        else:
            usable, asked = (
                usable & problem.economist,
                problem.wants_economist[rows].astype(np.int64),
            )
    columns = np.flatnonzero(usable.any(axis=0))
    places = usable.sum(axis=0)
    if Rule.CAP in rules:
        places = np.minimum(places, problem.caps)
    names = tuple(problem.declarations[row] for row in rows)
    return Clash(
        rules, names, _names(problem.experts, columns), int(asked.sum()), int(places.sum()), minimal
    )


def _names(keys: Sequence[str], places: Ints) -> tuple[str, ...]:
    return tuple(keys[place] for place in places)
