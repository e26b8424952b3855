"""The figures of a record as spans on scales that can be compared. Pure: a record in, spans out.

A scale is a **measure**: what is measured, of what, in which unit; written ``kind|of|unit``, for
example ``indicator|wat-removal-cod|%``, ``capacity||m3/d``, ``investment|CNY|m3/d`` (what one
m³/d of capacity costs, in yuan). Money is compared within one currency only: rates of different
years would say more than the sources do.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any, NamedTuple

from reference import scales

INDICATOR, CAPACITY, INVESTMENT, OPERATING = "indicator", "capacity", "investment", "operating"
KINDS = (CAPACITY, INDICATOR, INVESTMENT, OPERATING)
SEPARATOR = "|"


class Measure(NamedTuple):
    kind: str
    of: str  # code of the indicator, or currency
    unit: str  # the one compared in

    def __str__(self) -> str:
        return SEPARATOR.join((self.kind, self.of, self.unit))


class Span(NamedTuple):
    """What a technology states on one measure; ``low`` is ``high`` where it states one figure."""

    measure: Measure
    low: float
    high: float


def measure(text: str) -> Measure:
    """Read what ``str(Measure)`` wrote; ValueError when it is none."""
    kind, of, unit = text.split(SEPARATOR)
    if kind not in KINDS or not unit:
        raise ValueError(text)
    return Measure(kind, of, unit)


def spans_of(record: Mapping[str, Any]) -> list[Span]:
    """Return the spans of a record, one per measure: rows of one measure make one span."""
    found: dict[Measure, list[Fraction]] = {}
    for scale, value in (*_indicators(record), *_economics(record.get("economics", {}))):
        found.setdefault(scale, []).append(value)
    return [
        Span(scale, float(min(values)), float(max(values)))
        for scale, values in sorted(found.items())
    ]


def _indicators(record: Mapping[str, Any]) -> Iterator[tuple[Measure, Fraction]]:
    for row in record.get("indicators", []):
        code, unit = row.get("indicator"), row.get("unit")
        if not code or not unit:
            continue  # in the holder's own words: comparable with nothing
        for column in ("minimum", "typical", "maximum"):
            if (value := _number(row.get(column))) is not None:
                scale = Measure(INDICATOR, code, scales.base_of(unit))
                yield scale, scales.in_base(value, unit)


def _economics(told: Mapping[str, Any]) -> Iterator[tuple[Measure, Fraction]]:
    size, unit = _number(told.get("scale")), told.get("scale_unit")
    if size is not None and unit:
        yield Measure(CAPACITY, "", scales.base_of(unit)), scales.in_base(size, unit)
    for kind, amount, per in (
        (INVESTMENT, "unit_investment", "unit_investment_per"),
        (OPERATING, "operating_total", "operating_per"),
    ):
        price, unit, currency = _number(told.get(amount)), told.get(per), told.get("currency")
        if price is not None and unit and currency:
            scale = Measure(kind, currency, scales.base_of(unit))
            yield scale, scales.per_base(price, unit)


def _number(value: Any) -> Decimal | None:
    try:
        number = Decimal(str(value)) if value not in (None, "") else None
    except InvalidOperation:
        return None
    return number if number is not None and number.is_finite() else None
