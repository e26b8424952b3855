"""The list and the record as programs read them: exact values, refusals at their place."""

from urllib.parse import quote

import pytest
from django.conf import settings

from catalog.api.asking import ListQuery
from catalog.browsing.traits import FACETS
from catalog.models import Technology
from core.canonical import content_hash
from tests.builders import catalog
from tests.catalog.api.asking import ROOT, get, problem, queries, titles, told, wrong

pytestmark = pytest.mark.django_db
HERE = f"{settings.PORTAL_ORIGIN}{ROOT}"
REMOVAL = "indicator|wat-removal-cod|%"


def removing(percent: float, title: str) -> None:
    """List a technology that states how much COD it removes."""
    one = catalog.technology(title=title)
    Technology.objects.filter(pk=one.pk).update(figures=[[REMOVAL, percent, percent]])


def test_a_technology_is_its_public_record_in_an_envelope():
    one = catalog.technology(title="Membrane", title_zh="膜")

    found = told(f"/technologies/{one.pk}")

    assert found["record"] == one.content
    assert found["hash"] == one.content_hash == content_hash(found["record"])
    assert found["links"] == {
        "self": f"{HERE}/technologies/{one.pk}",
        "versions": f"{HERE}/technologies/{one.pk}/versions",
        "page": f"{settings.PORTAL_ORIGIN}/en/catalogue/{one.pk}/",
    }
    assert sorted(found) == ["changed_at", "hash", "links", "record"]


def test_the_list_holds_whole_records_the_newest_first():
    made = catalog.technologies(3)

    found = told("/technologies")

    assert [one["record"] for one in found["items"]] == [one.content for one in reversed(made)]
    assert found["total"] == 3
    assert found["links"] == {"self": f"{HERE}/technologies", "next": None, "previous": None}
    assert "counts" not in found


def test_pages_are_walked_forth_and_back_by_their_links():
    catalog.technologies(5)
    seen, page = [], told("/technologies?size=2")
    while page["links"]["next"]:
        seen.append(titles(page))
        page = told(page["links"]["next"].removeprefix(HERE))
    seen.append(titles(page))
    back = told(page["links"]["previous"].removeprefix(HERE))

    assert seen == [
        ["Technology 4", "Technology 3"],
        ["Technology 2", "Technology 1"],
        ["Technology 0"],
    ]
    assert titles(back) == seen[1]
    assert back["links"]["next"] is not None
    assert titles(told(back["links"]["self"].removeprefix(HERE))) == seen[1]
    assert titles(told(back["links"]["previous"].removeprefix(HERE))) == seen[0]


def test_each_facet_narrows_the_list():
    """Every facet there is: what records bear is found as often as it is counted."""
    catalog.technology(
        title="Here", case_countries=("NO", "KZ"), pollutants=["cod"], matrix="leachate"
    )
    catalog.technology(title="There", country="CN", subcategory="AIR-01", evidence="press")
    counts = told("/technologies?counts=true")["counts"]
    asked = [(facet, code, n) for facet, codes in counts.items() for code, n in codes.items()]

    found = [told(f"/technologies?{facet}={code}")["total"] for facet, code, _n in asked]

    assert found == [number for _facet, _code, number in asked]
    assert set(counts) == set(FACETS)
    assert {facet for facet, _code, _n in asked} >= {"field", "country", "case_country", "corridor"}
    assert set(FACETS) < set(ListQuery.model_fields)


def test_words_are_looked_for_in_both_languages_and_the_best_match_comes_first():
    catalog.technology(title="Leachate membrane", title_zh="渗滤液膜")
    catalog.technology(title="Filter", summary="Some leachate, by the way.")
    catalog.technology(title="Else", summary="Other.")

    assert titles(told("/technologies?q=leachate")) == ["Leachate membrane", "Filter"]
    assert titles(told("/technologies?q=渗滤液")) == ["Leachate membrane"]
    assert titles(told("/technologies?q=leachate&sort=newest")) == ["Filter", "Leachate membrane"]


def test_what_cannot_be_understood_is_said_at_its_place():
    assert wrong("/technologies?field=XXX&field=WAT") == [
        ("field", "There is no code “XXX” of this kind.")
    ]
    assert wrong("/technologies?year=19") == [("year", "There is no code “19” of this kind.")]
    assert wrong("/technologies?colour=green") == [("colour", "There is no such parameter here.")]
    assert wrong("/technologies?size=2&size=3") == [("size", "This can be given once only.")]
    assert wrong("/technologies?sort=relevance") == [
        ("sort", "A best match needs something to look for: q.")
    ]
    assert wrong("/technologies?sort=low.colour") == [("sort", "There is no such measure.")]
    assert wrong("/technologies?cursor=abcd") == [("cursor", "This is no cursor of this order.")]
    assert [place for place, _why in wrong("/technologies?q=%00")] == ["q"]
    assert [place for place, _why in wrong("/technologies?q=" + "a" * 201)] == ["q"]
    for size in ("0", "1001", "five", "%2B5", "5.0", "05", ""):
        assert [place for place, _why in wrong(f"/technologies?size={size}")] == ["size"]
    for flag in ("1", "yes", "True", ""):
        assert [place for place, _why in wrong(f"/technologies?counts={flag}")] == ["counts"]


@pytest.mark.parametrize(
    "measure",
    ["investment|RMB|m3/d", "capacity|x|m3/d", "capacity||m3/h", "operating|Buy it|m3"],
)
def test_a_measure_nobody_can_state_is_none(measure):
    place = f"least.{measure}"
    assert wrong(f"/technologies?{quote(place)}=1") == [(place, "There is no such measure.")]
    sort = quote(f"low.{measure}")
    assert wrong(f"/technologies?sort={sort}") == [("sort", "There is no such measure.")]


def test_bounds_that_cannot_be_understood_are_said_at_their_place():
    least, most = quote(f"least.{REMOVAL}"), quote(f"most.{REMOVAL}")

    assert wrong("/technologies?least.colour=1") == [("least.colour", "There is no such measure.")]
    assert wrong(f"/technologies?{least}=many") == [
        (f"least.{REMOVAL}", "This must be a number, such as 80 or 0.5.")
    ]
    assert wrong(f"/technologies?{least}=9&{most}=8") == [
        (f"least.{REMOVAL}", "The lowest figure is higher than the highest.")
    ]


def test_all_that_is_wrong_is_said_at_once():
    assert [place for place, _why in wrong("/technologies?field=X&cursor=abcd&country=YY")] == [
        "field",
        "country",
        "cursor",
    ]


def test_figures_bound_and_sort_the_list():
    for percent in (80.0, 95.5, 90.0):
        removing(percent, f"{percent}")
    catalog.technology(title="Silent")
    name = quote(REMOVAL)

    assert titles(told(f"/technologies?sort=high.{name}")) == ["95.5", "90.0", "80.0", "Silent"]
    assert titles(told(f"/technologies?sort=low.{name}&least.{name}=90")) == ["90.0", "95.5"]
    assert titles(told(f"/technologies?most.{name}=90&least.{name}=85.5")) == ["90.0"]
    assert told("/technologies?counts=true")["measures"] == {REMOVAL: 3}
    pages = told(f"/technologies?sort=high.{name}&size=2&least.{name}=80")["links"]
    assert titles(told(pages["next"].removeprefix(HERE))) == ["80.0"]


def test_more_rows_than_anybody_may_ask_for_need_a_scope():
    response = get("/technologies?size=101")

    assert response.status_code == 403
    assert problem(response)["type"].endswith("/en/catalogue/api/#scope-missing")


def test_a_technology_that_is_suspended_says_so_and_shows_no_versions():
    one = catalog.technology()
    catalog.take(one, "suspend")
    one.refresh_from_db()

    assert told(f"/technologies/{one.pk}")["record"] == one.content
    assert one.content["state"] == "suspended"
    assert told("/technologies")["items"] == []
    for below in ("versions", "versions/1"):
        response = get(f"/technologies/{one.pk}/{below}")
        assert response.status_code == 404
        assert problem(response)["detail"] == "Versions are shown while the technology is listed."


@pytest.mark.parametrize("step", ["withdraw", "revoke"])
@pytest.mark.parametrize("below", ["", "/versions", "/versions/1"])
def test_of_a_technology_that_is_gone_there_is_a_tombstone(step, below):
    one = catalog.technology(title="Hush")
    catalog.take(one, step)
    one.refresh_from_db()

    response = get(f"/technologies/{one.pk}{below}")

    assert response.status_code == 410
    document = problem(response)
    assert document["record"] == one.content
    assert document["title"] == "The technology left the pool"
    assert b"Hush" not in response.content


def test_what_is_not_there_is_a_problem():
    for path in (
        "/technologies/4b6c1f5e-0000-4000-8000-000000000001",
        "/technologies/nothing",
        "/technologies/",
        "/nothing",
        f"/technologies/{catalog.technology().pk}/versions/2",
        f"/technologies/{catalog.technology().pk}/versions/0",
        "/technologies/4b6c1f5e-0000-4000-8000-000000000001/versions/99999999999999999999",
    ):
        response = get(path)
        assert response.status_code == 404
        assert problem(response)["type"].endswith("#not-found")
        assert problem(response)["instance"] == f"{ROOT}{path}"


def test_versions_of_a_technology():
    one = catalog.technology()
    catalog.take(one, "suspend")
    catalog.take(one, "resume")
    one.refresh_from_db()

    lines = told(f"/technologies/{one.pk}/versions")["items"]
    first = told(f"/technologies/{one.pk}/versions/1")

    assert [line["number"] for line in lines] == [1, 2, 3]
    assert [line["hash"] for line in lines] == [
        v.content_hash for v in one.versions.order_by("number")
    ]
    assert first["record"] == one.versions.get(number=1).content
    assert first["hash"] == lines[0]["hash"]
    assert first["links"]["self"] == f"{HERE}/technologies/{one.pk}/versions/1"


def test_lists_ask_the_database_as_often_for_fifty_as_for_one():
    one = catalog.technology(title="Technology")
    catalog.numbered()
    told("/technologies")  # the index is at hand
    paths = ("/technologies?size=50", "/technologies?q=technology&counts=true&size=50")
    few = [queries(path) for path in paths]
    page = queries(f"/technologies/{one.pk}")
    catalog.technologies(50)
    catalog.numbered()
    told("/technologies")

    assert few == [queries(path) for path in paths] == [2, 3]
    assert page == queries(f"/technologies/{one.pk}") == 1
