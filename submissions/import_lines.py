"""Reads lines of the technology schema, and says of each that is none why. Pure.

One line is one JSON object; every key must be there, and no other. What a source does not say
is ``null`` or an empty list.
"""

import json
import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

FIELDS = {"air": "AIR", "water": "WAT", "soil": "SOI", "solid_waste": "SOL", "monitoring": "MON"}
LEVELS = frozenset({"laboratory", "pilot", "demonstration", "commercial"})
GRADES = frozenset({"independent_verification", "peer_reviewed", "government", "vendor", "press"})
COST_KINDS = frozenset({"capex", "opex"})
LONGEST_LINE = 1_000_000  # bytes
LONGEST_ID = 200
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")

Record = dict[str, Any]
Check = Callable[[Any], str]


class LineError(ValueError):
    """The line is no technology; the message says what of it is not as it must be."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the file: its record, or why it has none."""

    number: int
    record: Record | None
    reason: str = ""


def lines(source: Iterable[bytes]) -> Iterator[Line]:
    """Read all lines that are not blank; a record whose id an earlier line has is refused."""
    seen: dict[str, int] = {}
    for number, raw in enumerate(source, 1):
        if not raw.strip():
            continue
        try:
            record = read(raw)
            if first := seen.get(record["id"]):
                raise LineError(f"id: {record['id']} is that of line {first}")
        except LineError as error:
            yield Line(number, None, str(error))
            continue
        seen[record["id"]] = number
        yield Line(number, record)


def read(raw: bytes) -> Record:
    """Return the record of a line; raise LineError with the first thing that is wrong."""
    if len(raw) > LONGEST_LINE:
        raise LineError(f"longer than {LONGEST_LINE} bytes")
    try:
        record = json.loads(raw.decode("utf-8-sig"), parse_constant=_no_number)
    except UnicodeDecodeError:
        raise LineError("not UTF-8") from None
    except (ValueError, RecursionError) as error:
        raise LineError(f"not JSON: {error}") from None
    for reason in _object(TECHNOLOGY)(record), _holds_control(record):
        if reason:
            raise LineError(reason)
    return dict(record)


def _no_number(constant: str) -> Any:
    raise ValueError(f"{constant} is no number")


def _holds_control(value: Any) -> str:
    if isinstance(value, str):
        return "a text holds characters that cannot be stored" if CONTROL.search(value) else ""
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return next(filter(None, map(_holds_control, parts)), "")


def _object(keys: dict[str, Check], *, optional: Collection[str] = ()) -> Check:
    def check(value: Any) -> str:
        if not isinstance(value, dict):
            return "must be an object"
        if missing := [key for key in keys if key not in value and key not in optional]:
            return f"{missing[0]} is missing"
        if unknown := [key for key in value if key not in keys]:
            return f"{unknown[0][:60]} is not part of the schema"
        return next(filter(None, (_at(key, keys[key](value[key])) for key in value)), "")

    return check


def _at(place: str | int, reason: str) -> str:
    """Say where in its object or list something is wrong; "" when nothing is."""
    if not reason:
        return ""
    return f"{place}: {reason}" if reason.startswith("must") else f"{place}.{reason}"


def _rows(row: Check, *, needed: bool = False) -> Check:
    def check(value: Any) -> str:
        if not isinstance(value, list) or (needed and not value):
            return "must be a list" + (" with at least one row" if needed else "")
        found = (_at(number, row(one)) for number, one in enumerate(value))
        return next(filter(None, found), "")

    return check


def _text(value: Any) -> str:
    return "" if isinstance(value, str) and value.strip() else "must be a text"


def _id(value: Any) -> str:
    return _text(value) or ("" if len(value) <= LONGEST_ID else "must be a short text")


def _flag(value: Any) -> str:
    return "" if isinstance(value, bool) else "must be true or false"


def _figure(value: Any) -> str:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return "" if is_number or not _text(value) else "must be a number or a text"


def _year(value: Any) -> str:
    is_year = isinstance(value, int) and not isinstance(value, bool) and 1900 <= value <= 2100
    return "" if is_year else "must be a year"


def _country(value: Any) -> str:
    well = isinstance(value, str) and len(value) == 2 and value.isascii() and value.isupper()
    return "" if well else "must be a country code of two letters"


def _one_of(codes: Iterable[str]) -> Check:
    offered = sorted(codes)

    def check(value: Any) -> str:
        well = isinstance(value, str) and value in offered
        return "" if well else f"must be one of {', '.join(offered)}"

    return check


def _or_null(check: Check) -> Check:
    return lambda value: "" if value is None else check(value)


SOURCE = _object(
    {
        "title": _text,
        "url": _or_null(_text),
        "programme": _or_null(_text),
        "year": _or_null(_year),
    }
)
TECHNOLOGY: dict[str, Check] = {
    "id": _id,
    "name_en": _text,
    "name_zh": _or_null(_text),
    "field": _one_of(FIELDS),
    "subcategory": _text,
    "enterprise": _object(
        {
            "name": _text,
            "name_zh": _or_null(_text),
            "country": _country,
            "website": _or_null(_text),
            "country_inferred": _flag,
        }
    ),
    "summary": _text,
    "process_principle": _or_null(_text),
    "innovation": _or_null(_text),
    "applicability": _text,
    "indicators": _rows(
        _object(
            {
                "name": _text,
                "value": _figure,
                "unit": _or_null(_text),
                "condition": _or_null(_text),
            }
        ),
        needed=True,
    ),
    "costs": _rows(
        _object(
            {
                "kind": _one_of(COST_KINDS),
                "value": _figure,
                "unit": _or_null(_text),
                "currency": _or_null(_text),
                "basis": _or_null(_text),
            }
        )
    ),
    "demonstrations": _rows(
        _object(
            {
                "name": _text,
                "country": _or_null(_country),
                "scale": _or_null(_text),
                "year": _or_null(_year),
            }
        )
    ),
    "intellectual_property": _rows(
        _object(
            {"kind": _text, "number": _or_null(_text), "note": _or_null(_text)}, optional=["note"]
        )
    ),
    "maturity": _object({"level": _one_of(LEVELS), "evidence": _text}),
    "source": SOURCE,
    "other_sources": _rows(SOURCE),
    "evidence_grade": _one_of(GRADES),
}
