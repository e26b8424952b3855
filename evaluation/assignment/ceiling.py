"""How well a declaration could be served if it had all experts to itself: a bound nobody exceeds.

The worst of these bounds is a ceiling of the worst-served declaration in any plan. Where its best
experts are not fought for, it is reached exactly. A rule that a plan could not keep is asked of a
declaration only as far as the plan kept it there: nobody is bound by what nobody can keep.
"""

from dataclasses import dataclass

import numpy as np

from evaluation.assignment.candidates import FEW, Points, highest, parts
from evaluation.assignment.problem import POINTS, Bools, Ints, Problem
from evaluation.assignment.seating import Seating

NOBODY = -(2**40)


@dataclass(frozen=True, slots=True, eq=False)
class Kept:
    """What is asked at each declaration: (D,) experts of the sub-field, one with economics."""

    specialists: Ints
    economist: Bools


def ceiling_of(seating: Seating) -> int:
    """Return the ceiling of the worst-served under the rules that a seating keeps, in points."""
    problem = seating.problem
    kept = Kept(
        np.minimum(problem.least_specialists, seating.of_field),
        problem.wants_economist & (seating.with_economics > 0),
    )
    return int(_ceilings(problem, kept, seating.points).min(initial=POINTS))


def ceilings(problem: Problem) -> Ints:
    """Return (D,) mean points per seat, with conflicts, sub-field and economist, without loads."""
    kept = Kept(problem.least_specialists, problem.wants_economist)
    return _ceilings(problem, kept, problem.points)


def _ceilings(problem: Problem, kept: Kept, points: Points) -> Ints:
    found = np.zeros(problem.shape[0], np.int64)
    for part in parts(*problem.shape):
        asked = Kept(kept.specialists[part], kept.economist[part])
        allowed = np.where(problem.allowed[part], points[part], np.int32(0))
        found[part] = _best(problem, part, asked, allowed)
    seats = problem.seats
    return np.where(seats > 0, found // np.maximum(1, seats), POINTS)


def _best(problem: Problem, part: slice, kept: Kept, points: Points) -> Ints:
    seats = problem.seats[part]
    most = int(seats.max(initial=0))
    if not problem.rules.specialists:
        nobody = points[:, :0]
        return _with_economist(problem, part, kept, (nobody, _ranked(nobody, most), points))
    field = problem.specialist[part]
    inside = np.where(field, points, np.int32(0))
    points -= inside  # what is left lies outside
    return _with_economist(problem, part, kept, (inside, _ranked(inside, most), points))


def _with_economist(
    problem: Problem, part: slice, kept: Kept, points: tuple[Points, Ints, Points]
) -> Ints:
    """Return the largest sums, with an economist where the declaration asks for one."""
    inside, ranked, outside = points
    seats = problem.seats[part]
    least = np.minimum(kept.specialists, seats)
    others = _ranked(outside, int(seats.max(initial=0)))
    free = _of_two(ranked, others, seats, least)
    columns = np.flatnonzero(problem.economist)
    some = columns if inside.shape[1] else columns[:0]
    special = inside[:, some].max(axis=1, initial=0).astype(np.int64)
    special += _of_two(ranked, others, seats - 1, least - 1)
    other = outside[:, columns].max(axis=1, initial=0).astype(np.int64)
    other += np.where(least < seats, _of_two(ranked, others, seats - 1, least), NOBODY)
    forced = np.minimum(free, np.maximum(special, other))
    found: Ints = np.where(kept.economist, forced, free).clip(0)
    return found


def _of_two(inside: Ints, outside: Ints, seats: Ints, least: Ints) -> Ints:
    """Return the largest sum of ``seats`` places with at least ``least`` from inside."""
    best = np.full(len(seats), NOBODY, np.int64)
    rows = np.arange(len(seats))
    for count in range(inside.shape[1]):
        right = (count >= least) & (count <= seats)
        sums = inside[:, count] + outside[rows, (seats - count).clip(0)]
        best = np.where(right, np.maximum(best, sums), best)
    return best


def _falling(points: Points, number: int) -> Points:
    if number <= FEW:
        return highest(points, number)[0]
    width = points.shape[1]
    top = np.partition(points, width - number, axis=1)[:, width - number :]
    return -np.sort(-top, axis=1)


def _ranked(points: Points, most: int) -> Ints:
    """Return (rows, most + 1): the sums of the 0, 1, 2 ... highest of each row."""
    width = points.shape[1]
    number = min(most, width)
    sums = np.zeros((len(points), most + 1), np.int64)
    if number:
        sums[:, 1 : number + 1] = np.cumsum(_falling(points, number), axis=1, dtype=np.int64)
        sums[:, number + 1 :] = sums[:, [number]]
    return sums
