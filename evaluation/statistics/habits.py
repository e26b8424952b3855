"""How each expert uses the scale: severity, spread, halo, straight-lining, drift.

No Django here. Hints for a talk, never findings: an expert whose sheets lie together may have
been given declarations that lie together. So each habit is held against the other experts of the
same activity, and none is shown from fewer than ``LEAST_SHEETS`` sheets.
"""

import itertools
import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from evaluation.statistics import student
from evaluation.statistics.calibration import Calibration, Estimate
from evaluation.statistics.crossed import Floats

LEVEL = 0.9
LEAST_SHEETS = 8  # a standard deviation of eight is known to a quarter
LEAST_VALUES = 3  # scored indicators on a sheet, to speak of a straight line
LEAST_DIMENSIONS = 2


@dataclass(frozen=True, slots=True)
class Sheet:
    """One submitted sheet: scores by indicator in their order, None where not scored or not
    applicable; means by dimension; the total (points 0 to 100).

    ``order`` counts the sheets of the activity as they came in, or is a time; any number that
    grows.
    """

    declaration: str
    expert: str
    order: float
    indicators: Sequence[float | None]
    dimensions: Sequence[float | None]
    total: float | None


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure with its interval; the ends are None where the habit has none."""

    value: float
    lower: float | None = None
    upper: float | None = None


@dataclass(frozen=True, slots=True)
class Habits:
    """One expert; None is "too little data".

    ``severity``: points against the middle expert, below nought is strict.
    ``spread``: standard deviation of the totals over that of the others; 1 is like the others.
    ``halo``: mean correlation between the dimensions, less that of the others; -2 to 2.
    ``straight``: share of the sheets on which every indicator has the same score, 0 to 1.
    ``longest_run``: most indicators in a row with the same score on one sheet.
    ``drift``: points gained from the first sheet to the last, against the other experts of the
    same declarations.
    """

    sheets: int
    severity: Estimate | None
    spread: Figure | None
    halo: Figure | None
    straight: Figure | None
    longest_run: int | None
    drift: Figure | None


def habits(
    sheets: Sequence[Sheet], calibration: Calibration, level: float = LEVEL
) -> dict[str, Habits]:
    """Return the habits by expert; ``calibration`` is that of the totals of the same sheets."""
    of_experts: dict[str, list[Sheet]] = defaultdict(list)
    for sheet in sorted(sheets, key=lambda one: (one.order, one.declaration, one.expert)):
        of_experts[sheet.expert].append(sheet)
    spreads = _spreads(of_experts, level)
    halos = _halos(of_experts)
    others = _of_others(sheets)
    return {
        expert: Habits(
            len(own),
            _severity(calibration, expert),
            spreads.get(expert),
            halos.get(expert),
            _straight(own),
            _longest_run(own),
            _drift(own, others, level),
        )
        for expert, own in sorted(of_experts.items())
    }


def _severity(calibration: Calibration, expert: str) -> Estimate | None:
    found = calibration.experts.get(expert)
    return None if found is None or found.value is None else found


def _spreads(of_experts: Mapping[str, list[Sheet]], level: float) -> dict[str, Figure]:
    """Compare each standard deviation with the pooled one of all others.

    The interval takes log s as normal with variance 1 / (2 (n - 1)), as is usual for samples of
    a normal distribution; it leaves out that the others are a sample, too.
    """
    totals = {key: _totals(own) for key, own in of_experts.items()}
    known = {key: one for key, one in totals.items() if len(one) >= LEAST_SHEETS}
    squares = {key: float(((one - one.mean()) ** 2).sum()) for key, one in known.items()}
    width = NormalDist().inv_cdf((1.0 + level) / 2.0)
    found = {}
    for key, one in known.items():
        degrees = sum(len(other) - 1 for name, other in known.items() if name != key)
        rest = sum(square for name, square in squares.items() if name != key)
        if not degrees or rest <= 0.0:
            continue
        ratio = math.sqrt(squares[key] / (len(one) - 1) / (rest / degrees))
        factor = math.exp(width / math.sqrt(2.0 * (len(one) - 1)))
        found[key] = Figure(ratio, ratio / factor, ratio * factor)
    return found


def _totals(own: list[Sheet]) -> Floats:
    return np.array([one.total for one in own if one.total is not None], dtype=np.float64)


def _halos(of_experts: Mapping[str, list[Sheet]]) -> dict[str, Figure]:
    """Compare each mean correlation between dimensions with the mean of those of the others."""
    known = {}
    for key, own in of_experts.items():
        correlation = _mean_correlation(own)
        if correlation is not None:
            known[key] = correlation
    whole = sum(known.values())
    if len(known) < 2:
        return {}
    return {key: Figure(value - (whole - value) / (len(known) - 1)) for key, value in known.items()}


def _mean_correlation(own: list[Sheet]) -> float | None:
    """The mean over the pairs of dimensions both scored on enough sheets and not constant."""
    table = np.array([one.dimensions for one in own], dtype=np.float64)
    if table.ndim < 2 or table.shape[1] < LEAST_DIMENSIONS:
        return None
    found = []
    for one, two in itertools.combinations(range(table.shape[1]), 2):
        both = table[:, [one, two]]
        both = both[~np.isnan(both).any(axis=1)]
        if len(both) >= LEAST_SHEETS and (np.ptp(both, axis=0) > 0.0).all():
            one_by_two = np.asarray(np.corrcoef(both.T))
            found.append(float(one_by_two[0, 1]))
    return sum(found) / len(found) if found else None


def _straight(own: list[Sheet]) -> Figure | None:
    scored = [values for one in own if len(values := _scored(one)) >= LEAST_VALUES]
    if len(scored) < LEAST_SHEETS:
        return None
    return Figure(sum(len(set(values)) == 1 for values in scored) / len(scored))


def _longest_run(own: list[Sheet]) -> int | None:
    if len(own) < LEAST_SHEETS:
        return None
    runs = (len(list(run)) for one in own for _value, run in itertools.groupby(_scored(one)))
    return max(runs, default=0)


def _scored(sheet: Sheet) -> list[float]:
    return [value for value in sheet.indicators if value is not None]


def _of_others(sheets: Sequence[Sheet]) -> dict[tuple[str, str], float]:
    """Return by (declaration, expert) the mean total the other experts gave the declaration."""
    by_declaration: dict[str, list[Sheet]] = defaultdict(list)
    for sheet in sheets:
        if sheet.total is not None:
            by_declaration[sheet.declaration].append(sheet)
    found = {}
    for key, own in by_declaration.items():
        for sheet in own:
            rest = sorted(one.total or 0.0 for one in own if one.expert != sheet.expert)
            if rest:
                found[key, sheet.expert] = math.fsum(rest) / len(rest)
    return found


def _drift(
    own: list[Sheet], others: Mapping[tuple[str, str], float], level: float
) -> Figure | None:
    """Fit a line to the differences from the others over the expert's own order, 0 to 1."""
    places = np.linspace(0.0, 1.0, len(own)) if len(own) > 1 else np.zeros(1)
    pairs = [
        (place, one.total - others[one.declaration, one.expert])
        for place, one in zip(places.tolist(), own, strict=True)
        if one.total is not None and (one.declaration, one.expert) in others
    ]
    if len(pairs) < LEAST_SHEETS:
        return None
    x, y = np.array(pairs).T
    x, y = x - x.mean(), y - y.mean()
    slope = float(x @ y / (x @ x))
    error = math.sqrt(float(((y - slope * x) ** 2).sum()) / (len(x) - 2) / float(x @ x))
    half = student.quantile((1.0 + level) / 2.0, len(x) - 2) * error
    return Figure(slope, slope - half, slope + half)
