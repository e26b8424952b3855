"""How often machines ask the database: as often for fifty as for one, exactly."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from catalog.browsing.held import forget
from catalog.harvest import sitemaps
from tests.builders import catalog
from tests.catalog.addresses import queries

pytestmark = pytest.mark.django_db

MANY = 50
OAI = {
    "/oai?verb=Identify": 2,
    "/oai?verb=ListMetadataFormats": 1,
    "/oai?verb=ListSets": 2,
    # The time; the changes, the technologies; the edition of the names.
    "/oai?verb=ListIdentifiers&metadataPrefix=oai_dc": 3,
    "/oai?verb=ListRecords&metadataPrefix=oai_dc": 4,
    "/oai?verb=ListRecords&metadataPrefix=tp&set=field:WAT&from=2020-01-01": 4,
    "/oai?verb=ListRecords&resumptionToken=0~tp~~~": 4,
}

# The edition of the names, or none; the page of technologies with when each changed.
LINKED = {
    "/catalogue/dcat.ttl": 2,
    "/catalogue/dcat.jsonld": 2,
    "/sitemap.xml": 1,
    "/sitemap/pages.xml": 4,  # the edition; collections, activities, earlier lists
    "/robots.txt": 0,
    "/oai/tp.xsd": 0,
}
PAGES = {
    "/en/catalogue/machines/": 0,
    "/en/catalogue/machines/fields/": 0,
    # The version, what is found, the technologies.
    "/en/catalogue/feed.atom": 2,
    "/ar/catalogue/feed.rss": 2,
    "/en/catalogue/feed.atom?q=leachate&field=WAT": 3,
}


def counted(addresses: dict[str, int]) -> dict[str, int]:
    catalog.numbered()
    return {address: queries(address) for address in addresses}


def same_for_one_and_for_fifty(addresses: dict[str, int]) -> None:
    catalog.technology()
    counted(addresses)  # names and index are at hand
    one = counted(addresses)
    catalog.technologies(MANY, title_zh="膜", case_countries=("NO", "CN"))
    catalog.numbered()
    forget()
    counted(addresses)

    assert one == counted(addresses) == addresses


def test_the_repository():
    same_for_one_and_for_fifty(OAI)


def test_linked_data_and_site_maps():
    same_for_one_and_for_fifty(LINKED)


def test_feeds_and_pages():
    same_for_one_and_for_fifty(PAGES)


def test_a_file_of_the_site_map():
    technology = catalog.technology()
    block = technology.place // sitemaps.places()
    path = f"/sitemap/{block}.xml"
    counted({path: 2})  # the index is at hand
    one = counted({path: 2})
    catalog.technologies(MANY)
    counted({path: 2})

    assert one == counted({path: 2}) == {path: 2}


def test_the_name_of_a_technology():
    technology = catalog.technology()
    path = f"/catalogue/{technology.pk}"
    counted({"/catalogue/dcat.ttl": 2})

    with CaptureQueriesContext(connection) as captured:
        Client().get(path, headers={"accept": "text/turtle"})

    assert len(captured) == 2  # the technology; the edition of the names
