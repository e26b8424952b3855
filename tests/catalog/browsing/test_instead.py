"""Nothing was found: what may have been meant, and where to look."""

from typing import Any

import pytest
from django.test import Client

from catalog import indexing
from catalog.browsing import words
from tests.builders import catalog
from tests.catalog.addresses import address, asked, queries
from tests.reading import text

pytestmark = pytest.mark.django_db


@pytest.fixture
def some() -> None:
    catalog.technology(title="Desalination by membranes", title_zh="海水淡化膜过滤")
    catalog.technology(
        title="Photocatalytic oxidation", title_zh="光催化氧化", subcategory="AIR-05"
    )
    indexing.follow_reference()


def listed(**choices: Any) -> Any:
    return Client().get(address() + asked(**choices))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("desalinaton", "desalination"),
        ("Desalniation", "desalination"),  # two letters changed places
        ("photocatalitic oxydation", "photocatalytic oxidation"),
        ("海水淡化光催化", ""),  # no technology holds both
        ("膜过滤海水淡化", "膜过滤 海水淡化"),
        ("xyzzyx", ""),
        ("desalination", ""),  # found
    ],
)
def test_what_may_have_been_meant(some, typed, meant):
    answer = listed(q=typed)

    instead = answer.context.get("instead") or {"text": ""}
    assert instead["text"] == meant
    if meant:
        assert f"<strong>{meant}</strong></a>" in text(answer)
        assert Client().get(address() + instead["url"]).context["total"] == 1


def test_sub_categories_near_to_what_was_looked_for(some):
    answer = listed(q="volatile organic compounds of paint shops")

    labels = [one["label"] for one in answer.context["instead"]["subcategories"]]
    assert labels == ["Industrial volatile organic compounds (VOCs)"]


def test_filters_that_hide_what_was_found_are_told():
    catalog.technology(title="Membrane", subcategory="WAT-01")

    answer = listed(q="membrane", field="AIR")

    assert answer.context["total"] == 0
    assert answer.context["unfiltered"] == 1
    assert "Without the filters there is 1." in text(answer)
    assert Client().get(address() + answer.context["unfiltered_url"]).context["total"] == 1


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("membrnae", "membranes"),
        ("membrane", "membranes"),
        ("embran", ""),
        ("desalination", ""),  # it is there
    ],
)
def test_a_word_is_near_within_one_slip_or_two_in_a_long_one(typed, meant):
    words.note(["membranes desalination"])

    assert words.meant_by([typed]) == ({typed: meant} if meant else {})


def test_words_are_looked_up_together(django_assert_num_queries):
    words.note(["membranes desalination"])

    with django_assert_num_queries(1):
        found = words.meant_by(["membrnae", "xyzzyx", "desalinaton", "membrnae"])

    assert found == {"membrnae": "membranes", "desalinaton": "desalination"}


# Of a page: the version of the catalogue, the search. Of each way to ask: whether it finds
# something; and the words of the catalogue, and where Chinese may be parted.
PAGE, CLOSED_UP, WORDS, CORRECTED, PLACES, PARTED = 2, 1, 1, 1, 1, 1


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("过滤海水 " * 40, PAGE + PLACES + PARTED),
        ("膜过滤海水淡化" * 28 + "水", PAGE + PLACES),
        ("zxcvb " * 33, PAGE + WORDS),
        (
            "zig-zagg desalinaton " + "膜过滤海水淡化 " * 22,
            PAGE + CLOSED_UP + WORDS + CORRECTED + PLACES + PARTED,
        ),
    ],
)
def test_however_much_is_typed_the_database_is_asked_as_often(some, typed, expected):
    catalog.numbered()
    listed()  # names and index are at hand

    assert queries(address() + asked(q=f"{typed:.199}!")) == expected


def test_who_finds_nothing_is_told_whom_to_write_to(settings):
    settings.OFFICE_MAIL = "office@pool.example"
    page = Client().get(address() + "?q=unobtainium").content.decode()

    assert "mailto:office@pool.example" in page
    assert f"{address('save-search')}?q=unobtainium" in page


def test_without_an_address_of_the_office_only_the_mails_are_offered(settings):
    settings.OFFICE_MAIL = ""
    page = Client().get(address() + "?q=unobtainium").content.decode()

    assert "mailto:" not in page
    assert "Not in the pool yet?" in page
