"""Where reference cases are: the table, its tiles and its file."""

import csv
import io

import pytest

from tests.builders import catalog
from tests.catalog.addresses import address, asked, queries
from tests.catalog.overviews.pages import page
from tests.reading import text

pytestmark = pytest.mark.django_db

WATER, AIR = "Water pollution prevention and control", "Air pollution prevention and control"


def numbers(line):
    return {cell["field"]: cell["number"] for cell in line["cells"] if cell["number"]}


def test_a_technology_counts_in_each_country_and_once_in_a_total():
    catalog.technology(subcategory="WAT-01", case_countries=("KZ", "CN", "CN"))
    catalog.technology(subcategory="AIR-01", case_countries=("KZ", "KE"))

    answer = page("reference-cases")

    asia, africa = answer.context["regions"]
    assert {line["name"]: numbers(line) for line in asia["lines"]} == {
        "China": {WATER: 1},
        "Kazakhstan": {WATER: 1, AIR: 1},
    }
    assert (asia["total"]["number"], numbers(asia["total"])) == (2, {WATER: 1, AIR: 1})
    assert (africa["name"], africa["total"]["number"]) == ("Africa", 1)
    assert (answer.context["all"]["number"], numbers(answer.context["all"])) == (
        2,
        {WATER: 1, AIR: 1},
    )


def test_a_number_leads_to_the_technologies_it_counts():
    catalog.technology(subcategory="WAT-01", case_countries=("KZ",))

    said = text(page("reference-cases")).replace("&amp;", "&")

    assert f'href="{address()}{asked(field="WAT", case_country="KZ")}"' in said
    assert f'href="{address("by-country", "KZ")}"' in said


def test_the_more_the_darker_and_nobody_draws_a_border():
    catalog.technologies(5, case_countries=("KZ",))
    catalog.technology(case_countries=("UZ",))

    answer = page("reference-cases")

    (asia,) = answer.context["regions"]
    assert {tile["code"]: tile["shade"] for tile in asia["tiles"]} == {"KZ": 5, "UZ": 1}
    assert "no borders are drawn" in text(answer)


def test_without_a_case_there_is_no_table():
    assert "No listed technology states a reference case yet." in text(page("reference-cases"))


def test_the_file_holds_the_table():
    catalog.technology(subcategory="WAT-01", case_countries=("KZ",))

    answer = page("reference-cases-csv")

    heads, *lines = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    at = heads.index(WATER)
    assert [(line[:3], line[at], line[-1]) for line in lines] == [
        (["Asia", "KZ", "Kazakhstan"], "1", "1"),
        (["Asia", "", "Asia in all"], "1", "1"),
        (["", "", "All regions"], "1", "1"),
    ]


def test_the_database_is_asked_for_the_version_only():
    catalog.technology()
    page("reference-cases")
    one = queries(address("reference-cases"))
    catalog.technologies(50, case_countries=("KZ", "KE", "NO"))
    page("reference-cases")

    assert one == queries(address("reference-cases")) == 1
