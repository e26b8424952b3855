"""The officers' pages of a panel, and its minutes on the page and on paper."""

import datetime as dt
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import timezone, translation
from pypdf import PdfReader

from accounts.services import grant_role
from core.moments import written
from evaluation.models import PanelMeeting, PanelVoter
from evaluation.panel import running, voting
from evaluation.panel.workflow import MEETINGS, perform_item
from tests.builders import accounts
from tests.builders import evaluation as build
from tests.builders import panel as panels
from tests.evaluation.panel.test_pages import HIDDEN, at, browser
from tests.reading import text

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer():
    return accounts.officer()


@pytest.fixture
def desk(officer):
    return accounts.signed_in(officer)


def admin(name, *args):
    return reverse(f"admin:evaluation_panelmeeting_{name}", args=args)


def run(item):
    return admin("item", item.meeting_id, item.pk)


# The minutes -----------------------------------------------------------------------------


def closed_meeting(officer, *, secret=True):
    meeting = panels.meeting("in_session", secret=secret, cases=2)
    item = panels.item_of(meeting)
    third = panels.people(meeting)[2]
    running.recuse(item.pk, third.pk, actor=third.expert.user, reason="Shares.")
    panels.opened(item, officer)
    for member in panels.people(meeting)[:2]:
        voting.vote(item.pk, "include", actor=member.expert.user)
    perform_item("close_vote", item.pk, actor=officer)
    return MEETINGS.perform("close", meeting.pk, actor=officer)


def test_minutes_say_who_came_who_left_the_room_and_what_was_voted(officer, desk):
    meeting = closed_meeting(officer)
    chair, second, third = map(str, panels.people(meeting))

    page = text(desk.get(admin("minutes", meeting.pk)))

    assert "3 of 3 members attended; 2 make the quorum." in page
    assert f'Left the room for a conflict of interest</dt><dd dir="auto">{third}' in page
    assert "Include: 2 · Do not include: 0 · Defer: 0 · Abstain: 0" in page
    assert "Discussed at length." in page
    assert "Not voted on." in page
    assert meeting.minutes_hash[:8] in page
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
    assert panels.number_of(item) not in without
    assert "The reader takes no part in this item." in without
    assert panels.number_of(item) not in " ".join(p.extract_text() for p in pdf.pages)


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
    assert panels.number_of(item) in text(desk.get(agenda))
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

    without = text(
        desk.post(run(item), {"do": "recuse", "recuse-member": member.pk, "recuse-reason": ""})
    )
    desk.post(run(item), {"do": "recuse", "recuse-member": member.pk, "recuse-reason": "Shares."})
    page = text(desk.get(run(item)))

    assert "Please give a reason." in without
    assert "<strong>takes no part</strong>" in page
    assert "2 of the 2 members who may take part are present." in page


def test_a_button_that_is_none_is_not_found(desk):
    item = panels.item_of(panels.meeting("in_session"))

    for address in (run(item), admin("members", item.meeting_id), admin("agenda", item.meeting_id)):
        assert desk.post(address, {"do": "else"}).status_code == 404


def test_an_officer_with_a_conflict_sees_the_number_of_the_item_alone(officer):
    meeting = panels.meeting("in_session")
    item = panels.item_of(meeting)
    scorer = build.an_assignment(item.case).expert.user
    grant_role(scorer, "officer", actor=None)
    client = accounts.signed_in(type(scorer).objects.get(pk=scorer.pk))

    page = text(client.get(admin("change", meeting.pk)))

    assert HIDDEN in page
    assert panels.number_of(item) not in page
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


def test_the_page_of_a_case_says_on_which_agenda_it_stands(officer, desk):
    meeting = panels.meeting("announced")
    item = panels.item_of(meeting)
    owner = accounts.owner_of(item.case.declaration.organisation)
    address = reverse("admin:evaluation_case_change", args=[item.case_id])

    page = text(desk.get(address))
    without = text(desk.get(reverse("admin:evaluation_case_change",
                                    args=[build.scored_case().pk])))  # fmt: skip
    theirs = accounts.signed_in(owner).get(
        reverse("submissions:declaration-detail", args=[item.case.declaration_id])
    )

    row = page[page.index('id="panels"') :]
    row = row[: row.index("</table>")]
    when = written(meeting.starts_at)
    chair = str(panels.chair(meeting))
    addresses = (run(item), admin("change", meeting.pk))
    for said in (*addresses, "1. First meeting", "announced", when, chair, "not voted on"):
        assert said in row
    assert 'id="panels"' not in without
    assert theirs.status_code == 200
    assert "First meeting" not in text(theirs)
    assert str(panels.chair(meeting)) not in text(theirs)
