"""Votes of the panel: who may, once, in secret or not, and what comes of it in the decision."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction

from accounts.services import grant_role
from core import rights
from core.errors import DomainError
from core.models import AuditEntry
from evaluation.models import PanelBallot, PanelItem, PanelMeeting, PanelVoter
from evaluation.panel import preparing, running, voting
from evaluation.panel.workflow import MEETINGS, perform_item
from evaluation.pool.workflow import EXPERTS
from evaluation.states import CaseStatus
from evaluation.workflow import perform_case
from tests.builders import accounts
from tests.builders import evaluation as build
from tests.builders import panel as panels

pytestmark = pytest.mark.django_db

NOT_YET = "The panel has not spoken about this declaration yet."
OTHERWISE = "The panel proposes otherwise: please give a reason."


@pytest.fixture
def officer():
    return accounts.officer()


def refusal(act, *args, **kwargs):
    with transaction.atomic(), pytest.raises(DomainError) as refused:
        act(*args, **kwargs)
    return str(refused.value)


def users(item):
    return [one.expert.user for one in panels.people(item.meeting)]


# Voting ----------------------------------------------------------------------------------


def test_by_open_ballot_it_is_kept_who_voted_what():
    item = panels.voting_item(secret=False)

    panels.say(item, "include", "not_include", "abstain")

    found = dict(PanelVoter.objects.values_list("member__expert", "choice"))
    people = [one.pk for one in users(item)]
    assert found == dict(zip(people, ("include", "not_include", "abstain"), strict=True))
    assert not PanelBallot.objects.exists()


def test_by_secret_ballot_it_is_kept_who_voted_and_what_was_voted_and_nothing_joins_them():
    item = panels.voting_item(secret=True)

    panels.say(item, "include", "not_include", "abstain")

    assert set(PanelVoter.objects.values_list("choice", flat=True)) == {""}
    assert PanelVoter.objects.count() == 3
    assert sorted(PanelBallot.objects.values_list("choice", flat=True)) == [
        "abstain", "include", "not_include",
    ]  # fmt: skip
    columns = {f.column for f in PanelBallot._meta.concrete_fields}
    assert columns == {"id", "item_id", "choice"}
    assert {f.column for f in PanelVoter._meta.concrete_fields} == {
        "id", "item_id", "member_id", "choice",
    }  # fmt: skip
    acts = AuditEntry.objects.filter(act="panel item.voted")
    assert list(acts.values_list("details", flat=True)) == [{}, {}, {}]


@pytest.mark.django_db(transaction=True)
def test_not_even_the_transactions_tell_which_ballot_came_with_whom():
    """PostgreSQL keeps which transaction wrote a row: that of all ballots is that of the last."""
    item = panels.voting_item(secret=True)
    keys = []
    for person, choice in zip(users(item), ("include", "not_include", "defer"), strict=True):
        voting.vote(item.pk, choice, actor=person)
        keys.append(set(PanelBallot.objects.values_list("pk", flat=True)))

    with connection.cursor() as cursor:
        cursor.execute("select distinct xmin::text from evaluation_panelballot")
        ballots = cursor.fetchall()
        cursor.execute("select distinct xmin::text from evaluation_panelvoter")
        voters = cursor.fetchall()

    assert (len(ballots), len(voters)) == (1, 3)
    assert not keys[0] & keys[1]
    assert not keys[1] & keys[2]


def test_a_member_votes_once():
    item = panels.voting_item()
    panels.say(item, "include")

    said = refusal(voting.vote, item.pk, "defer", actor=users(item)[0])

    assert said == "You have voted on this item already."
    assert list(PanelBallot.objects.values_list("choice", flat=True)) == ["include"]


def test_the_database_refuses_a_second_vote_and_one_outside_the_vote(officer):
    item = panels.voting_item(secret=False)
    member = panels.chair(item.meeting)
    panels.say(item, "include")

    with pytest.raises(DatabaseError), transaction.atomic():
        PanelVoter.objects.create(item=item, member=member, choice="defer")
    with pytest.raises(DatabaseError), transaction.atomic():
        PanelVoter.objects.update(choice="defer")
    with pytest.raises(DatabaseError), transaction.atomic():  # it is an open ballot
        PanelBallot.objects.create(item=item, choice="defer")
    perform_item("repeat_vote", item.pk, actor=officer, reason="Again.")
    with pytest.raises(DatabaseError), transaction.atomic():
        PanelVoter.objects.create(item=item, member=member, choice="defer")


@pytest.mark.parametrize("presence", ["", "left", "excused"])
def test_who_is_not_there_does_not_vote(officer, presence):
    item = panels.voting_item(members=4)
    member = panels.people(item.meeting)[3]
    running.attend(item.meeting_id, member.pk, presence, actor=officer)

    said = refusal(voting.vote, item.pk, "include", actor=member.expert.user)

    assert said == "You vote once the officers have noted that you are present."


def test_nobody_else_votes(officer):
    item = panels.voting_item()
    house = accounts.owner_of(item.case.declaration.organisation)
    scorer = build.an_assignment(item.case).expert.user

    for person in (officer, house, scorer, accounts.user(), accounts.system_administrator()):
        with pytest.raises(PermissionDenied):
            voting.vote(item.pk, "include", actor=person)

    assert not PanelVoter.objects.exists()


def test_a_vote_that_is_not_open_is_refused():
    item = panels.item_of(panels.meeting("in_session"))

    said = refusal(voting.vote, item.pk, "include", actor=users(item)[0])

    assert said == "The vote on this item is not open."


def test_a_word_that_is_none_of_the_answers_is_refused():
    item = panels.voting_item()

    assert refusal(voting.vote, item.pk, "maybe", actor=users(item)[0]) == (
        "Choose one of the answers."
    )


# Counting --------------------------------------------------------------------------------


@pytest.mark.parametrize("secret", [True, False])
def test_the_count_is_kept_when_the_vote_is_closed(officer, secret):
    item = panels.voting_item(secret=secret)
    before = PanelItem.objects.get().counts

    item = panels.voted(item, "include", "include", "not_include", officer=officer)

    assert before == {}
    assert item.counts == {"include": 2, "not_include": 1, "defer": 0, "abstain": 0}
    assert (item.proposal, item.voters_possible, item.voters_present) == ("include", 3, 3)


def test_too_few_votes_do_not_count(officer):
    item = panels.voting_item()
    panels.say(item, "include")

    said = refusal(perform_item, "close_vote", item.pk, actor=officer)

    assert said == "1 of the 3 members who may take part have voted: too few."


def test_a_conflict_that_comes_up_during_the_vote_annuls_it(officer):
    item = panels.voting_item(members=4)
    panels.say(item, "include", "include", "include", "include")
    build.involve(users(item)[3], item.case)

    said = refusal(perform_item, "close_vote", item.pk, actor=officer)
    perform_item("repeat_vote", item.pk, actor=officer, reason="A conflict.")
    item = panels.voted(panels.item_of(item.meeting), "defer", "defer", "defer", officer=officer)

    assert said == "Somebody voted on item 1 who may not take part in it. Annul the vote."
    assert (item.proposal, item.voters_possible) == ("defer", 3)
    assert item.away == [str(users(item)[3].pk)]


def test_a_conflict_after_the_vote_keeps_the_meeting_open(officer):
    item = panels.voted(panels.voting_item(), officer=officer)
    build.involve(users(item)[2], item.case)

    said = refusal(MEETINGS.perform, "close", item.meeting_id, actor=officer)

    assert said == "Somebody voted on item 1 who may not take part in it. Annul the vote."


def test_a_vote_is_annulled_with_a_reason_and_leaves_nothing(officer):
    item = panels.voted(panels.voting_item(), officer=officer)

    without = refusal(perform_item, "repeat_vote", item.pk, actor=officer)
    item = perform_item("repeat_vote", item.pk, actor=officer, reason="A wrong item.")

    assert without == "Please give a reason."
    assert (item.status, item.counts, item.proposal) == ("waiting", {}, "")
    assert (PanelVoter.objects.count(), PanelBallot.objects.count()) == (0, 0)


# Who sees what ---------------------------------------------------------------------------


def sees(person, item):
    return {
        "meeting": PanelMeeting.objects.with_right(person, "attend").exists()
        or PanelMeeting.objects.visible_to(person).exists(),
        "item": PanelItem.objects.with_right(person, "see").filter(pk=item.pk).exists()
        or PanelItem.objects.visible_to(person).filter(pk=item.pk).exists(),
        "declaration": rights.can(person, "read", item.case.declaration),
    }


EVERYTHING = {"meeting": True, "item": True, "declaration": True}
NOTHING = {"meeting": False, "item": False, "declaration": False}


@pytest.mark.parametrize(
    ("state", "found"),
    [
        ("prepared", NOTHING),
        ("announced", EVERYTHING),
        ("in_session", EVERYTHING),
        ("closed", EVERYTHING | {"declaration": False}),
        ("cancelled", NOTHING),
    ],
)
def test_members_read_the_papers_from_the_announcement_to_the_end(state, found):
    item = panels.item_of(panels.meeting(state))

    assert sees(users(item)[0], item) == found


def test_who_has_not_promised_confidentiality_reads_nothing_of_an_item(officer):
    meeting = panels.meeting()
    newcomer = build.expert()
    preparing.add_member(meeting.pk, newcomer.pk, actor=officer)
    panels.brought(meeting, "announced", officer)
    item = panels.item_of(meeting)
    before = sees(newcomer.user, item)

    panels.promise(meeting.members.get(expert=newcomer))

    assert before == NOTHING | {"meeting": True}
    assert sees(newcomer.user, item) == EVERYTHING


def test_a_conflict_hides_the_item_and_its_papers_at_once():
    item = panels.item_of(panels.meeting("announced"))
    by_tie, by_word, free = users(item)
    build.involve(by_tie, item.case)
    member = panels.people(item.meeting)[1]
    running.recuse(item.pk, member.pk, actor=by_word, reason="Shares.")

    assert sees(by_word, item) == NOTHING | {"meeting": True}
    # Who belongs to the applicant reads its declaration as every member of it does.
    assert sees(by_tie, item) == EVERYTHING | {"item": False}
    assert sees(free, item) == EVERYTHING


def test_who_leaves_the_pool_reads_nothing():
    item = panels.item_of(panels.meeting("announced"))
    person = users(item)[1]
    EXPERTS.perform("leave", person.pk, actor=person)
    person.__dict__.pop("roles", None)

    assert sees(person, item) == NOTHING


@pytest.mark.parametrize("state", ["announced", "in_session", "closed"])
def test_the_enterprise_and_strangers_see_nothing(state):
    item = panels.item_of(panels.meeting(state))
    owner = accounts.owner_of(item.case.declaration.organisation)

    # Its own declaration it reads as ever.
    assert sees(owner, item) == NOTHING | {"declaration": True}
    for person in (accounts.user(), accounts.expert_user(), accounts.auditor()):
        assert sees(person, item) == NOTHING


def test_an_officer_with_a_conflict_does_not_see_the_item_nor_run_it(officer):
    item = panels.item_of(panels.meeting("in_session"))
    scorer = build.an_assignment(item.case).expert.user
    grant_role(scorer, "officer", actor=None)
    scorer.__dict__.pop("roles", None)

    assert not PanelItem.objects.visible_to(scorer).exists()
    with pytest.raises(PermissionDenied):
        perform_item("open_vote", item.pk, actor=scorer)
    assert rights.can(officer, "run", item)


# The decision ----------------------------------------------------------------------------


def decide(case, officer, outcome="included", reason=""):
    perform_case(
        "decide", case.pk, actor=officer, outcome=outcome, statement="Sound.", reason=reason
    )


def test_nothing_is_decided_before_the_panel_has_spoken(officer):
    meeting = panels.meeting("in_session")
    case = panels.item_of(meeting).case
    panels.voted(panels.item_of(meeting), officer=officer)

    said = refusal(decide, case, officer)
    MEETINGS.perform("close", meeting.pk, actor=officer)
    decide(case, officer)

    assert said == NOT_YET
    assert build.reread(case).status == CaseStatus.DECIDED


def test_an_item_that_was_not_voted_on_says_nothing(officer):
    case = panels.item_of(panels.meeting("closed")).case

    assert refusal(decide, case, officer) == NOT_YET


@pytest.mark.parametrize(
    ("votes", "outcome", "needs"),
    [
        (("include",) * 3, "included", False),
        (("include",) * 3, "not_included", True),
        (("not_include",) * 3, "not_included", False),
        (("not_include",) * 3, "included", True),
        (("defer",) * 3, "deferred", False),
        (("include", "not_include", "abstain"), "included", True),
        (("include", "not_include", "abstain"), "deferred", True),
    ],
)
def test_a_decision_against_the_proposal_needs_a_reason(officer, votes, outcome, needs):
    case = build.scored_case(activity=panels.activity())
    meeting = panels.spoken(case, *votes)

    if needs:
        assert refusal(decide, case, officer, outcome) == OTHERWISE
    decide(case, officer, outcome, "The figures." if needs else "")

    act = AuditEntry.objects.get(act="case.decide")
    item = panels.item_of(meeting)
    assert act.details["panel"] == {"item": str(item.pk), "proposal": item.proposal}
    assert act.reason == ("The figures." if needs else "")


def test_a_case_of_the_short_road_is_decided_as_ever(officer):
    case = build.scored_case()

    decide(case, officer)

    assert "panel" not in AuditEntry.objects.get(act="case.decide").details
