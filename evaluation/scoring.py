"""Score arithmetic, methods "mean-1" and "mean-2". No Django here: numbers in, numbers out.

"mean-2" also knows a minimum of a single dimension and the veto of an indicator; where a set has
neither, the figures of both are the same, and a decision taken by the first can be worked out
again. Scores, means and totals lie from 0 to 100 points; weights are positive numbers of which only
the ratio counts. Between the first step and the last everything is an exact fraction, and a
figure is rounded once, to two places, half up. None means "not scored" or "not applicable" and
is left out, never counted as nought.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from typing import Any

FIRST, METHOD = "mean-1", "mean-2"
TWO_PLACES = Decimal("0.01")
_WIDE = Context(prec=50)  # enough that rounding a fraction twice never shows

RECOMMENDED, DISCUSSION, NOT_RECOMMENDED = "recommended", "discussion", "not_recommended"

Points = Decimal | Fraction
Scores = Mapping[str, Points | None]  # "dimension.indicator" -> 0 to 100


@dataclass(frozen=True, slots=True)
class DimensionWeights:
    """A dimension: its weight among the others, and the weights of its indicators by code."""

    code: str
    weight: Decimal
    indicators: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class Gates:
    """Points (0 to 100) a case is held against; a figure on a gate has passed it.

    ``minimums`` replace ``dimension_minimum`` for single dimensions, by code; ``vetoes`` are the
    least means of single indicators, by "dimension.indicator".
    """

    dimension_minimum: Decimal
    recommended: Decimal
    panel: Decimal
    minimums: Mapping[str, Decimal] = field(default_factory=dict)
    vetoes: Mapping[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Measure:
    """By what a declaration is judged: one set of weights and gates."""

    dimensions: tuple[DimensionWeights, ...]
    gates: Gates


@dataclass(frozen=True, slots=True)
class SheetFigures:
    """What one sheet comes to: a mean per dimension and the total, exact, 0 to 100."""

    dimensions: Mapping[str, Fraction | None]
    total: Fraction | None


@dataclass(frozen=True, slots=True)
class Spread:
    """How far the experts lie apart, in points rounded to two places.

    ``deviation`` is the sample standard deviation (n - 1), None for fewer than two values.
    """

    count: int
    mean: Decimal | None
    deviation: Decimal | None
    minimum: Decimal | None
    maximum: Decimal | None


def weighted_mean(
    values: Iterable[tuple[Points, Points | None]],
) -> Fraction | None:
    """Return the mean of (weight, value) over the given values, exact; None without any."""
    given = [(Fraction(weight), Fraction(value)) for weight, value in values if value is not None]
    total = sum((weight for weight, _ in given), Fraction(0))
    if not total:
        return None
    return sum((weight * value for weight, value in given), Fraction(0)) / total


def figures(dimensions: Iterable[DimensionWeights], scores: Scores) -> SheetFigures:
    """Return the weighted dimension means and the total of one sheet."""
    dimensions = list(dimensions)
    means = {
        dimension.code: weighted_mean(
            (weight, scores.get(f"{dimension.code}.{code}"))
            for code, weight in dimension.indicators.items()
        )
        for dimension in dimensions
    }
    total = weighted_mean((dimension.weight, means[dimension.code]) for dimension in dimensions)
    return SheetFigures(means, total)


def rounded(value: Fraction | None) -> Decimal | None:
    """Round to two places, half up; the one place where a figure is rounded."""
    if value is None:
        return None
    exact = _WIDE.divide(Decimal(value.numerator), Decimal(value.denominator))
    return exact.quantize(TWO_PLACES, ROUND_HALF_UP)


def mean_of(values: Iterable[Fraction | None]) -> Decimal | None:
    """Return the mean over the sheets that have the figure, rounded."""
    return rounded(_mean([value for value in values if value is not None]))


def spread(values: Iterable[Fraction | None]) -> Spread:
    """Return mean, sample standard deviation and extremes over the sheets."""
    given = [value for value in values if value is not None]
    return Spread(
        count=len(given),
        mean=rounded(_mean(given)),
        deviation=_deviation(given),
        minimum=rounded(min(given, default=None)),
        maximum=rounded(max(given, default=None)),
    )


def _mean(values: list[Fraction]) -> Fraction | None:
    return sum(values, Fraction(0)) / len(values) if values else None


def _deviation(values: list[Fraction]) -> Decimal | None:
    if len(values) < 2:
        return None
    mean = sum(values, Fraction(0)) / len(values)
    variance = sum(((value - mean) ** 2 for value in values), Fraction(0)) / (len(values) - 1)
    exact = _WIDE.divide(Decimal(variance.numerator), Decimal(variance.denominator))
    return _WIDE.sqrt(exact).quantize(TWO_PLACES, ROUND_HALF_UP)


def failed_dimensions(means: Mapping[str, Decimal | None], gates: Gates) -> list[str]:
    """Return the dimensions whose mean lies below the minimum, in their order."""
    return [
        code
        for code, mean in means.items()
        if mean is not None and mean < gates.minimums.get(code, gates.dimension_minimum)
    ]


def failed_indicators(means: Mapping[str, Decimal | None], gates: Gates) -> list[str]:
    """Return the indicators whose mean over the sheets lies below their veto, in their order."""
    return [
        key
        for key, mean in means.items()
        if mean is not None and key in gates.vetoes and mean < gates.vetoes[key]
    ]


def verdict(
    total: Decimal | None,
    means: Mapping[str, Decimal | None],
    gates: Gates,
    indicators: Mapping[str, Decimal | None] | None = None,
) -> str | None:
    """Return what the figures recommend; None when nothing was scored.

    The gates are held against the rounded figures, which everybody can read and check: a total
    printed as 75.00 has passed 75. A dimension below its minimum is never made up for by others,
    nor is an indicator below its veto.
    """
    if total is None:
        return None
    failed = failed_dimensions(means, gates) or failed_indicators(indicators or {}, gates)
    if total < gates.panel or failed:
        return NOT_RECOMMENDED
    return RECOMMENDED if total >= gates.recommended else DISCUSSION


def result(
    dimensions: Iterable[DimensionWeights],
    gates: Gates,
    sheets: Mapping[str, Scores],
    *,
    method: str = METHOD,
) -> dict[str, Any]:
    """Return the whole result as a document of strings and integers, for keeping.

    ``sheets`` are the scores by the key of the sheet. The means of indicators and dimensions and
    the total of the case are the plain means over the sheets. ValueError: an unknown method.
    """
    if method not in (FIRST, METHOD):
        raise ValueError(method)
    dimensions = list(dimensions)
    each = {key: figures(dimensions, scores) for key, scores in sheets.items()}
    spreads = {d.code: spread(one.dimensions[d.code] for one in each.values()) for d in dimensions}
    total = spread(one.total for one in each.values())
    means = {code: one.mean for code, one in spreads.items()}
    indicators = _by_indicator(dimensions, sheets) if method == METHOD else {}
    points = {key: one.mean for key, one in indicators.items()}
    found: dict[str, Any] = {
        "method": method,
        "sheets": {key: _sheet_document(one) for key, one in sorted(each.items())},
        "dimensions": {code: _spread_document(one) for code, one in spreads.items()},
        "total": _spread_document(total),
        "failed_dimensions": failed_dimensions(means, gates),
        "verdict": verdict(total.mean, means, gates, points),
    }
    if method == METHOD:
        found["indicators"] = {key: _spread_document(one) for key, one in indicators.items()}
        found["failed_indicators"] = failed_indicators(points, gates)
    return found


def _by_indicator(
    dimensions: list[DimensionWeights], sheets: Mapping[str, Scores]
) -> dict[str, Spread]:
    keys = [f"{one.code}.{code}" for one in dimensions for code in one.indicators]
    return {key: spread(_exact(scores.get(key)) for scores in sheets.values()) for key in keys}


def _exact(points: Points | None) -> Fraction | None:
    return None if points is None else Fraction(points)


def _sheet_document(one: SheetFigures) -> dict[str, Any]:
    dimensions = {code: _text(rounded(mean)) for code, mean in one.dimensions.items()}
    return {"dimensions": dimensions, "total": _text(rounded(one.total))}


def _spread_document(one: Spread) -> dict[str, Any]:
    return {
        "count": one.count,
        "mean": _text(one.mean),
        "deviation": _text(one.deviation),
        "minimum": _text(one.minimum),
        "maximum": _text(one.maximum),
    }


def _text(value: Decimal | None) -> str | None:
    return None if value is None else str(value)
