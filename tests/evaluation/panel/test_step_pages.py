"""Before a meeting is announced or opened: the page asks once for all, and tells what is seen."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from accounts.services import grant_role
from evaluation.panel import preparing
from tests.builders import accounts
from tests.builders import evaluation as build
from tests.builders import panel as panels
from tests.evaluation.panel.test_desk import admin
from tests.evaluation.panel.test_people import make_officer
from tests.reading import text

pytestmark = pytest.mark.django_db

HIDDEN = "There is something with an item that you do not see. Ask another officer."
TOO_FEW = "1 of 3 members may take part: too few for a vote."


@pytest.fixture
def officer():
    return accounts.officer()


@pytest.fixture
def desk(officer):
    return accounts.signed_in(officer)


def step(desk, meeting, name):
    return text(desk.get(admin("step", meeting.pk, name)))


def asked(desk, meeting, name):
    step(desk, meeting, name)
    with CaptureQueriesContext(connection) as queries:
        step(desk, meeting, name)
    return len(queries)


def another_item(meeting, officer):
    case = build.scored_case(activity=meeting.activity)
    preparing.add_items(meeting.pk, [case.pk], actor=officer)
    item = meeting.items.get(case=case)
    preparing.set_lead(meeting.pk, item.pk, panels.chair(meeting).pk, actor=officer)


def test_the_announcement_asks_as_often_for_one_item_and_member_as_for_many(officer, desk):
    meeting = panels.meeting(cases=1)
    one = asked(desk, meeting, "announce")
    for _n in range(3):
        another_item(meeting, officer)
        panels.sit(meeting, actor=officer)

    assert (meeting.items.count(), meeting.members.count()) == (4, 6)
    assert asked(desk, meeting, "announce") == one


def test_the_opening_asks_as_often_for_one_item_as_for_many(officer, desk):
    few, many = (panels.meeting("announced", cases=count) for count in (1, 3))

    assert asked(desk, many, "open") == asked(desk, few, "open")


def test_the_announcement_names_each_lead_and_member_who_may_not(officer, desk):
    meeting = panels.meeting(cases=2)
    chair, second, _third = panels.people(meeting)
    build.involve(chair.expert.user, panels.item_of(meeting, 2).case)
    make_officer(second)

    page = step(desk, meeting, "announce")

    said = "The lead reviewer of item %d may not take part in it. Name another."
    assert (said % 1 in page, said % 2 in page) == (False, True)
    assert f"{second} is an officer by now and does not sit on the panel." in page
    assert f"{chair} is an officer by now" not in page


def who_does_not_see(item):
    """Return the browser of an officer who does not see an item: she scored its declaration."""
    scorer = build.an_assignment(item.case).expert.user
    grant_role(scorer, "officer", actor=None)
    return accounts.signed_in(User.objects.get(pk=scorer.pk))


@pytest.mark.parametrize(("status", "name"), [("prepared", "announce"), ("announced", "open")])
def test_of_an_item_not_seen_it_is_said_that_there_is_something(desk, status, name):
    meeting = panels.meeting(status, cases=2)
    item = panels.item_of(meeting, 2)
    for member in panels.people(meeting)[1:]:
        build.involve(member.expert.user, item.case)

    page = step(who_does_not_see(item), meeting, name)

    assert ("Items without you" in page, HIDDEN in page) == (True, True)
    assert ("Item 2" in page, "item 2" in page, TOO_FEW in page) == (False, False, False)
    whole = step(desk, meeting, name)
    assert (f"Item 2: {TOO_FEW}" in whole, HIDDEN in whole) == (True, False)


def test_what_an_item_not_seen_lacks_is_not_named_either():
    meeting = panels.meeting(cases=2)
    meeting.items.update(lead=None)

    page = step(who_does_not_see(panels.item_of(meeting, 2)), meeting, "announce")

    assert "Item 1 has no lead reviewer." in page
    assert "Item 2 has no lead reviewer." not in page
    assert HIDDEN in page


def test_of_an_item_not_seen_with_which_all_is_well_nothing_is_said():
    meeting = panels.meeting(cases=2)

    page = step(who_does_not_see(panels.item_of(meeting, 2)), meeting, "announce")

    assert "What follows" in page
    assert ("Items without you" in page, HIDDEN in page) == (False, False)
    assert "Still missing" not in page
