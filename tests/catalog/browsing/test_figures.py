"""The list narrowed and sorted by what technologies state."""

import html
import re
from typing import Any

import pytest
from django.test import Client

from catalog.browsing.finding import PAGE
from tests.builders import catalog
from tests.catalog.addresses import address, asked
from tests.reading import text

pytestmark = pytest.mark.django_db

COD = "indicator|wat-removal-cod|%"
FLOW = "indicator|wat-flow|m3/d"


def removing(title: str, *figures: str) -> Any:
    rows = [{"indicator": "wat-removal-cod", "typical": one, "unit": "%"} for one in figures]
    return catalog.technology(title=title, indicators=rows)


def listed(**choices: Any) -> Any:
    answer = Client().get(address() + asked(**choices))
    assert answer.status_code == 200
    return answer


def titles(answer: Any) -> list[str]:
    return [str(row["title"]) for row in answer.context["rows"]]


@pytest.fixture
def four() -> None:
    removing("Eighty", "80")
    removing("Ninety to ninety-five", "90", "95")
    removing("Silent")
    removing("Ninety-nine", "99")


@pytest.mark.parametrize(
    ("bounds", "found"),
    [
        ({"least": "90"}, ["Ninety-nine", "Ninety to ninety-five"]),
        ({"most": "90"}, ["Ninety to ninety-five", "Eighty"]),
        ({"least": "92", "most": "93"}, ["Ninety to ninety-five"]),
        ({"least": "80", "most": "80"}, ["Eighty"]),
        ({"least": "99.1"}, []),
    ],
)
def test_a_bound_leaves_who_states_something_within_it(four, bounds, found):
    answer = listed(**{f"{side}.{COD}": value for side, value in bounds.items()})

    assert titles(answer) == found
    assert answer.context["total"] == len(found)


@pytest.mark.parametrize(
    "measure",
    [
        "investment|RMB|m3/d",
        "investment||m3/d",
        "operating|Buy at evil.example|m3",
        "capacity|x|m3/d",
        "capacity||m3/h",
        "investment|CNY|m3/h",
        "indicator|wat-flow|m3/h",
        "indicator|none|%",
    ],
)
def test_a_bound_on_what_nobody_can_state_is_left_out_and_said(four, measure):
    answer = listed(**{f"least.{measure}": "1"})

    assert len(titles(answer)) == 4
    assert answer.context["notices"] == [
        "A filter of this address is unknown here and was left out."
    ]
    assert "Buy at" not in text(answer)


def test_bounds_are_in_one_unit_whatever_the_unit_of_a_record():
    for title, value, unit in (("Hourly", "10", "m3/h"), ("Daily", "200", "m3/d")):
        catalog.technology(
            title=title, indicators=[{"indicator": "wat-flow", "typical": value, "unit": unit}]
        )

    assert titles(listed(**{f"least.{FLOW}": "240"})) == ["Hourly"]
    assert titles(listed(**{f"most.{FLOW}": "239"})) == ["Daily"]


def test_the_rows_say_what_they_state_on_what_was_asked(four):
    answer = listed(**{f"least.{COD}": "80"}, sort=f"low.{FLOW}")

    told = {str(row["title"]): row["figures"] for row in answer.context["rows"]}
    assert [one["value"] for one in told["Ninety to ninety-five"]] == ["90–95", "not stated"]
    assert told["Eighty"][0]["value"] == "80"
    assert told["Eighty"][0]["name"] == "Removal of chemical oxygen demand (COD) (%)"
    assert "Removal of chemical oxygen demand (COD) (%): <strong>80</strong>" in text(answer)


@pytest.mark.parametrize(
    ("order", "sequence"),
    [
        ("low", ["Eighty", "Ninety to ninety-five", "Ninety-nine", "Silent"]),
        ("high", ["Ninety-nine", "Ninety to ninety-five", "Eighty", "Silent"]),
    ],
)
def test_sorted_by_a_figure_those_who_state_none_come_last(four, order, sequence):
    assert titles(listed(sort=f"{order}.{COD}")) == sequence


@pytest.mark.parametrize("order", ["low", "high"])
def test_pages_by_a_figure_show_every_row_once_both_ways(order):
    for number in range(PAGE + 5):
        removing(f"States {number}", str(80 + number % 3))
    for number in range(PAGE):
        removing(f"Silent {number}")
    query = asked(sort=f"{order}.{COD}")

    answer = Client().get(address() + query)
    forward = [titles(answer)]
    while answer.context["next_url"]:
        answer = Client().get(address() + answer.context["next_url"])
        forward.append(titles(answer))
    backward = [titles(answer)]
    while answer.context["previous_url"]:
        answer = Client().get(address() + answer.context["previous_url"])
        backward.append(titles(answer))

    assert [len(page) for page in forward] == [PAGE, PAGE, 5]
    shown = [title for page in forward for title in page]
    assert len(set(shown)) == 2 * PAGE + 5
    assert all(title.startswith("States") for title in shown[: PAGE + 5])
    assert backward[::-1] == forward


@pytest.mark.parametrize(
    ("bounds", "why"),
    [
        ({"least": "many"}, "Write a number, for example 1234.5; words and units go elsewhere."),
        ({"least": "9", "most": "3"}, "The lowest figure is higher than the highest."),
    ],
)
def test_a_bound_that_cannot_be_is_told_at_its_place_and_above_and_stays_typed(four, bounds, why):
    answer = listed(**{f"{side}.{COD}": value for side, value in bounds.items()})

    assert answer.context["total"] == 4
    (notice,) = answer.context["notices"]
    assert notice.endswith(why)
    row = answer.context["figures"]["rows"][0]
    assert (row["measure"], row["error"]) == (COD, why)
    typed = {side["name"].partition(".")[0]: side["value"] for side in row["sides"]}
    assert typed == {"least": "", "most": "", **bounds}


@pytest.mark.parametrize("measure", ["price", "indicator|wat-removal-cod|furlong", "a|b|c"])
def test_a_measure_nobody_knows_is_told_and_left_out(four, measure):
    answer = listed(**{f"least.{measure}": "1"})

    assert answer.context["total"] == 4
    told = "A filter of this address is unknown here and was left out."
    assert answer.context["notices"] == [told]


def test_a_new_search_carries_the_bounds_as_they_were_typed(four):
    typed = {f"least.{COD}": "80", f"most.{COD}": "many {% now 'Y' %}", f"least.{FLOW}": "1"}
    answer = listed(q="ninety", sort=f"low.{COD}", field="WAT", **typed)

    (box,) = re.findall(r'<form[^>]*role="search".*?</form>', answer.content.decode(), re.DOTALL)

    hidden = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', box)
    carried = [(name, html.unescape(value)) for name, value in hidden]
    assert carried == [("field", "WAT"), *typed.items()]


def test_the_search_box_of_a_list_without_bounds_carries_none(four):
    box = listed(q="ninety").content.decode().partition('role="search"')[2].partition("</form>")[0]

    assert 'type="hidden"' not in box


def test_what_a_form_left_empty_is_not_in_the_address():
    answer = Client().get(
        address() + asked(q="cod", **{f"least.{COD}": "90", f"most.{COD}": "", "field": ""})
    )

    assert (answer.status_code, answer["Location"]) == (
        302,
        address() + asked(q="cod", **{f"least.{COD}": "90"}),
    )


def test_the_measures_offered_are_those_stated_most_by_what_was_found(four):
    catalog.technology(
        title="Flow", indicators=[{"indicator": "wat-flow", "typical": "1", "unit": "m3/d"}]
    )

    offered = listed().context["figures"]

    counts = {row["measure"]: row["count"] for row in [*offered["rows"], *offered["more"]]}
    assert counts[COD] == 3
    assert counts[FLOW] == 1
    assert offered["rows"][0]["measure"] == COD
