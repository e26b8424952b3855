"""The panel in session: quorum, notes, conflicts, and the minutes that seal it."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction

from accounts import erasure, personal
from accounts.roles import Level
from accounts.services import add_member
from core.errors import TransitionError
from evaluation.models import PanelItem, PanelMeeting, PanelMember, PanelRecusal
from evaluation.panel import barred, minutes, preparing, printing, running
from evaluation.panel.states import MeetingStatus
from evaluation.panel.workflow import MEETINGS, perform_item
from evaluation.states import CaseStatus
from evaluation.workflow import perform_case
from tests.builders import accounts
from tests.builders import evaluation as build
from tests.builders import panel as panels
from tests.evaluation.panel.test_panel import refusal

pytestmark = pytest.mark.django_db

ANNOUNCED, IN_SESSION, CLOSED = (
    MeetingStatus.ANNOUNCED,
    MeetingStatus.IN_SESSION,
    MeetingStatus.CLOSED,
)


@pytest.fixture
def officer():
    return accounts.officer()


# In session ------------------------------------------------------------------------------


def test_a_meeting_opens_when_two_thirds_are_there(officer):
    meeting = panels.meeting(ANNOUNCED, members=4)
    first, second, third, _fourth = panels.people(meeting)
    panels.comes(first, officer)
    panels.comes(second, officer)
    said = refusal(MEETINGS.perform, "open", meeting.pk, actor=officer)
    panels.comes(third, officer)

    MEETINGS.perform("open", meeting.pk, actor=officer)

    assert said == "2 of 4 members are present; 3 make the quorum."
    assert PanelMeeting.objects.get().status == IN_SESSION


def test_attendance_says_from_when_and_until_when(officer):
    meeting = panels.meeting(IN_SESSION)
    member = panels.chair(meeting)

    running.attend(meeting.pk, member.pk, "left", actor=officer)

    left = PanelMember.objects.get(pk=member.pk)
    assert left.presence == "left"
    assert left.present_from is not None
    assert left.left_at is not None
    assert left.left_at > left.present_from
    said = refusal(running.attend, meeting.pk, member.pk, "left", actor=officer)
    assert said == f"{member} was not noted as present."


def test_only_the_chair_notes_only_the_lead_concludes_and_the_officer_does_both(officer):
    meeting = panels.meeting(ANNOUNCED)
    item = panels.item_of(meeting)
    chair, second, third = panels.people(meeting)
    preparing.set_lead(meeting.pk, item.pk, second.pk, actor=officer)
    item.refresh_from_db()

    found = [running.writes(item, one.expert.user) for one in (chair, second, third)]

    assert found == [{"notes"}, {"conclusion"}, set()]
    assert running.writes(item, officer) == {"notes", "conclusion"}
    said = refusal(running.note, item.pk, actor=officer, notes="Too early.")
    assert said == "Notes are taken while the meeting is in session."
    with pytest.raises(PermissionDenied):
        running.note(item.pk, actor=third.expert.user, notes="Mine.")


def test_nothing_is_voted_on_without_a_conclusion_or_a_quorum_of_the_item(officer):
    item = panels.item_of(panels.meeting(IN_SESSION))
    no_conclusion = refusal(perform_item, "open_vote", item.pk, actor=officer)
    running.note(item.pk, actor=officer, **panels.OFFICERS_WORDS)
    chair, second, third = panels.people(item.meeting)
    running.recuse(item.pk, third.pk, actor=third.expert.user, reason="Shares.")
    running.attend(item.meeting_id, second.pk, "left", actor=officer)
    too_few = refusal(perform_item, "open_vote", item.pk, actor=officer)

    assert no_conclusion == "Write the conclusion of the lead reviewer first."
    assert too_few == "1 of the 2 members who may take part are present: too few to vote."
    running.attend(item.meeting_id, second.pk, "present", actor=officer)
    assert perform_item("open_vote", item.pk, actor=officer).status == "voting"
    assert chair.presence == "present"


def test_who_says_they_have_a_conflict_leads_the_item_no_more(officer):
    item = panels.item_of(panels.meeting(ANNOUNCED))
    lead = panels.chair(item.meeting)

    running.recuse(item.pk, lead.pk, actor=lead.expert.user, reason="Shares.")

    assert panels.item_of(item.meeting).lead is None
    assert PanelRecusal.objects.get().reason == "Shares."
    said = refusal(preparing.set_lead, item.meeting_id, item.pk, lead.pk, actor=officer)
    assert said == f"{lead} may not take part in this item."


def test_a_case_that_moved_on_is_not_voted_on(officer):
    item = panels.item_of(panels.meeting(IN_SESSION))
    running.note(item.pk, actor=officer, **panels.OFFICERS_WORDS)
    build.exclude(build.an_assignment(item.case).sheet)
    assert build.reread(item.case).status == CaseStatus.SCORED
    perform_case("ask_further", item.case_id, actor=officer, reason="One more.", more=1)

    said = refusal(perform_item, "open_vote", item.pk, actor=officer)

    assert said == "Item 1 is not scored any more."


# The end ---------------------------------------------------------------------------------


def test_closing_seals_the_minutes(officer):
    meeting = panels.meeting(IN_SESSION, cases=2)
    panels.voted(panels.item_of(meeting), "include", "include", "abstain", officer=officer)

    closed = MEETINGS.perform("close", meeting.pk, actor=officer)

    voted, untouched = closed.minutes["items"]
    assert minutes.is_whole(PanelMeeting.objects.get())
    assert (voted["votes"], voted["proposal"]) == (
        {"include": 2, "not_include": 0, "defer": 0, "abstain": 1},
        "include",
    )
    assert (untouched["votes"], untouched["proposal"]) == ({}, "")
    assert closed.minutes["quorum"] == {"members": 3, "wanted": 2, "attended": 3}
    # The same rows give the same document.
    assert minutes.document_of(PanelMeeting.objects.get(), closed.closed_at) == closed.minutes


def test_a_vote_that_is_open_keeps_the_meeting_open(officer):
    item = panels.voting_item()

    said = refusal(MEETINGS.perform, "close", item.meeting_id, actor=officer)

    assert said == "A vote is open. Close or annul it first."


def test_what_is_closed_stays_by_raw_sql_too():
    meeting = panels.meeting(CLOSED)
    item, member = panels.item_of(meeting), panels.chair(meeting)

    for change in (
        lambda: PanelMeeting.objects.update(minutes={}),
        lambda: PanelItem.objects.filter(pk=item.pk).update(notes="Otherwise."),
        lambda: PanelMember.objects.filter(pk=member.pk).update(presence="excused"),
        lambda: PanelMeeting.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_an_old_page_says_that_the_meeting_is_over(officer):
    meeting = panels.meeting(CLOSED)

    with pytest.raises(TransitionError):
        MEETINGS.perform("close", meeting.pk, actor=officer)


# Conflicts -------------------------------------------------------------------------------


def by_employer(expert, case, _officer):
    add_member(case.declaration.organisation_id, expert.user, Level.VIEW, actor=None)


def by_word(expert, case, _officer):
    assignment = build.an_assignment(case)
    assert assignment.expert == expert
    build.exclude(assignment.sheet)


CONFLICTS = {"member of the applicant": by_employer, "sheet excluded": by_word}


@pytest.mark.parametrize("how", CONFLICTS)
def test_rights_and_reasons_say_the_same_of_a_conflict(officer, how):
    meeting = panels.meeting(members=2)
    item = panels.item_of(meeting)
    panels.sit(meeting, build.an_assignment(item.case).expert, actor=officer)
    meeting = panels.brought(meeting, ANNOUNCED, officer)
    people = panels.people(meeting)
    before = agreeing(item, people)

    CONFLICTS[how](people[2].expert, item.case, officer)

    assert before == [True, True, True]
    assert agreeing(item, people) == [True, True, False]


def agreeing(item, people):
    """Return who takes part, as rights have it; the reasons must have the same."""
    out = barred.reasons(item, people)
    seen = [
        PanelItem.objects.with_right(one.expert.user, "see").filter(pk=item.pk).exists()
        for one in people
    ]
    assert seen == [one.expert_id not in out for one in people]
    return seen


# Personal data ---------------------------------------------------------------------------


def test_a_members_file_says_where_they_sat_and_what_they_voted_openly(officer):
    item = panels.voting_item(secret=False, members=4)
    chair, _second, _third, last = panels.people(item.meeting)
    running.recuse(item.pk, last.pk, actor=last.expert.user, reason="Shares.")
    panels.say(item, "include")

    mine, theirs = (personal.export(one.expert.user) for one in (chair, last))

    assert [(one["seat"], one["voted"]) for one in mine["panels"]] == [
        ("chair", [[str(item.pk), "include"]])
    ]
    assert mine["panel_recusals"] == []
    assert [one["reason"] for one in theirs["panel_recusals"]] == ["Shares."]


def test_who_sits_on_a_panel_that_is_not_over_is_not_erased_yet(officer):
    meeting = panels.meeting(IN_SESSION)
    person = panels.people(meeting)[1].expert.user
    before = personal.reasons_to_wait(person)

    MEETINGS.perform("close", meeting.pk, actor=officer)

    assert before == ["You sit on a panel whose meeting is not over."]
    assert personal.reasons_to_wait(person) == []


def test_minutes_stay_whole_when_a_member_is_erased(officer):
    meeting = panels.meeting(CLOSED)
    person = panels.people(meeting)[1].expert.user
    name = person.name

    erasure.erase(person.pk, actor=person)

    closed = PanelMeeting.objects.get()
    paper = printing.paper_of(closed, set())
    assert minutes.is_whole(closed)
    assert name not in str(paper.data())
