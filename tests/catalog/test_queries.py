"""How often the public pages ask the database: as often for fifty as for one, exactly."""

import pytest
from django.test import Client

from catalog.browsing.held import forget as forget_index
from catalog.models import Technology
from catalog.vocabulary import forget as forget_names
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
# Of the list: the version of the catalogue, the rows; what is looked for asks for the hits, and
# what is not there, instead of the rows, for the words near to it.
LIST, SEARCH, NOTHING = 2, 3, 3
# The index, by a process that has none: what is listed, its traits, its figures; and the names.
INDEX, NAMES = 3, 8
# Of a page: the technology, the version, its versions, others of its holder, what is related.
PAGE = 5


def of_page(technology: Technology, language: str = "en") -> int:
    """Count for the page of a technology, the index being at hand."""
    catalog.numbered()
    path = address("technology-detail", technology.pk, language=language)
    Client().get(path)
    return queries(path)


def lists() -> dict[str, int]:
    catalog.numbered()
    Client().get(address())  # the index is at hand
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

    assert one == lists() == dict(zip(LISTS, (LIST, LIST, SEARCH, SEARCH, NOTHING), strict=True))


def test_the_first_list_of_a_process():
    catalog.technologies(2)
    catalog.numbered()
    forget_index()
    forget_names()

    first = queries(address())

    assert first == LIST + INDEX + NAMES


def test_the_list_after_a_change():
    """The index follows: which technologies changed, and what they are now."""
    catalog.technologies(MANY)
    catalog.numbered()
    Client().get(address())
    catalog.technology()
    catalog.numbered()

    assert queries(address()) == LIST + 2


def test_the_page_of_a_technology():
    """However many technologies there are, and however long its tables and its history."""
    catalog.technology()
    short = catalog.technology()
    one = of_page(short)
    long = catalog.technology(
        title_zh="膜", case_countries=("NO",) * MANY, pollutants=["cod"] * MANY
    )
    for _step in range(3):
        catalog.take(long, "suspend")
        catalog.take(long, "resume")
    catalog.technologies(MANY)

    assert one == PAGE
    assert of_page(short) == one
    assert of_page(long) == one


def test_the_record_of_a_technology():
    technology = catalog.technology()
    one = queries(address("technology-record", technology.pk))
    catalog.technologies(MANY)

    assert queries(address("technology-record", technology.pk)) == one == 1


def test_the_page_of_a_translated_technology():
    """The page reads the record; how often a translation was confirmed costs it nothing."""
    catalog.technology()
    listed = catalog.listed_technology()
    before = of_page(listed, "zh-hans")
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

    assert of_page(listed, "zh-hans") == before == PAGE
