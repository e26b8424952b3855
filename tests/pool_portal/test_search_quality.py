"""How the search is measured: the arithmetic, the judgements, and that nothing is left behind."""

import dataclasses
import math

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from catalog.models import Change, Technology, Word
from pool_portal.search_quality import corpus, judging
from pool_portal.search_quality.asking import catalogue_of
from pool_portal.search_quality.judging import Query
from pool_portal.search_quality.measure import dcg, ndcg, recall
from pool_portal.search_quality.report import Report, Score, report, substrings
from reference.models import Country, Subcategory, Term, Unit
from tests.builders import catalog

ENTRIES = corpus.entries()
BY_KEY = {one.key: one for one in ENTRIES}
QUERIES = judging.queries()


def test_gain_is_two_to_the_grade_less_one_discounted_by_the_place():
    assert dcg([3, 2, 0, 1]) == 7 + 3 / math.log2(3) + 1 / math.log2(5)
    assert dcg([1] * 12) == dcg([1] * 10)  # ten places count


def test_the_best_order_is_worth_one_and_nothing_found_is_worth_nothing():
    assert ndcg([3, 2, 1], [1, 0, 3, 2]) == 1.0
    assert ndcg([], [1, 0, 3, 2]) == 0.0
    assert ndcg([1, 3], [3, 1]) == pytest.approx((1 + 7 / math.log2(3)) / (7 + 1 / math.log2(3)))


def test_a_question_nothing_answers_cannot_be_measured():
    with pytest.raises(ValueError, match="no entry answers"):
        ndcg([0], [0, 0])


def test_recall_is_the_part_of_what_was_wanted():
    assert recall([1, 2, 9], [1, 2, 3, 4]) == 0.5
    assert recall([], []) == 1.0


def test_the_corpus_is_the_same_each_time_and_holds_every_real_technology():
    assert corpus.entries() == ENTRIES
    assert len(BY_KEY) == len(ENTRIES) == 360
    assert sum(not one.key.startswith("made-") for one in ENTRIES) == 56
    assert len({one.record["number"] for one in ENTRIES}) == 360


def test_generated_entries_are_in_both_languages_and_say_that_they_are_generated():
    made = corpus.generated()

    assert {tuple(one.record["texts"]) for one in made} == {("en", "zh-hans")}
    assert all("(generated)" in one.record["holder"]["name_en"] for one in made)
    assert corpus.generated(seed=1) != made


@pytest.mark.django_db
def test_the_corpus_speaks_of_what_the_reference_knows():
    records = [one.record for one in ENTRIES]

    assert {one["subcategory"] for one in records} <= set(
        Subcategory.objects.values_list("code", flat=True)
    )
    assert {one["holder"]["country"] for one in records} <= set(
        Country.objects.values_list("code", flat=True)
    )
    terms = set(Term.objects.values_list("vocabulary", "code"))
    kinds = {"pollutant", "matrix"}
    asked = [one for one in corpus.concepts().values() if one["kind"] in kinds]
    assert {(one["kind"], one["term"]) for one in asked} <= terms
    units = set(Unit.objects.values_list("code", flat=True))
    assert {line["unit"] for line in corpus.read("lines.json")} <= units


def test_every_concept_that_is_judged_by_is_one():
    known = set(corpus.concepts())

    assert set().union(*(one.about | one.also for one in ENTRIES)) <= known
    assert {code for query in QUERIES for code in query.about} <= known
    assert set(corpus.read("demonstration.json")) == set(BY_KEY) - {
        one.key for one in corpus.generated()
    }


def test_there_are_questions_of_every_kind_each_of_them_once():
    kinds = {query.kind for query in QUERIES}

    assert kinds == {
        *("en", "zh", "mixed", "typo", "spelling", "formula"),
        *("unit", "holder", "number", "country", "name"),
    }
    assert len({query.text for query in QUERIES}) == len(QUERIES) >= 70


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query.text)
def test_every_question_is_answered_by_some_entry_and_not_by_all(query):
    grades = [query.grade(one) for one in ENTRIES]

    assert max(grades) == 3
    assert min(grades) == 0


@pytest.mark.parametrize(
    ("key", "asked", "grade"),
    [
        ("se-anita-mox", {"about": ("anammox",)}, 3),
        ("se-anita-mox", {"about": ("nh3-n",)}, 2),
        ("se-anita-mox", {"about": ("anammox", "nh3-n")}, 2),  # as the worse of the two
        ("se-anita-mox", {"about": ("anammox", "lidar")}, 0),
        ("cn-fgd-gypsum-sodic", {"about": ("fgd",)}, 1),  # of gypsum left by it
        ("ca-cansolv-capture", {"figure": ("110", "MW")}, 3),
        ("ca-cansolv-capture", {"figure": ("10", "MW")}, 0),
        ("cn-yixing-concept-wwtp", {"figure": ("20000", "m3/d")}, 3),  # "20,000 m3/d"
        ("no-cambi-thp", {"country": "NO"}, 3),
        ("no-cambi-thp", {"country": "GB"}, 0),
        ("no-cambi-thp", {"holder": "Cambi AS", "about": ("sludge",)}, 3),
        ("no-cambi-thp", {"entry": "nl-nereda"}, 0),
        ("no-cambi-thp", {}, 0),
    ],
)
def test_an_entry_answers_as_the_rule_says(key, asked, grade):
    assert Query(kind="en", text="", **asked).grade(BY_KEY[key]) == grade


def test_substrings_are_of_the_runs_and_the_same_each_time():
    cut = substrings([["水处理"], ["膜"]], number=100)

    assert sorted(cut) == sorted(["水", "处", "理", "水处", "处理", "水处理", "膜"])
    assert substrings([["水处理", "海水淡化"]], 3) == substrings([["水处理", "海水淡化"]], 3)


def few() -> list[corpus.Entry]:
    return [BY_KEY[key] for key in ("nl-nereda", "cn-gem-battery", "no-cambi-thp")]


def test_han_that_is_not_found_where_it_stands_is_named():
    named = Query(kind="name", text="Nereda", entry="nl-nereda")

    made = report(few(), [named], ask=lambda _text: [], find=lambda _text: [])

    assert made.recall == 0.0
    assert "回收" in " ".join(made.recalls)
    assert list(made.lines())[-1].startswith("Not found everywhere: ")


@pytest.mark.parametrize(
    ("ndcg", "recall", "good"),
    [(0.9, 1.0, True), (0.899, 1.0, False), (1.0, 0.99, False)],
)
def test_a_search_is_good_from_nine_tenths_on_and_when_all_han_is_found(ndcg, recall, good):
    assert Report((Score(QUERIES[0], ndcg),), {"水": recall}).good is good


@pytest.mark.django_db
def test_what_is_searched_is_the_corpus_alone_and_nothing_is_left_of_it():
    listed = catalog.technology(title="Nereda in the catalogue")
    before = (Change.objects.count(), set(Word.objects.values_list("text", flat=True)))

    with catalogue_of(few()) as found:
        assert found.found("Nereda") == [0]
        assert found.asked("Nerreda") == [0]
        assert found.asked("xyzzyx") == []

    assert list(Technology.objects.all()) == [listed]
    assert before == (Change.objects.count(), set(Word.objects.values_list("text", flat=True)))
    with connection.cursor() as cursor:
        cursor.execute("SELECT last_value FROM catalog_place")
        assert cursor.fetchone() == (listed.place,)


@pytest.mark.django_db
def test_the_command_prints_the_table(capsys):
    call_command("search_quality")

    printed = capsys.readouterr().out
    assert printed.splitlines()[0].split() == ["kind", "queries", "nDCG@10", "worst"]
    assert "Recall of 200 Han substrings: 1.000" in printed


@pytest.mark.django_db
def test_the_command_fails_when_the_search_is_not_good_enough(monkeypatch, capsys):
    unanswerable = dataclasses.replace(QUERIES[0], text="xyzzyx")
    monkeypatch.setattr(judging, "queries", lambda: [unanswerable])

    with pytest.raises(CommandError, match=r"nDCG@10 0\.000 \(at least 0\.9\)"):
        call_command("search_quality")

    assert "xyzzyx" in capsys.readouterr().out
