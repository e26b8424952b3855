"""The pages that tell whoever writes a program what there is, and under which names."""

from typing import Any

import pytest
from django.test import Client
from django.utils.translation import override

from catalog.harvest import dcat, schema_org
from catalog.harvest.mapping import MAPPING
from catalog.harvest.oai import dublin_core
from catalog.tasks import write_bulk
from catalog.vocabulary import Vocabulary, read
from tests.builders import catalog
from tests.catalog.addresses import address
from tests.reading import heading, text

pytestmark = pytest.mark.django_db

ORIGIN = "https://pool.example.org"


@pytest.fixture(autouse=True)
def at_home(settings: Any) -> None:
    settings.PORTAL_ORIGIN = ORIGIN
    settings.CATALOGUE_CONTACT = "office@example.org"


def test_every_way_is_named_with_its_address_and_answers():
    page = Client().get(address("machines"))

    told = [way["url"].removeprefix(ORIGIN) for way in page.context["ways"]]
    assert len(told) == 9
    for path in told:
        there = Client().get(path)
        assert there.status_code in (200, 503), path  # 503: files that are still to be written
        assert path in text(page)
    assert not page.cookies


def test_before_they_were_written_the_files_are_said_to_come():
    assert "They are being written." in text(Client().get(address("machines")))


@pytest.mark.django_db(transaction=True)
def test_the_files_are_there_with_their_checksums():
    catalog.technologies(2)
    write_bulk()

    page = Client().get(address("machines"))

    assert "2 technologies, as listed on" in text(page)
    for one in page.context["files"]["all"]:
        assert one["sha256"] in text(page)
        assert f'href="/catalogue/bulk/{one["name"]}"' in text(page)


def test_terms_are_a_text_or_a_link(settings):
    settings.CATALOGUE_TERMS = ""
    assert "Records may be read, kept and cited" in text(Client().get(address("machines")))
    settings.CATALOGUE_TERMS = "https://pool.example.org/terms"
    assert 'href="https://pool.example.org/terms"' in text(Client().get(address("machines")))


def test_every_page_leads_there():
    for path in ("/en/", address()):
        assert f'href="{address("machines")}"' in text(Client().get(path))


@pytest.mark.parametrize("language", ["en", "zh-hans", "ar"])
def test_the_mapping_is_a_table_of_every_field(language):
    page = Client().get(address("mapping", language=language))

    assert len(page.context["rows"]) == len(MAPPING)
    assert heading(page)
    assert "信息资源名称" in text(page)
    assert not page.cookies


def test_the_mapping_names_the_twelve_elements_of_the_national_standard():
    assert {one.gb_t_21063 for one in MAPPING} - {""} == {
        *("信息资源名称", "信息资源摘要", "信息资源标识符", "信息资源提供方", "信息资源分类"),
        *("信息资源发布日期", "关键字说明", "在线资源链接地址", "服务信息"),
        *("元数据标识符", "元数据维护方", "元数据更新日期"),
    }


def test_the_mapping_tells_what_is_truly_written():
    """Each name stands in what is handed out, and a record has each field."""
    technology = catalog.technology(
        title_zh="膜", pollutants=["cod"], keywords="leachate", case_countries=("NO",)
    )
    reference = read()
    names = Vocabulary(reference)
    core = dublin_core.metadata(technology.content, reference)
    catalogue = dcat.catalogue(type(technology).objects.all(), reference, -1, ORIGIN)
    linked = {term for node in catalogue for term in node.said}
    linked |= {term for node in catalogue for many in node.said.values() for term in _inner(many)}
    with override("en"):
        page = schema_org.of_technology(technology, names)["mainEntity"]

    for one in MAPPING:
        assert one.field.split(".")[0] in {"", *technology.content}, one
        if one.dublin_core.startswith("dc:") and one.field not in ("sources",):
            assert [*core.iter(one.dublin_core)], one
        for term in filter(None, one.dcat.split(", ")):
            assert term in linked | {"@id", "dct:license"}, one
        for name in filter(None, one.schema_org.split(", ")):
            assert name.split(".")[0] in {*page, "license", "variableMeasured"}, one


def _inner(values: Any) -> set[str]:
    return {term for value in values for term in getattr(value, "said", {})}
