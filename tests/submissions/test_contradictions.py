"""What cannot be is named at its place; what can be is let alone."""

import datetime as dt
import json
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from submissions.activities import SCHEMES
from submissions.scheme import load
from submissions.scheme.contradictions import Days
from tests.builders.submissions import content

DAYS = Days(opened=dt.date(2026, 3, 1), today=dt.date(2026, 3, 31))
SCHEME = load(json.loads((SCHEMES / "demo-3.json").read_text(encoding="utf-8"))["sections"])


def found(document):
    return [(one.section, one.field, one.short) for one in SCHEME.contradictions(document, DAYS)]


def indicator(**values):
    return {"performance": {"indicators": [{"name": "COD"}, {"name": "SO₂", **values}]}}


def told(document):
    return [short for _section, _field, short in found(document)]


def test_text_keeps_to_what_its_field_takes():
    long = {"technology": {"title": "x" * 201, "summary": "word " * 301, "keywords": "x" * 300}}

    assert found(long) == [
        ("technology", "title", "Use at most 200 characters; these are 201."),
        ("technology", "summary", "Use at most 300 words; these are 301."),
    ]


def test_full_document_holds_none():
    document = content()
    document["commitment"]["signed_on"] = "2026-03-15"

    assert found(document) == []


@pytest.mark.parametrize(
    ("values", "at", "fault"),
    [
        ({"minimum": "90", "typical": "80"}, "minimum", "Minimum (90) is above Typical (80)."),
        (
            {"typical": "9.5", "maximum": "9.49"},
            "typical",
            "Typical (9.5) is above Maximum (9.49).",
        ),
        ({"minimum": "5", "maximum": "-5"}, "minimum", "Minimum (5) is above Maximum (-5)."),
    ],
)
def test_row_out_of_order_is_named_with_both_values(values, at, fault):
    assert found(indicator(**values)) == [("performance", f"indicators.1.{at}", fault)]


def test_message_for_the_list_says_which_row():
    (only,) = SCHEME.contradictions(indicator(minimum="2", maximum="1"), DAYS)

    assert only.message == "Indicators, row 2: Minimum (2) is above Maximum (1)."


@pytest.mark.parametrize(
    "values",
    [
        {"minimum": "80", "typical": "80.0", "maximum": "80.00"},
        {"minimum": "-5", "maximum": "5"},
        {"maximum": "1"},
        {"minimum": "9", "typical": "about 8"},  # a fault already, told as one
        {"minimum": "9", "as_stated": "up to 8"},
        {},
    ],
)
def test_row_in_order_is_let_alone(values):
    assert found(indicator(**values)) == []


NUMBERS = st.none() | st.decimals(-1000, 1000, places=3)


@given(NUMBERS, NUMBERS, NUMBERS)
def test_a_row_is_named_if_and_only_if_its_figures_fall(minimum, typical, maximum):
    row = {"minimum": minimum, "typical": typical, "maximum": maximum}
    row = {key: f"{value:f}" for key, value in row.items() if value is not None}
    figures = [Decimal(value) for value in row.values()]

    told_at = [field.rpartition(".")[2] for _section, field, _short in found(indicator(**row))]

    assert told_at == [
        key for key, (low, high) in zip(row, pairwise(figures), strict=False) if low > high
    ]
    assert bool(told_at) == (figures != sorted(figures))


LATE = "2027 is still to come; write a year up to 2026."


@pytest.mark.parametrize(
    ("document", "at"),
    [
        ({"technology": {"first_use_year": 2027}}, "first_use_year"),
        ({"cases": {"cases": [{"year": 2027}]}}, "cases.0.year"),
        ({"evidence": {"sources": [{"year": 2027}]}}, "sources.0.year"),
    ],
)
def test_year_to_come_is_named_wherever_a_year_is_asked_for(document, at):
    (section,) = document

    assert found(document) == [(section, at, LATE)]


@pytest.mark.parametrize("year", [1900, 2025, 2026, "2027", True, None])
def test_other_years_are_let_alone(year):
    assert found({"technology": {"first_use_year": year}}) == []


@pytest.mark.parametrize("day", ["2026-03-01", "2026-03-15", "2026-03-31"])
def test_signed_since_the_opening_is_let_alone(day):
    assert found({"commitment": {"signed_on": day}}) == []


@pytest.mark.parametrize(
    ("day", "fault"),
    [
        ("1900-01-01", "This is before the activity opened on 2026-03-01."),
        ("2026-02-28", "This is before the activity opened on 2026-03-01."),
        ("2026-04-01", "This day is still to come: today is 2026-03-31, Beijing time."),
    ],
)
def test_signed_before_the_opening_or_in_days_to_come_is_named(day, fault):
    assert found({"commitment": {"signed_on": day}}) == [("commitment", "signed_on", fault)]


@pytest.mark.parametrize("nonsense", [None, [], "text", {"commitment": "text"}, {"cases": 7}])
def test_what_cannot_be_read_is_left_to_the_faults(nonsense):
    assert found(nonsense) == []
    assert found({"cases": {"cases": ["one", None]}, "commitment": {"signed_on": "soon"}}) == []
