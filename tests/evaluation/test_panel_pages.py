"""The pages of a panel: what a member sees and does, what an officer runs, what is minuted."""

import datetime as dt
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation
from pypdf import PdfReader

from evaluation.models import PanelItem, PanelMeeting, PanelRecusal, PanelVoter
from evaluation.panel import running
from evaluation.panel.workflow import MEETINGS
from tests.builders import accounts
from tests.builders import evaluation as build
from tests.builders import panel as panels
from tests.reading import text

pytestmark = pytest.mark.django_db

HIDDEN = "Item 1: you are not taking part."


@pytest.fixture
def officer():
    return accounts.officer()


@pytest.fixture
def desk(officer):
    return accounts.signed_in(officer)


def browser(item, place=0):
    return accounts.signed_in(panels.people(item.meeting)[place].expert.user)


def at(name, *args):
    return reverse(f"evaluation:{name}", args=args)


def of(item, name="panel-item"):
    return at(name, item.meeting_id, item.pk)


def admin(name, *args):
    return reverse(f"admin:evaluation_panelmeeting_{name}", args=args)


def run(item):
    return admin("item", item.meeting_id, item.pk)


# Members ---------------------------------------------------------------------------------


def test_a_member_finds_the_meeting_on_the_own_page_and_in_the_list():
    item = panels.item_of(panels.meeting("announced"))
    client = browser(item)

    assert "Panel meeting: First meeting" in text(client.get(reverse("home")))
    assert "1. First meeting" in text(client.get(at("panel-list")))
    page = text(client.get(at("panel", item.meeting_id)))
    assert item.case.declaration.number in page
    assert "0 present; 2 make the quorum." in page


def test_the_papers_open_after_the_promise(officer):
    meeting = panels.meeting()
    newcomer = build.expert()
    panels.preparing.add_member(meeting.pk, newcomer.pk, actor=officer)
    panels.brought(meeting, "announced", officer)
    item = panels.item_of(meeting)
    client = accounts.signed_in(newcomer.user)

    page = text(client.get(at("panel", meeting.pk)))
    closed = client.get(of(item)).status_code
    client.post(at("panel-promise", meeting.pk))

    assert "Before the papers open" in page
    assert item.case.declaration.number not in page
    assert (closed, client.get(of(item)).status_code) == (404, 200)


def test_a_member_reads_declaration_figures_and_opinions_and_no_experts_name():
    item = panels.item_of(panels.meeting("announced"))
    scorer = build.an_assignment(item.case).expert

    page = text(browser(item).get(of(item)))

    assert item.case.declaration.title in page
    assert "Expert 1" in page
    assert "80.00" in page
    assert "A sound technology." in page
    assert str(scorer) not in page


def test_of_an_item_with_a_conflict_only_the_number_is_seen():
    item = panels.item_of(panels.meeting("in_session"))
    member = panels.people(item.meeting)[1]
    build.involve(member.expert.user, item.case)
    client = accounts.signed_in(member.expert.user)

    page = text(client.get(at("panel", item.meeting_id)))

    assert HIDDEN in page
    assert item.case.declaration.number not in page
    assert item.case.declaration.title not in page
    assert client.get(of(item)).status_code == 404
    for name in ("panel-vote", "panel-note", "panel-recuse"):
        assert client.post(of(item, name), {"choice": "include"}).status_code == 404


def test_who_declares_a_conflict_sees_the_item_no_more():
    item = panels.item_of(panels.meeting("announced"))
    client = browser(item, 1)

    empty = text(client.post(of(item, "panel-recuse"), {"reason": " "}))
    client.post(of(item, "panel-recuse"), {"reason": "Shares."})

    assert "Please give a reason." in empty
    assert PanelRecusal.objects.get().reason == "Shares."
    assert HIDDEN in text(client.get(at("panel", item.meeting_id)))


def test_a_member_votes_in_the_browser_once_and_reads_no_count_before_the_end(officer):
    item = panels.voting_item()
    client = browser(item)

    nothing = text(client.post(of(item, "panel-vote"), {}))
    client.post(of(item, "panel-vote"), {"choice": "include"})
    after = text(client.get(of(item)))
    again = text(client.post(of(item, "panel-vote"), {"choice": "defer"}))
    panels.perform_item("repeat_vote", item.pk, actor=officer, reason="Again.")
    panels.voted(panels.item_of(item.meeting), officer=officer)
    counted = text(client.get(of(item)))

    assert "Choose one of the answers." in nothing
    assert "The count is shown when the vote is closed." in after
    assert "Outcome" not in after
    assert "You have voted on this item already." in again
    assert "Proposal of the panel: <strong>Include</strong>" in counted


def test_the_chair_notes_and_the_lead_concludes_in_the_browser(officer):
    item = panels.item_of(panels.meeting("in_session"))
    second = panels.people(item.meeting)[1]
    panels.preparing.set_lead(item.meeting_id, item.pk, second.pk, actor=officer)
    chair, lead, other = (browser(item, place) for place in range(3))

    chair.post(of(item, "panel-note"), {"notes": "Long.", "conclusion": "Mine."})
    lead.post(of(item, "panel-note"), {"notes": "No.", "conclusion": "Sound."})

    stored = PanelItem.objects.get()
    assert (stored.notes, stored.conclusion) == ("Long.", "Sound.")
    assert 'name="notes"' not in text(other.get(of(item)))
    assert "Sound." in text(other.get(of(item)))


def test_what_is_too_long_comes_back_with_all_that_was_typed():
    item = panels.item_of(panels.meeting("in_session"))
    typed = "x" * 8001

    page = text(
        browser(item).post(of(item, "panel-note"), {"notes": typed, "conclusion": "Sound."})
    )

    assert typed in page
    assert PanelItem.objects.get().notes == ""


def test_items_lead_to_each_other_past_those_that_are_hidden():
    meeting = panels.meeting("announced", cases=3)
    first, second, third = (panels.item_of(meeting, place) for place in (1, 2, 3))
    member = panels.people(meeting)[1]
    running.recuse(second.pk, member.pk, actor=member.expert.user, reason="Shares.")

    page = text(accounts.signed_in(member.expert.user).get(of(first)))

    assert f'rel="next" href="{of(third)}"' in page
    assert 'rel="prev"' not in page


@pytest.mark.parametrize("who", ["stranger", "owner", "other expert"])
def test_nobody_else_finds_a_meeting(who):
    item = panels.item_of(panels.meeting("closed"))
    person = {
        "stranger": accounts.user,
        "owner": lambda: accounts.owner_of(item.case.declaration.organisation),
        "other expert": accounts.expert_user,
    }[who]()
    client = accounts.signed_in(person)

    for name in ("panel", "panel-minutes", "panel-minutes-file"):
        assert client.get(at(name, item.meeting_id)).status_code == 404
    assert client.get(of(item)).status_code == 404
    assert "First meeting" not in text(client.get(reverse("home")))


def test_pages_ask_the_database_as_often_for_one_item_as_for_many():
    one, many = panels.meeting("announced"), panels.meeting("announced", cases=4)
    asked = []
    for meeting in (one, many):
        client = browser(panels.item_of(meeting))
        for address in (at("panel", meeting.pk), of(panels.item_of(meeting))):
            client.get(address)
            with CaptureQueriesContext(connection) as queries:
                client.get(address)
            asked.append(len(queries))

    assert asked[:2] == asked[2:]


# The minutes -----------------------------------------------------------------------------


def closed_meeting(officer, *, secret=True):
    meeting = panels.meeting("in_session", secret=secret, cases=2)
    item = panels.item_of(meeting)
    third = panels.people(meeting)[2]
    running.recuse(item.pk, third.pk, actor=third.expert.user, reason="Shares.")
    panels.opened(item, officer)
    for member in panels.people(meeting)[:2]:
        panels.voting.vote(item.pk, "include", actor=member.expert.user)
    panels.perform_item("close_vote", item.pk, actor=officer)
    return MEETINGS.perform("close", meeting.pk, actor=officer)


def test_minutes_say_who_came_who_left_the_room_and_what_was_voted(officer, desk):
    meeting = closed_meeting(officer)
    chair, second, third = map(str, panels.people(meeting))

    page = text(desk.get(admin("minutes", meeting.pk)))

    assert "3 of 3 members attended; 2 make the quorum." in page
    assert f"Left the room for a conflict of interest</dt><dd>{third}" in page
    assert "Include: 2 · Do not include: 0 · Defer: 0 · Abstain: 0" in page
    assert "Discussed at length." in page
    assert "Not voted on." in page
    assert meeting.minutes_hash[:16] in page
    assert "Votes by name" not in page
    assert chair in page
    assert second in page


def test_by_open_ballot_the_minutes_name_the_votes(officer, desk):
    meeting = closed_meeting(officer, secret=False)

    page = text(desk.get(admin("minutes", meeting.pk)))

    assert "Votes by name" in page


@pytest.mark.parametrize(
    ("language", "word"), [("en", "Minutes of a panel meeting"), ("zh-hans", "1. First meeting")]
)
def test_the_minutes_are_a_pdf_in_the_language_of_the_page(officer, desk, language, word):
    meeting = closed_meeting(officer)
    with translation.override(language):
        answer = desk.get(admin("minutes_pdf", meeting.pk))

    pages = PdfReader(BytesIO(answer.content)).pages
    printed = " ".join(page.extract_text() for page in pages)
    assert answer["Content-Type"] == "application/pdf"
    assert word in printed


def test_a_member_reads_the_minutes_without_the_items_of_a_conflict(officer):
    meeting = closed_meeting(officer)
    item = panels.item_of(meeting)
    first, third = browser(item), browser(item, 2)

    whole = text(first.get(at("panel-minutes", meeting.pk)))
    without = text(third.get(at("panel-minutes", meeting.pk)))
    pdf = PdfReader(BytesIO(third.get(at("panel-minutes-file", meeting.pk)).content))

    assert "Discussed at length." in whole
    assert "Discussed at length." not in without
    assert item.case.declaration.number not in without
    assert "The reader takes no part in this item." in without
    assert item.case.declaration.number not in " ".join(p.extract_text() for p in pdf.pages)


def test_there_are_no_minutes_before_the_end(desk):
    meeting = panels.meeting("in_session")

    assert desk.get(admin("minutes", meeting.pk)).status_code == 404
    assert desk.get(admin("minutes_pdf", meeting.pk)).status_code == 404


# Officers --------------------------------------------------------------------------------


def test_an_officer_prepares_a_meeting_in_the_browser(desk):
    activity = panels.activity()
    starts = timezone.now() + dt.timedelta(days=3)
    sent = {
        "activity": activity.pk,
        "title": "Autumn",
        "starts_at_0": starts.strftime("%Y-%m-%d"),
        "starts_at_1": "10:00",
        "place": "Room 1",
        "secret": "on",
    }

    late = text(desk.post(admin("add"), sent | {"starts_at_0": "2020-01-01"}))
    desk.post(admin("add"), sent)

    assert "This moment has passed already." in late
    assert "Autumn" in late
    assert PanelMeeting.objects.get().title == "Autumn"


def test_only_activities_with_a_panel_are_offered(desk):
    panel, short = panels.activity(), build.activity()

    page = text(desk.get(admin("add")))

    assert f'value="{panel.pk}"' in page
    assert f'value="{short.pk}"' not in page


def test_an_officer_sets_members_and_agenda_in_the_browser(desk):
    meeting = panels.meeting(members=0, cases=0)
    expert, case = build.expert(), build.scored_case(activity=meeting.activity)
    people, agenda = admin("members", meeting.pk), admin("agenda", meeting.pk)

    desk.post(people, {"do": "add", "expert": expert.pk, "seat": "member"})
    member = meeting.members.get()
    desk.post(people, {"do": "chair", "member": member.pk})
    nothing = text(desk.post(agenda, {"do": "add"}))
    desk.post(agenda, {"do": "add", "cases": [case.pk]})
    item = meeting.items.get()
    desk.post(agenda, {"do": "lead", "item": item.pk, "lead": member.pk})

    item.refresh_from_db()
    assert "Choose at least one declaration." in nothing
    assert (meeting.members.get().seat, item.lead, item.case) == ("chair", member, case)
    assert str(expert) in text(desk.get(people))
    assert case.declaration.number in text(desk.get(agenda))
    desk.post(agenda, {"do": "remove", "item": item.pk})
    desk.post(people, {"do": "remove", "member": member.pk})
    assert (meeting.members.count(), meeting.items.count()) == (0, 0)


def test_an_officer_runs_an_item_from_the_notes_to_the_count(desk):
    meeting = panels.meeting("announced", secret=False)
    item = panels.item_of(meeting)
    people = admin("members", meeting.pk)
    for member in panels.people(meeting):
        desk.post(people, {"do": "attend", "member": member.pk, "presence": "present"})
    desk.post(admin("step", meeting.pk, "open"))

    early = text(desk.post(run(item), {"do": "open_vote", "reason": ""}))
    desk.post(run(item), {"do": "note", **panels.OFFICERS_WORDS})
    desk.post(run(item), {"do": "open_vote", "reason": ""})
    panels.say(item, "include", "include", "abstain")
    while_voting = text(desk.get(run(item)))
    desk.post(run(item), {"do": "close_vote", "reason": ""})
    page = text(desk.get(run(item)))

    assert "Write the conclusion of the lead reviewer first." in early
    assert "3 have voted." in while_voting
    assert "Proposal of the panel" not in while_voting
    assert "Proposal of the panel: <strong>Include</strong>" in page
    assert PanelVoter.objects.filter(choice="abstain").count() == 1


def test_the_page_in_the_room_names_no_expert_beside_a_score(desk):
    item = panels.item_of(panels.meeting("in_session"))
    scorer = build.an_assignment(item.case).expert

    page = text(desk.get(run(item)))

    assert "Expert 1" in page
    assert str(scorer) not in page


def test_an_officer_notes_who_leaves_the_room(desk):
    item = panels.item_of(panels.meeting("in_session"))
    member = panels.people(item.meeting)[1]

    without = text(desk.post(run(item), {"do": "recuse", "member": member.pk, "reason": ""}))
    desk.post(run(item), {"do": "recuse", "member": member.pk, "reason": "Shares."})
    page = text(desk.get(run(item)))

    assert "Please give a reason." in without
    assert "takes no part:" in page
    assert "2 of the 2 members who may take part are present." in page


def test_a_button_that_is_none_is_not_found(desk):
    item = panels.item_of(panels.meeting("in_session"))

    for address in (run(item), admin("members", item.meeting_id), admin("agenda", item.meeting_id)):
        assert desk.post(address, {"do": "else"}).status_code == 404


def test_an_officer_with_a_conflict_sees_the_number_of_the_item_alone(officer):
    meeting = panels.meeting("in_session")
    item = panels.item_of(meeting)
    scorer = build.an_assignment(item.case).expert.user
    accounts.services.grant_role(scorer, "officer", actor=None)
    client = accounts.signed_in(type(scorer).objects.get(pk=scorer.pk))

    page = text(client.get(admin("change", meeting.pk)))

    assert HIDDEN in page
    assert item.case.declaration.number not in page
    assert client.get(run(item)).status_code == 404


@pytest.mark.parametrize("name", ["members", "agenda", "minutes"])
def test_members_do_not_come_to_the_officers_pages(name):
    meeting = panels.meeting("closed")
    client = accounts.signed_in(panels.chair(meeting).expert.user)

    assert client.get(admin(name, meeting.pk)).status_code == 404


def test_the_form_of_the_decision_shows_what_the_panel_proposes(desk):
    case = build.scored_case(activity=panels.activity())
    panels.spoken(case, "not_include", "not_include", "include")
    address = reverse("admin:evaluation_case_step", args=[case.pk, "decide"])
    sent = {"outcome": "included", "statement": "Sound."}

    page = text(desk.get(address))
    without = text(desk.post(address, sent))
    desk.post(address, sent | {"reason": "The figures."})

    assert "Do not include (1. First meeting)" in page
    assert "The panel proposes otherwise: please give a reason." in without
    assert "Sound." in without
    assert build.reread(case).status == "decided"


def test_the_case_leads_to_the_meeting(desk):
    item = panels.item_of(panels.meeting("announced"))

    page = text(desk.get(reverse("admin:evaluation_case_change", args=[item.case_id])))

    assert run(item) in page
