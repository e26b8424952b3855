"""Rows left blank are none; what names a row by its number goes on naming it."""

import pytest

from submissions.choices import Choices
from submissions.scheme import load
from submissions.section_forms import typed
from tests.builders import submissions as build
from tests.submissions.test_section_forms import post, rows

pytestmark = pytest.mark.django_db

TYPED = {
    "cases": ({}, {"name": "A"}, {}, {"name": "B"}),
    "measurements": (
        {"case": "4"},
        {"case": "1"},  # names a row that is none
        {"case": "9"},
        {"case": "2", "measured_inlet": "5"},
    ),
}


def test_a_blank_row_above_leaves_everything_with_its_plant():
    """Measurements name a plant by its number on the page, where blank rows count."""
    section = load(build.shipped(version=3)["sections"]).section("cases")
    data = post()
    for table in section.rows:
        data.update(rows(f"cases-{table.key}", *TYPED.get(table.key, ())))

    entry = typed(section, Choices(), data)

    assert entry.is_valid()
    assert entry.values() == {
        "cases": [{"name": "A"}, {"name": "B"}],
        "measurements": [{"case": 2}, {"case": 9}, {"case": 1, "measured_inlet": "5"}],
    }
