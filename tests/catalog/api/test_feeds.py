"""Changes, vocabulary, counts and the entry, as programs read them."""

import pytest
from django.conf import settings

from catalog.models import Change
from catalog.vocabulary import read
from reference.models import Edition, Unit
from tests.builders import catalog
from tests.catalog.api.asking import ROOT, queries, told, wrong

pytestmark = pytest.mark.django_db
HERE = f"{settings.PORTAL_ORIGIN}{ROOT}"


def test_the_entry_names_every_address():
    links = told("/")["links"]

    assert links == {
        "self": f"{HERE}/",
        **{
            name: f"{HERE}/{name}" for name in ("technologies", "changes", "taxonomy", "statistics")
        },
        "openapi": f"{HERE}/openapi.json",
        "documentation": f"{settings.PORTAL_ORIGIN}/en/catalogue/api/",
    }
    assert [
        told(address.removeprefix(HERE))
        for name, address in links.items()
        if name != "documentation"
    ]


def test_changes_are_told_in_the_order_of_their_commits_with_a_tombstone():
    one, other = catalog.technology(), catalog.technology()
    catalog.take(one, "suspend")
    catalog.take(other, "revoke")
    catalog.numbered()
    rows = list(Change.objects.order_by("number"))

    found = told("/changes")

    assert [(line["number"], line["kind"]) for line in found["items"]] == [
        (row.number, row.kind) for row in rows
    ]
    assert [line["kind"] for line in found["items"]] == ["listed", "listed", "suspended", "revoked"]
    assert found["items"][2] == {
        "number": rows[2].number,
        "kind": "suspended",
        "at": rows[2].at.isoformat(timespec="microseconds"),
        "technology": {"id": str(one.pk), "number": one.number, "state": "suspended"},
        "seq": 2,
        "links": {"technology": f"{HERE}/technologies/{one.pk}"},
    }
    other.refresh_from_db()
    assert [line.get("tombstone") for line in found["items"]] == [
        None,
        other.content,
        None,
        other.content,
    ]
    assert (found["cursor"], found["more"]) == (rows[-1].number, False)


def test_the_list_says_after_which_change_to_go_on():
    """What is listed while it is read comes with the changes after its first page."""
    catalog.technologies(2)
    catalog.numbered()
    first = told("/technologies?size=1")
    late = catalog.technology(title="Late")
    catalog.numbered()
    last = told(first["links"]["next"].partition(ROOT)[2])

    found = told(f"/changes?since={first['since']}")

    assert first["since"] == int(first["version"].partition(".")[0])
    assert last["since"] > first["since"]
    assert [one["technology"]["id"] for one in found["items"]] == [str(late.pk)]


def test_who_asks_again_with_the_cursor_reads_each_change_once():
    catalog.technologies(5)
    catalog.numbered()
    seen, page = [], told("/changes?size=2")
    while page["more"]:
        seen += [line["number"] for line in page["items"]]
        page = told(page["links"]["next"].removeprefix(HERE))
    seen += [line["number"] for line in page["items"]]
    last = told(page["links"]["next"].removeprefix(HERE))

    assert seen == list(Change.objects.order_by("number").values_list("number", flat=True))
    assert (last["items"], last["cursor"]) == ([], seen[-1])


def test_what_is_only_found_by_other_words_is_passed_over():
    one = catalog.technology()
    Change.objects.create(technology=one, kind=Change.Kind.INDEXED, seq=one.seq)
    catalog.numbered()

    found = told("/changes")

    assert [line["kind"] for line in found["items"]] == ["listed"]
    assert found["cursor"] == Change.objects.latest("number").number


def test_a_number_that_was_not_given_yet_is_refused():
    """Who kept it reads a database that was put back: its copy is of what never was."""
    catalog.technology()
    catalog.numbered()
    number = Change.objects.latest("number").number or 0

    assert told(f"/changes?since={number}")["items"] == []
    assert wrong(f"/changes?since={number + 1}") == [
        ("since", "There is no such change yet. Begin again with 0.")
    ]
    for since in ("-1", "x", "1.0", "", str(2**63)):
        assert [place for place, _why in wrong(f"/changes?since={since}")] == ["since"]


def test_the_vocabulary_is_told_in_all_languages():
    reference = read()

    found = told("/taxonomy")

    assert found["edition"] == Edition.objects.get().number
    assert {one["code"]: one["names"] for one in found["fields"]} == reference.fields
    below = {sub["code"]: one["code"] for one in found["fields"] for sub in one["subcategories"]}
    assert below == reference.field_of
    assert {one["code"]: one["names"] for one in found["countries"]} == reference.countries
    assert {one["code"]: one["corridors"] for one in found["countries"] if one["corridors"]} == (
        reference.corridors_of
    )
    assert {one["code"]: one["names"] for one in found["corridors"]} == reference.corridors
    assert set(found["terms"]) == set(reference.terms)
    assert {one["code"]: one["names"] for one in found["terms"]["pollutant"]} == (
        reference.terms["pollutant"]
    )
    assert {one["code"]: one["symbol"] for one in found["units"]} == dict(
        Unit.objects.values_list("code", "symbol")
    )
    assert {one["code"]: one["names"] for one in found["indicators"]} == reference.indicators


def test_counts_are_those_of_everything_listed():
    catalog.technology(subcategory="WAT-01")
    catalog.technology(subcategory="WAT-02", evidence="press")
    catalog.take(catalog.technology(subcategory="AIR-01"), "suspend")

    found = told("/statistics")

    assert found["listed"] == 2
    assert found["counts"]["field"] == {"WAT": 2}
    assert found["counts"]["subcategory"] == {"WAT-01": 1, "WAT-02": 1}
    assert found["counts"]["evidence"] == {"peer_reviewed": 1, "press": 1}
    assert found["counts"]["country"] == {"NO": 2}


def test_each_asks_the_database_as_often_for_fifty_as_for_one():
    paths = ("/", "/changes?size=100", "/taxonomy", "/statistics", "/openapi.json")
    one = catalog.technology()
    catalog.numbered()
    few = [queries(path) for path in paths]
    few = [queries(path) for path in paths]  # vocabulary and index are at hand
    versions = queries(f"/technologies/{one.pk}/versions")
    catalog.technologies(50)
    for _turn in range(3):
        catalog.take(one, "suspend")
        catalog.take(one, "resume")
    catalog.numbered()
    told("/statistics")

    assert few == [queries(path) for path in paths] == [0, 2, 1, 1, 0]
    assert versions == queries(f"/technologies/{one.pk}/versions") == 2
