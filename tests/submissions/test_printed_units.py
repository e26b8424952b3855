"""A unit whose symbol is a word is printed in the reader's language; a symbol is for everybody."""

from typing import Any

import pytest
from django.utils import translation

from catalog.vocabulary import Vocabulary
from reference.units import WORDS
from submissions.choices import Choices, unit_codes
from tests.builders import submissions as build

pytestmark = pytest.mark.django_db


@pytest.fixture
def unit():
    [table] = build.scheme().load().section("performance").rows
    return next(one for one in table.fields if one.key == "unit")


def printed():
    """Return how the words among the units are printed in a record."""
    return {code: Vocabulary().unit[code] for code in sorted(WORDS)}


def test_a_record_names_them_in_the_language_of_the_page():
    said = {}
    for language in ("en", "zh-hans", "ar"):
        with translation.override(language):
            said[language] = printed()
            assert Vocabulary().unit["m3/d"] == "m³/d"

    assert said["en"] == said["ar"]
    assert list(said["en"].values()) == ["months", "mu", "persons", "sets", "sets/a"]
    assert list(said["zh-hans"].values()) == ["个月", "亩", "人", "台（套）", "台（套）每年"]


def test_a_declaration_offers_and_reads_them_so_too(unit):
    with translation.override("zh-hans"):
        groups: Any = Choices().of(unit)
        offered = {code: label for _name, group in groups for code, label in group}
        assert {code: Choices().label(unit, code) for code in WORDS} == printed()
        assert {code: offered[code] for code in WORDS} == printed()
        assert offered["mg/Nm3"] == "mg/Nm³"


@pytest.mark.parametrize("language", ["en", "zh-hans", "ar"])
def test_a_file_may_name_one_as_it_is_printed_in_any_language_or_by_its_symbol(language):
    with translation.override(language):
        codes = unit_codes()

    assert [codes[one] for one in ("人", "persons", "person")] == ["person"] * 3
    assert (codes["个月"], codes["m³/d"], codes["m3/d"]) == ("month", "m3/d", "m3/d")
    assert "立方米每日" not in codes
