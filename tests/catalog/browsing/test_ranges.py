"""What a record states, as spans that can be compared."""

import pytest

from catalog.browsing import ranges
from catalog.browsing.ranges import Measure, Span


def test_rows_of_one_indicator_in_two_units_make_one_span():
    record = {
        "indicators": [
            {"indicator": "wat-flow", "minimum": "100", "maximum": "400", "unit": "m3/d"},
            {"indicator": "wat-flow", "typical": "50", "unit": "m3/h"},
            {"indicator": "wat-removal-cod", "typical": "95", "unit": "%"},
            {"name": "Taste", "typical": "9", "unit_other": "points"},
            {"indicator": "wat-removal-bod5", "as_stated": "up to 80", "unit": "%"},
        ]
    }

    assert ranges.spans_of(record) == [
        Span(Measure("indicator", "wat-flow", "m3/d"), 100.0, 1200.0),
        Span(Measure("indicator", "wat-removal-cod", "%"), 95.0, 95.0),
    ]


def test_prices_are_compared_in_one_currency_and_for_one_unit():
    record = {
        "economics": {
            "scale": "10",
            "scale_unit": "t/h",
            "currency": "CNY",
            "unit_investment": "4800",
            "unit_investment_per": "m3/h",
            "operating_total": "0.002",
            "operating_per": "L",
        }
    }

    assert ranges.spans_of(record) == [
        Span(Measure("capacity", "", "t/d"), 240.0, 240.0),
        Span(Measure("investment", "CNY", "m3/d"), 200.0, 200.0),
        Span(Measure("operating", "CNY", "m3"), 2.0, 2.0),
    ]


@pytest.mark.parametrize(
    "told", [{"scale": "10"}, {"scale_unit": "t/h"}, {"unit_investment": "5", "currency": "CNY"}]
)
def test_a_figure_without_its_unit_or_currency_is_compared_with_nothing(told):
    assert ranges.spans_of({"economics": told}) == []


def test_a_measure_is_read_as_it_is_written():
    measure = Measure("operating", "CNY", "1000Nm3")

    assert str(measure) == "operating|CNY|1000Nm3"
    assert ranges.measure(str(measure)) == measure


@pytest.mark.parametrize("text", ["", "operating", "a|b|c", "capacity||", "capacity|x|y|z"])
def test_what_is_no_measure_is_refused(text):
    with pytest.raises(ValueError):
        ranges.measure(text)
