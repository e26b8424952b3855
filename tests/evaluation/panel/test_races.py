"""Two at once at a meeting of the panel."""

import pytest

from evaluation.models import PanelBallot, PanelItem, PanelMeeting, PanelVoter
from evaluation.panel import preparing, running, voting
from evaluation.panel.workflow import MEETINGS, perform_item
from tests.builders import accounts
from tests.builders import evaluation as build
from tests.builders import panel as panels
from tests.builders.core import outcomes_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("secret", [True, False])
def test_one_member_who_votes_twice_at_once_has_voted_once(secret):
    item = panels.voting_item(secret=secret)
    person = panels.chair(item.meeting).expert.user

    found = outcomes_of(*[lambda: voting.vote(item.pk, "include", actor=person) for _n in range(2)])

    assert found == ["DomainError", "done"]
    assert (PanelVoter.objects.count(), PanelBallot.objects.count()) == (1, int(secret))


def test_two_members_who_vote_at_once_are_both_counted():
    item = panels.voting_item(secret=True)
    first, second, third = [one.expert.user for one in panels.people(item.meeting)]

    found = outcomes_of(
        lambda: voting.vote(item.pk, "include", actor=first),
        lambda: voting.vote(item.pk, "defer", actor=second),
        lambda: voting.vote(item.pk, "include", actor=third),
    )

    assert found == ["done", "done", "done"]
    assert sorted(PanelBallot.objects.values_list("choice", flat=True)) == [
        "defer", "include", "include",
    ]  # fmt: skip


def test_a_meeting_is_not_closed_while_a_vote_is_opened():
    item = panels.item_of(panels.meeting("in_session"))
    officer, second = accounts.officer(), accounts.second_officer()
    running.note(item.pk, actor=officer, **panels.OFFICERS_WORDS)

    found = outcomes_of(
        lambda: perform_item("open_vote", item.pk, actor=officer),
        lambda: MEETINGS.perform("close", item.meeting_id, actor=second),
    )

    now = (PanelItem.objects.get().status, PanelMeeting.objects.get().status)
    assert found == ["DomainError", "done"]
    assert now in {("voting", "in_session"), ("waiting", "closed")}


def test_two_who_put_a_case_on_two_agendas_come_one_after_the_other():
    meeting = panels.meeting(cases=0)
    other = panels.meeting(cases=0, of=meeting.activity)
    case = build.scored_case(activity=meeting.activity)

    found = outcomes_of(
        *[
            lambda one=one: preparing.add_items(one.pk, [case.pk], actor=accounts.officer())
            for one in (meeting, other)
        ]
    )

    assert found == ["DomainError", "done"]
    assert PanelItem.objects.count() == 1


def test_two_who_begin_a_meeting_at_once_number_them():
    activity = panels.activity()

    found = outcomes_of(
        *[lambda: panels.meeting(cases=0, members=0, of=activity) for _n in range(2)]
    )

    assert found == ["done", "done"]
    assert sorted(PanelMeeting.objects.values_list("number", flat=True)) == [1, 2]
