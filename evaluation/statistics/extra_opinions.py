"""Where one more opinion is worth most: declarations that may be on the wrong side of the line.

No Django here. A further sheet can change a decision only where the interval of the adjusted
score crosses the cut line; elsewhere none is proposed. Among those its worth is what it is
expected to add to the merit decided upon, the value of information of one look (Gupta and
Miescke 1996, J. Stat. Plan. Inference 54, 229-244; Frazier, Powell and Dayanik 2008, SIAM J.
Control Optim. 47, 2410-2439): with m points to the line, v the variance of the estimate and w
that of a sheet by an expert nobody knows yet, a sheet moves the estimate by s = v / sqrt(v + w),
and its worth is s f(m/s) - |m| F(-|m|/s) points, f and F the normal density and distribution.
"""

import math
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from evaluation.statistics.calibration import Calibration
from evaluation.statistics.crossed import Floats
from evaluation.statistics.stability import Cut, LeastScore
from evaluation.statistics.variance import Fit

_NORMAL = NormalDist()


@dataclass(frozen=True, slots=True)
class Proposal:
    """Ask ``opinions`` more for a declaration.

    ``worth`` is that of the first, in points; ``wrong_side`` the probability, from 0 to 0.5,
    that the declaration belongs on the other side of the line.
    """

    declaration: str
    opinions: int
    worth: float
    wrong_side: float


def propose(
    calibration: Calibration,
    cut: Cut,
    budget: int,
    *,
    most_each: int = 2,
) -> list[Proposal]:
    """Spend up to ``budget`` further sheets, the most worth first; equal worth goes by key.

    ``most_each`` caps what one declaration gets before everything is estimated anew, which is
    worth doing after each batch. Empty where there is too little data to estimate anything.
    """
    fit = calibration.parts[0].fit if len(calibration.parts) == 1 else None
    if fit is None or budget <= 0:
        return []
    width = _NORMAL.inv_cdf((1.0 + calibration.level) / 2.0)
    away = np.abs(fit.values - line_of(fit, cut))
    crossing = np.flatnonzero(away < width * fit.value_errors)
    given = _spend(away, fit, crossing.tolist(), budget, most_each)
    found = [
        Proposal(
            fit.table.declarations[place],
            number,
            _worth(float(away[place]), float(fit.value_errors[place]) ** 2, _of_a_sheet(fit)),
            _NORMAL.cdf(-float(away[place]) / float(fit.value_errors[place])),
        )
        for place, number in given.items()
    ]
    return sorted(found, key=lambda one: (-round(one.worth, 9), one.declaration))


def line_of(fit: Fit, cut: Cut) -> float:
    """The cut line in points; for a number of places, halfway between the two at the line."""
    if isinstance(cut, LeastScore):
        return cut.points
    ordered = -np.sort(-fit.values)
    last = min(max(cut.number, 1), len(ordered) - 1)
    return float(ordered[last - 1] + ordered[last]) / 2.0


def _of_a_sheet(fit: Fit) -> float:
    return fit.components.expert + fit.components.error


def _spend(
    away: Floats, fit: Fit, crossing: list[int], budget: int, most_each: int
) -> dict[int, int]:
    """Give one sheet at a time to the declaration that gains most from its next one."""
    variances = {place: float(fit.value_errors[place]) ** 2 for place in crossing}
    sheet = _of_a_sheet(fit)
    worths = {place: _worth(float(away[place]), variances[place], sheet) for place in crossing}
    given: dict[int, int] = {}
    while worths and budget > 0:
        best = min(worths, key=lambda place: (-round(worths[place], 9), place))
        given[best] = given.get(best, 0) + 1
        budget -= 1
        variances[best] = 1.0 / (1.0 / variances[best] + 1.0 / sheet)
        worths[best] = _worth(float(away[best]), variances[best], sheet)
        if given[best] >= most_each:
            del worths[best]
    return given


def _worth(away: float, variance: float, sheet: float) -> float:
    """The expected gain of one sheet, in points; see above. Nought where nothing is open."""
    if variance <= 0.0:
        return 0.0
    moved = variance / math.sqrt(variance + sheet)
    return moved * _NORMAL.pdf(away / moved) - away * _NORMAL.cdf(-away / moved)
