"""Where a function of one ratio is lowest, found as the nought of its slope. No Django here."""

import math
from collections.abc import Callable

from evaluation.statistics.crossed import Floats

_NEAR, _STEPS = 1e-13, 60  # how near two steps lie that end the search; its length


def minimum(grid: Floats, place: int, slope: Callable[[float], float]) -> float:
    """Return the nought of the slope beside the lowest point of the grid, or an end of it."""
    here = slope(float(grid[place]))
    if (place == 0 and here >= 0.0) or (place == len(grid) - 1 and here <= 0.0):
        return float(grid[place])
    other = float(grid[place - 1 if here > 0.0 else place + 1])
    there = slope(other)
    # Of one sign where a second hill lies between: the nought wanted is still the one where the
    # slope turns towards ``here``, which any value of the other sign leads to.
    ends = (float(grid[place]), here), (other, there if there * here < 0.0 else -here)
    if min(grid[place], other) == 0.0:
        return _nought(slope, *ends)
    # Ratios are searched by their logarithm: there the slope is nearly straight.
    logs = ((math.log(x), x * y) for x, y in ends)
    return math.exp(_nought(lambda x: math.exp(x) * slope(math.exp(x)), *logs))


def _nought(
    slope: Callable[[float], float], one: tuple[float, float], two: tuple[float, float]
) -> float:
    """Find where the slope changes sign between two points of unlike sign.

    Secants with the old end halved, "Illinois": Dowell and Jarratt 1971, BIT 11, 168-174.
    """
    (x1, y1), (x2, y2) = one, two
    for _step in range(_STEPS):
        middle = x2 - y2 * (x2 - x1) / (y2 - y1)
        if abs(middle - x2) <= _NEAR:
            return middle
        height = slope(middle)
        if height == 0.0:
            return middle
        if height * y2 < 0.0:
            x1, y1 = x2, y2
        else:
            y1 /= 2.0
        x2, y2 = middle, height
    return x2
