"""What an officer is told before: who may take part, an earlier vote, what a step lacks."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.formats import date_format

from evaluation.models import PanelItem, PanelMember
from evaluation.panel import deciding, preparing, rooms
from evaluation.panel.workflow import MEETINGS, room
from evaluation.results import case_result, case_results
from tests.builders import accounts
from tests.builders import evaluation as build
from tests.builders import panel as panels
from tests.evaluation.panel.test_desk import admin
from tests.evaluation.panel.test_pages import at, browser
from tests.evaluation.panel.test_panel import prepare
from tests.reading import text

pytestmark = pytest.mark.django_db

TWO = "2 of 3 members may take part; 2 make the quorum."
ONE = "1 of 3 members may take part: too few for a vote."
COUNTS_NO_MORE = "It does not count any more"


@pytest.fixture
def officer():
    return accounts.officer()


@pytest.fixture
def desk(officer):
    return accounts.signed_in(officer)


def agendas(desk, meeting):
    return [text(desk.get(admin(name, meeting.pk))) for name in ("change", "agenda")]


def step(desk, meeting, name):
    return text(desk.get(admin("step", meeting.pk, name)))


# Who may take part -----------------------------------------------------------------------


def test_officers_read_beside_each_item_how_many_may_take_part(desk):
    meeting = panels.meeting(cases=2)
    _chair, second, third = panels.people(meeting)
    first, other = (panels.item_of(meeting, place) for place in (1, 2))
    build.involve(third.expert.user, first.case)
    build.involve(second.expert.user, other.case)
    build.involve(third.expert.user, other.case)

    for page in agendas(desk, meeting):
        assert (page.count(TWO), page.count(ONE)) == (1, 1)
    found = rooms.of(meeting, [first, other])
    assert [found[one.pk].able for one in (first, other)] == [2, 1]
    assert [len(room(one)[0]) for one in (first, other)] == [2, 1]


def test_members_are_told_no_more_than_before():
    meeting = panels.meeting("announced", cases=1)
    item = panels.item_of(meeting)
    build.involve(panels.people(meeting)[2].expert.user, item.case)

    page = text(browser(item).get(at("panel", meeting.pk)))

    assert panels.number_of(item) in page

    assert TWO not in page
    assert "3 members may take part" not in page


def test_a_meeting_that_is_over_says_nothing_of_who_might(desk):
    for page in agendas(desk, panels.meeting("closed")):
        assert "may take part" not in page


def leads_offered(page, place):
    """Return the names that can be chosen to lead an item, by the officers' page."""
    found = re.search(rf'<select name="lead" id="lead-{place}">(.*?)</select>', page, re.S)
    return re.findall(r">([^<]+)</option>", found[1]) if found else None


def test_who_is_barred_from_a_case_is_not_offered_to_lead_it(desk):
    meeting = panels.meeting(cases=2)
    chair, second, third = panels.people(meeting)
    build.involve(third.expert.user, panels.item_of(meeting, 1).case)

    page = text(desk.get(admin("agenda", meeting.pk)))

    assert leads_offered(page, 1) == ["–", str(chair), str(second)]
    assert leads_offered(page, 2) == ["–", str(chair), str(second), str(third)]
    assert "Name somebody else." not in page


def test_a_lead_who_was_barred_since_is_told_of(desk):
    meeting = panels.meeting(cases=2)
    chair, second, third = panels.people(meeting)
    for one in (chair, second, third):
        build.involve(one.expert.user, panels.item_of(meeting, 1).case)
    build.involve(chair.expert.user, panels.item_of(meeting, 2).case)

    page = text(desk.get(admin("agenda", meeting.pk)))

    said = f"{chair} may not take part in this item. Name somebody else."
    assert page.count(said) == 2
    assert leads_offered(page, 1) is None  # nobody is left: there is nothing to save
    assert leads_offered(page, 2) == ["–", str(second), str(third)]


@pytest.mark.parametrize(("status", "may"), [("prepared", True), ("announced", False),
                                             ("in_session", False), ("closed", False)])  # fmt: skip
def test_what_can_no_longer_be_saved_has_no_button(desk, status, may):
    meeting = panels.meeting(status)

    change, agenda = (desk.get(admin(name, meeting.pk)) for name in ("change", "agenda"))

    assert ('name="_save"' in text(change)) is may
    assert (leads_offered(text(agenda), 1) is not None) is (status != "closed")
    assert str(panels.chair(meeting)) in text(agenda)


def test_it_asks_as_often_for_one_item_as_for_many(desk):
    def asked(meeting):
        desk.get(admin("agenda", meeting.pk))
        with CaptureQueriesContext(connection) as queries:
            desk.get(admin("agenda", meeting.pk))
        return len(queries)

    meeting = panels.meeting(cases=1)
    one = asked(meeting)
    for _n in range(3):
        case = build.scored_case(activity=meeting.activity)
        preparing.add_items(meeting.pk, [case.pk], actor=accounts.officer())

    assert PanelItem.objects.filter(meeting=meeting).count() == 4
    assert asked(meeting) == one


# A vote before ---------------------------------------------------------------------------


def offered(desk, case, officer):
    meeting = prepare(case.declaration.activity, officer)
    return text(desk.get(admin("agenda", meeting.pk)))


def test_a_vote_that_holds_is_said_beside_what_is_offered(officer, desk):
    case = build.scored_case(activity=panels.activity())
    held = panels.spoken(case)

    page = offered(desk, case, officer)

    day = date_format(timezone.localdate(), "DATE_FORMAT")
    assert f"voted on in “{held}”, on {day}: include" in page
    assert COUNTS_NO_MORE not in page


def test_a_vote_that_holds_no_more_says_why(officer, desk):
    barred = build.scored_case(activity=panels.activity())
    voter = panels.people(panels.spoken(barred))[1]
    build.involve(voter.expert.user, barred)
    changed = build.scored_case(activity=panels.activity(experts_wanted=2))
    panels.spoken(changed)
    build.exclude(build.an_assignment(changed).sheet)

    said = [offered(desk, case, officer) for case in (barred, changed)]

    who = f"{COUNTS_NO_MORE}: somebody voted who may not take part by now."
    figures = f"{COUNTS_NO_MORE}: the figures have changed since."
    assert [(who in page, figures in page) for page in said] == [(True, False), (False, True)]


def voted_cases(activity, count):
    """Return cases on which a meeting that is closed voted; the meeting."""
    officer = accounts.officer()
    meeting = panels.meeting(cases=count, of=activity)
    for step in ("announce", "open"):
        if step == "open":
            panels.everybody_comes(meeting, officer)
        MEETINGS.perform(step, meeting.pk, actor=officer)
    for place in range(1, count + 1):
        panels.voted(panels.item_of(meeting, place), officer=officer)
    return MEETINGS.perform("close", meeting.pk, actor=officer)


def queries_of(desk, url):
    desk.get(url)
    with CaptureQueriesContext(connection) as queries:
        assert desk.get(url).status_code == 200
    return [one["sql"] for one in queries.captured_queries]


def test_earlier_votes_are_asked_as_often_for_one_case_as_for_many(officer, desk):
    activity = panels.activity()
    meeting = prepare(activity, officer)
    panels.sit(meeting, actor=officer)
    voted_cases(activity, 1)
    url = admin("agenda", meeting.pk)
    one = queries_of(desk, url)

    voted_cases(activity, 3)

    many = queries_of(desk, url)
    assert text(desk.get(url)).count("voted on in “") == 4
    assert len(many) == len(one)
    assert [sql for sql in many if '"minutes"' in sql and "minutes_hash" not in sql] == []


def test_each_case_has_its_own_vote_and_its_own_fault(officer, desk):
    activity = panels.activity(experts_wanted=2)
    closed = voted_cases(activity, 3)
    holds, changed, barred = (panels.item_of(closed, place).case for place in (1, 2, 3))
    build.exclude(build.an_assignment(changed).sheet)
    build.involve(panels.people(closed)[1].expert.user, barred)
    cases = preparing.waiting(prepare(activity, officer), officer)

    votes = deciding.votes_on(cases.select_related("declaration"))

    assert {key: one.fault for key, one in votes.items()} == {
        holds.pk: "",
        changed.pk: f"{COUNTS_NO_MORE}: the figures have changed since.",
        barred.pk: f"{COUNTS_NO_MORE}: somebody voted who may not take part by now.",
    }


def test_the_newest_vote_on_the_figures_of_now_is_told(officer):
    case = build.scored_case(activity=panels.activity())
    panels.spoken(case)
    newest = panels.spoken(build.reread(case), "not_include", "not_include", "not_include")

    assert {key: one.item.meeting for key, one in deciding.votes_on([case]).items()} == {
        case.pk: newest
    }


def test_all_results_at_once_are_those_of_each():
    activity = panels.activity(experts_wanted=2)
    cases = [build.scored_case(activity=activity) for _n in range(2)]
    build.exclude(build.an_assignment(cases[1]).sheet)

    found = case_results(cases)

    assert found == {one.pk: case_result(one) for one in cases}
    assert [len(found[one.pk]["sheets"]) for one in cases] == [2, 1]


def test_nothing_is_offered_once_the_meeting_is_announced(officer, desk):
    meeting = panels.meeting("announced")
    voted_cases(meeting.activity, 1)
    url = admin("agenda", meeting.pk)

    asked = queries_of(desk, url)

    assert [sql for sql in asked if 'FROM "evaluation_case"' in sql and "scored" in sql] == []
    case = build.scored_case(activity=meeting.activity)
    page = text(desk.post(url, {"do": "add", "cases": [str(case.pk)]}))
    assert "This is not possible in the present state: announced." in page
    assert meeting.items.count() == 1


def test_what_was_never_voted_on_has_no_mark(officer, desk):
    case = build.scored_case(activity=panels.activity())

    page = offered(desk, case, officer)

    assert case.declaration.number in page
    assert "voted on in" not in page


def test_where_nothing_is_left_to_add_there_is_no_button(officer, desk):
    meeting = panels.meeting(cases=1)

    page = text(desk.get(admin("agenda", meeting.pk)))

    assert "Put on the agenda" not in page
    assert "No further declaration of this activity is scored and on no agenda." in page
    build.scored_case(activity=meeting.activity)
    assert "Put on the agenda" in text(desk.get(admin("agenda", meeting.pk)))


# Before the button -----------------------------------------------------------------------


def test_the_announcement_says_all_that_is_missing_and_who_is_mailed(officer, desk):
    meeting = panels.meeting(cases=2, members=2)
    meeting.items.update(lead=None)

    page = step(desk, meeting, "announce")

    for said in (
        "Still missing",
        "A panel has at least 3 members.",
        "Item 1 has no lead reviewer.",
        "Item 2 has no lead reviewer.",
        ", ".join(str(one) for one in PanelMember.objects.filter(meeting=meeting).order_by("pk")),
    ):
        assert said in page, said


def test_what_is_ready_lacks_nothing(desk):
    meeting = panels.meeting()

    page = step(desk, meeting, "announce")

    assert "Still missing" not in page
    assert "A mail goes to" in page


def test_the_opening_says_the_quorum_and_on_what_nobody_could_vote(officer, desk):
    meeting = panels.meeting("announced")
    chair, second, third = panels.people(meeting)
    item = panels.item_of(meeting)
    for one in (second, third):
        build.involve(one.expert.user, item.case)
    panels.comes(chair, officer)

    page = step(desk, meeting, "open")

    for said in (
        "1 of 3 members are present; 2 make the quorum.",
        f"Item 1: {ONE}",
        "Nobody gets a mail.",
    ):
        assert said in page, said


@pytest.mark.parametrize(
    ("state", "name", "mailed"),
    [
        ("announced", "take_back", True),
        ("announced", "cancel", True),
        ("prepared", "cancel", False),
    ],
)
def test_calling_off_says_who_is_mailed(desk, state, name, mailed):
    page = step(desk, panels.meeting(state), name)

    assert ("A mail goes to" in page, "Nobody gets a mail." in page) == (mailed, not mailed)
