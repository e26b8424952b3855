"""One seat drawn anew: an expert declined, and nobody else is to be moved. numpy only."""

from dataclasses import dataclass

import numpy as np

from evaluation.assignment import draw
from evaluation.assignment.problem import POINTS
from evaluation.assignment.seating import Seating


@dataclass(frozen=True, slots=True)
class Reserve:
    """An expert who could take the seat. breaks: rules broken more than with the one who leaves."""

    expert: str
    affinity: float
    load: int
    breaks: int


def reserves(seating: Seating, row: int, leaving: int, seed: str) -> list[Reserve]:
    """Return who could take the seat, the one drawn first.

    By the rules of the plan: fewest rules broken, then the least load, then affinity, where the
    seeded draw decides between those within epsilon. The pair that leaves, and all who declined,
    are blocked in the problem or left out here.
    """
    problem = seating.problem
    may = seating.open[row] & (seating.load < problem.caps)
    may[leaving] = False
    columns = np.flatnonzero(may)
    breaks = seating.breaks(row, leaving)[columns]
    house = problem.houses[columns]
    full = seating.of_house[row, house] - (house == problem.houses[leaving])
    within = full < problem.rules.per_organisation  # a limit, not a wish: an empty seat is better
    columns, breaks = columns[within], breaks[within]
    worth = seating.points[row, columns] + _drawn(seating, row, seed)[columns]
    keys = np.argsort(np.argsort(np.array(problem.experts)))[columns]
    order = np.lexsort((keys, -worth, seating.load[columns], breaks))
    return [
        Reserve(
            problem.experts[columns[place]],
            float(problem.affinity[row, columns[place]]),
            int(seating.load[columns[place]]),
            int(breaks[place]),
        )
        for place in order
    ]


def _drawn(seating: Seating, row: int, seed: str) -> np.ndarray:
    problem = seating.problem
    rows = draw.hashes(seed, "declaration", [problem.declarations[row]])
    drawn = draw.drawn(rows, draw.hashes(seed, "expert", problem.experts))
    return (drawn * np.float32(problem.rules.epsilon * POINTS)).astype(np.int32)
