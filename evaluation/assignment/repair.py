"""What exchanges cannot mend: the broken declarations and their neighbours, solved exactly."""

import numpy as np

from evaluation.assignment import model
from evaluation.assignment.candidates import Points
from evaluation.assignment.exchange import Go
from evaluation.assignment.problem import Bools, Ints, Problem
from evaluation.assignment.seating import Seating

NEIGHBOURS = (6, 24, 80)  # rows solved together with a broken one, growing while it stays broken
SMALL = 600  # pairs: a problem of this size is solved as a whole
MOST_BROKEN = 60  # rows that are tried; more of them are a matter of the rules


def repaired(seating: Seating, worths: Points, kept: Bools, go: Go) -> Seating:
    """Return a seating with as few broken rules as the exact model finds.

    kept: (D, E) the pairs worth thinking of, besides those taken now.
    """
    problem = seating.problem
    if problem.free.sum() <= SMALL:
        return _solved(seating, np.arange(problem.shape[0]), worths, problem.free)
    for size in NEIGHBOURS:
        broken = np.flatnonzero(seating.broken() > 0)
        if not len(broken):
            break
        for row in broken[:MOST_BROKEN].tolist():
            if seating.broken()[row]:
                go()
                seating = _solved(seating, _around(seating, row, size), worths, kept)
    return seating


def _around(seating: Seating, row: int, size: int) -> Ints:
    """Return the row and those that hold most of the experts it could use."""
    problem = seating.problem
    wanted = problem.free[row] & ~seating.taken[row]
    if seating.of_field[row] < problem.least_specialists[row]:
        wanted &= problem.specialist[row]
    elif problem.wants_economist[row] and not seating.with_economics[row]:
        wanted &= problem.economist
    held = (seating.taken & wanted).sum(axis=1)
    held[row] = problem.shape[1] + 1
    best = np.argsort(-held, kind="stable")[: size + 1]
    return np.sort(best)


def _solved(seating: Seating, rows: Ints, worths: Points, kept: Bools) -> Seating:
    problem = seating.problem
    inside = np.isin(seating.rows, rows)
    load = np.bincount(seating.columns[~inside], minlength=problem.shape[1])
    part = model.Part(problem, rows, (kept | seating.taken) & problem.allowed, load)
    found = model.best(part, worths, seating.taken)
    if found is None:
        return seating
    others = np.column_stack([seating.rows[~inside], seating.columns[~inside]])
    better = Seating(problem, np.concatenate([others, found]), seating.points)
    whole = len(rows) == problem.shape[0]
    return better if whole or better.broken().sum() < seating.broken().sum() else seating


def within_limits(problem: Problem, pairs: Ints) -> Ints:
    """Return the pairs without those beyond the organisation limit, which always holds."""
    fixed = set(map(tuple, problem.fixed.tolist()))
    count: dict[tuple[int, int], int] = {}
    found = []
    ordered = sorted(pairs.tolist(), key=lambda pair: (tuple(pair) not in fixed, pair))
    for row, column in ordered:
        place = (row, int(problem.houses[column]))
        count[place] = count.get(place, 0) + 1
        if count[place] <= problem.rules.per_organisation or (row, column) in fixed:
            found.append((row, column))
    return np.array(sorted(found), np.int64).reshape(-1, 2)
