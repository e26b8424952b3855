"""Two texts of one section: what differs, and that a choice loses nothing."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from submissions.activities import SCHEMES
from submissions.scheme import load
from submissions.scheme.differences import Side, differences, marks, merged

SCHEME = load(json.loads((SCHEMES / "demo-2.json").read_text(encoding="utf-8"))["sections"])
TECHNOLOGY, CASES = SCHEME.section("technology"), SCHEME.section("cases")
BEGUN = {"cases": [{"name": "A", "country": "NO"}, {"name": "B", "country": "NO"}]}
A, B, C, D = ({"name": name, "country": "NO"} for name in "ABCD")


def told(section, mine, stored, begun=""):
    return [(d.key, d.mine, d.stored) for d in differences(section, mine, stored, begun)]


def test_only_what_differs_is_told():
    mine = {"title": "Mine", "maturity": "pilot", "first_use_year": 0}
    stored = {"title": "Stored", "maturity": "pilot", "keywords": "a"}

    assert told(TECHNOLOGY, mine, stored) == [
        ("title", "Mine", "Stored"),
        ("first_use_year", 0, None),
        ("keywords", None, "a"),
    ]


@pytest.mark.parametrize(
    ("mine", "stored"),
    [
        ({"title": ""}, {}),
        ({"pollutants": []}, {}),
        ({"pollutants": ["cod", "pm"]}, {"pollutants": ["pm", "cod"]}),
    ],
)
def test_what_makes_no_difference_is_not_told(mine, stored):
    assert told(TECHNOLOGY, mine, stored) == []


def test_box_left_unticked_is_the_same_as_none():
    applicant = SCHEME.section("applicant")

    assert told(applicant, {"credit_statement": False}, {}) == []
    assert told(applicant, {"credit_statement": True}, {}) == [("credit_statement", True, None)]


@pytest.mark.parametrize(
    ("mine", "stored", "expected"),
    [
        ([A, B], [A, B], []),
        ([A, B], [A, C], [("cases.1", B, C)]),
        ([A, B, C], [A, C], [("cases.1", B, None)]),
        ([B], [A, B], [("cases.0", None, A)]),
        ([A, D], [B, C, D], [("cases.0", A, B), ("cases.1", None, C)]),
        ([], [A], [("cases.0", None, A)]),
    ],
)
def test_rows_are_laid_beside_each_other_by_what_is_equal(mine, stored, expected):
    assert told(CASES, {"cases": mine}, {"cases": stored}) == expected


def suggestions(mine, stored, begun):
    found = differences(TECHNOLOGY, mine, stored, marks(TECHNOLOGY, begun))
    return {one.key: one.suggestion for one in found}


def test_side_that_alone_was_changed_is_suggested():
    begun = {"title": "T", "keywords": "k", "route": "r"}
    mine = {"title": "Mine", "keywords": "k", "route": "mine"}
    stored = {"title": "T", "keywords": "stored", "route": "stored"}

    assert suggestions(mine, stored, begun) == {
        "title": Side.MINE,
        "keywords": Side.STORED,
        "route": None,
    }


def test_table_that_alone_was_changed_is_suggested_whole():
    begun = marks(CASES, {"cases": [A]})

    (only,) = differences(CASES, {"cases": [A]}, {"cases": [A, B]}, begun)

    assert only.suggestion is Side.STORED


@pytest.mark.parametrize(
    ("mine", "stored", "side"),
    [
        ([A, B, C], [A, B], Side.MINE),  # I added
        ([A], [A, B], Side.MINE),  # I removed
        ([A, B], [A, B, C], Side.STORED),  # somebody added
        ([A, B], [A], Side.STORED),  # somebody removed
        ([A, C], [A, B], Side.MINE),
        ([A, B], [A, C], Side.STORED),
        ([A, C], [A, D], None),
    ],
)
def test_row_is_known_again_by_itself(mine, stored, side):
    (only,) = differences(CASES, {"cases": mine}, {"cases": stored}, marks(CASES, BEGUN))

    assert only.suggestion is side


def test_without_a_beginning_nothing_is_suggested():
    (only,) = differences(TECHNOLOGY, {"title": "A"}, {"title": "B"}, "nonsense")

    assert only.suggestion is None


def test_choice_mixes_rows_but_no_cells():
    mine, stored = {"cases": [A, B]}, {"cases": [A, C, D]}

    kept = merged(CASES, mine, stored, {"cases.1": "mine", "cases.2": "stored"})

    assert kept == {"cases": [A, B, D]}


def test_difference_nobody_chose_is_an_error():
    with pytest.raises(KeyError):
        merged(TECHNOLOGY, {"title": "A"}, {"title": "B"}, {})


NAMES = st.lists(st.sampled_from([A, B, C, D]), max_size=5)


@given(NAMES, NAMES)
def test_all_of_one_side_is_that_side(mine, stored):
    found = differences(CASES, {"cases": mine}, {"cases": stored})

    for side, rows in ((Side.MINE, mine), (Side.STORED, stored)):
        chosen = {one.key: side for one in found}
        assert merged(CASES, {"cases": mine}, {"cases": stored}, chosen) == {"cases": rows}
    assert (not found) == (mine == stored)
