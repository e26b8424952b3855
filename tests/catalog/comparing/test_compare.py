"""Technologies side by side."""

import csv
import datetime as dt
import io
from typing import Any

import pytest
from django.test import Client

from catalog import publishing
from tests.builders import catalog
from tests.catalog.addresses import address, asked, queries
from tests.reading import text

pytestmark = pytest.mark.django_db


def side_by_side(*numbers: str, name: str = "compare", language: str = "en") -> Any:
    answer = Client().get(address(name, language=language) + asked(**{"with": numbers}))
    assert answer.status_code == 200
    return answer


def table(answer: Any) -> dict[str, list[list[str]]]:
    """Return the lines of each cell, by the label of the row."""
    return {
        row.label: [cell.lines for cell in row.cells]
        for part in answer.context["parts"]
        for row in part.rows
    }


def stating(*rows: dict[str, str], **more: Any) -> Any:
    return catalog.technology(indicators=list(rows), **more)


def test_figures_on_one_measure_stand_in_one_row_and_unit():
    hourly = stating({"indicator": "wat-flow", "typical": "10", "unit": "m3/h"})
    daily = stating(
        {"indicator": "wat-flow", "minimum": "100", "maximum": "400", "unit": "m3/d"},
    )

    rows = table(side_by_side(hourly.number, daily.number))

    assert rows["Flow (m³/d)"] == [["240 (stated: 10 m³/h)"], ["100–400"]]


@pytest.mark.parametrize(
    ("indicator", "unit", "stated", "label", "told"),
    [
        ("mon-detection-limit", "ppt", "0.3", "Detection limit (ppm)", "0.0000003"),
        ("soi-depth", "nm", "5", "Depth of treatment (m)", "0.000000005"),
        ("soi-depth", "mm", "12345678.9", "Depth of treatment (m)", "12345.6789"),
        ("wat-flow", "m3/h", "0", "Flow (m³/d)", "0"),
        ("wat-flow", "m3/h", "0.0001", "Flow (m³/d)", "0.0024"),
    ],
)
def test_however_small_a_figure_is_it_is_told(indicator, unit, stated, label, told):
    one = stating({"indicator": indicator, "typical": stated, "unit": unit})

    (line,) = table(side_by_side(one.number))[label][0]

    symbol = {"m3/h": "m³/h"}.get(unit, unit)
    assert line == f"{told} (stated: {stated} {symbol})"


@pytest.mark.parametrize(
    ("language", "label", "day"),
    [("en", "Valid until", "1 March 2031"), ("zh-hans", "有效期至", "2031年3月1日")],
)
def test_a_day_is_written_as_the_reader_does_and_in_the_file_as_machines_do(
    monkeypatch, language, label, day
):
    monkeypatch.setattr(publishing, "years_after", lambda _day, _years: dt.date(2031, 3, 1))
    one = catalog.technology()

    page = side_by_side(one.number, language=language)
    file = side_by_side(one.number, name="compare-csv", language=language)

    assert table(page)[label] == [[day]]
    assert f"{label},2031-03-01" in file.content.decode()


def test_a_condition_stands_with_its_figure_and_what_is_missing_is_said():
    told = stating(
        {
            "indicator": "wat-removal-cod",
            "minimum": "90",
            "maximum": "95",
            "typical": "93",
            "unit": "%",
            "condition": "below 500 mg/L",
        },
    )
    silent = stating()

    answer = side_by_side(told.number, silent.number)

    label = "Removal of chemical oxygen demand (COD) (%)"
    assert table(answer)[label] == [["90–95, typically 93 – below 500 mg/L"], []]
    assert '<td class="quiet">not stated</td>' in text(answer)


def test_prices_say_currency_unit_and_year_or_that_there_is_none():
    price = {"unit_investment": "4800", "unit_investment_per": "m3/h", "currency": "CNY"}
    dated = catalog.technology(economics={**price, "price_year": "2021"})
    undated = catalog.technology(economics={**price, "price_year": ""})

    rows = table(side_by_side(dated.number, undated.number))

    assert rows["Unit investment (CNY per m³/d)"] == [
        ["200 – prices of 2021"],
        ["200 – year of the prices not stated"],
    ]


def test_what_the_holder_names_in_own_words_is_aligned_by_the_name():
    one = stating({"name": "Taste", "typical": "8", "unit_other": "points"})
    other = stating({"name": "Taste", "as_stated": "very good"})

    assert table(side_by_side(one.number, other.number))["Taste"] == [["8 points"], ["very good"]]


def test_a_sixth_is_left_out_and_told():
    made = catalog.technologies(6)

    answer = side_by_side(*(one.number for one in made))

    assert answer.context["numbers"] == [one.number for one in made[:5]]
    told = "Five technologies are compared at most; these are the first five."
    assert answer.context["notices"] == [told]
    assert "Add a technology by its number" not in text(answer)


@pytest.mark.parametrize("step", ["suspend", "revoke"])
def test_what_is_not_listed_is_not_compared(step):
    there, gone = catalog.technology(title="Here"), catalog.technology(title="Membrane gone")
    catalog.take(gone, step)

    answer = side_by_side(there.number, gone.number, "GBR-1999-0001")

    assert answer.context["numbers"] == [there.number]
    assert answer.context["notices"] == [
        f"{gone.number} is not listed any more.",
        "There is no technology GBR-1999-0001.",
    ]
    assert "Membrane gone" not in text(answer)


def test_one_is_taken_away_and_added_by_its_address():
    one, two = catalog.technologies(2)
    answer = side_by_side(one.number, two.number)

    without = Client().get(answer.context["heads"][0]["without_url"])

    assert without.context["numbers"] == [two.number]
    typed = side_by_side(two.number, f" {one.number.lower()} ")
    assert typed.context["numbers"] == [two.number, one.number]


def test_nothing_chosen_says_what_to_do():
    assert "Mark technologies in the list, or give a number." in text(side_by_side())


def test_the_file_holds_the_table_and_computes_nothing():
    one = stating(
        {"name": "Dose", "as_stated": "=HYPERLINK(1)"},
        {"name": '=HYPERLINK("https://elsewhere.example")', "as_stated": "8"},
        {"indicator": "soi-temperature", "typical": "-5", "unit": "degC"},
        title="+Membrane",
    )
    answer = side_by_side(one.number, name="compare-csv")

    lines = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))

    assert lines[:2] == [["", "Number", one.number], ["", "Title", "'+Membrane"]]
    told = {label: value for _part, label, value in lines[2:]}
    assert told["Dose"] == "'=HYPERLINK(1)"
    assert told['\'=HYPERLINK("https://elsewhere.example")'] == "8"
    assert "-5" in told.values()
    assert answer["Content-Disposition"] == 'attachment; filename="comparison.csv"'


def test_the_list_leads_to_the_comparison():
    catalog.technologies(2)

    page = Client().get(address()).content.decode()

    assert f'action="{address("compare")}"' in page
    assert page.count('type="checkbox" name="with"') == 2


def test_however_much_is_stated_the_database_is_asked_as_often():
    few = catalog.technology()
    many = stating(
        *({"name": f"Row {number}", "typical": "1", "unit_other": "x"} for number in range(50)),
        case_countries=("NO",) * 50,
    )
    path = address("compare")
    queries(path + asked(**{"with": [few.number]}))

    assert queries(path + asked(**{"with": few.number})) == 2
    assert queries(path + asked(**{"with": [few.number, many.number]})) == 2
