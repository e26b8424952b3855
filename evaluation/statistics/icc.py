"""Intraclass correlations of a table without empty cells, with the intervals of the textbook.

No Django here. The only module of the statistics that asks for scipy (quantiles of F), so only
the worker imports it. Names after McGraw and Wong 1996, Psychological Methods 1, 30-46; formulas
after Shrout and Fleiss 1979, Psychological Bulletin 86, 420-428, whose (1,1), (2,1), (3,1) are
ICC(1), ICC(A,1), ICC(C,1) here, and whose interval of the mean of k is that of one stepped up.
"""

from dataclasses import dataclass

import numpy as np
from scipy.stats import f as f_distribution

from evaluation.statistics.crossed import Floats

LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class Coefficient:
    """1 is perfect; below nought is possible and means worse than chance."""

    value: float
    lower: float
    upper: float


@dataclass(frozen=True, slots=True)
class Coefficients:
    """``one``: each declaration by other experts; ``agreement``: by the same experts, whose
    level counts; ``consistency``: whose level does not count. ``..._mean``: of the k together."""

    one: Coefficient
    agreement: Coefficient
    consistency: Coefficient
    one_mean: Coefficient
    agreement_mean: Coefficient
    consistency_mean: Coefficient


@dataclass(frozen=True, slots=True)
class _Squares:
    """Mean squares of the two-way table of n rows and k columns."""

    n: int
    k: int
    rows: float
    within: float
    columns: float
    error: float


def coefficients(table: Floats, level: float = LEVEL) -> Coefficients | None:
    """Take (declarations, experts) without NaN; None where scores do not differ enough to tell.

    That is: fewer than two rows or columns, or an error of nought.
    """
    if np.isnan(table).any():
        raise ValueError("A table with empty cells has agreement.correlation.")
    if min(table.shape) < 2:
        return None
    found = _squares(table)
    if found.error <= 1e-12 * (found.rows + found.columns) or found.rows == 0.0:
        return None
    tail = (1.0 + level) / 2.0
    one = _by_ratio(found, found.within, found.n * (found.k - 1), tail)
    consistency = _by_ratio(found, found.error, (found.n - 1) * (found.k - 1), tail)
    agreement = _agreement(found, tail)
    return Coefficients(
        one,
        agreement,
        consistency,
        *(_stepped_up(single, found.k) for single in (one, agreement, consistency)),
    )


def _squares(table: Floats) -> _Squares:
    n, k = table.shape
    centred = table - table.mean()
    rows = k * float((centred.mean(axis=1) ** 2).sum())
    columns = n * float((centred.mean(axis=0) ** 2).sum())
    error = max(float((centred**2).sum()) - rows - columns, 0.0)
    return _Squares(
        n,
        k,
        rows / (n - 1),
        (columns + error) / (n * (k - 1)),
        columns / (k - 1),
        error / ((n - 1) * (k - 1)),
    )


def _by_ratio(found: _Squares, below: float, degrees: int, tail: float) -> Coefficient:
    """ICC(1) and ICC(C,1): both are functions of one ratio that has the F distribution."""
    ratio = found.rows / below
    lower = ratio / f_distribution.ppf(tail, found.n - 1, degrees)
    upper = ratio * f_distribution.ppf(tail, degrees, found.n - 1)
    return Coefficient(
        *((x - 1.0) / (x + found.k - 1.0) for x in map(float, (ratio, lower, upper)))
    )


def _agreement(found: _Squares, tail: float) -> Coefficient:
    """ICC(A,1), its interval with the degrees of freedom after Satterthwaite."""
    n, k = found.n, found.k
    value = (found.rows - found.error) / (
        found.rows + (k - 1) * found.error + k * (found.columns - found.error) / n
    )
    a = k * value / (n * (1.0 - value))
    b = 1.0 + k * value * (n - 1) / (n * (1.0 - value))
    x, y = a * found.columns, b * found.error
    degrees = (x + y) ** 2 / (x**2 / (k - 1) + y**2 / ((n - 1) * (k - 1)))
    first = float(f_distribution.ppf(tail, n - 1, degrees))
    second = float(f_distribution.ppf(tail, degrees, n - 1))
    rest = k * found.columns + (k * n - k - n) * found.error
    lower = n * (found.rows - first * found.error) / (first * rest + n * found.rows)
    upper = n * (second * found.rows - found.error) / (rest + n * second * found.rows)
    return Coefficient(value, lower, upper)


def _stepped_up(one: Coefficient, k: int) -> Coefficient:
    """Of the mean of k, after Spearman and Brown."""
    return Coefficient(*(k * x / (1.0 + (k - 1.0) * x) for x in (one.value, one.lower, one.upper)))
