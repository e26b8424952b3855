"""What search engines read in the pages: valid JSON, what they require, and nothing that runs."""

import datetime as dt
import json
import re
from typing import Any

import pytest
from django.test import Client

from catalog.models import Technology
from tests.builders import catalog
from tests.catalog.addresses import address

pytestmark = pytest.mark.django_db

ORIGIN = "https://pool.example.org"
BLOCK = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)
# What Google's guide to data sets requires and recommends; of a description, 50 to 5,000 signs.
DATASET = {
    *("@type", "@id", "url", "identifier", "name", "description", "keywords", "creator"),
    *("publisher", "distribution", "includedInDataCatalog", "isAccessibleForFree"),
    *("datePublished", "dateModified", "spatialCoverage", "inLanguage"),
}


@pytest.fixture(autouse=True)
def at_home(settings: Any) -> None:
    settings.PORTAL_ORIGIN = ORIGIN


def told(path: str) -> Any:
    page = Client().get(path).content.decode()
    (block,) = BLOCK.findall(page)
    return json.loads(block)


def test_the_page_of_a_technology_is_about_its_record():
    technology = catalog.technology(title="Membrane", title_zh="膜", case_countries=("NO", "KZ"))

    page = told(address("technology-detail", technology.pk))

    assert (page["@context"], page["@type"]) == ("https://schema.org", "ItemPage")
    assert page["url"] == f"{ORIGIN}/en/catalogue/{technology.pk}/"
    dataset = page["mainEntity"]
    assert dataset.keys() >= DATASET
    assert dataset["@type"] == "Dataset"
    assert (dataset["name"], dataset["alternateName"]) == ("Membrane", ["膜"])
    assert 50 <= len(dataset["description"]) <= 5000
    assert dataset["creator"]["name"] == technology.holder.name_en
    assert [one["name"] for one in dataset["spatialCoverage"]] == ["Kazakhstan", "Norway"]
    (download,) = dataset["distribution"]
    assert download["contentUrl"] == f"{ORIGIN}/en/catalogue/{technology.pk}/record.json"


def test_the_day_of_a_change_is_that_of_the_portal():
    at = dt.datetime(2026, 3, 1, 20, 0, tzinfo=dt.UTC)  # four in the morning in Beijing
    technology = catalog.technology()
    Technology.objects.filter(pk=technology.pk).update(changed_at=at)

    page = told(address("technology-detail", technology.pk))

    assert page["mainEntity"]["dateModified"] == "2026-03-02"


def test_in_chinese_it_says_the_chinese_names():
    technology = catalog.technology(title="Membrane", title_zh="膜")

    page = told(address("technology-detail", technology.pk, language="zh-hans"))

    assert (page["name"], page["inLanguage"]) == ("膜", "zh-Hans")
    assert page["mainEntity"]["publisher"]["name"] == "生态环境部对外合作与交流中心"


@pytest.mark.parametrize("long", ["</script><script>alert(1)</script>", "x" * 6000, "&<!--"])
def test_no_text_ends_the_block_or_grows_too_long(long):
    technology = catalog.technology(title="A </script> B", summary=long)

    page = told(address("technology-detail", technology.pk))

    assert page["name"] == "A </script> B"
    assert 50 <= len(page["mainEntity"]["description"]) <= 5000
    assert page["mainEntity"]["description"].startswith(long[:40])


def test_terms_that_are_an_address_are_a_licence_and_others_a_text(settings):
    technology = catalog.technology()
    path = address("technology-detail", technology.pk)

    settings.CATALOGUE_TERMS = ""
    assert "number and address" in told(path)["mainEntity"]["conditionsOfAccess"]
    settings.CATALOGUE_TERMS = "https://pool.example.org/terms"
    assert told(path)["mainEntity"]["license"] == "https://pool.example.org/terms"


def test_the_list_is_a_data_catalogue():
    catalog.technology()
    catalog.numbered()

    page = told(address())

    assert page["@type"] == "DataCatalog"
    assert page["url"] == f"{ORIGIN}/en/catalogue/"
    assert page.keys() >= {"name", "description", "publisher"}


def test_a_technology_that_is_not_listed_tells_search_engines_nothing():
    technology = catalog.technology()
    catalog.take(technology, "suspend")

    page = Client().get(address("technology-detail", technology.pk)).content.decode()

    assert BLOCK.findall(page) == []
