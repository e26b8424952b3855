"""How far experts agree on one figure, over all declarations of an activity. No Django here.

Krippendorff's alpha with a bootstrap interval, and the intraclass correlation out of the fitted
variances for a table with empty cells. The textbook's correlations of a table without empty
cells are in ``evaluation.statistics.icc``.

Both ask for *all* declarations of the activity and refuse a selection: among declarations chosen
because they scored alike, agreement falls towards nought though the experts judge as well as
ever (Erosheva, Martinkova and Lee 2021, "When zero may not be zero", J. R. Stat. Soc. A 184,
904-919, with data of two funding agencies).
"""

import math
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from statistics import NormalDist

import numpy as np

from evaluation.statistics.calibration import LEVEL, TooLittle, too_little
from evaluation.statistics.chance import Chance
from evaluation.statistics.crossed import Crossed, Floats, Scores, connected_parts, crossed
from evaluation.statistics.variance import Fit, fit, information

DRAWS = 1000
_BATCH = 250  # draws held in memory at a time


class Metric(StrEnum):
    """What makes two scores differ by how much."""

    INTERVAL = "interval"  # by their distance in points
    ORDINAL = "ordinal"  # by how many scores lie between them


class SelectionError(ValueError):
    """Agreement was asked of some declarations of an activity only."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """A coefficient: 1 is perfect, 0 what chance gives, below 0 worse than chance.

    None where it is not defined, with the reason; an interval may be missing alone.
    ``declarations`` and ``sheets`` are those that could be compared: two or more on one.
    """

    value: float | None
    lower: float | None
    upper: float | None
    declarations: int
    sheets: int
    too_little: TooLittle | None = None


def alpha(
    scores: Scores,
    activity: Collection[str],
    *,
    metric: Metric = Metric.INTERVAL,
    seed: int,
    number: int = DRAWS,
    level: float = LEVEL,
) -> Agreement:
    """Krippendorff's alpha; ``activity`` are the keys of all its declarations with sheets.

    After Krippendorff 2011, "Computing Krippendorff's Alpha-Reliability" (University of
    Pennsylvania, asc_papers/43). The interval draws declarations with all their sheets anew. Not
    the pairs of scores, as Hayes and Krippendorff proposed (2007, Communication Methods and
    Measures 1, 77-89): pairs of one declaration are not independent, and such an interval comes
    out too narrow (Hughes 2022, arXiv:2210.13265, which finds both bootstraps short for few
    units; with ten declarations and more the rest is small).
    """
    table = _whole(scores, activity)
    several = table.sheets_of_declarations >= 2
    count = table.sheets_of_declarations[several].astype(float)
    found = _Disagreement(table, metric)
    value = found.alphas(np.ones((1, len(count))))[0]
    sheets = int(count.sum())
    if math.isnan(value):
        lack = TooLittle.ALL_EQUAL if sheets else TooLittle.ONE_SHEET
        return Agreement(None, None, None, len(count), sheets, lack)
    ends = _bootstrapped(found, Chance(seed), number, level) if len(count) > 1 else (None, None)
    return Agreement(float(value), *ends, len(count), sheets)


def correlation(
    scores: Scores, activity: Collection[str], *, sheets: float = 1.0, level: float = LEVEL
) -> Agreement:
    """Return the intraclass correlation of the mean of so many sheets, by different experts.

    The share of the declarations in the variance of such a mean, ICC(A,k) in the naming of
    McGraw and Wong (1996, Psychological Methods 1, 30-46), out of the variances REML finds; that
    is the same for a table without empty cells and remains defined with them. The interval goes
    by the average information matrix (Gilmour, Thompson and Cullis 1995, Biometrics 51,
    1440-1450) and the delta method on the logit, which stays between 0 and 1.
    """
    table = _whole(scores, activity)
    shared = table.sheets_of_declarations >= 2
    compared = int(shared.sum()), int(table.sheets_of_declarations[shared].sum())
    parts = connected_parts(table)
    lack = too_little(table) or (TooLittle.FEW_SHARED if len(parts) > 1 else None)
    if lack:
        return Agreement(None, None, None, *compared, lack)
    fitted = fit(table)
    found = fitted.components
    other = (found.expert + found.error) / sheets
    value = found.declaration / (found.declaration + other)
    return Agreement(value, *_by_information(fitted, sheets, value, level), *compared)


def _whole(scores: Scores, activity: Collection[str]) -> Crossed:
    """Lay out, if that is all of the activity; refuse a shortlist."""
    table = crossed(scores)
    missing = sorted(set(activity) - set(table.declarations))
    foreign = sorted(set(table.declarations) - set(activity))
    if missing or foreign:
        raise SelectionError(
            "Agreement is computed on all declarations of an activity, never on a selection: "
            f"{len(missing)} missing, {len(foreign)} foreign."
        )
    return table


class _Disagreement:
    """Observed and expected disagreement, so laid out that many weightings cost little.

    Squared differences within a declaration and between all scores follow from counts, sums and
    sums of squares. The ordinal metric is the interval metric of the middle ranks: its squared
    distance of two values is that of the numbers of scores up to the middle of each.
    """

    def __init__(self, table: Crossed, metric: Metric):
        several = table.sheets_of_declarations >= 2
        inside = several[table.row]
        values = table.values[inside]
        values = values - values.mean() if len(values) else values
        if metric is Metric.ORDINAL and len(values):
            _levels, place, times = np.unique(values, return_inverse=True, return_counts=True)
            values = (np.cumsum(times) - times / 2.0)[place] - len(values) / 2.0
        rows = np.cumsum(several)[table.row[inside]] - 1
        self.size = int(several.sum())
        self.count = table.sheets_of_declarations[several].astype(float)
        self.sums = np.bincount(rows, weights=values, minlength=self.size)
        self.squares = np.bincount(rows, weights=values**2, minlength=self.size)
        within = 2.0 * (self.count * self.squares - self.sums**2)
        self.observed = within / (self.count - 1.0)

    def alphas(self, weights: Floats) -> Floats:
        """One alpha per line of ``weights`` (lines, declarations); NaN where not defined."""
        number = weights @ self.count
        between = 2.0 * (number * (weights @ self.squares) - (weights @ self.sums) ** 2)
        with np.errstate(divide="ignore", invalid="ignore"):
            expected = between / (number - 1.0)
            found: Floats = 1.0 - (weights @ self.observed) / expected
        # Equal scores leave a speck of rounding, which divided by a speck says anything.
        return np.where(between > 1e-12 * number**2, found, np.nan)


def _bootstrapped(
    found: _Disagreement, chance: Chance, number: int, level: float
) -> tuple[float | None, float | None]:
    alphas = []
    for begin in range(0, number, _BATCH):
        lines = min(_BATCH, number - begin)
        drawn = chance.below(found.size, lines, found.size)
        drawn += found.size * np.arange(lines)[:, None]
        weights = np.bincount(drawn.ravel(), minlength=lines * found.size)
        alphas.append(found.alphas(weights.reshape(lines, found.size).astype(float)))
    every = np.concatenate(alphas)
    every = every[~np.isnan(every)]
    if len(every) < number / 2:
        return None, None
    lower, upper = np.quantile(every, [(1.0 - level) / 2.0, (1.0 + level) / 2.0])
    return float(lower), float(upper)


def _by_information(
    fitted: Fit, sheets: float, value: float, level: float
) -> tuple[float | None, float | None]:
    found = fitted.components
    if found.declaration <= 0.0 or found.error <= 0.0:
        return None, None  # at the edge of what is possible nothing is normal any more
    other = (found.expert + found.error) / sheets
    # The logit is log(declaration) - log(other).
    slopes = np.array([1.0 / found.declaration, -1.0 / sheets / other, -1.0 / sheets / other])
    free = np.array([True, found.expert > 0.0, True])
    matrix = information(fitted)[np.ix_(free, free)]
    variance = float(slopes[free] @ np.linalg.solve(matrix, slopes[free]))
    half = NormalDist().inv_cdf((1.0 + level) / 2.0) * math.sqrt(max(variance, 0.0))
    logit = math.log(value / (1.0 - value))
    return _logistic(logit - half), _logistic(logit + half)


def _logistic(x: float) -> float:
    return 1.0 / (1.0 + math.exp(-x)) if x > -700.0 else 0.0
