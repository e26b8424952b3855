"""Which technologies are related to one, and why."""

import pytest
from django.test import Client

from catalog import related
from catalog.browsing.held import held_at
from catalog.models import Technology
from catalog.related import Related
from catalog.version import version_now
from catalog.vocabulary import Vocabulary
from tests.builders import accounts, catalog
from tests.catalog.addresses import address
from tests.reading import text

pytestmark = pytest.mark.django_db
APART = {
    "subcategory": "AIR-01",
    "pollutants": ["so2"],
    "case_countries": ("KZ",),
}


def of(one: Technology) -> list[Related]:
    return related.to(one, Vocabulary(), held_at(version_now()))


def apart(**given) -> Technology:
    """Return one that shares nothing with others, but what is said."""
    return catalog.technology(**(APART | given))


def test_what_shares_nothing_is_not_related():
    one = catalog.technology()
    apart()

    assert of(one) == []


@pytest.mark.parametrize(
    ("shared", "reason"),
    [
        ({"subcategory": "WAT-01"}, "same sub-category"),
        ({"pollutants": ["cod", "so2"]}, "also treats Chemical oxygen demand (COD)"),
        ({"case_countries": ("NO", "KZ")}, "also a reference case in Norway"),
    ],
)
def test_each_trait_is_a_reason_in_words(shared, reason):
    one = catalog.technology(pollutants=["cod"], case_countries=("NO",))
    other = apart(**shared)

    (found,) = of(one)
    assert (found.number, found.reasons) == (other.number, (reason,))


def test_the_same_holder_is_a_reason():
    house = accounts.organisation()
    one, other = catalog.technology(holder=house), apart(holder=house)

    (found,) = of(one)
    assert (found.number, found.reasons) == (other.number, ("same holder",))


def test_what_shares_more_comes_first():
    one = catalog.technology(pollutants=["cod"], case_countries=("NO",))
    three = catalog.technology(pollutants=["cod"], case_countries=("NO",))
    two = catalog.technology(pollutants=["cod"], case_countries=("KZ",))
    first = apart(subcategory="WAT-01")

    assert [found.number for found in of(one)] == [three.number, two.number, first.number]


def test_there_are_six_at_most_the_newest_of_those_that_share_as_much():
    one = catalog.technology()
    others = catalog.technologies(8)

    numbers = [other.number for other in reversed(others)]
    assert [found.number for found in of(one)] == numbers[: related.MOST]


@pytest.mark.parametrize("step", ["suspend", "withdraw", "revoke"])
def test_what_is_not_listed_is_not_named(step):
    one = catalog.technology()
    catalog.take(catalog.technology(), step)

    assert of(one) == []


def test_what_names_no_pollutant_and_no_case_is_related_by_the_rest():
    one = catalog.technology(pollutants=[], case_countries=())
    other = catalog.technology(pollutants=[], case_countries=())

    assert [found.number for found in of(one)] == [other.number]


def test_two_questions_however_many_there_are(django_assert_num_queries):
    one, names = catalog.technology(), Vocabulary()
    catalog.technologies(50)
    held = held_at(version_now())

    with django_assert_num_queries(2):
        assert len(related.to(one, names, held)) == 6


@pytest.mark.parametrize("language", ["en", "zh-hans", "ar"])
def test_the_page_names_them(language):
    one, other = catalog.technology(), catalog.technology(title="Another one")

    page = text(Client().get(address("technology-detail", one.pk, language=language)))

    assert address("technology-detail", other.pk, language=language) in page
    assert "Another one" in page
