"""Which pairs are worth a place in the network: the best of each row and of each column.

The whole matrix finds nearly the same plan at seven times the time and, at 20,000 × 2,000, more
memory than a worker has. "Best" is twofold: by worth itself, and by what a pair is worth beyond the
mean of its column (for rows) or row (for columns). Without the second, all weak experts would be
kept for the same few strong declarations, and loads could not be even.
"""

import math
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from evaluation.assignment import draw
from evaluation.assignment.problem import POINTS, Bools, Ints, Problem

Points = NDArray[np.int32]
Some = TypeVar("Some", Points, Ints)

PER_DECLARATION, PER_EXPERT = 30, 40
SPARE_SPECIALISTS, ECONOMISTS = 7, 6
CELLS_AT_ONCE = 500_000  # of a matrix: what is worked on lies in the cache of a processor
NEVER = np.int32(-(2**30))
STRIDE = 7919  # a prime, beyond any number of experts: rows begin far from each other
FEW = 10  # that are found faster one after the other than by a partition


@dataclass(frozen=True, slots=True, eq=False)
class Candidates:
    """m free pairs, sorted by row and column."""

    rows: Ints
    columns: Ints


def worth(problem: Problem, seed: str) -> Points:
    """Return (D, E) points: affinity, plus less than epsilon by draw, plus the price if earlier."""
    rows = draw.hashes(seed, "declaration", problem.declarations)
    columns = draw.hashes(seed, "expert", problem.experts)
    found = priced(problem).copy()
    most = np.float32(problem.rules.epsilon * POINTS)
    for part in parts(*problem.shape):
        drawn = draw.drawn(rows[part, None], columns[None, :])
        drawn *= most
        found[part] += drawn.astype(np.int32)
    return found


def priced(problem: Problem) -> Points:
    """Return (D, E) points, pairs of the earlier plan worth more by the price of disturbance."""
    if not len(problem.earlier):
        return problem.points
    found = problem.points.copy()
    found[tuple(problem.earlier.T)] += round(problem.rules.price * POINTS)
    return found


def candidates(problem: Problem, worths: Points, factor: int = 1) -> Candidates:
    """Return the free pairs kept: ``factor`` times the usual number of the best."""
    free = problem.free
    kept = np.zeros(problem.shape, np.bool_)
    most = int(problem.seats.max(initial=0))
    load = int(problem.seats.sum()) // max(1, problem.shape[1])
    per_column = worths.sum(axis=0, dtype=np.int64) // max(1, problem.shape[0])
    for part in parts(*problem.shape):
        _keep_for_rows(kept, part, problem, np.where(free[part], worths[part], NEVER), factor)
        beyond = np.where(free[part], worths[part] - per_column.astype(np.int32), NEVER)
        _keep_best(kept[part], beyond, factor * max(PER_DECLARATION, 3 * most))
    per_row = worths.sum(axis=1, dtype=np.int64) // max(1, problem.shape[1])
    per_row = per_row.astype(np.int32)
    for part in parts(problem.shape[1], problem.shape[0] // 8):
        usable = np.ascontiguousarray(free[:, part].T)
        beyond = np.where(usable, np.ascontiguousarray(worths[:, part].T) - per_row, NEVER)
        _keep_best(kept[:, part].T, beyond, factor * max(PER_EXPERT, 2 * load))
    kept[tuple(problem.earlier.T)] = True
    kept &= free
    rows, columns = np.nonzero(kept)
    return Candidates(rows, columns)


def _keep_for_rows(kept: Bools, part: slice, problem: Problem, worths: Points, factor: int) -> None:
    """Keep the best of each row at all, of its sub-field and with economics."""
    rules, most = problem.rules, int(problem.seats.max(initial=0))
    _keep_best(kept[part], worths, factor * 2 * most)
    if rules.specialists:
        of_field = np.where(problem.specialist[part], worths, NEVER)
        _keep_best(kept[part], of_field, factor * (SPARE_SPECIALISTS + rules.specialists))
    if rules.economists:
        columns = np.flatnonzero(problem.economist)
        some = np.zeros((len(worths), len(columns)), np.bool_)
        _keep_best(some, worths[:, columns], factor * ECONOMISTS)
        kept[part, columns] |= some


def _keep_best(kept: Bools, values: Points, number: int) -> None:
    """Mark the places of the highest values of each row."""
    if number >= values.shape[1]:
        kept |= values > NEVER
        return
    if number:
        kept |= best(values, number)


def best(values: Some, number: int) -> Bools:
    """Mark the ``number`` highest of each row, never what is ``NEVER``.

    A partition leaves it to the processor which of equals it takes; here those from a place on
    that differs from row to row, or all rows would be left with the same few columns.
    """
    width = values.shape[1]
    if number > FEW:
        edge = np.partition(values, width - number, axis=1)[:, width - number, None]
    else:
        edge = highest(values, number)[0][:, -1:]
    edge = np.maximum(edge, NEVER + 1)
    marked: Bools = values >= edge
    shared = np.flatnonzero(np.count_nonzero(marked, axis=1) > number)
    if len(shared):
        equal = values[shared] == edge[shared]
        found = equal.cumsum(axis=1)
        begin = shared * STRIDE % width
        at = np.arange(len(shared))
        found -= (found[at, begin] - equal[at, begin])[:, None]
        found += np.where(found > 0, 0, equal.sum(axis=1, keepdims=True))
        room = number - (marked[shared] & ~equal).sum(axis=1, keepdims=True)
        marked[shared] &= ~equal | (found <= room)
    return marked


def highest(values: Some, number: int) -> tuple[Some, Ints]:
    """Return the highest values of each row, falling, and where they stand; fast for a few."""
    left, rows = values.copy(), np.arange(len(values))
    found = np.empty((len(values), number), values.dtype)
    places = np.empty((len(values), number), np.int64)
    for rank in range(number):
        places[:, rank] = left.argmax(axis=1)
        found[:, rank] = left[rows, places[:, rank]]
        left[rows, places[:, rank]] = np.iinfo(np.int32).min
    return found, places


def parts(length: int, width: int) -> list[slice]:
    """Return slices of the rows of a matrix that are worked on one after the other."""
    step = max(1, CELLS_AT_ONCE // max(1, width))
    return [slice(step * n, step * (n + 1)) for n in range(math.ceil(length / step))]
