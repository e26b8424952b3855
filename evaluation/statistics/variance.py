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

from dataclasses import dataclass

import numpy as np

from evaluation.statistics.bracketing import minimum
from evaluation.statistics.crossed import Crossed, Floats

CAP = 1e5  # a ratio of variances beyond this is a table without error
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


class Layout:
    """What the equations of one table have in common at every ratio.

    Eliminating the declarations weighs ``incidence.T @ incidence`` by a number per declaration
    that only its count of sheets decides: so that product is kept per count, and no ratio costs
    more than the experts are many, however many declarations there are.
    """

    def __init__(self, table: Crossed):
        # Centred, so that squares do not drown the differences.
        self.centre = float(table.values.mean())
        values = table.values - self.centre
        self.table = table
        self.count = table.sheets_of_declarations.astype(float)
        self.cells = table.incidence
        self.sums = table.per_declaration(values)
        self.of_experts = table.per_expert(values)
        self.square = float(values @ values)
        self.degrees = len(values) - 1
        self.levels, level = np.unique(self.count, return_inverse=True)
        own = (self.cells[level == place] for place in range(len(self.levels)))
        self.products = np.stack([one.T @ one for one in own])

    def weighed(self, by_count: Floats) -> Floats:
        """``incidence.T @ diag(weight) @ incidence``, a weight per level of count."""
        return np.tensordot(by_count, self.products, axes=1)


class Equations:
    """The equations of one table at one ratio d of declaration to error variance."""

    def __init__(self, layout: Layout, ratio: float):
        self.layout, self.ratio = layout, ratio
        self.degrees = layout.degrees
        self.keep = 1.0 / (1.0 + ratio * layout.count)
        drop = ratio * self.keep
        of_experts = layout.table.sheets_of_experts.astype(float)
        inner = np.diag(of_experts) - layout.weighed(ratio / (1.0 + ratio * layout.levels))
        self.ones = self.keep @ layout.cells
        self.scores = layout.of_experts - (drop * layout.sums) @ layout.cells
        self.h11 = float(layout.count @ self.keep)
        self.h1y = float(self.keep @ layout.sums)
        self.hyy = layout.square - float(drop @ layout.sums**2)
        self.log_h = -float(np.log(self.keep).sum())
        eigen, self.axes = np.linalg.eigh(inner)
        self.eigen: Floats = np.maximum(eigen, 0.0)
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

    def slope_declaration(self, e: float) -> float:
        """The derivative of the deviance by d."""
        solved = Solved(self, e)
        squares = self.layout.weighed(1.0 / (1.0 + self.ratio * self.layout.levels) ** 2)
        turned = (self.axes * (squares @ self.axes)).sum(axis=0)
        trace = self.h11 - turned @ solved.kept - solved.ones @ solved.ones / solved.a
        return float(trace - self.degrees * (solved.errors @ solved.errors) / solved.rest)

    def best_expert(self) -> float:
        """The e of the highest likelihood at this d."""
        deviances = self.deviance(_INNER)
        return minimum(_INNER, int(np.argmin(deviances)), self.slope_expert)


class Solved:
    """What the equations come to at one e: everything over the error variance.

    ``ones`` and ``errors`` (declarations,) are Z'V^-1 1 and Z'P y.
    """

    def __init__(self, equations: Equations, e: float):
        a, b, c = equations.forms(np.array([e]))
        self.a, self.b = float(a[0]), float(b[0])
        self.rest = float(equations.rest(a, b, c)[0])
        self.mean = self.b / self.a
        layout = equations.layout
        self.kept = e / (1.0 + equations.eigen * e)
        effects = equations.axes @ (
            self.kept[:, None] * np.stack([equations.ones_in, equations.scores_in], axis=1)
        )
        seen = np.stack([layout.count, layout.sums], axis=1) - layout.cells @ effects
        self.ones, scores = equations.keep * seen[:, 0], equations.keep * seen[:, 1]
        self.errors = scores - self.mean * self.ones

    def of_declarations(self, equations: Equations) -> Floats:
        """The diagonal of Z'V^-1 Z; shape (declarations,)."""
        layout = equations.layout
        turned = equations.keep[:, None] * (layout.cells @ equations.axes)
        found: Floats = layout.count * equations.keep - (turned * turned) @ self.kept
        return found


def fit(table: Crossed) -> Fit:
    """Estimate the variances and predict declarations and experts.

    Asks for a connected table with more sheets than declarations and with scores that differ;
    ``evaluation.statistics.calibration`` says when that is enough to show anything.
    """
    layout = Layout(table)
    found = [Equations(layout, ratio) for ratio in _OUTER]
    best = [one.best_expert() for one in found]
    deviances = [one.deviance(np.array([e]))[0] for one, e in zip(found, best, strict=True)]

    def slope(ratio: float) -> float:
        equations = Equations(layout, ratio)
        return equations.slope_declaration(equations.best_expert())

    ratio = minimum(_OUTER, int(np.argmin(deviances)), slope)
    equations = Equations(layout, ratio)
    return _predicted(equations, equations.best_expert())


def _predicted(equations: Equations, e: float) -> Fit:
    """Best linear unbiased predictions with their errors (Robinson 1991, Stat. Sci. 6, 15-51)."""
    solved, d = Solved(equations, e), equations.ratio
    error = solved.rest / equations.degrees
    mean = equations.layout.centre + solved.mean
    kept = 1.0 / (1.0 + equations.eigen * e)
    residual = equations.scores_in - solved.mean * equations.ones_in
    ones = equations.axes @ (kept * equations.ones_in)
    spread = (equations.axes**2) @ (equations.eigen * kept) - ones**2 / solved.a
    of_values = (
        d - d * d * solved.of_declarations(equations) + (1.0 - d * solved.ones) ** 2 / solved.a
    )
    return Fit(
        equations.layout.table,
        Components(mean, d * error, e * error, error),
        mean + d * solved.errors,
        np.sqrt(error * np.maximum(of_values, 0.0)),
        e * (equations.axes @ (kept * residual)),
        np.sqrt(error * np.maximum(e - e * e * spread, 0.0)),
    )


def information(found: Fit) -> Floats:
    """The average information on declaration, expert and error variance; shape (3, 3).

    Its inverse is the covariance of the three estimates (Gilmour, Thompson and Cullis 1995).
    """
    table, parts = found.table, found.components
    equations = Equations(Layout(table), parts.declaration / parts.error)
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
