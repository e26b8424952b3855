"""Pages of fields, sub-categories, countries and corridors."""

import pytest

from reference.models import CorridorMembership
from tests.builders import catalog
from tests.catalog.addresses import address, asked, queries
from tests.catalog.overviews.pages import counted, page, part, titles
from tests.reading import heading, text

pytestmark = pytest.mark.django_db

HERE, HELD = "With a reference case here", "Held here"


def test_a_field_counts_its_sub_categories_and_shows_the_newest():
    catalog.technology(title="Old", subcategory="WAT-01")
    catalog.technology(title="New", subcategory="WAT-02", country="CN")
    catalog.technology(title="Dust", subcategory="AIR-01")

    answer = page("by-field", "WAT")

    assert heading(answer) == "Water pollution prevention and control"
    only = part(answer, "Listed in this field")
    assert (only["total"], titles(only["rows"])) == (2, ["New", "Old"])
    numbers = [one["count"] for one in answer.context["subcategories"]["options"]]
    assert (sum(numbers), 0 in numbers) == (2, True)
    assert counted(only["groups"])["Country or region of the holder"] == {"China": 1, "Norway": 1}


def test_the_numbers_lead_to_the_list_narrowed_to_them():
    catalog.technology(subcategory="WAT-01", case_countries=("KZ",))

    (only,) = page("by-subcategory", "WAT-01").context["parts"]

    (kazakhstan,) = [
        option
        for group in only["groups"]
        for option in group["options"]
        if option["label"] == "Kazakhstan"
    ]
    both = address() + asked(subcategory="WAT-01", case_country="KZ")
    assert (only["list_url"], kazakhstan["url"]) == (address() + asked(subcategory="WAT-01"), both)


def test_a_sub_category_says_of_which_field_it_is():
    answer = page("by-subcategory", "WAT-01")

    assert answer.context["above"] == {
        "label": "Water pollution prevention and control",
        "url": address("by-field", "WAT"),
    }


def test_a_country_parts_what_is_held_there_from_what_was_applied_there():
    catalog.technology(title="Held", country="KZ", case_countries=("NO",))
    catalog.technology(title="Applied", country="NO", case_countries=("KZ",))

    answer = page("by-country", "KZ")

    assert titles(part(answer, HELD)["rows"]) == ["Held"]
    assert titles(part(answer, HERE)["rows"]) == ["Applied"]


def test_a_country_names_its_corridors_and_the_lists_that_differ():
    answer = page("by-country", "KZ")

    assert [one["label"] for one in answer.context["corridors"]] == [
        "New Eurasian Land Bridge Economic Corridor",
        "China–Central Asia–West Asia Economic Corridor",
    ]
    told = CorridorMembership.objects.filter(country="KZ")
    assert len(answer.context["lists"]) == told.count()
    assert all(one["source"] for one in answer.context["lists"])
    assert "Public lists differ" in text(answer)


def test_china_is_of_no_corridor_more_than_of_another():
    answer = page("by-country", "CN")

    assert answer.context["corridors"] == []
    assert "Every corridor begins in China" in text(answer)


def test_a_corridor_counts_cases_in_its_countries_but_not_by_the_wide_list():
    wide = CorridorMembership.objects.filter(corridor="CPEC", list="wide")
    narrow = CorridorMembership.objects.filter(corridor="CPEC").exclude(list="wide")
    only_wide = set(wide.values_list("country", flat=True)) - set(
        narrow.values_list("country", flat=True)
    )
    catalog.technology(case_countries=("PK",))
    catalog.technology(case_countries=tuple(sorted(only_wide))[:1] or ("NO",))

    answer = page("by-corridor", "CPEC")

    assert part(answer, "With a reference case in this corridor")["total"] == 1
    numbers = {row[0]["text"]: row[2]["text"] for row in answer.context["members"]["rows"]}
    assert (numbers["Pakistan"], numbers["China"]) == (1, None)


@pytest.mark.parametrize(
    ("name", "code"),
    [("by-field", "SOI"), ("by-subcategory", "WAT-02"), ("by-country", "TV")],
)
def test_a_code_nobody_uses_yet_says_so(name, code):
    catalog.technology()

    assert "No technology yet." in text(page(name, code))


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("by-field", "XXX"),
        ("by-subcategory", "WAT-99"),
        ("by-country", "no"),
        ("by-corridor", "SILK"),
    ],
)
def test_an_unknown_code_has_no_page(name, code):
    page(name, code, status=404)


def test_what_is_suspended_is_counted_nowhere():
    catalog.take(catalog.technology(title="Away"), "suspend")

    answer = page("by-field", "WAT")

    assert part(answer, "Listed in this field")["total"] == 0
    assert "Away" not in text(answer)


def test_the_names_of_places_carry_a_disclaimer():
    assert "no borders are drawn" in text(page("by-country", "KZ"))
    assert "no borders are drawn" in text(page("by-corridor", "CPEC"))


# The version, the newest technologies; for places the lists of corridors.
CODES = {"by-field": ("WAT", 2), "by-subcategory": ("WAT-01", 2), "by-country": ("NO", 3)}


def test_however_much_there_is_the_database_is_asked_as_often():
    catalog.technology()
    page("browse-by")
    few = {name: queries(address(name, code)) for name, (code, _number) in CODES.items()}
    catalog.technologies(50)
    page("browse-by")

    many = {name: queries(address(name, code)) for name, (code, _number) in CODES.items()}

    assert few == many == {name: number for name, (_code, number) in CODES.items()}
