"""How well a declaration could be served if it had all experts to itself: a bound nobody exceeds.

The worst of these bounds is a ceiling of the worst-served declaration in any plan. Where its best
experts are not fought for, it is reached exactly.
"""

import numpy as np
from numpy.typing import NDArray

from evaluation.assignment.candidates import parts
from evaluation.assignment.problem import POINTS, Ints, Problem

NOBODY = -(2**40)


def ceilings(problem: Problem) -> Ints:
    """Return (D,) mean points per seat, with conflicts, sub-field and economist, without loads."""
    found = np.zeros(problem.shape[0], np.int64)
    for part in parts(*problem.shape):
        found[part] = _best(problem, part)
    seats = problem.seats
    return np.where(seats > 0, found // np.maximum(1, seats), POINTS)


def _best(problem: Problem, part: slice) -> Ints:
    points = np.where(problem.allowed[part], problem.points[part], 0).astype(np.int64)
    most = int(problem.seats[part].max(initial=0))
    field = problem.specialist[part]
    inside = _ranked(np.where(field, points, 0), most)
    outside = _ranked(np.where(field, 0, points), most)
    seats = problem.seats[part]
    least = np.minimum(problem.least_specialists[part], seats)
    free = _of_two(inside, outside, seats, least)
    economists = problem.economist & problem.allowed[part]
    special = _top(points, economists & field) + _of_two(inside, outside, seats - 1, least - 1)
    other = _top(points, economists & ~field) + _of_two(inside, outside, seats - 1, least)
    other = np.where(least < seats, other, NOBODY)
    forced = np.minimum(free, np.maximum(special, other))
    found: Ints = np.where(problem.wants_economist[part], forced, free).clip(0)
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


def _ranked(points: NDArray[np.int64], most: int) -> Ints:
    """Return (rows, most + 1): the sums of the 0, 1, 2 ... highest of each row."""
    width = points.shape[1]
    number = min(most, width)
    top = (
        np.partition(points, width - number, axis=1)[:, width - number :]
        if number
        else points[:, :0]
    )
    top = -np.sort(-top, axis=1)
    sums = np.zeros((len(points), most + 1), np.int64)
    sums[:, 1 : number + 1] = np.cumsum(top, axis=1)
    sums[:, number + 1 :] = sums[:, [number]]
    return sums


def _top(points: Ints, where: NDArray[np.bool_]) -> Ints:
    found: Ints = np.where(where, points, NOBODY).max(axis=1, initial=NOBODY)
    return found
