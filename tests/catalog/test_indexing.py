"""What a technology is found by follows the reference, behind the page."""

import pytest
from django.db import connection

from catalog import indexing
from catalog.browsing.held import held_at
from catalog.models import Change, Technology, Word
from catalog.version import version_now
from reference.models import CorridorMembership, Country, Edition, Term
from tests.builders import catalog
from tests.builders.alone import somebody_else
from tests.catalog.browsing.test_search import hits

pytestmark = pytest.mark.django_db


def test_a_new_name_is_found_when_the_index_followed():
    one = catalog.technology(pollutants=["cod"])
    indexing.follow_reference()
    term = Term.objects.get(vocabulary="pollutant", code="cod")
    term.names = {**term.names, "en": "Zymurgic demand"}
    term.save()
    assert hits("zymurgic") == []

    assert indexing.follow_reference() == 1

    assert hits("zymurgic") == [one]
    assert indexing.follow_reference() == 0


def test_one_runs_at_a_time():
    one = catalog.technology()
    with somebody_else("catalog.follow_reference"):
        assert indexing.follow_reference() == 0

    assert indexing.follow_reference() == 1
    assert Technology.objects.get(pk=one.pk).edition == version_now().edition


def test_an_edition_that_comes_meanwhile_is_followed_in_the_same_run(monkeypatch):
    catalog.technologies(3)
    monkeypatch.setattr(indexing, "BATCH", 1)
    written: list[int] = []

    def changing(execute, sql, params, many, context):
        if sql.lstrip().startswith("UPDATE catalog_technology"):
            written.append(params[2])
            if len(written) == 2:
                Country.objects.filter(pk="NO").update(order=7)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(changing):
        assert indexing.follow_reference() == 5  # two of them twice

    assert len(set(written)) == 2
    kept = Technology.objects.values_list("edition", flat=True)
    assert set(kept) == {version_now().edition} == {written[-1]}


def test_what_somebody_indexed_meanwhile_is_left_as_it_is(django_assert_num_queries):
    one = catalog.technology()
    indexing.follow_reference()
    edition = version_now().edition

    with django_assert_num_queries(3):  # the row, between a savepoint and its end
        assert indexing._index_anew(one.pk, edition) is None


def test_a_run_that_changed_words_alone_moves_the_version_once():
    catalog.technologies(3)
    catalog.numbered()
    before = version_now().change

    indexing.follow_reference()
    catalog.numbered()

    assert version_now().change == before + 1
    assert Change.objects.order_by("number").last().kind == Change.Kind.INDEXED
    indexing.follow_reference()
    catalog.numbered()
    assert version_now().change == before + 1


def test_a_corridor_joined_by_a_country_reaches_the_lists():
    one = catalog.technology(case_countries=("NO",))
    indexing.follow_reference()
    CorridorMembership.objects.create(
        corridor_id="CPEC", country_id="NO", list="sourced", source="A page."
    )

    indexing.follow_reference()
    catalog.numbered()

    assert "corridor:CPEC" in Technology.objects.get(pk=one.pk).traits
    assert held_at(version_now()).traits["corridor"]["CPEC"].to_array().tolist() == [one.place]
    kinds = list(Change.objects.order_by("number").values_list("kind", flat=True))
    assert kinds == ["listed", "indexed", "indexed"]  # its words; its traits


def test_a_plant_in_china_counts_to_no_corridor():
    one = catalog.technology(case_countries=("CN", "PK"))

    assert [trait for trait in one.traits if trait.startswith("corridor:")] == ["corridor:CPEC"]


def test_what_is_not_listed_is_found_by_nothing():
    one = catalog.technology(title="Membrane")
    catalog.take(one, "suspend")
    indexing.follow_reference()

    gone = Technology.objects.get(pk=one.pk)
    assert (gone.traits, gone.figures) == ([], [])
    assert hits("membrane") == []


def test_words_of_titles_and_names_are_noted_behind_the_page():
    catalog.technology(title="Membrane bioreactor 2.0 用于水", keywords="ultrafiltration")
    assert not Word.objects.exists()

    indexing.follow_reference()

    noted = set(Word.objects.values_list("text", flat=True))
    assert {"membrane", "bioreactor", "ultrafiltration", "norway"} <= noted
    assert not {word for word in noted if len(word) < 4 or not word.isalpha()}


def test_every_change_of_the_vocabulary_makes_a_new_edition():
    seen = [Edition.objects.get().number]
    Country.objects.filter(pk="NO").update(order=7)
    seen.append(Edition.objects.get().number)
    CorridorMembership.objects.filter(corridor_id="CPEC").delete()
    seen.append(Edition.objects.get().number)

    assert seen == sorted(set(seen))
    assert version_now().edition == seen[-1]
