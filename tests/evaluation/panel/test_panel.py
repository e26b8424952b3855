"""The panel: how a meeting is prepared, announced, opened, run and closed."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.utils import timezone

from accounts.services import grant_role
from core.errors import DomainError
from core.models import AuditEntry, StoredMail
from core.moments import written
from evaluation.models import PanelItem, PanelMeeting, PanelMember
from evaluation.panel import preparing
from evaluation.panel.counting import proposal, quorate, wanted
from evaluation.panel.states import MeetingStatus
from evaluation.panel.workflow import MEETINGS
from evaluation.states import CaseStatus
from tests.builders import accounts, submissions
from tests.builders import evaluation as build
from tests.builders import panel as panels

pytestmark = pytest.mark.django_db

PREPARED, ANNOUNCED = MeetingStatus.PREPARED, MeetingStatus.ANNOUNCED
IN_SESSION, CLOSED = MeetingStatus.IN_SESSION, MeetingStatus.CLOSED


@pytest.fixture
def officer():
    return accounts.officer()


def refusal(act, *args, **kwargs):
    with transaction.atomic(), pytest.raises(DomainError) as refused:
        act(*args, **kwargs)
    return str(refused.value)


# Arithmetic ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("present", "members", "reached"),
    [(0, 0, False), (2, 3, True), (1, 2, False), (2, 4, False), (3, 4, True), (3, 5, False),
     (4, 5, True), (4, 6, True), (4, 7, False), (5, 7, True), (66, 100, False), (67, 100, True)],
)  # fmt: skip
def test_a_quorum_is_two_thirds_exactly(present, members, reached):
    assert quorate(present, members) is reached
    assert (present >= wanted(members)) is (reached or not members)


@pytest.mark.parametrize(
    ("counts", "found"),
    [
        ({"include": 2, "not_include": 1}, "include"),
        ({"include": 1, "not_include": 1}, "none"),
        ({"include": 2, "not_include": 1, "defer": 1}, "none"),
        ({"include": 1, "abstain": 6}, "include"),
        ({"abstain": 3}, "none"),
        ({}, "none"),
        ({"defer": 3, "include": 2}, "defer"),
        ({"not_include": 3, "include": 2, "abstain": 4}, "not_include"),
    ],
)
def test_a_proposal_is_what_more_than_half_say_abstentions_not_counted(counts, found):
    assert proposal(counts) == found


# Preparing -------------------------------------------------------------------------------


def prepare(activity, actor, **more):
    given = {
        "title": "First",
        "starts_at": timezone.now() + dt.timedelta(days=1),
        "place": "Room 1",
        "secret": True,
    }
    return preparing.prepare(activity, actor=actor, **given | more)


def test_meetings_of_an_activity_are_numbered(officer):
    activity = panels.activity()

    made = [prepare(activity, officer).number for _n in range(2)]

    assert made == [1, 2]
    assert AuditEntry.objects.filter(act="panel meeting.prepared").count() == 2


def test_an_activity_on_the_short_road_has_no_panel(officer):
    said = refusal(prepare, build.activity(), officer)

    assert said == "The procedure of this activity has no panel meeting."
    assert not PanelMeeting.objects.exists()


def test_a_meeting_does_not_begin_in_the_past(officer):
    said = refusal(prepare, panels.activity(), officer, starts_at=timezone.now())

    assert said == "This moment has passed already."


@pytest.mark.parametrize("who", ["expert", "stranger", "competitor"])
def test_nobody_but_an_officer_without_interest_prepares(who):
    activity = panels.activity()
    person = {"expert": accounts.expert_user, "stranger": accounts.user}.get(
        who, accounts.officer
    )()
    if who == "competitor":
        submissions.declaration("draft", activity=activity, actor=person)

    with pytest.raises(PermissionDenied):
        prepare(activity, person)


def test_officers_the_unavailable_and_members_do_not_sit_twice(officer):
    meeting = panels.meeting(members=1, cases=0)
    also_officer = build.expert()
    grant_role(also_officer.user, "officer", actor=None)
    away = build.expert()
    build.away(away)
    member = panels.chair(meeting).expert

    found = [
        refusal(preparing.add_member, meeting.pk, one.pk, actor=officer)
        for one in (also_officer, away, member)
    ]

    assert found == [
        "An officer does not sit on the panel.",
        f"{away} is not available.",
        f"{member} is on the panel already.",
    ]
    offered = set(preparing.candidates(meeting))
    assert not offered & {also_officer, away, member}


def test_who_scores_may_sit_on_the_panel(officer):
    meeting = panels.meeting(members=1)
    scorer = build.an_assignment(panels.item_of(meeting).case).expert

    member = preparing.add_member(meeting.pk, scorer.pk, actor=officer)

    assert member.expert == scorer


def test_the_chair_passes_on_and_there_is_one(officer):
    meeting = panels.meeting(cases=0)
    first, second, _third = panels.people(meeting)

    preparing.make_chair(meeting.pk, second.pk, actor=officer)

    assert panels.chair(meeting) == second
    assert PanelMember.objects.get(pk=first.pk).seat == "member"


def test_a_case_is_on_one_agenda_at_a_time_and_only_once_scored(officer):
    meeting = panels.meeting()
    taken = panels.item_of(meeting).case
    other = prepare(meeting.activity, officer)
    in_review = build.case(CaseStatus.IN_REVIEW, activity=meeting.activity)
    elsewhere = build.scored_case()

    for case in (taken, in_review, elsewhere):
        said = refusal(preparing.add_items, other.pk, [case.pk], actor=officer)
        assert said == "A case can be chosen that is scored and on no other agenda."
    MEETINGS.perform("cancel", meeting.pk, actor=officer, reason="No room.")

    assert preparing.add_items(other.pk, [taken.pk], actor=officer) == 1


def test_items_move_and_leave_and_the_others_close_up(officer):
    meeting = panels.meeting(cases=3)
    first, second, third = meeting.items.order_by("place")

    preparing.move_item(meeting.pk, third.pk, -1, actor=officer)
    preparing.move_item(meeting.pk, first.pk, -1, actor=officer)
    moved = list(meeting.items.order_by("place").values_list("pk", flat=True))
    preparing.remove_item(meeting.pk, first.pk, actor=officer)

    assert moved == [first.pk, third.pk, second.pk]
    assert list(meeting.items.order_by("place").values_list("pk", "place")) == [
        (third.pk, 1),
        (second.pk, 2),
    ]


def test_who_leaves_the_panel_leads_nothing(officer):
    meeting = panels.meeting()

    preparing.remove_member(meeting.pk, panels.chair(meeting).pk, actor=officer)

    assert panels.item_of(meeting).lead is None
    assert meeting.members.count() == 2


def test_nobody_leads_an_item_they_have_a_conflict_with(officer):
    meeting = panels.meeting()
    item = panels.item_of(meeting)
    member = panels.people(meeting)[1]
    build.involve(member.expert.user, item.case)

    said = refusal(preparing.set_lead, meeting.pk, item.pk, member.pk, actor=officer)

    assert said == f"{member} may not take part in this item."


# Announcing ------------------------------------------------------------------------------


def test_an_announcement_is_mailed_to_each_member(officer):
    meeting = panels.meeting()

    MEETINGS.perform("announce", meeting.pk, actor=officer)

    for member in panels.people(meeting):
        assert "panel_announced" in build.mails_to(member.expert.user)
    bodies = StoredMail.objects.filter(template="panel_announced").values_list("body", flat=True)
    assert all(f"It meets on {written(meeting.starts_at)}." in body for body in bodies)


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ({"members": 2}, "A panel has at least 3 members."),
        ({"cases": 0}, "There is nothing on the agenda."),
    ],
)
def test_what_is_not_ready_is_not_announced(officer, how, said):
    meeting = panels.meeting(**how)

    assert refusal(MEETINGS.perform, "announce", meeting.pk, actor=officer) == said


def test_without_chair_or_lead_nothing_is_announced(officer):
    meeting = panels.meeting()
    PanelItem.objects.update(lead=None)
    no_lead = refusal(MEETINGS.perform, "announce", meeting.pk, actor=officer)
    PanelMember.objects.update(seat="member")
    no_chair = refusal(MEETINGS.perform, "announce", meeting.pk, actor=officer)

    assert no_lead == "Item 1 has no lead reviewer."
    assert no_chair == "Say who has the chair."


def test_agenda_and_members_are_fixed_by_the_announcement(officer):
    meeting = panels.meeting(ANNOUNCED)
    item, member = panels.item_of(meeting), panels.chair(meeting)

    said = refusal(preparing.remove_item, meeting.pk, item.pk, actor=officer)

    assert said == "This is not possible in the present state: announced."
    for change in (
        lambda: PanelMember.objects.filter(pk=member.pk).delete(),
        lambda: PanelMember.objects.filter(pk=member.pk).update(seat="member"),
        lambda: PanelItem.objects.filter(pk=item.pk).update(place=9),
        lambda: PanelMeeting.objects.filter(pk=meeting.pk).update(place="Elsewhere"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_an_announcement_taken_back_is_mailed_and_asks_anew_who_comes(officer):
    meeting = panels.meeting(ANNOUNCED)
    panels.everybody_comes(meeting, officer)

    MEETINGS.perform("take_back", meeting.pk, actor=officer, reason="Another day.")

    assert set(meeting.members.values_list("presence", flat=True)) == {""}
    assert "panel_off" in build.mails_to(panels.chair(meeting).expert.user)


@pytest.mark.parametrize(("state", "mailed"), [(PREPARED, 0), (ANNOUNCED, 1)])
def test_a_meeting_is_cancelled_with_a_reason_and_those_asked_are_told(officer, state, mailed):
    meeting = panels.meeting(state)

    MEETINGS.perform("cancel", meeting.pk, actor=officer, reason="No room.")

    found = list(build.mails_to(panels.chair(meeting).expert.user)).count("panel_off")
    assert (PanelMeeting.objects.get().reason, found) == ("No room.", mailed)
