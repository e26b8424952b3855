"""A technology as a line and as a row: the bytes its hash is taken of, and no formulas."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.harvest.rows import cell, line
from core.canonical import canonical_json

NAMES = st.text(st.characters(min_codepoint=32, max_codepoint=126))
TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(NAMES, VALUES, max_size=5))
def test_a_line_is_canonical_json(record: dict[str, Any]):
    assert line(record) == canonical_json(record)


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", "\r", "\n", "＝", "＋", "－", "＠"])
def test_no_cell_is_a_formula(start):
    assert cell(f"{start}1+1") == f"'{start}1+1"


def test_what_is_no_formula_stays_as_it_is():
    assert [cell(one) for one in ("a=b", "", None, True, 7)] == ["a=b", "", "", "true", "7"]
