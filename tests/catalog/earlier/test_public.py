"""A technology of before the portal, on every public page: marked, sourced, without scores."""

import json

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.roles import Level
from catalog import standing
from core.canonical import content_hash
from tests.builders import accounts, catalog, earlier
from tests.catalog.addresses import address, asked
from tests.reading import text

pytestmark = pytest.mark.django_db

MARK, MARK_ZH = "Evaluated before the portal", "门户启用前评审"


def open_page(technology, language="en"):
    return text(Client().get(address("technology-detail", technology.pk, language=language)))


def test_the_page_says_which_list_states_it_and_shows_no_scores():
    technology = earlier.technology(
        title_zh="烟囱过滤器",
        summary_en="Catches dust.",
        indicators=[{"name": "dust", "as_stated": "≤ 5", "unit_other": "mg/m3"}],
        cases=[{"name": "Oslo works", "country": "NO", "year": 2018}],
    )

    page = open_page(technology)

    for said in (
        MARK,
        "without scores of the pool",
        "Technologies of 2019",
        "Bureau of the Environment",
        "Number in the list",
        "Catches dust.",
        "≤ 5",
        "Oslo works",
        "Listing in the pool is not a certification.",
    ):
        assert said in page
    for unsaid in ("Collection activity", "confirmed by the holder", "<h2>Evidence</h2>"):
        assert unsaid not in page
    assert "2019年技术名单" in open_page(technology, "zh-hans")


def test_a_grade_of_evidence_is_shown_where_the_list_states_one():
    stated = earlier.technology(evidence_grade="independent_verification")

    assert "Independent verification" in open_page(stated)


def test_a_translation_of_the_list_is_nobodys_confirmation():
    both = earlier.technology(title_zh="烟囱过滤器", summary_zh="除尘。", summary_en="Dust.")
    titled = earlier.technology(title_en="", title_zh="烟囱过滤器", summary_zh="除尘。")
    half = earlier.technology(title_zh="烟囱过滤器", summary_zh="除尘。")

    assert "Translation" not in open_page(both)
    assert "states only the title" not in open_page(titled)
    assert "In English the list states only the title." in open_page(half)


def test_the_row_of_the_list_is_marked_and_facets_count_it():
    earlier.technology(title_en="Marked one")
    catalog.technology(title="Other one")

    page = text(Client().get(address()))
    found = text(Client().get(address() + asked(q="marked")))
    none = text(Client().get(address() + asked(q="other")))

    assert page.count(MARK) == 1
    assert (MARK in found, MARK in none) == (True, False)


def test_a_declared_technology_is_not_marked():
    assert MARK not in open_page(catalog.technology())


def test_the_record_is_public_and_its_hash_is_true():
    technology = earlier.technology()

    answer = Client().get(address("technology-record", technology.pk))

    record = json.loads(answer.content)
    assert record["earlier"]["number"] == "1"
    assert content_hash(record) == technology.content_hash
    assert answer.cookies == {}


def test_the_page_asks_no_more_than_that_of_a_declared_one():
    def queries(one):
        with CaptureQueriesContext(connection) as captured:
            Client().get(address("technology-detail", one.pk))
        return len(captured)

    assert queries(earlier.technology()) <= queries(catalog.technology())


def test_a_withdrawn_one_leaves_a_tombstone_and_one_that_comes_back_its_record():
    technology = earlier.technology()
    whole = technology.content

    catalog.take(technology, "suspend")
    resumed = catalog.take(technology, "resume")
    assert resumed.content == whole
    catalog.take(technology, "withdraw")
    assert Client().get(address("technology-detail", technology.pk)).status_code == 410


def test_the_holder_has_a_page_of_the_listing():
    house = accounts.verified(accounts.organisation())
    technology = earlier.technology(house)
    client = accounts.signed_in(accounts.member(Level.VIEW, house))

    assert technology.holder == house
    assert client.get(reverse("catalog:listing", args=[technology.pk])).status_code == 200


def test_the_standing_of_declarations_knows_nothing_of_it():
    earlier.technology()
    declared = catalog.technology().case.declaration

    assert list(standing.of([declared])) == [declared.pk]
