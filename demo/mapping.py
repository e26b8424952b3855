"""What a technology of the data becomes: the sections of a declaration of the demo scheme.

Pure. Where the data has no value, the section has none; nothing is rounded, converted or
guessed. The commitment is not here: it is given when a declaration is filed.
"""

from typing import Any

from demo.figures import figure, plain
from demo.records import Record

Section = dict[str, Any]

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


def sections(record: Record, subcategory: str) -> dict[str, Section]:
    """Return every section the data can fill, by its key."""
    # The data names who makes or promotes a technology, and seldom says who owns it.
    role = "owner" if "organisation" in record else "other"
    return {
        "applicant": {"role": role},
        "technology": technology(record, subcategory),
        "performance": {"indicators": [indicator(row) for row in record["indicators"]]},
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
    inferred = record.get("enterprise", {}).get("country_inferred")  # invented ones have none
    return [*read, dict(COUNTRY_INFERRED)] if inferred else read


def technology(record: Record, subcategory: str) -> Section:
    return _given(
        {
            "title": record["name_en"],
            "subcategory": subcategory,
            "summary": record["summary"],
            "principle": record["process_principle"],
            "innovation": record["innovation"],
            "applicability": record["applicability"],
            "maturity": record["maturity"]["level"],
            "maturity_evidence": record["maturity"]["evidence"],
        }
    )


def indicator(row: Record) -> Section:
    """Return one claim; the words of the source stay beside whatever could be read of them."""
    return _given(
        {
            "name": row["name"],
            **_stated(row["value"], ("minimum", "typical", "maximum")),
            "unit": row["unit"] if row["unit"] != "-" else None,
            "condition": row["condition"],
        }
    )


def cost(row: Record) -> Section:
    """Return one sum; a range has no amount, only its words."""
    stated = _stated(row["value"], ("typical",))
    # "USD/m2" is the currency and what the sum is for; the currency has a place of its own.
    unit = row["unit"].removeprefix(row["currency"]).removeprefix("/")
    return _given(
        {
            "kind": row["kind"],
            "amount": stated["typical"],
            "as_stated": stated["as_stated"],
            "currency": row["currency"],
            "unit": unit,
            "basis": row["basis"],
        }
    )


def right(row: Record) -> Section:
    return _given({**row, "kind": RIGHTS[row["kind"]]})


def _stated(value: Any, ends: tuple[str, ...]) -> dict[str, str]:
    """Return what could be read of a figure, and its words unless it is a plain number."""
    read = figure(value)
    words = read.as_stated if isinstance(value, str) else ""
    return {**{end: getattr(read, end) for end in ends}, "as_stated": words}


def translations(record: Record) -> dict[str, dict[str, str]]:
    """Return the names a Chinese source gives, as texts of a translation."""
    return {"zh-hans": {TITLE: record["name_zh"]}} if record["name_zh"] else {}


def _given(values: Record) -> Section:
    """Leave out what the data does not say, and write no number as a float."""
    return {
        key: plain(value) if isinstance(value, float) else value
        for key, value in values.items()
        if value not in (None, "", [])
    }
