"""The pool in figures: what is listed, of what kinds, how it came and went."""

import csv
import io

import pytest
from django.utils import timezone

from catalog.overviews.charts import columns, length, shade
from catalog.overviews.statistics import FACETS
from tests.builders import catalog
from tests.catalog.addresses import address, queries
from tests.catalog.overviews.pages import page
from tests.reading import text

pytestmark = pytest.mark.django_db


# What the document of the builders states otherwise.
NOTHING = dict.fromkeys(("scale", "unit_investment", "operating_total"), "")


def chart(answer, name):
    (only,) = [one for one in answer.context["charts"] if one["name"] == name]
    return {row["label"]: row["number"] for row in only["rows"]}


def lines(name):
    answer = page("statistics-csv", name)
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_what_is_listed_is_counted_by_every_kind():
    catalog.technology(subcategory="WAT-01", maturity="commercial", evidence="vendor")
    catalog.technology(subcategory="AIR-01", maturity="commercial", country="CN")

    answer = page("statistics")

    assert answer.context["total"] == 2
    fields = chart(answer, "field")
    assert fields["Water pollution prevention and control"] == 1
    assert fields["Environmental monitoring"] == 0
    assert chart(answer, "country") == {"China": 1, "Norway": 1}
    assert chart(answer, "evidence") == {"Peer-reviewed publication": 1, "Supplier": 1}
    assert sum(chart(answer, "year").values()) == 2
    assert {one["name"] for one in answer.context["charts"]} >= {
        facet.replace("_", "-") for facet in FACETS
    }


def test_figures_that_are_stated_are_a_share_of_what_is_listed():
    price = {"unit_investment": "4800", "unit_investment_per": "m3/h", "currency": "CNY"}
    catalog.technology(economics=price, indicators=[])
    catalog.technology(economics=NOTHING, indicators=[])
    catalog.technology(
        economics=NOTHING,
        indicators=[{"indicator": "wat-removal-cod", "typical": "90", "unit": "%"}],
    )

    told = chart(page("statistics"), "figures")

    assert told["Indicators of performance"] == 1
    assert told["Unit investment"] == 1
    assert told["Any figure"] == 2


def test_states_and_changes_tell_what_became_of_listings():
    kept, away, gone = catalog.technologies(3)
    catalog.take(away, "suspend")
    catalog.take(gone, "revoke")

    answer = page("statistics")

    assert chart(answer, "state") == {
        "Listed": 1,
        "Suspended": 1,
        "Expired": 0,
        "Withdrawn": 0,
        "Revoked": 1,
    }
    now = timezone.localtime()
    (year,) = answer.context["years"]["rows"]
    heads = [column["label"] for column in answer.context["years"]["columns"]]
    told = dict(zip(heads, (cell["text"] for cell in year), strict=True))
    assert (told["Year"], told["Listed"], told["Suspended"], told["Revoked"]) == (
        str(now.year),
        3,
        1,
        1,
    )
    assert lines("months")[1][:2] == [f"{now:%Y-%m}", "3"]
    assert kept.number not in text(answer)


def test_nothing_listed_is_said_and_not_drawn():
    answer = page("statistics")

    assert "Nothing was listed yet." in text(answer)
    assert "0 technologies are listed." in text(answer)


def test_a_file_holds_the_whole_chart_and_says_what_it_counts():
    catalog.technology(case_countries=("NO", "CN", "KZ"))

    assert lines("case-country") == [
        ["Country or region with a reference case", "Technologies"],
        ["China", "1"],
        ["Kazakhstan", "1"],
        ["Norway", "1"],
    ]
    assert lines("years")[0][0] == "Year"
    page("statistics-csv", "nothing", status=404)


def test_the_page_says_of_which_version_it_is():
    catalog.technology()

    assert "of the catalogue, " in page("statistics").context["as_of"]


def test_however_much_there_is_the_database_is_asked_as_often():
    catalog.technology()
    page("statistics")
    one = queries(address("statistics"))
    catalog.technologies(50)
    page("statistics")

    # The version, the states, the changes.
    assert one == queries(address("statistics")) == 3


def test_bars_shades_and_columns_are_in_proportion():
    assert [length(number, 200) for number in (0, 1, 100, 200)] == [0, 1, 50, 100]
    assert [shade(number, 100) for number in (0, 1, 20, 21, 100)] == [0, 1, 1, 2, 5]
    drawn = columns([("2025", 1), ("2026", 4)])
    assert [(one.x, one.y, one.height) for one in drawn.columns] == [(8, 75, 25), (40, 0, 100)]
    assert columns([]).columns == []
