"""How firm a place is: rank intervals, and who may be on the wrong side of the cut line.

No Django here. With three to five sheets each, drawing the sheets of a declaration anew does not
tell: of n sheets such a draw shows (n - 1)/n of the variance (a third too little for three),
knows few values, and treats experts who sit on many declarations as if they were strangers each
time; for crossed effects no drawing of cells is right (McCullagh 2000, Bernoulli 6, 285-301;
Owen 2007, Ann. Appl. Stat. 1, 386-411). So the resampling is a parametric bootstrap out of the
fitted two-way model, in the form of Laird and Louis (1987, JASA 82, 739-750): mean, severities
and merits are drawn together, given all scores, and ranked in each draw, as league tables are
(Goldstein and Spiegelhalter 1996, J. R. Stat. Soc. A 159, 385-443). The interval is one for the
true place; ``benchmarks/simulations.py`` measures how often it holds, beside the naive one.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from evaluation.statistics.calibration import Calibration
from evaluation.statistics.chance import Chance
from evaluation.statistics.crossed import Floats, Ints
from evaluation.statistics.variance import Fit

DRAWS = 1000
LEVEL = 0.9


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one declaration stands by adjusted score: places count from 1, the best.

    ``lowest`` and ``highest`` are the ends of the interval: place 12 (7-21) has lowest 7.
    ``above`` is the probability to belong above the cut line; None without a line.
    """

    place: int
    lowest: int
    highest: int
    above: float | None


@dataclass(frozen=True, slots=True)
class BestPlaces:
    """A line below the best so many."""

    number: int


@dataclass(frozen=True, slots=True)
class LeastScore:
    """A line at so many points; who has just as many is above it."""

    points: float


Cut = BestPlaces | LeastScore


@dataclass(frozen=True, slots=True)
class Swap:
    """Two neighbours across the line and how probable it is that they belong the other way."""

    inside: str
    outside: str
    probability: float


@dataclass(frozen=True, slots=True, eq=False)
class Stability:
    standings: Mapping[str, Standing]
    swaps: tuple[Swap, ...]
    level: float
    draws: int
    seed: int


def draws(fit: Fit, chance: Chance, number: int = DRAWS) -> Floats:
    """Draw the true scores given all sheets; shape (declarations, number), in points.

    First mean and severities, which hang together through the shared declarations, then each
    declaration given those: exact draws from the fitted model, the mean's error included.
    """
    table, known = fit.table, fit.components
    count, cells = table.sheets_of_declarations, table.incidence
    ratio = known.declaration / known.error
    keep = 1.0 / (1.0 + ratio * count.astype(np.float64))
    severity, mean = _experts(fit, chance, number, keep)
    seen = table.per_declaration(table.values)[:, None] - cells @ severity
    merit = (ratio * keep)[:, None] * (seen - count[:, None] * mean)
    scatter = np.sqrt(known.declaration * keep)[:, None]
    drawn: Floats = mean + merit + scatter * chance.normal(len(count), number)
    return drawn


def _experts(fit: Fit, chance: Chance, number: int, keep: Floats) -> tuple[Floats, Floats]:
    """Draw severities (experts, number) and means (number,) with the declarations summed out."""
    table, found = fit.table, fit.components
    cells, e = table.incidence, found.expert / found.error
    drop = (1.0 - keep) / table.sheets_of_declarations
    inner = np.diag(table.sheets_of_experts.astype(float)) - cells.T @ (drop[:, None] * cells)
    system = np.eye(len(e * inner)) + e * inner
    ones = cells.T @ keep
    values = table.values - found.mean
    scores = table.per_expert(values) - cells.T @ (drop * table.per_declaration(values))
    solved = np.linalg.solve(system, np.stack([ones, scores], axis=1))
    precision = float(keep @ table.sheets_of_declarations - e * ones @ solved[:, 0])
    off = np.sqrt(found.error / precision) * chance.normal(number)
    around = np.linalg.solve(
        np.linalg.cholesky(system).T, chance.normal(len(table.experts), number)
    )
    centre = e * (solved[:, 1:] - np.multiply.outer(solved[:, 0], off))
    return centre + np.sqrt(found.expert) * around, found.mean + off


def places(values: Floats) -> Ints:
    """Rank each column, the highest first: place 1. Equal values keep the order of the rows."""
    lines = np.ascontiguousarray(-values.T)  # sorted along what lies together in memory
    order = np.argsort(lines, axis=1, kind="stable")
    found = np.empty_like(order)
    np.put_along_axis(found, order, np.arange(1, lines.shape[1] + 1)[None, :], axis=1)
    return np.ascontiguousarray(found.T)


def stability(
    calibration: Calibration,
    *,
    seed: int,
    cut: Cut | None = None,
    number: int = DRAWS,
    level: float = LEVEL,
) -> Stability:
    """Rank the declarations that have an adjusted score, with intervals at ``level``.

    Declarations with too little data have no place; nor has anybody where the round falls into
    several parts (``calibration.Part``): a place among strangers would be invented.
    """
    fit = calibration.parts[0].fit if len(calibration.parts) == 1 else None
    if fit is None:
        return Stability({}, (), level, number, seed)
    shown = [calibration.declarations[key].value is not None for key in fit.table.declarations]
    keys = [key for key, one in zip(fit.table.declarations, shown, strict=True) if one]
    drawn = draws(fit, Chance(seed), number)[shown]
    # What differs by rounding only is equal, or another processor would rank it otherwise.
    values = np.round(fit.values[shown], 9)
    here = places(values[:, None])[:, 0]
    ranked = np.sort(places(drawn), axis=1)
    tail = (1.0 - level) / 2.0
    low, high = int(np.floor(tail * number)), int(np.ceil((1.0 - tail) * number)) - 1
    above = None if cut is None else above_line(drawn, cut)
    standings = {
        key: Standing(
            int(here[place]),
            int(ranked[place, low]),
            int(ranked[place, high]),
            None if above is None else float(above[place]),
        )
        for place, key in enumerate(keys)
    }
    return Stability(standings, _swaps(keys, values, drawn, cut), level, number, seed)


def above_line(drawn: Floats, cut: Cut) -> Floats:
    """The share of draws in which each declaration belongs above the line."""
    if isinstance(cut, BestPlaces):
        return np.asarray((places(drawn) <= cut.number).mean(axis=1))
    return np.asarray((drawn >= cut.points).mean(axis=1))


def _swaps(
    keys: list[str], values: Floats, drawn: Floats, cut: Cut | None, neighbours: int = 5
) -> tuple[Swap, ...]:
    """Pair the last above the line with the first below it, outwards, the nearest pair first."""
    if cut is None:
        return ()
    order = np.argsort(-values, kind="stable")
    line = cut.number if isinstance(cut, BestPlaces) else int((values >= cut.points).sum())
    reach = range(min(neighbours, line, len(order) - line))
    pairs = [(order[line - 1 - step], order[line + step]) for step in reach]
    return tuple(
        Swap(keys[one], keys[two], float((drawn[two] > drawn[one]).mean())) for one, two in pairs
    )
