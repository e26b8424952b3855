"""Who may not: officers on a panel, experts who know the scores, words changed after the vote."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from accounts.services import grant_role
from core import rights
from core.errors import DomainError
from evaluation.letters import writing as letter_writing
from evaluation.models import Case, PanelItem
from evaluation.panel import preparing, running, voting
from evaluation.panel.states import MeetingStatus
from evaluation.panel.workflow import MEETINGS
from evaluation.verifications.verifying import VERIFICATIONS
from evaluation.workflow import perform_case
from tests.builders import accounts
from tests.builders import evaluation as build
from tests.builders import panel as panels
from tests.builders import verifications as verify
from tests.evaluation.panel.test_desk import run
from tests.evaluation.panel.test_panel import refusal
from tests.evaluation.panel.test_votes import decide
from tests.reading import text, texts
from tests.replaying import as_owner, faults, replayed

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer():
    return accounts.officer()


def make_officer(member):
    grant_role(member.expert.user, "officer", actor=None)
    member.expert.user.__dict__.pop("roles", None)
    return member.expert.user


# What stays after the vote ---------------------------------------------------------------


def test_conclusion_and_lead_stay_once_the_vote_is_open_and_notes_go_on(officer):
    item = panels.voting_item()
    second = panels.people(item.meeting)[1]
    same = panels.OFFICERS_WORDS["conclusion"]

    changed = refusal(running.note, item.pk, actor=officer, conclusion="It is not sound.")
    running.note(item.pk, actor=officer, notes="More was said.", conclusion=same)
    led = refusal(preparing.set_lead, item.meeting_id, item.pk, second.pk, actor=officer)

    assert changed == (
        "The conclusion stays as it was when the vote was opened. Annul the vote first."
    )
    assert led == "The lead stays as it was when the vote was opened. Annul the vote first."
    stored = PanelItem.objects.get()
    assert (stored.notes, stored.conclusion) == ("More was said.", same)
    assert stored.lead == panels.chair(item.meeting)


def test_of_two_texts_changed_elsewhere_neither_is_written_over_unread(officer):
    item = panels.item_of(panels.meeting("in_session"))
    desk = accounts.signed_in(officer)
    seen = running.seen_of(item)
    running.note(item.pk, actor=officer, notes="Their notes.", conclusion="Their conclusion.")
    mine = {"do": "note", "notes": "Mine.", "conclusion": "Mine too.", "seen": seen}

    refused = desk.post(run(item), mine)
    again = refused.context["note_form"]["seen"].value()
    desk.post(run(item), mine | {"seen": again})

    assert "Stored meanwhile: Their notes." in text(refused)
    assert "Stored meanwhile: Their conclusion." in text(refused)
    stored = PanelItem.objects.get()
    assert (stored.notes, stored.conclusion) == ("Mine.", "Mine too.")


def test_a_text_that_was_not_shown_keeps_its_mark(officer):
    item = panels.item_of(panels.meeting("in_session"))
    desk = accounts.signed_in(officer)
    seen = running.seen_of(item)
    running.note(item.pk, actor=officer, notes="Theirs.")
    mine = {"do": "note", "notes": "Mine.", "conclusion": "Mine too.", "seen": seen}

    again = desk.post(run(item), mine).context["note_form"]["seen"].value()
    running.note(item.pk, actor=officer, conclusion="Theirs too.")
    refused = desk.post(run(item), mine | {"seen": again})

    assert "Stored meanwhile: Theirs too." in text(refused)
    assert PanelItem.objects.get().conclusion == "Theirs too."


# Officers on a panel ---------------------------------------------------------------------


def test_who_became_an_officer_is_neither_announced_nor_votes(officer):
    meeting = panels.meeting()
    item = panels.voting_item()
    one, other = panels.people(meeting)[1], panels.people(item.meeting)[1]
    make_officer(one)
    voter = make_officer(other)

    announced = refusal(MEETINGS.perform, "announce", meeting.pk, actor=officer)
    voted = refusal(voting.vote, item.pk, "include", actor=voter)

    assert announced == f"{one} is an officer by now and does not sit on the panel."
    assert voted == "An officer does not sit on the panel."


def test_who_sat_on_the_panel_does_not_decide_as_an_officer(officer):
    case = build.scored_case(activity=panels.activity())
    meeting = panels.spoken(case)
    person = make_officer(panels.people(meeting)[1])

    with pytest.raises(PermissionDenied):
        decide(case, person)
    decide(case, officer)

    assert not rights.can(person, "release", Case.objects.get())
    assert rights.can(person, "read", Case.objects.get())
    assert rights.can(accounts.second_officer(), "release", Case.objects.get())


# Who knows the scores --------------------------------------------------------------------


@pytest.mark.parametrize("how", ["announced", "prepared", "visit"])
def test_who_knows_the_scores_is_not_asked_for_a_sheet(officer, how):
    case = verify.scored(panel=True)
    expert = build.expert()
    if how == "visit":
        row = verify.reported(verify.held(case, experts=[expert]))
        assert row.status == "reported"
    else:
        meeting = panels.meeting(cases=0, of=case.declaration.activity)
        panels.sit(meeting, expert, actor=officer)
        preparing.add_items(meeting.pk, [case.pk], actor=officer)
        item = panels.item_of(meeting)
        preparing.set_lead(meeting.pk, item.pk, panels.chair(meeting).pk, actor=officer)
        panels.brought(meeting, how, officer)
    perform_case("ask_further", case.pk, actor=officer, reason="One more.", more=1)

    if how == "prepared":
        assert len(build.assign(build.reread(case), expert)) == 1
        return
    with pytest.raises(DomainError) as refused:
        build.assign(build.reread(case), expert)

    assert str(refused.value) == (
        f"{expert} cannot be assigned. The expert reads the scores on the panel or in the office, "
        "or takes part in a defence or visit."
    )


def test_a_letter_names_nobody_of_the_panel_or_of_a_visit():
    case = verify.scored(panel=True)
    visitor, scorer = build.expert(), build.an_assignment(case).expert
    verify.arranged(case, experts=[visitor])
    meeting = panels.meeting(cases=0, of=case.declaration.activity)
    preparing.add_items(meeting.pk, [case.pk], actor=accounts.officer())
    seated = [one.expert for one in panels.people(meeting)]

    named = {one.name for one in letter_writing.asked_about(case)}

    assert named == {one.user.name for one in (visitor, scorer, *seated)}


def test_nothing_is_reported_of_a_visit_of_somebody_with_a_conflict(officer):
    expert = build.expert()
    row = verify.held(experts=[expert])
    build.involve(expert.user, row.case)

    with pytest.raises(DomainError) as refused:
        VERIFICATIONS.perform("report", row.pk, actor=officer, **verify.REPORT)

    assert str(refused.value).startswith(f"{expert} took part and may not. ")


# Pages -----------------------------------------------------------------------------------


def test_a_recusal_keeps_member_and_item(officer):
    meeting = panels.meeting(MeetingStatus.ANNOUNCED)
    item, member = panels.item_of(meeting), panels.people(meeting)[1]
    running.recuse(item.pk, member.pk, actor=member.expert.user, reason="Shares.")
    MEETINGS.perform("take_back", meeting.pk, actor=officer, reason="Another day.")

    left = refusal(preparing.remove_member, meeting.pk, member.pk, actor=officer)
    taken = refusal(preparing.remove_item, meeting.pk, item.pk, actor=officer)

    assert left == (
        f"{member} declared a conflict at this meeting. That is kept, and the member with it."
    )
    assert taken == (
        "A member declared a conflict with this item. That is kept, and the item with it."
    )


def test_the_second_officer_reads_what_the_panel_proposed_and_why_not(officer):
    case = build.scored_case(activity=panels.activity())
    panels.spoken(case, *["not_include"] * 3)
    decide(case, officer, "included", "The figures.")
    second = accounts.signed_in(accounts.second_officer())

    page = text(second.get(reverse("admin:evaluation_case_step", args=[case.pk, "release"])))

    assert "Proposal of the panel" in page
    assert "Do not include" in page
    assert "Reason for deciding otherwise" in page
    assert "The figures." in page


def test_the_page_of_the_case_shows_it_with_the_decision(officer):
    case, alike = (build.scored_case(activity=panels.activity()) for _n in range(2))
    panels.spoken(case, *["not_include"] * 3)
    panels.spoken(alike, *["include"] * 3)
    decide(case, officer, "included", "The figures.")
    decide(alike, officer, "included", "As the panel.")
    desk = accounts.signed_in(accounts.second_officer())
    of_short_road = build.case("decided")

    pages = [
        desk.get(reverse("admin:evaluation_case_change", args=[one.pk]))
        for one in (case, alike, of_short_road)
    ]

    said = "Reason for deciding otherwise: The figures."
    assert [said in texts(page, "p") for page in pages] == [True, False, False]
    assert ["Reason for deciding otherwise" in text(page) for page in pages] == [True, False, False]
    assert [[one for one in texts(page, "p") if one.startswith("Proposal")] for page in pages] == [
        ["Proposal of the panel: Do not include"],
        ["Proposal of the panel: Include"],
        [],
    ]


# The replay ------------------------------------------------------------------------------


def test_the_replay_counts_minutes_and_votes_and_names_what_was_changed(officer):
    case = build.scored_case(activity=panels.activity())
    meeting = panels.spoken(case)
    item = panels.item_of(meeting)
    whole, _ended = replayed("--all")

    as_owner("evaluation_panelitem", "UPDATE evaluation_panelitem SET proposal = 'defer'")
    as_owner("evaluation_panelmeeting", "UPDATE evaluation_panelmeeting SET minutes = '{}'")
    printed, ended = replayed("--all")

    assert faults(whole) == []
    assert "1 minutes" in whole
    assert "1 votes of panels" in whole
    assert sorted(faults(printed)) == [
        f"evaluation.PanelItem {item.pk}: its votes are not those that were counted",
        f"evaluation.PanelMeeting {meeting.pk}: it is not what was sealed",
    ]
    assert ended
