"""What of a document fits another scheme: pure, every reason to leave something behind."""

import copy
import datetime as dt
from typing import Any

import pytest

from submissions.scheme import load
from submissions.scheme.carrying import LeftOut, Why, carried
from submissions.scheme.contradictions import Days
from tests.builders import submissions as build

FILE, COPY = "00000000-0000-4000-8000-000000000001", "00000000-0000-4000-8000-000000000002"
SECTIONS = build.shipped()["sections"]
SOURCE = load(SECTIONS)


class Everything:
    def __contains__(self, one: object) -> bool:
        return True


def known(_source: str) -> Everything:
    return Everything()


def changed(change: Any) -> Any:
    """Return the demo scheme, its sections (by key) changed."""
    sections = copy.deepcopy(SECTIONS)
    change({one["key"]: one for one in sections})
    return load(sections)


def field_of(section: dict[str, Any], key: str) -> dict[str, Any]:
    return next(one for one in section["fields"] if one["key"] == key)


def carry(target: Any, content: Any, *, offered: Any = known, files: Any = None) -> Any:
    return carried(SOURCE, target, content, offered, files or {})


def test_what_fits_is_carried_and_promises_are_not():
    made = carry(SOURCE, build.content())

    expected = build.content()
    signed = expected.pop("commitment")
    assert made.sections == expected
    assert made.left_out == [
        LeftOut("commitment", key, Why.PROMISE, signed[key])
        for key in ("truthful", "publication", "signatory", "signed_on")
    ]


def test_what_was_signed_for_one_declaration_is_not_of_another():
    """The stamped papers, and what the fields tell of them; who the unit is stays."""
    told = {
        "unit": "A bureau",
        "unit_type": "authority",
        "opinion": "It works.",
        "verdict": "recommends",
        "signatory": "Li",
        "recommended_on": "2026-01-31",
        "scan": FILE,
    }
    content = {"recommendation": told, "commitment": {"scan": f"{FILE}#1", "withheld": ["cases"]}}

    made = carry(SOURCE, content, files={FILE: COPY})

    assert made.sections == {
        "recommendation": {"unit": "A bureau", "unit_type": "authority"},
        "commitment": {"withheld": ["cases"]},
    }
    assert {(one.section, one.member, one.why) for one in made.left_out} == {
        ("commitment", "scan", Why.PROMISE),
        *(
            ("recommendation", key, Why.PROMISE)
            for key in ("opinion", "verdict", "signatory", "recommended_on", "scan")
        ),
    }


def test_a_place_that_is_gone_or_takes_something_else_is_named():
    def change(sections: dict[str, Any]) -> None:
        technology, property_ = sections["technology"], sections["property"]
        technology["fields"].remove(field_of(technology, "applicability"))
        summary = field_of(technology, "summary")
        del summary["max_words"]
        summary["kind"], summary["translatable"] = "url", False
        del property_["rows"]

    content = build.content()
    kept = {key: content[key] for key in ("technology", "property")}
    made = carry(changed(change), kept)

    assert made.left_out == [
        LeftOut("technology", "applicability", Why.GONE, "Landfills in warm climates."),
        LeftOut("technology", "summary", Why.KIND, "Treats leachate with a membrane bioreactor."),
        LeftOut("property", "rights", Why.GONE, 1),
    ]
    assert "property" not in made.sections
    assert made.sections["technology"]["title"] == content["technology"]["title"]


def test_choices_that_are_not_offered_stay_behind_and_the_others_come():
    def offered(source: str) -> Any:
        few = {"subcategory": {"AIR-01"}, "pollutant": {"cod"}, "country": {"KZ", "PK", "NO"}}
        return few.get(source, Everything())

    kept = {"technology": build.content()["technology"]}
    made = carry(SOURCE, kept, offered=offered)

    assert made.left_out == [
        LeftOut("technology", "subcategory", Why.CHOICE, "WAT-01"),
        LeftOut("technology", "pollutants", Why.CHOICE, ["ammonia-nitrogen"]),
    ]
    assert made.sections["technology"]["pollutants"] == ["cod"]
    assert "subcategory" not in made.sections["technology"]


def test_in_a_row_the_cell_is_named_and_the_row_comes():
    rows = [{"indicator": "A", "name": "COD"}, {"indicator": "B", "typical": "9"}]
    made = carry(
        SOURCE,
        {"performance": {"indicators": rows}},
        offered=lambda source: {"A"} if source == "indicator" else Everything(),
    )

    assert made.left_out == [
        LeftOut("performance", "indicators", Why.CHOICE, "B", row=2, column="indicator")
    ]
    assert made.sections == {"performance": {"indicators": [rows[0], {"typical": "9"}]}}


def test_rows_too_many_stay_behind_and_are_counted():
    def change(sections: dict[str, Any]) -> None:
        sections["cases"]["rows"][0] |= {"max_rows": 2, "min_rows": 0, "recommended_rows": 0}

    cases = [{"name": f"Case {number}"} for number in range(5)]
    made = carry(changed(change), {"cases": {"cases": cases}})

    assert made.sections == {"cases": {"cases": cases[:2]}}
    assert made.left_out == [LeftOut("cases", "cases", Why.ROWS, 3)]


@pytest.mark.parametrize("page", ["", "#7"])
def test_evidence_follows_its_file_to_the_copy(page):
    content = {"technology": {"route_diagram": f"{FILE}{page}"}}

    def offered(source: str) -> Any:
        return {COPY} if source == "attachment.flow_diagram" else set()

    came = carry(SOURCE, content, offered=offered, files={FILE: COPY})
    stayed = carry(SOURCE, content, offered=offered)

    assert came.sections == {"technology": {"route_diagram": f"{COPY}{page}"}}
    assert stayed.sections == {}
    assert stayed.left_out == [LeftOut("technology", "route_diagram", Why.FILE, f"{FILE}{page}")]


def test_what_is_only_too_long_or_too_large_stays_for_the_checks():
    def change(sections: dict[str, Any]) -> None:
        technology = sections["technology"]
        field_of(technology, "title")["max_length"] = 10
        field_of(technology, "trl")["maximum"] = "5"

    content = {"technology": {"title": "A title that is too long", "trl": 9}}
    target = changed(change)
    made = carry(target, content)

    assert (made.sections, made.left_out) == (content, [])
    assert {one.field for one in target.faults(made.sections, known)} == {"trl"}
    days = Days(opened=dt.date(2026, 1, 1), today=dt.date(2026, 6, 1))
    assert {one.field for one in target.contradictions(made.sections, days)} == {"title"}


def test_a_text_of_paragraphs_does_not_go_into_one_line():
    def change(sections: dict[str, Any]) -> None:
        summary = field_of(sections["technology"], "summary")
        del summary["max_words"]
        summary["kind"], summary["max_length"] = "text", 500

    target = changed(change)

    for text, left in (("One line.", []), ("Two\nlines.", [Why.KIND])):
        made = carry(target, {"technology": {"summary": text}})
        assert [one.why for one in made.left_out] == left


@pytest.mark.parametrize("nonsense", [None, [], {"technology": []}, {"unknown": {"a": 1}}])
def test_what_is_no_document_brings_nothing(nonsense):
    assert carry(SOURCE, nonsense).sections == {}
