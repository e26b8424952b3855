"""What a record states, as lines that can stand beside those of another one.

Figures are told in the unit they are compared in; where the source used another one, its own
statement stands behind. A condition belongs to its figure and is never left out.
"""

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from catalog import labels
from catalog.browsing import ranges
from catalog.browsing.addresses import figure
from catalog.browsing.measures import Measures
from catalog.browsing.ranges import INDICATOR, Measure
from catalog.vocabulary import Vocabulary
from reference import scales

Record = dict[str, Any]
COMPARABLE, OWN_WORDS = 0, 1  # what everybody can state comes first


class Statement(NamedTuple):
    """One line of a cell, and what it is stated of."""

    place: int
    subject: str
    text: str
    own: bool  # in words of the holder


def figures(record: Record, names: Vocabulary) -> list[Statement]:
    """Return the indicators of a record; those without a code under the holder's own name."""
    measures = Measures(names)
    return [_indicator(row, names, measures) for row in record.get("indicators", [])]


def _indicator(row: Record, names: Vocabulary, measures: Measures) -> Statement:
    note = "; ".join(row[key] for key in ("condition", "standard") if row.get(key))
    if row.get("indicator") and row.get("unit"):
        return _comparable(row, names, measures, note)
    code, unit = row.get("indicator", ""), row.get("unit", "")
    subject = str(names.indicator.get(code, code) if code else row.get("name", ""))
    printed = names.unit.get(unit, unit) if unit else str(row.get("unit_other") or "")
    stated = _values(row, "") or str(row.get("as_stated") or "")
    text = " ".join(part for part in (stated, printed) if part)
    return Statement(OWN_WORDS, subject, _with_note(text, note), own=True)


def _comparable(row: Record, names: Vocabulary, measures: Measures, note: str) -> Statement:
    code, unit = row["indicator"], row["unit"]
    base, stated = scales.base_of(unit), _values(row, "")
    text = _values(row, unit) or str(row.get("as_stated") or "")
    if base != unit and stated:
        own = f"{stated} {names.unit.get(unit, unit)}"
        text = _("%(figure)s (stated: %(own)s)") % {"figure": text, "own": own}
    subject = measures.name(Measure(INDICATOR, code, base)) or code
    return Statement(COMPARABLE, subject, _with_note(text, note), own=bool(note) or not stated)


def _with_note(text: str, note: str) -> str:
    return _("%(figure)s – %(condition)s") % {"figure": text, "condition": note} if note else text


def _values(row: Record, unit: str) -> str:
    """Return ``90–95, typically 93``, in the unit that ``unit`` is compared in."""
    least, typical, most = (
        _number(row.get(column), unit) for column in ("minimum", "typical", "maximum")
    )
    bounds = _bounds(least, most)
    if bounds and typical:
        return _("%(bounds)s, typically %(figure)s") % {"bounds": bounds, "figure": typical}
    return bounds or typical


def _bounds(least: str, most: str) -> str:
    if least and most:
        return f"{least}–{most}"
    if least:
        return _("at least %(figure)s") % {"figure": least}
    return _("at most %(figure)s") % {"figure": most} if most else ""


def _number(value: Any, unit: str) -> str:
    try:
        stated = Decimal(str(value)) if value not in (None, "") else None
    except InvalidOperation:
        return ""
    if stated is None or not stated.is_finite():
        return ""
    return _written(scales.in_base(stated, unit))


def _written(value: Fraction) -> str:
    """Write six figures behind the point, or of what is small the first six that say something."""
    number = float(value)
    return figure(round(number, 6) if abs(number) >= 1 else float(f"{number:.6g}"))


def prices(record: Record, measures: Measures) -> list[Statement]:
    """Return scale and prices of the reference plant, with the year of the prices."""
    told = record.get("economics", {})
    year = told.get("price_year")
    found = []
    for span in ranges.spans_of({"economics": told}):
        text = _written(Fraction(span.low))
        if span.measure.kind != ranges.CAPACITY:
            text = _with_note(text, _year(year))
        found.append(Statement(COMPARABLE, measures.name(span.measure), text, own=False))
    return [*found, *_of_the_plant(told)]


def _year(year: Any) -> str:
    return _("prices of %(year)s") % {"year": year} if year else _("year of the prices not stated")


def _of_the_plant(told: Record) -> Iterator[Statement]:
    currency = told.get("currency")
    if told.get("investment") and currency:
        subject = _("Total investment (%(currency)s)") % {"currency": currency}
        text = _with_note(told["investment"], _year(told.get("price_year")))
        yield Statement(COMPARABLE, subject, text, own=False)
    for key, label in (
        ("service_life", _("Service life (years)")),
        ("payback", _("Static payback period (years)")),
    ):
        if told.get(key):
            yield Statement(COMPARABLE, label, str(told[key]), own=False)


def costs(record: Record) -> list[Statement]:
    """Return what a source says of costs: by kind, currency and what is paid for."""
    return [_cost(row) for row in record.get("costs", [])]


def _cost(row: Record) -> Statement:
    kind = labels.label(labels.COSTS, row.get("kind", ""))
    per = " / ".join(part for part in (row.get("currency"), row.get("unit")) if part)
    subject = _("%(what)s (%(unit)s)") % {"what": kind, "unit": per} if per else kind
    text = row.get("amount") or row.get("as_stated") or ""
    return Statement(COMPARABLE, subject, _with_note(str(text), row.get("basis", "")), own=True)
