"""Site maps: valid, every public page in every language, nothing that is not public."""

import datetime as dt
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import resolve

from catalog import urls
from catalog.harvest import sitemaps
from core import rights
from tests.builders import accounts, catalog, collections, earlier
from tests.catalog.harvest.reading import parsed, valid

pytestmark = pytest.mark.django_db

MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
ORIGIN = "https://pool.example.org"


@pytest.fixture(autouse=True)
def at_home(settings: Any) -> None:
    settings.PORTAL_ORIGIN = ORIGIN


def read(path: str) -> Any:
    answer = Client().get(path)
    assert answer.status_code == 200
    assert not answer.cookies
    return valid(parsed(answer), "sitemap.xsd", "xhtml-link.xsd")


def addresses(root: Any) -> list[str]:
    return [one.text for one in root.iter(f"{MAP}loc")]


def everything() -> list[str]:
    """Follow the index as a crawler does; return all addresses of pages."""
    found = []
    for path in addresses(read("/sitemap.xml")):
        found += addresses(read(path.removeprefix(ORIGIN)))
    return found


def test_a_page_stands_there_in_every_language_with_the_others_beside_it():
    technology = catalog.technology()
    catalog.numbered()

    (block,) = addresses(read("/sitemap.xml"))[1:]
    root = read(block.removeprefix(ORIGIN))

    there = {
        "en": f"{ORIGIN}/en/catalogue/{technology.pk}/",
        "zh-Hans": f"{ORIGIN}/zh-hans/catalogue/{technology.pk}/",
        "ar": f"{ORIGIN}/ar/catalogue/{technology.pk}/",
    }
    assert addresses(root)[:3] == list(there.values())
    for url in list(root.iter(f"{MAP}url"))[:3]:
        links = {one.get("hreflang"): one.get("href") for one in url if one.get("rel")}
        assert links == {**there, "x-default": there["en"]}
    assert addresses(root)[3:] == [
        one.replace(str(technology.pk), f"by/holder/{technology.holder_id}")
        for one in there.values()
    ]
    at = technology.changes.get().at.astimezone(dt.UTC)
    assert {one.text for one in root.iter(f"{MAP}lastmod")} == {at.strftime("%Y-%m-%dT%H:%M:%SZ")}


# Public, and no page of its own to be found by: files, forms, what links in mails lead to, parts
# of other pages.
NO_PAGES = {
    *("feed-atom", "feed-rss", "technology-record", "technology-bib", "technology-ris"),
    *("technology-sheet", "technology-version", "technology-versions", "compare", "compare-csv"),
    *("reference-cases-csv", "statistics-csv", "enquiry-form", "enquiry", "enquiry-step"),
    *("save-search", "saved-search", "saved-search-confirm", "saved-search-end"),
}


def test_every_public_page_of_the_catalogue_is_there():
    catalog.technology()
    earlier.technology()
    collections.published()
    catalog.numbered()

    told = everything()

    names = {resolve(urlsplit(one).path).view_name for one in told if f"{ORIGIN}/en/" in one}
    public = {
        f"catalog:{one.name}"
        for one in urls.urlpatterns
        if one.name not in NO_PAGES and rights.address_of(f"catalog:{one.name}") == rights.PUBLIC
    }
    assert names == {*public, "home"}
    assert len(told) == len(set(told))
    client = Client()
    for one in told:
        if "/zh-hans/" in one and ("/by/" not in one or one.endswith(("/NO/", "/WAT/", "/CPEC/"))):
            assert client.get(one.removeprefix(ORIGIN)).status_code == 200


def test_what_nobody_may_see_yet_is_in_no_site_map():
    hidden, shown = collections.draft(), collections.published()

    told = everything()

    assert f"{ORIGIN}/ar/catalogue/collections/{shown.code}/" in told
    assert not [one for one in told if hidden.code in one]


def test_a_holder_stands_in_the_file_of_its_first_technology_that_is_listed(monkeypatch):
    monkeypatch.setattr(sitemaps, "MOST", 6)
    gone, first, second = (
        catalog.technology(holder=holder) for holder in [accounts.organisation()] * 3
    )
    catalog.take(gone, "suspend")
    catalog.numbered()

    def of(one):
        return addresses(read(f"/sitemap/{one.place // sitemaps.places()}.xml"))

    holder = f"{ORIGIN}/en/catalogue/by/holder/{first.holder_id}/"
    assert [holder in of(first), holder in of(second)] == [True, False]
    assert everything().count(holder) == 1


@pytest.mark.parametrize("step", ["suspend", "withdraw", "revoke"])
def test_what_is_not_listed_is_in_no_site_map(step):
    gone = catalog.technology()
    kept = catalog.technology()
    catalog.take(gone, step)
    catalog.numbered()

    told = " ".join(everything())

    assert str(gone.pk) not in told
    assert str(kept.pk) in told


def test_a_long_catalogue_is_split_by_place_and_nothing_is_lost(monkeypatch):
    monkeypatch.setattr(sitemaps, "MOST", 12)  # two technologies a file, with their holders
    technologies = catalog.technologies(5)
    catalog.numbered()

    files = addresses(read("/sitemap.xml"))[1:]

    assert len(files) in (3, 4)
    told = everything()
    assert all(len(addresses(read(one.removeprefix(ORIGIN)))) <= 12 for one in files)
    assert {f"{ORIGIN}/ar/catalogue/{one.pk}/" for one in technologies} <= set(told)
    assert len(told) == len(set(told))


@pytest.mark.parametrize("path", ["/sitemap/999.xml", "/sitemap/99999999999999999999.xml"])
def test_a_file_with_nothing_in_it_is_not_there(path):
    assert Client().get(path).status_code == 404


def test_robots_are_shown_the_site_map_and_kept_from_what_is_no_page():
    answer = Client().get("/robots.txt")

    lines = answer.content.decode().splitlines()
    assert lines[-1] == f"Sitemap: {ORIGIN}/sitemap.xml"
    assert "Disallow: /*/catalogue/?" in lines
    assert answer["Content-Type"] == "text/plain; charset=utf-8"


def test_who_has_it_is_not_sent_it_again():
    first = Client().get("/sitemap.xml")

    again = Client().get("/sitemap.xml", headers={"if-none-match": first["ETag"]})

    assert (again.status_code, again.content) == (304, b"")
    assert first["Cache-Control"] == "public, no-cache"


def test_what_one_has_is_not_made_again(monkeypatch):
    """The version is asked for, and nothing that is listed is read."""
    one = catalog.technology()
    catalog.numbered()
    made = [
        ("/sitemap.xml", {}),
        ("/sitemap/pages.xml", {}),
        (f"/sitemap/{one.place // sitemaps.places()}.xml", {}),
        ("/catalogue/dcat.ttl", {}),
        ("/catalogue/dcat", {"accept": "application/ld+json"}),
    ]
    tags = [Client().get(path, headers=headers)["ETag"] for path, headers in made]
    assert len(set(tags)) == len(made)

    for (path, headers), tag in zip(made, tags, strict=True):
        with CaptureQueriesContext(connection) as captured:
            again = Client().get(path, headers={**headers, "if-none-match": tag})
        assert (again.status_code, again["ETag"], len(captured)) == (304, tag, 1)

    catalog.take(one, "suspend")
    catalog.technology()
    catalog.numbered()
    for (path, headers), tag in zip(made[3:], tags[3:], strict=True):
        assert Client().get(path, headers={**headers, "if-none-match": tag}).status_code == 200


def test_the_same_path_in_another_form_has_another_tag():
    catalog.technology()
    catalog.numbered()
    turtle, json_ld = (
        Client().get("/catalogue/dcat", headers={"accept": kind})
        for kind in ("text/turtle", "application/ld+json")
    )

    assert turtle["ETag"] != json_ld["ETag"]


def test_a_collection_that_is_published_is_in_the_site_map_at_once():
    catalog.technology()
    catalog.numbered()
    before = Client().get("/sitemap/pages.xml")["ETag"]
    one = collections.published()
    catalog.numbered()

    after = Client().get("/sitemap/pages.xml", headers={"if-none-match": before})

    assert f"/en/catalogue/collections/{one.code}/" in after.content.decode()
