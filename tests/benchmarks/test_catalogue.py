"""A small catalogue of the benchmark: it is laid down whole, and its pages answer."""

import pytest
from django.db import connection
from django.test import Client

from benchmarks import catalogue, catalogue_data
from catalog.browsing.finding import Wanted, browse
from catalog.models import Technology
from catalog.version import version_now

pytestmark = pytest.mark.django_db(transaction=True)

MOST = 8  # questions of a cold page


def counted(trait: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM catalog_technology WHERE %s = ANY (traits)", [trait])
        (found,) = cursor.fetchone()
    return int(found)


def test_a_small_catalogue_is_laid_down_and_every_page_of_it_answers():
    catalogue_data.lay_down(60)

    assert Technology.objects.listed().count() == 60
    found = browse(Technology.objects.all(), Wanted(chosen={"field": ["WAT"]}), version_now())
    assert found.total == counted("field:WAT") > 0
    pages = catalogue._pages()
    assert list(pages) == [
        *("list", "facet", "10 searches", "a page in the middle", "detail", "compare", "API"),
    ]
    answers = [Client().get(path) for paths in pages.values() for path in paths]
    assert {answer.status_code for answer in answers} == {200}
    assert int(catalogue._questions(pages)["found"]) in range(1, MOST + 1)
