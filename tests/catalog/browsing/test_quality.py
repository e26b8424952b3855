"""How well the catalogue is searched, by judged questions (``manage search_quality``)."""

from collections.abc import Iterator

import pytest

from catalog.models import Technology
from pool_portal.search_quality import corpus, judging
from pool_portal.search_quality.asking import Catalogue, catalogue_of
from pool_portal.search_quality.report import report

pytestmark = pytest.mark.django_db


@pytest.fixture
def entries() -> list[corpus.Entry]:
    return corpus.entries()


@pytest.fixture
def catalogue(entries) -> Iterator[Catalogue]:
    with catalogue_of(entries) as made:
        yield made


def test_the_search_answers_judged_questions_and_finds_chinese_wherever_it_stands(
    entries, catalogue
):
    made = report(entries, judging.queries(), catalogue.asked, catalogue.found)

    assert made.ndcg >= 0.97
    assert made.recall == 1.0
    assert len(made.recalls) >= 62
    assert {one.query.kind for one in made.scores if one.ndcg < 0.7} == set()


def test_a_search_that_ranks_from_behind_is_noticed(entries, catalogue):
    def from_behind(text: str) -> list[int]:
        return list(catalogue.asked(text))[::-1]

    made = report(entries, judging.queries(), from_behind, catalogue.found)

    assert made.ndcg < 0.9
    assert not made.good


def test_a_search_that_offers_nothing_instead_is_noticed(entries, catalogue):
    typos = [one for one in judging.queries() if one.kind == "typo"]

    made = report(entries, typos, catalogue.found, catalogue.found)

    assert made.ndcg < 0.5


def test_chinese_that_is_not_indexed_is_noticed(entries, catalogue):
    Technology.objects.filter(place__gte=56, place__lt=80).update(search="")

    made = report(entries, [judging.queries()[0]], catalogue.asked, catalogue.found)

    assert made.recall < 1.0
    assert not made.good


WRITTEN_IN_TWO_WAYS = (
    ("SO₂", "so2"),
    ("NH₃-N", "nh3-n"),
    ("NH3-N", "氨氮"),
    ("ＰＭ２．５", "pm 2.5"),
    ("desulphurisation", "Desulfurization"),
    ("vapour recovery", "vapor recovery"),
    ("sensors", "sensor"),
    ("20,000 m³/d", "20000m3/d"),
    ("coal-fired", "coal fired"),
    ("biopile", "bio-pile"),
)


def test_what_is_written_in_two_ways_is_found_by_both(catalogue):
    found = {(one, other): catalogue.asked(one) for one, other in WRITTEN_IN_TWO_WAYS}

    assert found == {(one, other): catalogue.asked(other) for one, other in WRITTEN_IN_TWO_WAYS}
    assert all(found.values())
