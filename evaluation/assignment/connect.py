"""One graph of experts and declarations: where it falls apart, experts cannot be compared.

Severity of experts is estimated from declarations that two of them judged; between two parts that
share none it cannot be told from the quality of the declarations.
"""

import numpy as np

from evaluation.assignment.exchange import Go
from evaluation.assignment.plan import components
from evaluation.assignment.problem import POINTS, Ints
from evaluation.assignment.seating import Seating

TRIED = 200  # exchanges per part; the cheapest first


def connect(seating: Seating, go: Go) -> int:
    """Exchange seats between parts, cheapest first, while that leaves fewer; return their number.

    Loads and rules stay; the worst-served does not fall.
    """
    parts = _number(seating)
    while parts > 1:
        go()
        joined = _join(seating)
        if joined >= parts:
            break
        parts = joined
    return parts


def _number(seating: Seating) -> int:
    length = seating.problem.shape[0]
    return len(np.unique(components(seating)[length:][seating.load > 0]))


def _join(seating: Seating) -> int:
    """Carry out the cheapest exchange that leaves fewer parts; return how many there are then."""
    before, label = _number(seating), components(seating)
    floor = int(seating.served.min(initial=POINTS))
    small = np.bincount(label[seating.rows]).argsort(kind="stable")
    names = [name for name in small if (label[seating.rows] == name).any()]
    options = [
        option
        for row in np.flatnonzero(label[: len(seating.total)] == names[0])
        for option in _crossing(seating, int(row), label, floor)
    ]
    for _gain, row, leaving, seat in sorted(options, reverse=True)[:TRIED]:
        coming = int(seating.columns[seat])
        seating.exchange(row, leaving, seat)
        if (found := _number(seating)) < before:
            return found
        seating.exchange(row, coming, seat)
    return before


def _crossing(
    seating: Seating, row: int, label: Ints, floor: int
) -> list[tuple[int, int, int, int]]:
    """Return (gain, row, leaving, seat) of the fair exchanges with other parts."""
    found = []
    seats = np.maximum(1, seating.problem.seats)
    for leaving in seating.leaving(row):
        some = seating.exchanges(row, leaving)
        others = seating.rows[some.seats]
        fair = (seating.total[row] + some.gain) // seats[row] >= floor
        fair &= (seating.total[others] + some.other_gain) // seats[others] >= floor
        places = np.flatnonzero(fair & (label[others] != label[row]))
        places = places[seating.breaks_of(row, leaving, some.seats[places]) <= 0]
        gain = (some.gain + some.other_gain)[places]
        best = places[np.argsort(-gain, kind="stable")[:TRIED]]
        found += [
            (int(some.gain[one] + some.other_gain[one]), row, leaving, int(some.seats[one]))
            for one in best
        ]
    return found
