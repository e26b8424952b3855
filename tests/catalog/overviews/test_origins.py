"""Pages of holders, activities and earlier lists, and the way to all overviews."""

import uuid

import pytest
from django.test import Client

from catalog import kept
from submissions.states import ActivityStatus
from tests.builders import accounts, catalog, earlier, submissions
from tests.catalog.addresses import address, queries
from tests.catalog.overviews.pages import counted, page, titles
from tests.reading import heading, text

pytestmark = pytest.mark.django_db


def held(number: int = 1, **more):
    holder = accounts.organisation()
    return holder, catalog.technologies(number, holder=holder, **more)


def test_a_holder_is_shown_with_what_its_record_says_of_it():
    holder, _made = held(title="Filter", subcategory="AIR-01")
    catalog.technology(title="Of another")

    answer = page("by-holder", holder.pk)

    record = _made[0].content["holder"]
    assert heading(answer) == record["name_en"]
    assert titles(answer.context["rows"]) == ["Filter"]
    assert counted(answer.context["groups"])["Field"] == {"Air pollution prevention and control": 1}
    if holder.registration_number:
        assert holder.registration_number not in text(answer)


def test_a_holder_without_a_listed_technology_has_no_page():
    holder, (technology,) = held()
    page("by-holder", holder.pk)

    catalog.take(technology, "suspend")

    page("by-holder", holder.pk, status=404)
    page("by-holder", accounts.organisation(name_en="Silent").pk, status=404)
    page("by-holder", uuid.uuid4(), status=404)


def test_a_long_list_goes_on_by_key_and_back():
    holder, _made = held(21)

    first = page("by-holder", holder.pk)
    second = page("by-holder", holder.pk, more=first.context["next_url"])
    back = page("by-holder", holder.pk, more=second.context["previous_url"])

    assert (len(first.context["rows"]), len(second.context["rows"])) == (20, 1)
    assert titles(second.context["rows"]) == ["Technology 0"]
    assert titles(back.context["rows"]) == titles(first.context["rows"])
    assert heading(second) == heading(first)
    assert len(page("by-holder", holder.pk, more="?after=x").context["rows"]) == 20


def test_an_activity_shows_what_came_of_it():
    catalog.technology(title="Stays")
    gone = catalog.technology(title="Goes")
    catalog.take(gone, "revoke")
    activity = catalog.case_of(gone).declaration.activity

    answer = page("by-activity", activity.code)

    assert titles(answer.context["rows"]) == ["Stays"]
    facts = {fact["label"]: fact["value"] for fact in answer.context["facts"]}
    assert (facts["Listed technologies"], facts["Listed once, and not now"]) == ("1", "1")
    assert f"/activities/{activity.code}/" in text(answer)


def test_an_activity_of_which_nothing_is_listed_says_so():
    activity = submissions.open_activity()

    assert "No technology yet." in text(page("by-activity", activity.code))


def test_the_title_of_an_activity_is_that_its_technologies_were_listed_under():
    activity = catalog.case_of(catalog.technology()).declaration.activity
    titles = activity.titles
    type(activity).objects.filter(pk=activity.pk).update(titles={"en": "Another title"})

    assert heading(page("by-activity", activity.code)) == titles["en"]


@pytest.mark.django_db(transaction=True)
def test_until_something_is_listed_the_page_of_an_activity_is_not_kept(settings, monkeypatch):
    settings.KEPT_PAGES_MB = 1
    monkeypatch.setattr(kept, "LOOK_AGAIN", 600)
    activity = submissions.open_activity()
    page("by-activity", activity.code)
    type(activity).objects.filter(pk=activity.pk).update(titles={"en": "Another title"})

    assert heading(page("by-activity", activity.code)) == "Another title"


def test_an_activity_in_preparation_is_nobodys_business():
    activity = submissions.prepared_activity()
    assert activity.status == ActivityStatus.PREPARED

    page("by-activity", activity.code, status=404)
    page("by-activity", "none", status=404)


def test_an_earlier_list_says_who_published_it_and_when():
    technology = earlier.technology(title_en="Stack filter")
    code = technology.content["earlier"]["list"]

    answer = page("by-earlier-list", code)

    assert heading(answer) == "Technologies of 2019"
    assert titles(answer.context["rows"]) == ["Stack filter"]
    facts = {fact["label"]: fact["value"] for fact in answer.context["facts"]}
    assert facts["Published by"] == "Bureau of the Environment"
    assert facts["Year of the list"] == "2019"
    assert "Number in the list" not in facts


def test_an_earlier_list_that_waits_for_its_release_has_no_page():
    page("by-earlier-list", earlier.proposed().code, status=404)


def test_all_overviews_are_found_from_one_page():
    declared = catalog.technology(subcategory="WAT-01", case_countries=("KZ",))
    listed = earlier.technology()
    activity = catalog.case_of(declared).declaration.activity

    answer = page("browse-by")

    said = text(answer)
    for name, code in (
        ("by-field", "WAT"),
        ("by-subcategory", "WAT-01"),
        ("by-country", "KZ"),
        ("by-corridor", "NELB"),
        ("by-activity", activity.code),
        ("by-earlier-list", listed.content["earlier"]["list"]),
    ):
        assert f'href="{address(name, code)}"' in said
        page(name, code)


def test_the_list_and_the_foot_of_every_page_lead_to_the_overviews():
    for path in (address(), "/en/"):
        said = text(Client().get(path))
        for name in ("browse-by", "reference-cases", "statistics"):
            assert f'href="{address(name)}"' in said


def test_the_page_of_a_technology_leads_to_its_overviews():
    one, other = catalog.technology(), earlier.technology()

    for technology in (one, other):
        answer = Client().get(address("technology-detail", technology.pk))
        for link in answer.context["overviews"]:
            assert Client().get(link["url"]).status_code == 200
            assert link["url"] in text(answer)


def test_however_much_there_is_the_database_is_asked_as_often():
    holder, (technology,) = held()
    activity = catalog.case_of(technology).declaration.activity
    paths = [
        address("browse-by"),
        address("by-holder", holder.pk),
        address("by-activity", activity.code),
    ]
    page("browse-by")
    few = [queries(path) for path in paths]
    catalog.technologies(50, holder=holder)
    page("browse-by")

    # The version and the activities and lists; the places and the rows; the activity and what
    # is no longer listed as well.
    assert few == [queries(path) for path in paths] == [3, 3, 5]
