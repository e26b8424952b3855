"""Two-way random effects with empty cells, fitted by REML with numpy alone. No Django here.

score of a sheet = mean + declaration + expert + error, the three last normal, independent, with
mean nought and variances that are estimated here by restricted maximum likelihood (Patterson and
Thompson 1971, Biometrika 58, 545-554; Searle, Casella and McCulloch 1992, Variance Components,
ch. 6). REML, because the moments of an unbalanced table have no best choice and plain maximum
likelihood takes the variances too small when a mean is estimated as well.

How: with the ratios d = declaration/error and e = expert/error, mean and error variance drop out
in closed form. For one d the declarations are eliminated (their block is diagonal) and what is
left is as large as the experts are many; its eigenvalues make every e cheap. So e is searched
within d: a grid first, so that no lower hill is taken for the highest, then the nought of the
exact derivative by bracketing, which cannot fail to end. The likelihood is flat at its top, and
its top could be found to eight digits only; the nought of its derivative is found to twelve and
more. That is what makes a replay agree to 1e-9 where another processor adds up in another order.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from evaluation.crossed import Crossed, Floats

CAP = 1e5  # a ratio of variances beyond this is a table without error
_NEAR, _STEPS = 1e-13, 60  # how near two steps lie that end the search, and its length
_OUTER = np.array([0.0, 0.01, 0.1, 1.0, 10.0, 100.0, CAP])
_INNER = np.concatenate([[0.0], np.logspace(-4, 5, 19)])


@dataclass(frozen=True, slots=True)
class Components:
    """Mean in points, variances in points squared; a variance is nought or more."""

    mean: float
    declaration: float
    expert: float
    error: float


@dataclass(frozen=True, slots=False, eq=False)
class Fit:
    """What the model says of one connected table.

    ``values`` (declarations,) are mean + declaration effect, ``severities`` (experts,) the effect
    of each expert: below nought gives less than others. ``value_errors`` and ``severity_errors``
    are standard errors of prediction, the variances taken as known.
    """

    table: Crossed
    components: Components
    values: Floats
    value_errors: Floats
    severities: Floats
    severity_errors: Floats


class Equations:
    """The equations of one table at one ratio d of declaration to error variance."""

    def __init__(self, table: Crossed, ratio: float):
        # Centred, so that squares do not drown the differences.
        self.centre = float(table.values.mean())
        values = table.values - self.centre
        count, cells = table.sheets_of_declarations, table.incidence
        self.degrees = len(values) - 1
        self.ratio = ratio
        self.keep = 1.0 / (1.0 + ratio * count)
        self.sums = table.per_declaration(values)
        drop = ratio * self.keep
        self.inner = np.diag(table.sheets_of_experts.astype(float)) - cells.T @ (
            drop[:, None] * cells
        )
        self.ones = cells.T @ self.keep
        self.scores = table.per_expert(values) - cells.T @ (drop * self.sums)
        self.h11 = float(count @ self.keep)
        self.h1y = float(self.keep @ self.sums)
        self.hyy = float(values @ values - drop @ self.sums**2)
        self.log_h = -float(np.log(self.keep).sum())
        self.eigen, self.axes = np.linalg.eigh(self.inner)
        self.eigen = np.maximum(self.eigen, 0.0)
        self.ones_in, self.scores_in = self.axes.T @ self.ones, self.axes.T @ self.scores

    def forms(self, e: Floats) -> tuple[Floats, Floats, Floats]:
        """1'V^-1 1, 1'V^-1 y and y'V^-1 y over the error variance, for each e given."""
        kept = e / (1.0 + np.multiply.outer(self.eigen, e))
        one, two = self.ones_in, self.scores_in
        return (
            self.h11 - (one * one) @ kept,
            self.h1y - (one * two) @ kept,
            self.hyy - (two * two) @ kept,
        )

    def deviance(self, e: Floats) -> Floats:
        """Minus twice the restricted log likelihood, but for a constant; for each e given."""
        a, b, c = self.forms(e)
        log_v = self.log_h + np.log1p(np.multiply.outer(self.eigen, e)).sum(axis=0)
        found: Floats = log_v + np.log(a) + self.degrees * np.log(self.rest(a, b, c))
        return found

    def rest(self, a: Floats, b: Floats, c: Floats) -> Floats:
        """y'Py over the error variance; rounding must not make it nought."""
        return np.maximum(c - b * b / a, 1e-14 * max(self.hyy, 1e-300))

    def slope_expert(self, e: float) -> float:
        """The derivative of the deviance by e."""
        a, b, c = (float(x[0]) for x in self.forms(np.array([e])))
        kept = 1.0 / (1.0 + self.eigen * e)
        one, two = self.ones_in * kept, self.scores_in * kept
        da, db, dc = -float(one @ one), -float(one @ two), -float(two @ two)
        d_rest = dc - 2.0 * (b / a) * db + (b / a) ** 2 * da
        rest = float(self.rest(np.array(a), np.array(b), np.array(c)))
        return float(self.eigen @ kept) + da / a + self.degrees * d_rest / rest

    def slope_declaration(self, e: float, table: Crossed) -> float:
        """The derivative of the deviance by d."""
        solved = Solved(self, e, table)
        trace = solved.of_declarations.sum() - solved.ones @ solved.ones / solved.a
        return float(trace - self.degrees * (solved.errors @ solved.errors) / solved.rest)

    def best_expert(self) -> float:
        """The e of the highest likelihood at this d."""
        deviances = self.deviance(_INNER)
        return _minimum(_INNER, int(np.argmin(deviances)), self.slope_expert)


class Solved:
    """What the equations come to at one e: everything over the error variance.

    ``ones`` and ``errors`` (declarations,) are Z'V^-1 1 and Z'P y, ``of_declarations`` the
    diagonal of Z'V^-1 Z.
    """

    def __init__(self, equations: Equations, e: float, table: Crossed):
        a, b, c = equations.forms(np.array([e]))
        self.a, self.b = float(a[0]), float(b[0])
        self.rest = float(equations.rest(a, b, c)[0])
        self.mean = self.b / self.a
        cells = equations.keep[:, None] * table.incidence
        kept = e / (1.0 + equations.eigen * e)
        turned = cells @ equations.axes
        count = table.sheets_of_declarations
        self.of_declarations = count * equations.keep - (turned * turned) @ kept
        self.ones = count * equations.keep - turned @ (kept * equations.ones_in)
        scores = equations.keep * equations.sums - turned @ (kept * equations.scores_in)
        self.errors = scores - self.mean * self.ones


def fit(table: Crossed) -> Fit:
    """Estimate the variances and predict declarations and experts.

    Asks for a connected table with more sheets than declarations and with scores that differ;
    ``evaluation.calibration`` says when that is enough to show anything.
    """
    found = [Equations(table, ratio) for ratio in _OUTER]
    best = [one.best_expert() for one in found]
    deviances = [one.deviance(np.array([e]))[0] for one, e in zip(found, best, strict=True)]

    def slope(ratio: float) -> float:
        equations = Equations(table, ratio)
        return equations.slope_declaration(equations.best_expert(), table)

    ratio = _minimum(_OUTER, int(np.argmin(deviances)), slope)
    equations = Equations(table, ratio)
    return _predicted(table, equations, equations.best_expert())


def _predicted(table: Crossed, equations: Equations, e: float) -> Fit:
    """Best linear unbiased predictions with their errors (Robinson 1991, Stat. Sci. 6, 15-51)."""
    solved, d = Solved(equations, e, table), equations.ratio
    error = solved.rest / equations.degrees
    mean = equations.centre + solved.mean
    kept = 1.0 / (1.0 + equations.eigen * e)
    residual = equations.scores_in - solved.mean * equations.ones_in
    ones = equations.axes @ (kept * equations.ones_in)
    spread = (equations.axes**2) @ (equations.eigen * kept) - ones**2 / solved.a
    of_values = d - d * d * solved.of_declarations + (1.0 - d * solved.ones) ** 2 / solved.a
    return Fit(
        table,
        Components(mean, d * error, e * error, error),
        mean + d * solved.errors,
        np.sqrt(error * np.maximum(of_values, 0.0)),
        e * (equations.axes @ (kept * residual)),
        np.sqrt(error * np.maximum(e - e * e * spread, 0.0)),
    )


def _minimum(grid: Floats, place: int, slope: Callable[[float], float]) -> float:
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


def information(found: Fit) -> Floats:
    """The average information on declaration, expert and error variance; shape (3, 3).

    Its inverse is the covariance of the three estimates (Gilmour, Thompson and Cullis 1995).
    """
    table, parts = found.table, found.components
    equations = Equations(table, parts.declaration / parts.error)
    e = parts.expert / parts.error
    errors = _residual(table, equations, e, table.values)
    directions = [
        table_sums[place]
        for table_sums, place in (
            (table.per_declaration(errors), table.row),
            (table.per_expert(errors), table.column),
            (errors, slice(None)),
        )
    ]
    turned = [_residual(table, equations, e, one) for one in directions]
    scale = 2.0 * parts.error**3
    return np.array([[float(one @ two) / scale for two in turned] for one in directions])


def _residual(table: Crossed, equations: Equations, e: float, values: Floats) -> Floats:
    """P times a value per sheet, times the error variance."""
    eliminated = _eliminated(table, equations, np.stack([values, np.ones(len(values))]))
    kept = e / (1.0 + equations.eigen * e)
    both = []
    for line in eliminated:
        effect = equations.axes @ (kept * (equations.axes.T @ table.per_expert(line)))
        both.append(line - _eliminated(table, equations, effect[table.column][None, :])[0])
    of_values, of_ones = both
    found: Floats = of_values - of_ones * (of_values.sum() / of_ones.sum())
    return found


def _eliminated(table: Crossed, equations: Equations, lines: Floats) -> Floats:
    drop = equations.ratio * equations.keep
    return np.stack([one - (drop * table.per_declaration(one))[table.row] for one in lines])
