"""What a line of the technology schema becomes: the sections of a declaration. Pure.

Where the line has no value, the section has none; nothing is rounded, converted or guessed. A
figure that is no single number keeps the words of its source. The commitment is not here: it is
given by whoever files.
"""

from collections.abc import Mapping
from typing import Any

from submissions.figures import figure, plain
from submissions.scheme import Scheme

Record = dict[str, Any]
Section = dict[str, Any]
# Code of a unit by all that is read as it; None: the scheme takes a unit as text.
Units = Mapping[str, str] | None

TITLE = "technology.title"
# Stands among the sources, so that the public record and the lake say it as well.
COUNTRY_INFERRED = {
    "title": "The holder's country is inferred from general knowledge; "
    "the sources read do not state it."
}
RIGHTS = {
    "patent": "patent",
    "patent application": "patent_application",
    "trademark": "trademark",
    "proprietary know-how": "know_how",
}


def sections(record: Record, subcategory: str, *, role: str, units: Units) -> dict[str, Section]:
    """Return every section the line can fill, by its key.

    ``role``: what the organisation is to the technology, which no line says; "" leaves it open.
    """
    indicators = [indicator(row, units) for row in record["indicators"]]
    return {
        "applicant": _given({"role": role}),
        "technology": technology(record, subcategory),
        "performance": {"indicators": indicators},
        "economics": {"costs": [cost(row) for row in record["costs"]]},
        "cases": {"cases": [_given(row) for row in record["demonstrations"]]},
        "property": {"rights": [right(row) for row in record["intellectual_property"]]},
        "evidence": {
            "evidence_grade": record["evidence_grade"],
            "sources": sources(record),
        },
    }


def sources(record: Record) -> list[Section]:
    """Return what the record was read from, the main source first, and what none of it states."""
    read = [_given(row) for row in (record["source"], *record["other_sources"])]
    inferred = record.get("enterprise", {}).get("country_inferred")
    return [*read, dict(COUNTRY_INFERRED)] if inferred else read


def technology(record: Record, subcategory: str) -> Section:
    """Return what it is; a sub-category that is none of the list stays as a keyword."""
    return _given(
        {
            "title": record["name_en"],
            "subcategory": subcategory,
            "keywords": "" if subcategory else record["subcategory"],
            "summary": record["summary"],
            "principle": record["process_principle"],
            "innovation": record["innovation"],
            "applicability": record["applicability"],
            "maturity": record["maturity"]["level"],
            "maturity_evidence": record["maturity"]["evidence"],
        }
    )


def indicator(row: Record, units: Units) -> Section:
    """Return one claim; the words of the source stay beside whatever could be read of them."""
    return _given(
        {
            "name": row["name"],
            **_stated(row["value"], ("minimum", "typical", "maximum")),
            **_unit(row["unit"] if row["unit"] != "-" else None, units),
            "condition": row["condition"],
        }
    )


def _unit(stated: str | None, units: Units) -> dict[str, str | None]:
    """Return the unit by its code where the list has it, else as it is stated."""
    if units is None or not stated:
        return {"unit": stated}
    # "a" is the year of the list, "yr" that of many sources: a spelling, not another unit.
    known = units.get(stated) or units.get(stated.replace("/yr", "/a"))
    return {"unit": known} if known else {"unit_other": stated}


def cost(row: Record) -> Section:
    """Return one sum; a range has no amount, only its words."""
    stated = _stated(row["value"], ("typical",))
    # "USD/m2" is the currency and what the sum is for; the currency has a place of its own.
    currency = row["currency"] or ""
    unit = (row["unit"] or "").removeprefix(currency).removeprefix("/")
    return _given(
        {
            "kind": row["kind"],
            "amount": stated["typical"],
            "as_stated": stated["as_stated"],
            "currency": currency,
            "unit": unit,
            "basis": row["basis"],
        }
    )


def right(row: Record) -> Section:
    """Return one right; a kind the scheme does not know stays as words in the note."""
    kind = RIGHTS.get(row["kind"])
    note = row.get("note")
    if kind is None:
        note = f"{row['kind']}: {note}" if note else row["kind"]
    return _given({"kind": kind or "other", "number": row["number"], "note": note})


def translations(record: Record) -> dict[str, dict[str, str]]:
    """Return the names a Chinese source gives, as texts of a translation."""
    return {"zh-hans": {TITLE: record["name_zh"]}} if record["name_zh"] else {}


def _stated(value: Any, ends: tuple[str, ...]) -> dict[str, str]:
    """Return what could be read of a figure, and its words unless it is a plain number."""
    read = figure(value)
    words = read.as_stated if isinstance(value, str) else ""
    return {**{end: getattr(read, end) for end in ends}, "as_stated": words}


def _given(values: Record) -> Section:
    """Leave out what the line does not say, and write no number as a float."""
    return {
        key: plain(value) if isinstance(value, float) else value
        for key, value in values.items()
        if value not in (None, "", [])
    }


def asked_for(made: dict[str, Section], scheme: Scheme) -> dict[str, Section]:
    """Return what the scheme has a place for; an activity may ask for less than a line says."""
    kept: dict[str, Section] = {}
    for section in scheme.sections:
        values = made.get(section.key, {})
        own = {one.key for one in section.fields}
        kept[section.key] = {key: value for key, value in values.items() if key in own}
        for table in section.rows:
            columns = {field.key for field in table.fields}
            rows = [
                {key: value for key, value in row.items() if key in columns}
                for row in values.get(table.key, [])
            ]
            kept[section.key][table.key] = [row for row in rows if row]
    return {key: values for key, values in kept.items() if any(values.values())}
