"""Site maps: valid, every public page in every language, nothing that is not public."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from catalog.harvest import sitemaps
from tests.builders import catalog
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
    assert addresses(root) == list(there.values())
    for url in root.iter(f"{MAP}url"):
        links = {one.get("hreflang"): one.get("href") for one in url if one.get("rel")}
        assert links == {**there, "x-default": there["en"]}
    at = technology.changes.get().at.astimezone(dt.UTC)
    assert {one.text for one in root.iter(f"{MAP}lastmod")} == {at.strftime("%Y-%m-%dT%H:%M:%SZ")}


def test_the_other_public_pages_are_there_too():
    assert f"{ORIGIN}/zh-hans/catalogue/" in everything()
    assert len(everything()) == 3 * len(sitemaps.PAGES)


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
    monkeypatch.setattr(sitemaps, "MOST", 6)  # two technologies a file
    technologies = catalog.technologies(5)
    catalog.numbered()

    files = addresses(read("/sitemap.xml"))[1:]

    assert len(files) in (3, 4)
    told = everything()
    assert all(len(addresses(read(one.removeprefix(ORIGIN)))) <= 6 for one in files)
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
