"""What would have come out with other weights, gates, without an expert, or adjusted: who flips.

No Django here. Figures of the raw scheme are those of ``evaluation.scoring`` to the last decimal:
floats are used where they cannot round wrongly, and whatever lies beside a rounding boundary
(half a hundredth) is computed by ``scoring`` itself, in fractions. Nothing here adopts anything.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import numpy as np

from evaluation import scoring
from evaluation.scoring import DimensionWeights, Gates, Measure
from evaluation.statistics.calibration import calibrate
from evaluation.statistics.crossed import Flags, Floats, Ints

NEAR = 1e-6  # hundredths from a rounding boundary; floats err by less than a thousandth of it
NONE = -1  # in arrays of hundredths: no figure


@dataclass(frozen=True, slots=True)
class Scenario:
    """What is tried: each part may be that of the sealed set or another.

    ``adjusted``: totals are severity-adjusted (``calibration``); dimension means, and so the
    minimum per dimension, stay raw. ``without``: experts left out. ``places``: how many
    of the best are taken, None where only the gates decide. ``own``: what single declarations
    are judged by instead, with the same dimensions in the same order.
    """

    dimensions: tuple[DimensionWeights, ...]
    gates: Gates
    adjusted: bool = False
    without: frozenset[str] = frozenset()
    places: int | None = None
    own: Mapping[str, Measure] = field(default_factory=dict)

    def of(self, declaration: str) -> Measure:
        return self.own.get(declaration) or Measure(self.dimensions, self.gates)


@dataclass(frozen=True, slots=True)
class Result:
    """Of one declaration. Points with two places; None without a score (or with too little data
    to adjust). Equal totals share a place, and the next ones are left free: 1, 2, 2, 4."""

    total: Decimal | None
    dimensions: Mapping[str, Decimal | None]
    verdict: str | None
    place: int | None
    taken: bool | None
    untold: bool = False  # scored, and with too little data for the adjusted total asked for


@dataclass(frozen=True, slots=True)
class Flip:
    declaration: str
    before: Result
    after: Result


Outcome = Mapping[str, Result]
Sheets = Mapping[tuple[str, str], scoring.Scores]  # (declaration, expert) -> scores


class Bench:
    """All sheets of an activity, laid out once for many scenarios."""

    def __init__(self, sheets: Sheets):
        self.pairs = sorted(sheets)
        self.scores = [sheets[pair] for pair in self.pairs]
        self.declarations = sorted({pair[0] for pair in self.pairs})
        self.experts = sorted({pair[1] for pair in self.pairs})
        places = {key: place for place, key in enumerate(self.declarations)}
        self.row: Ints = np.array([places[pair[0]] for pair in self.pairs], dtype=np.int64)
        self.indicators = sorted({code for one in self.scores for code in one})
        table = [[_float(one.get(code)) for code in self.indicators] for one in self.scores]
        self.table: Floats = np.array(table, dtype=np.float64).reshape(
            len(self.pairs), len(self.indicators)
        )

    def outcome(self, scenario: Scenario) -> Outcome:
        """Return the result of each declaration, by key."""
        kept = np.array([pair[1] not in scenario.without for pair in self.pairs], dtype=bool)
        measures = [scenario.of(key) for key in self.declarations]
        figures = self._figures(scenario)
        totals = figures[:, -1]
        cents = self._rounded(figures, kept, measures)
        untold = np.zeros(len(self.declarations), dtype=bool)
        if scenario.adjusted:
            adjusted = self._adjusted(totals, kept)
            untold = (cents[:, -1] != NONE) & (adjusted == NONE)
            cents[:, -1] = adjusted
        places = _places(cents[:, -1])
        vetoed = self._vetoed(measures, kept)
        lines = zip(
            self.declarations,
            measures,
            cents.tolist(),
            places,
            vetoed,
            untold.tolist(),
            strict=True,
        )
        return {key: _result(scenario.places, *line) for key, *line in lines}

    def _figures(self, scenario: Scenario) -> Floats:
        """Dimension means and the total of each sheet, by what its declaration is judged by."""
        found = self._sheets(scenario.dimensions)
        for one in {id(one): one for one in scenario.own.values()}.values():
            mine = np.array([scenario.own.get(pair[0]) is one for pair in self.pairs], dtype=bool)
            found[mine] = self._sheets(one.dimensions)[mine]
        return found

    def _vetoed(self, measures: Sequence[Measure], kept: Flags) -> list[dict[str, Decimal | None]]:
        """Return of each declaration the means of the indicators that have a veto."""
        found = []
        for row, by in enumerate(measures):
            keys = [code for code in self.indicators if code in by.gates.vetoes]
            begin, end = np.searchsorted(self.row, [row, row + 1]) if keys else (0, 0)
            mine = [number for number in range(begin, end) if kept[number]]
            found.append(
                {
                    code: scoring.mean_of(
                        _fraction(self.scores[number].get(code)) for number in mine
                    )
                    for code in keys
                }
            )
        return found

    def _sheets(self, dimensions: tuple[DimensionWeights, ...]) -> Floats:
        """Dimension means and, as the last column, totals of all sheets; NaN: nothing is."""
        columns = {code: place for place, code in enumerate(self.indicators)}
        weights = np.zeros((len(self.indicators), len(dimensions)))
        for place, dimension in enumerate(dimensions):
            for code, weight in dimension.indicators.items():
                if (column := columns.get(f"{dimension.code}.{code}")) is not None:
                    weights[column, place] = float(weight)
        means = _weighted(self.table, weights)
        own = np.array([[float(one.weight)] for one in dimensions]).reshape(-1, 1)
        return np.concatenate([means, _weighted(means, own)[:, :1]], axis=1)

    def _rounded(self, figures: Floats, kept: Flags, measures: Sequence[Measure]) -> Ints:
        """Return the mean over the sheets kept in hundredths; shape (declarations, figures)."""
        size = len(self.declarations)
        hundreds = np.full((size, figures.shape[1]), np.nan)
        for place in range(figures.shape[1]):
            given = kept & ~np.isnan(figures[:, place])
            count = np.bincount(self.row[given], minlength=size)
            sums = np.bincount(self.row[given], figures[given, place], size)
            known = count > 0
            hundreds[known, place] = 100.0 * sums[known] / count[known]
        cents = np.where(np.isnan(hundreds), NONE, np.floor(np.nan_to_num(hundreds) + 0.5))
        found: Ints = cents.astype(np.int64)
        doubtful = np.abs(hundreds - np.floor(hundreds) - 0.5) < NEAR
        for row, place in np.argwhere(doubtful).tolist():
            found[row, place] = self._exact(row, kept, measures[row].dimensions, place)
        return found

    def _exact(
        self, row: int, kept: Flags, dimensions: tuple[DimensionWeights, ...], place: int
    ) -> int:
        """Compute one figure in fractions; the one after the last dimension is the total."""
        begin, end = np.searchsorted(self.row, [row, row + 1])
        sheets = [self.scores[number] for number in range(begin, end) if kept[number]]
        if place == len(dimensions):
            totals = (scoring.figures(dimensions, scores).total for scores in sheets)
            return _cents(scoring.mean_of(totals))
        code, own = dimensions[place].code, dimensions[place : place + 1]
        means = (scoring.figures(own, scores).dimensions[code] for scores in sheets)
        return _cents(scoring.mean_of(means))

    def _adjusted(self, totals: Floats, kept: Flags) -> Ints:
        scores = {
            pair: None if math.isnan(total) else total
            for pair, total, keep in zip(self.pairs, totals.tolist(), kept, strict=True)
            if keep
        }
        found = calibrate(scores).declarations
        values = [found[key].value if key in found else None for key in self.declarations]
        return np.array([_cents(None if v is None else _points(v)) for v in values], dtype=np.int64)


def flips(before: Outcome, after: Outcome) -> list[Flip]:
    """Return whose verdict changes, or who is taken no longer or now, by key.

    Who cannot be told for lack of data does not flip.
    """
    return [
        Flip(key, before[key], after[key])
        for key in sorted(before.keys() & after.keys())
        if not (before[key].untold or after[key].untold)
        and (before[key].verdict, before[key].taken) != (after[key].verdict, after[key].taken)
    ]


def _weighted(values: Floats, weights: Floats) -> Floats:
    """Weighted means of the given values along the lines; NaN where none is given."""
    given = ~np.isnan(values)
    total = given @ weights
    sums = np.where(given, values, 0.0) @ weights
    return np.divide(sums, total, out=np.full_like(sums, np.nan), where=total > 0.0)


def _places(totals: Ints) -> list[int | None]:
    ordered = np.sort(-totals[totals != NONE])
    places = np.searchsorted(ordered, -totals, side="left") + 1
    known = zip(places.tolist(), totals.tolist(), strict=True)
    return [None if total == NONE else place for place, total in known]


def _result(
    best: int | None,
    by: Measure,
    cents: list[int],
    place: int | None,
    vetoed: Mapping[str, Decimal | None],
    untold: bool,
) -> Result:
    *means, total = map(_decimal, cents)
    codes = (one.code for one in by.dimensions)
    dimensions = dict(zip(codes, means, strict=True))
    verdict = scoring.verdict(total, dimensions, by.gates, vetoed)
    taken = None if best is None or place is None else place <= best
    return Result(total, dimensions, verdict, place, taken, untold)


def _cents(value: Decimal | None) -> int:
    return NONE if value is None else int(value * 100)


def _points(value: float) -> Decimal:
    return Decimal(value).quantize(scoring.TWO_PLACES, ROUND_HALF_UP)


def _decimal(cents: int) -> Decimal | None:
    return None if cents == NONE else Decimal(cents).scaleb(-2)


def _fraction(value: scoring.Points | None) -> Fraction | None:
    return None if value is None else Fraction(value)


def _float(value: scoring.Points | None) -> float:
    return math.nan if value is None else float(value)
