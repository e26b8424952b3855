"""How often the public pages ask the database: as often for fifty as for one, exactly."""

import pytest

from submissions.models import TranslationVersion
from tests.builders import accounts, catalog
from tests.catalog.addresses import address, asked, queries

pytestmark = pytest.mark.django_db

MANY = 50
LISTS = (
    "",
    asked(field="WAT"),
    asked(q="technology"),
    asked(q="technology", field="WAT", country="NO", case_country="NO", evidence="vendor"),
    asked(q="nothing of this kind"),
)
# Of the list: fields, sub-categories, countries, terms, the counts of all facets, the page.
# Of a page: the technology, countries, terms, indicators, when it was
# confirmed, its versions, what is related to it.
LIST, PAGE = 6, 7


def lists() -> dict[str, int]:
    return {query: queries(address() + query) for query in LISTS}


def test_the_list_with_its_facets():
    catalog.technologies(1, case_countries=("NO", "CN"), evidence="vendor")
    one = lists()
    for place, subcategory in enumerate(("WAT-01", "WAT-02", "AIR-01", "SOI-01", "MON-01")):
        catalog.technologies(
            MANY // 5,
            case_countries=("NO", "CN", "KZ")[: 1 + place % 3],
            subcategory=subcategory,
            evidence=("vendor", "press")[place % 2],
        )

    assert one == lists() == dict.fromkeys(LISTS, LIST)


def test_the_page_of_a_technology():
    """However many technologies there are, and however long its tables and its history."""
    short = catalog.technology()
    one = queries(address("technology-detail", short.pk))
    long = catalog.technology(
        title_zh="膜", case_countries=("NO",) * MANY, pollutants=["cod"] * MANY
    )
    for _step in range(3):
        catalog.take(long, "suspend")
        catalog.take(long, "resume")
    catalog.technologies(MANY)

    assert one == PAGE
    assert queries(address("technology-detail", short.pk)) == one
    assert queries(address("technology-detail", long.pk)) == one


def test_the_record_of_a_technology():
    technology = catalog.technology()
    one = queries(address("technology-record", technology.pk))
    catalog.technologies(MANY)

    assert queries(address("technology-record", technology.pk)) == one == 1


def test_the_page_of_a_translated_technology():
    """The page reads the record; how often a translation was confirmed costs it nothing."""
    listed = catalog.listed_technology()
    before = queries(address("technology-detail", listed.pk, language="zh-hans"))
    TranslationVersion.objects.bulk_create(
        TranslationVersion(
            version=listed.case.version,
            language="zh-hans",
            number=number,
            texts={"technology.title": f"膜{number}"},
            content_hash="",
            confirmed_at=listed.listed_at,
            confirmed_by=accounts.owner_of(listed.holder),
        )
        for number in range(1, MANY + 1)
    )
    catalog.take(listed, "suspend")
    catalog.take(listed, "resume")

    assert queries(address("technology-detail", listed.pk, language="zh-hans")) == before == PAGE
