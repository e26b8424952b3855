"""Feeds of any list, as a reader of news sees them."""

import datetime as dt
from typing import Any

import feedparser
import pytest
from django.test import Client

from tests.builders import catalog
from tests.catalog.addresses import address, asked

pytestmark = pytest.mark.django_db

ORIGIN = "https://pool.example.org"


@pytest.fixture(autouse=True)
def at_home(settings: Any) -> None:
    settings.PORTAL_ORIGIN = ORIGIN


def read(form: str, query: str = "", language: str = "en") -> Any:
    answer = Client().get(address(f"feed-{form}", language=language) + query)
    assert answer.status_code == 200
    assert not answer.cookies
    assert answer["Content-Type"] == f"application/{form}+xml; charset=utf-8"
    found = feedparser.parse(answer.content)
    assert not found.bozo, found.bozo_exception
    assert found.version == {"atom": "atom10", "rss": "rss20"}[form]
    return found


def titles(feed: Any) -> list[str]:
    return [one.title for one in feed.entries]


def links(feed: Any) -> dict[str, str]:
    return {one.rel: one.href for one in feed.feed.links}


@pytest.mark.parametrize("form", ["atom", "rss"])
def test_the_newest_come_first_with_an_identifier_that_stays(form):
    technologies = catalog.technologies(3)
    catalog.numbered()

    feed = read(form)

    assert titles(feed) == ["Technology 2", "Technology 1", "Technology 0"]
    newest = feed.entries[0]
    assert newest.id == f"tag:pool.example.org,2026:technology:{technologies[2].pk}"
    assert newest.link == f"{ORIGIN}/en/catalogue/{technologies[2].pk}/"
    assert newest.summary == "Treats leachate."


@pytest.mark.parametrize("form", ["atom", "rss"])
def test_a_feed_shows_what_its_list_shows_and_names_both(form):
    catalog.technology(title="Water one", subcategory="WAT-01", country="NO")
    catalog.technology(title="Water two", subcategory="WAT-01", country="CN")
    catalog.technology(title="Air one", subcategory="AIR-01")
    catalog.numbered()
    query = asked(q="one", field="WAT", country="NO")

    feed = read(form, query)

    assert titles(feed) == ["Water one"]
    assert links(feed)["self"] == f"{ORIGIN}/en/catalogue/feed.{form}{query}"
    page = feed.feed.link if form == "rss" else links(feed)["alternate"]
    assert page == f"{ORIGIN}/en/catalogue/{query}&sort=newest"
    assert "one" in feed.feed.title
    assert "Norway" in feed.feed.title


def test_a_feed_is_the_newest_whatever_its_list_is_sorted_by():
    catalog.technology(title="Membrane membrane", summary="Membrane.")
    catalog.technology(title="Newer with a membrane")
    catalog.numbered()

    assert titles(read("atom", asked(q="membrane")))[0] == "Newer with a membrane"


def test_what_changed_last_dates_the_feed():
    technology = catalog.technology(listed_at=dt.datetime(2026, 3, 2, 8, tzinfo=dt.UTC))
    catalog.numbered()
    at = technology.changes.get().at.astimezone(dt.UTC)

    feed = read("atom")

    assert feed.entries[0].published == "2026-03-02T08:00:00Z"
    assert feed.entries[0].updated == feed.feed.updated == at.strftime("%Y-%m-%dT%H:%M:%SZ")


@pytest.mark.parametrize("form", ["atom", "rss"])
def test_a_feed_in_another_language(form):
    catalog.technology(title="Membrane", title_zh="膜")
    catalog.numbered()

    feed = read(form, language="zh-hans")

    assert titles(feed) == ["膜"]
    assert feed.feed.language == "zh-Hans"
    assert feed.entries[0].link.startswith(f"{ORIGIN}/zh-hans/catalogue/")


@pytest.mark.parametrize("form", ["atom", "rss"])
@pytest.mark.parametrize("query", ["", asked(q="nothing of this kind")])
def test_an_empty_list_is_a_feed_too(form, query):
    assert read(form, query).entries == []


@pytest.mark.parametrize("form", ["atom", "rss"])
@pytest.mark.parametrize(
    "query",
    [
        "?field=NONE",
        "?field=WAT&country=XX",
        "?sort=y",
        "?after=x",
        "?least.colour=1",
        "?least.capacity||m3/d=many",
        f"?q={'a' * 201}",
    ],
)
def test_of_what_nobody_understands_there_is_no_feed(form, query):
    """It would be the feed of everything, and no reader of news sees a notice."""
    catalog.technology()
    catalog.numbered()

    assert Client().get(address(f"feed-{form}") + query).status_code == 404


def test_what_left_the_pool_leaves_the_feed():
    catalog.take(catalog.technology(), "revoke")
    catalog.numbered()

    assert read("rss").entries == []


def test_the_page_of_a_list_names_its_feeds():
    catalog.technology()
    catalog.numbered()

    page = Client().get(address() + asked(q="membrane", field="WAT")).content.decode()

    for form in ("atom", "rss"):
        assert f'href="/en/catalogue/feed.{form}?q=membrane&amp;field=WAT"' in page


def test_who_has_a_feed_is_not_sent_it_again():
    catalog.technology()
    catalog.numbered()
    path = address("feed-atom")
    known = Client().get(path)["ETag"]

    assert Client().get(path, headers={"if-none-match": known}).status_code == 304
    catalog.take(catalog.technology(), "suspend")
    catalog.technology()
    catalog.numbered()
    assert Client().get(path, headers={"if-none-match": known}).status_code == 200
