"""What a vote of the panel rests on: enough voters, the figures of now, nobody with a conflict."""

import pytest
from django.db import DatabaseError, transaction

from core import rights
from core.models import AuditEntry, StoredMail
from evaluation.conflicts.finding import conflicts
from evaluation.conflicts.pairs import Barred, Declared, pairs
from evaluation.models import PanelItem, PanelMember, ScoreSheet
from evaluation.panel import barred, deciding, preparing, running
from evaluation.panel.states import MeetingStatus
from evaluation.panel.workflow import MEETINGS, perform_item
from evaluation.workflow import perform_case
from tests.builders import accounts
from tests.builders import evaluation as build
from tests.builders import panel as panels
from tests.builders import verifications as verify
from tests.evaluation.panel.test_desk import admin, run
from tests.evaluation.panel.test_pages import browser, of
from tests.evaluation.panel.test_panel import prepare, refusal
from tests.evaluation.panel.test_votes import decide
from tests.reading import text

pytestmark = pytest.mark.django_db

IN_SESSION = MeetingStatus.IN_SESSION
OTHER_FIGURES = (
    "The panel voted on other figures than those of now. Put the declaration on another agenda."
)
WITH_A_CONFLICT = (
    "Somebody voted who may not take part in it any more. Put the declaration on another agenda."
)


@pytest.fixture
def officer():
    return accounts.officer()


def recused(item, member):
    return running.recuse(item.pk, member.pk, actor=member.expert.user, reason="Shares.")


# Enough voters ---------------------------------------------------------------------------


def test_one_vote_is_no_vote_of_a_panel_whoever_leaves_the_room(officer):
    item = panels.voting_item()
    _first, second, third = panels.people(item.meeting)
    panels.say(item, "include")
    recused(item, second)
    recused(item, third)

    said = refusal(perform_item, "close_vote", item.pk, actor=officer)

    assert said == "1 of the 1 members who may take part have voted: too few."
    assert panels.item_of(item.meeting).status == "voting"


def test_a_vote_is_not_closed_before_everybody_in_the_room_has_voted(officer):
    item = panels.voting_item()
    third = panels.people(item.meeting)[2]
    panels.say(item, "include", "include")

    said = refusal(perform_item, "close_vote", item.pk, actor=officer)
    running.attend(item.meeting_id, third.pk, "left", actor=officer)
    item = perform_item("close_vote", item.pk, actor=officer)

    assert said == f"Not everybody who is present has voted yet: {third}"
    assert (item.voters_possible, item.voters_present) == (3, 2)


def test_an_annulled_vote_leaves_its_reason_in_the_minutes_and_its_counts_nowhere(officer):
    item = panels.voted(panels.voting_item(), officer=officer)
    perform_item("repeat_vote", item.pk, actor=officer, reason="A wrong item.")
    panels.voted(panels.item_of(item.meeting), officer=officer)
    meeting = MEETINGS.perform("close", item.meeting_id, actor=officer)

    told = meeting.minutes["items"][0]["annulled"]

    assert [one["reason"] for one in told] == ["A wrong item."]
    assert AuditEntry.objects.get(act="panel item.repeat_vote").details == {}
    page = text(accounts.signed_in(officer).get(admin("minutes", meeting.pk)))
    assert "Vote annulled" in page
    assert ": A wrong item." in page


def test_the_database_moves_no_item_and_counts_no_vote_beside_the_vote(officer):
    item = panels.voted(panels.voting_item(), officer=officer)
    other = prepare(item.meeting.activity, officer)

    for model, change in (
        (PanelItem, {"meeting": other}),
        (PanelItem, {"proposal": "defer"}),
        (PanelItem, {"counts": {"defer": 3}}),
        (PanelItem, {"figures_hash": "0" * 64}),
        (PanelItem, {"annulled": [1]}),
        (PanelMember, {"meeting": other}),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            model.objects.update(**change)


# The figures -----------------------------------------------------------------------------


def two_sheets():
    return build.scored_case(activity=panels.activity(experts_wanted=2))


def test_an_old_vote_does_not_decide_on_figures_the_panel_never_saw(officer):
    case = two_sheets()
    panels.spoken(case)
    build.exclude(build.an_assignment(case).sheet)

    said = refusal(decide, case, officer)

    assert said == OTHER_FIGURES
    assert deciding.spoken(build.reread(case)) is None
    panels.spoken(build.reread(case))
    decide(case, officer)
    assert build.reread(case).status == "decided"


def voting_on(case, officer):
    meeting = panels.meeting(cases=0, of=case.declaration.activity)
    preparing.add_items(meeting.pk, [case.pk], actor=officer)
    item = panels.item_of(meeting)
    preparing.set_lead(meeting.pk, item.pk, panels.chair(meeting).pk, actor=officer)
    panels.brought(meeting, IN_SESSION, officer)
    return panels.opened(item, officer)


@pytest.mark.parametrize(
    ("further", "said"),
    [
        (False, "The figures of item 1 changed while the vote was open. Annul the vote."),
        (True, "Item 1 is not scored any more."),
    ],
)
def test_a_vote_is_not_closed_on_what_changed_while_it_was_open(officer, further, said):
    case = two_sheets()
    item = voting_on(case, officer)
    panels.say(item, *["include"] * 3)
    build.exclude(build.an_assignment(case).sheet)
    if further:
        perform_case("ask_further", case.pk, actor=officer, reason="One more.", more=1)

    assert refusal(perform_item, "close_vote", item.pk, actor=officer) == said
    assert perform_item("repeat_vote", item.pk, actor=officer, reason="x").figures_hash == ""


# Conflicts -------------------------------------------------------------------------------


def test_a_conflict_found_after_the_meeting_asks_for_another_panel(officer):
    case = build.scored_case(activity=panels.activity())
    meeting = panels.spoken(case)
    build.involve(panels.people(meeting)[2].expert.user, case)

    said = refusal(decide, case, officer)

    assert said == WITH_A_CONFLICT
    again = prepare(case.declaration.activity, officer)
    assert list(preparing.waiting(again, officer)) == [case]
    assert preparing.add_items(again.pk, [case.pk], actor=officer) == 1


def test_a_conflict_of_who_did_not_vote_holds_nothing_up(officer):
    case = build.scored_case(activity=panels.activity())
    meeting = panels.spoken(case)
    build.involve(panels.sit(prepare(meeting.activity, officer)).expert.user, case)

    decide(case, officer)

    assert build.reread(case).status == "decided"


def test_a_conflict_said_at_one_panel_holds_for_the_case_at_every_other(officer):
    item = panels.item_of(panels.meeting(IN_SESSION))
    member = panels.people(item.meeting)[1]
    recused(item, member)
    case = item.case
    later = panels.meeting(cases=0, of=case.declaration.activity)
    preparing.add_member(later.pk, member.expert_id, actor=officer)
    MEETINGS.perform("close", item.meeting_id, actor=officer)
    preparing.add_items(later.pk, [case.pk], actor=officer)
    second = panels.item_of(later)
    preparing.set_lead(later.pk, second.pk, panels.chair(later).pk, actor=officer)
    panels.brought(later, IN_SESSION, officer)

    everybody = panels.people(later)

    assert [str(one) for one in barred.reasons(second, everybody)] == [str(member.expert_id)]
    assert not rights.can(member.expert.user, "see", panels.item_of(later))
    assert rights.can(everybody[0].expert.user, "see", panels.item_of(later))


def test_who_said_at_the_panel_to_have_a_conflict_is_not_asked_to_score():
    item = panels.item_of(panels.meeting(IN_SESSION))
    member, other = panels.people(item.meeting)[1:]
    recused(item, member)
    case = item.case
    declared = [Declared(case.pk, case.declaration.organisation_id, case.version_id)]

    found = conflicts(member.expert, case.declaration)

    assert [str(one.reason) for one in found] == [
        "The expert declared a conflict of interest at a meeting of the panel."
    ]
    assert conflicts(other.expert, case.declaration) == []
    assert pairs(declared, [member.expert_id, other.expert_id]) == {
        (case.pk, member.expert_id): Barred.PANEL,
        (case.pk, other.expert_id): Barred.KNOWS,
    }


def test_officers_hear_of_a_conflict_of_who_has_scored(officer):
    meeting = panels.meeting()
    item = panels.item_of(meeting)
    scorer = build.an_assignment(item.case).expert
    member = panels.sit(meeting, scorer, actor=officer)
    panels.brought(meeting, IN_SESSION, officer)
    recused(item, panels.people(meeting)[1])
    none = StoredMail.objects.filter(template="panel_conflict").count()

    recused(item, member)

    assert none == 0
    told = StoredMail.objects.filter(template="panel_conflict")
    assert officer.email in told.values_list("recipient", flat=True)
    assert scorer.user.email not in told.values_list("recipient", flat=True)
    assert ScoreSheet.objects.get(assignment__expert=scorer).status == "submitted"


# Defences and visits ---------------------------------------------------------------------


def with_a_report(officer):
    case = verify.scored(panel=True)
    visitor = build.expert(name="Visiting Expert")
    row = verify.reported(verify.held(case, experts=[visitor]))
    meeting = panels.meeting(cases=0, of=case.declaration.activity)
    preparing.add_items(meeting.pk, [case.pk], actor=officer)
    item = panels.item_of(meeting)
    preparing.set_lead(meeting.pk, item.pk, panels.chair(meeting).pk, actor=officer)
    panels.brought(meeting, IN_SESSION, officer)
    return row, panels.item_of(meeting)


def test_the_panel_reads_what_was_found_at_a_visit_without_names(officer):
    row, item = with_a_report(officer)

    for page in (
        text(browser(item).get(of(item))),
        text(accounts.signed_in(officer).get(run(item))),
    ):
        assert row.findings in page
        assert "On-site verification" in page
        for point in row.results:
            assert point["point"] in page
        assert "Visiting Expert" not in page


def test_no_vote_opens_while_a_visit_is_open(officer):
    case = verify.scored(panel=True)
    verify.arranged(case)
    meeting = panels.meeting(cases=0, of=case.declaration.activity)
    preparing.add_items(meeting.pk, [case.pk], actor=officer)
    item = panels.item_of(meeting)
    preparing.set_lead(meeting.pk, item.pk, panels.chair(meeting).pk, actor=officer)
    panels.brought(meeting, IN_SESSION, officer)
    running.note(item.pk, actor=officer, **panels.OFFICERS_WORDS)

    said = refusal(perform_item, "open_vote", item.pk, actor=officer)

    assert said == (
        "A defence or on-site verification is arranged. Report on it or cancel it first."
    )
