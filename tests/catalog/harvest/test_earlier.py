"""Technologies evaluated before the portal, which have no activity, are read by machines alike."""

from typing import Any

import pytest
from django.test import Client

from catalog.harvest.oai import own
from catalog.models import Technology
from tests.builders import catalog, earlier
from tests.catalog.addresses import address
from tests.catalog.harvest.reading import asked

pytestmark = pytest.mark.django_db

OWN = f"{{{own.NAMESPACE}}}"


@pytest.fixture
def technology() -> Technology:
    made = earlier.technology()
    catalog.numbered()
    return made


def test_a_harvester_gets_it_with_its_list(technology):
    for prefix in ("oai_dc", "tp"):
        root: Any = asked(verb="ListRecords", metadataPrefix=prefix)

    (record,) = root.iter(f"{OWN}record")
    assert record.findtext(f"{OWN}earlier/{OWN}list") == technology.content["earlier"]["list"]
    assert record.find(f"{OWN}activity") is None


@pytest.mark.parametrize(
    "path", ["/catalogue/dcat.ttl", "/catalogue/dcat.jsonld", "/en/catalogue/feed.atom"]
)
def test_it_is_there_in_every_form(technology, path):
    answer = Client().get(path)

    assert answer.status_code == 200
    assert technology.titles["en"] in answer.content.decode()


def test_its_page_tells_search_engines_of_it(technology):
    page = Client().get(address("technology-detail", technology.pk)).content.decode()

    assert '<script type="application/ld+json">' in page
