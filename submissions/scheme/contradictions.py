"""What cannot be, though each value by itself can be read. Pure.

A draft keeps such values as they were typed: a person may be in the middle of mending them.
They are shown at their fields, and what holds one is not filed. The rules go by what a scheme
calls its fields, so that they hold in each scheme that was ever laid down:

- a text keeps to the words or characters that its field takes;
- ``minimum``, ``typical`` and ``maximum`` of one row stand in this order;
- a year says what has happened: none is to come;
- ``signed_on`` is a day since the activity opened (one may sign on paper before one begins here)
  and not one to come.

All days are those of the portal's time zone.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext as _

from submissions.scheme.fields import DECIMAL, NUMBERS, FieldSpec, Kind
from submissions.scheme.sections import Finding, Section, rows_of

ORDERED = ("minimum", "typical", "maximum")


@dataclass(frozen=True, slots=True)
class Days:
    """The days a declaration is measured by."""

    opened: dt.date  # of the activity
    today: dt.date


class Contradiction(Finding):
    """A value that cannot be filed as it is, or two that cannot both be."""


def contradictions(section: Section, values: Any, days: Days) -> Iterator[Contradiction]:
    """Yield what cannot be in a section; what cannot even be read is left to its faults."""
    values = values if isinstance(values, dict) else {}
    for key, fault in _within(section.fields, values, days):
        label = next(field.label for field in section.fields if field.key == key)
        message = _("%(field)s: %(fault)s") % {"field": label, "fault": fault}
        yield Contradiction(section.key, key, message, fault)
    for table in section.rows:
        for number, row in enumerate(rows_of(values, table)):
            for key, fault in _within(table.fields, row if isinstance(row, dict) else {}, days):
                message = _("%(table)s, row %(row)d: %(fault)s") % {
                    "table": table.label,
                    "row": number + 1,
                    "fault": fault,
                }
                yield Contradiction(section.key, f"{table.key}.{number}.{key}", message, fault)


def _within(
    fields: tuple[FieldSpec, ...], values: dict[str, Any], days: Days
) -> Iterator[tuple[str, str]]:
    yield from _out_of_order(fields, values)
    for field in fields:
        if fault := field.overlong(values.get(field.key)):
            yield field.key, fault
        for applies, fault_of in _RULES:
            if applies(field) and (fault := fault_of(field, values.get(field.key), days)):
                yield field.key, fault


def _out_of_order(
    fields: tuple[FieldSpec, ...], values: dict[str, Any]
) -> Iterator[tuple[str, str]]:
    by_key = {field.key: field for field in fields if field.kind in NUMBERS}
    read = [(key, number(values.get(key))) for key in ORDERED if key in by_key]
    given = [(by_key[key], value) for key, value in read if value is not None]
    for (lower, low), (higher, high) in pairwise(given):
        if low > high:
            fault = _("%(lower)s (%(low)s) is above %(higher)s (%(high)s).") % {
                "lower": lower.label,
                "low": values[lower.key],
                "higher": higher.label,
                "high": values[higher.key],
            }
            yield lower.key, fault


def number(value: Any) -> Decimal | None:
    """Read a number as the document keeps it; None where there is none."""
    if isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value)
    return Decimal(value) if isinstance(value, str) and DECIMAL.fullmatch(value) else None


def _year(_field: FieldSpec, value: Any, days: Days) -> str:
    if not isinstance(value, int) or isinstance(value, bool):
        return ""
    if value > days.today.year:
        return _("%(year)s is still to come; write a year up to %(latest)s.") % {
            "year": value,
            "latest": days.today.year,
        }
    return ""


def _signed_on(_field: FieldSpec, value: Any, days: Days) -> str:
    try:
        day = dt.date.fromisoformat(value)
    except (TypeError, ValueError):
        return ""
    if day > days.today:
        return _("This day is still to come: today is %(today)s, Beijing time.") % {
            "today": days.today.isoformat()
        }
    if day < days.opened:
        return _("This is before the activity opened on %(day)s.") % {
            "day": days.opened.isoformat()
        }
    return ""


Rule = Callable[[FieldSpec, Any, Days], str]
_RULES: tuple[tuple[Callable[[FieldSpec], bool], Rule], ...] = (
    (lambda field: field.kind is Kind.YEAR, _year),
    (lambda field: field.key == "signed_on" and field.kind is Kind.DATE, _signed_on),
)
