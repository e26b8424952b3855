"""One spelling for what is written in several."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog import latin


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("desulphurisation", "desulfurization"),
        ("Odour of vapours", "Odor of vapors"),
        ("catalysed by an analyser", "catalyzed by an analyzer"),
        ("fibre, litres, centre", "fiber, liters, center"),
        ("modelling of aluminium", "modeling of aluminum"),
        ("1,000,000 m3", "1000000 m3"),
        ("110MW", "110 MW"),
        ("PM 2.5 and pm 10", "PM2.5 and pm10"),
        ("in-situ waste-to-energy", "in situ waste to energy"),
        ("off\u2011gas", "off gas"),
    ],
)
def test_two_ways_to_write_are_compared_as_one(one, other):
    assert latin.compared(one).lower() == latin.compared(other).lower()


@pytest.mark.parametrize(
    "text",
    [
        "filled filed drilling",
        "NH3-N",
        "GBR-2026-0001",
        "Pandora-2S",
        "mg/L m3/d kWh/t",
        '"carbon capture" -biomass',
        "all-or",
        "20,5 and 1,4 and 2,4-D",
        "PM 25 units",
    ],
)
def test_what_has_one_way_to_be_written_stays(text):
    assert latin.compared(text) == text


def test_hyphenated_words_are_closed_up_but_not_figures():
    assert latin.closed_up("zig-zag kiln, GBR-2026, NH3-N, -biomass") == (
        "zigzag kiln, GBR-2026, NH3-N, -biomass"
    )


@given(st.text())
def test_what_is_compared_once_is_compared(text):
    assert latin.compared(latin.compared(text)) == latin.compared(text)
