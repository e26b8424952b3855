"""Who knows the scores of a case is not asked for a sheet: by hand, by a plan, or later."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import RoleGrant
from accounts.services import grant_role, revoke_role
from core.errors import DomainError
from evaluation.conflicts.knowing import KNOWS, who_know
from evaluation.conflicts.pairs import Barred
from evaluation.models import Assignment, Expert, Replacement
from evaluation.panel import preparing
from evaluation.panel.workflow import MEETINGS
from evaluation.planning import by_hand, facts, replacing
from evaluation.planning.by_hand import Edit
from evaluation.planning.pages import of_case
from evaluation.states import CaseStatus
from evaluation.workflow import perform_assignment, perform_case, perform_sheet
from tests.builders import accounts, planning
from tests.builders import evaluation as build
from tests.builders import panel as panels
from tests.builders import verifications as verify
from tests.reading import text

pytestmark = pytest.mark.django_db


@pytest.fixture
def visitor():
    return planning.experts(1)[0]


@pytest.fixture
def case(officer, visitor):
    """Return a case that waits for one more expert, of which somebody saw the plant."""
    made = verify.scored(panel=True)
    verify.reported(verify.held(made, experts=[visitor]))
    perform_case("ask_further", made.pk, actor=officer, reason="One more.", more=2)
    return build.reread(made)


def further(case):
    return planning.drawn(case.declaration.activity)


def comes_to_know(expert):
    """Let somebody read the sheets in the office."""
    grant_role(expert.user, "auditor", actor=None)


def test_the_pairs_are_those_of_visits_and_of_announced_panels(officer, case, visitor):
    seen = panels.item_of(panels.meeting("announced"))
    later = panels.item_of(panels.meeting())
    gone = verify.cancelled(verify.arranged(experts=[build.expert()]))

    found = who_know([case.pk, seen.case_id, later.case_id, gone.case_id])

    assert found == {
        (case.pk, visitor.pk),
        *((seen.case_id, one.expert_id) for one in panels.people(seen.meeting)),
    }


def test_who_was_invited_knows_though_taken_back_and_removed(officer):
    meeting = panels.meeting("announced", members=4)
    item, first = panels.item_of(meeting), panels.people(meeting)
    MEETINGS.perform("take_back", meeting.pk, actor=officer, reason="No room.")
    preparing.remove_member(meeting.pk, first[3].pk, actor=officer)
    later = panels.sit(meeting)

    while_prepared = who_know([item.case_id])
    preparing.remove_item(meeting.pk, item.pk, actor=officer)

    invited = {(item.case_id, one.expert_id) for one in first}
    assert while_prepared == who_know([item.case_id]) == invited
    assert later.expert_id not in {expert for _case, expert in invited}


def test_as_many_questions_are_asked_for_many_cases_as_for_one(django_assert_num_queries):
    meeting = panels.meeting("announced", cases=3)
    keys = [one.case_id for one in meeting.items.all()]
    grant_role(build.expert().user, "auditor", actor=None)

    found = []
    for some in (keys[:1], keys):
        with django_assert_num_queries(2):
            found.append(len(who_know(some)))

    assert found == [4, 12]  # three members, and who reads in the office


def test_who_heard_a_visit_knows_though_it_is_cancelled_afterwards():
    early, late = build.expert(), build.expert()
    in_time = verify.cancelled(verify.arranged(experts=[early]))
    held = verify.cancelled(verify.held(experts=[late]))

    assert who_know([in_time.case_id, held.case_id]) == {(held.case_id, late.pk)}


@pytest.mark.parametrize("role", ["officer", "auditor"])
def test_who_reads_sheets_in_the_office_knows(role):
    scored, none_in = build.scored_case(), build.case(CaseStatus.IN_REVIEW)
    person, left, back = build.expert(), build.expert(), build.expert()
    for one in (person, left, back):
        grant_role(one.user, role, actor=None)
    revoke_role(left.user, role, actor=None)
    revoke_role(back.user, role, actor=None)
    RoleGrant.objects.filter(user=left.user, role=role).update(
        granted_at=timezone.now() - dt.timedelta(days=9),
        revoked_at=timezone.now() - dt.timedelta(days=8),
    )

    found = who_know([scored.pk, none_in.pk])

    assert found == {(scored.pk, person.pk), (scored.pk, back.pk)}


def test_nobody_in_the_office_knows_before_the_totals_are_opened(officer):
    case = build.case(CaseStatus.IN_REVIEW)
    first, second = case.assignments.order_by("pk")
    sheet = build.submit(build.accept(first))
    perform_sheet("reopen", sheet.pk, actor=officer, reason="A slip.")
    person = build.expert()
    grant_role(person.user, "officer", actor=None)
    before = who_know([case.pk])

    for one in (sheet, build.accept(second)):
        build.submit(one)

    assert before == set()
    assert who_know([case.pk]) == {(case.pk, person.pk)}


def test_a_plan_does_not_draw_who_knows_and_says_why_not(officer, case, visitor):
    planning.experts(3)

    plan = further(case)

    assert facts.read(plan.activity).barred == {(case.pk, visitor.pk): Barred.KNOWS}
    assert not plan.seats.filter(expert=visitor).exists()
    assert plan.seats.filter(case=case).count() == 3
    others = {one.expert: one for one in of_case(plan, case, officer)["others"]}
    assert (others[visitor.pk].why_not, others[visitor.pk].possible) == ([str(KNOWS)], False)


def test_a_plan_is_not_published_with_somebody_who_knows_by_now(officer, case):
    planning.experts(3)
    plan = further(case)
    seat = plan.seats.filter(standing=False)[0]
    comes_to_know(seat.expert)

    with pytest.raises(DomainError) as refused:
        planning.publish(plan, actor=officer)

    assert str(refused.value) == (
        "This plan is out of date: 1 expert of this plan knows the scores by now. "
        f"({seat.expert}) Draw it anew."
    )
    assert not Assignment.objects.filter(case=case, status="invited").exists()


def test_nobody_is_seated_by_hand_who_knows_by_now(officer, case):
    planning.experts(4)
    plan = further(case)
    leaving = plan.seats.filter(standing=False)[0].expert_id
    taken = plan.seats.values("expert")
    spare = Expert.objects.filter(subcategories="WAT-01").exclude(pk__in=taken)
    coming = next(one for one in spare if (case.pk, one.pk) not in who_know([case.pk]))
    comes_to_know(coming)

    with pytest.raises(DomainError) as refused:
        by_hand.derive(
            plan, [Edit(case.pk, leaving, coming.pk)], actor=officer, name="Changed by hand"
        )

    assert str(refused.value) == str(KNOWS)


def test_nobody_who_knows_takes_a_seat_that_became_free(officer, case, visitor):
    planning.experts(2)
    plan = planning.publish(further(case), actor=officer)
    asked = Assignment.objects.filter(planned__plan=plan).select_related("expert__user")[0]
    perform_assignment("decline", asked.pk, actor=asked.expert.user, reason="No time.")

    replacing.draw({"declined": str(asked.pk)})

    drawn = Replacement.objects.get(pk=asked.pk)
    assert (drawn.assignment, drawn.details) == (None, {"of": 0})
    assert not Assignment.objects.filter(case=case, expert=visitor).exists()


def test_who_was_drawn_and_came_to_know_at_that_moment_is_passed_over(case, visitor):
    assert replacing._free(visitor.pk, case) is None


def test_the_officer_who_assigns_reads_why_not(officer, case, visitor):
    free = build.expert()
    address = reverse("admin:evaluation_case_step", args=[case.pk, "assign"])

    page = text(accounts.signed_in(officer).get(address))

    (line,) = [one for one in page.splitlines() if str(visitor) in one and " · " in one]
    assert str(KNOWS) in line
    (other,) = [one for one in page.splitlines() if str(free) in one and " · " in one]
    assert str(KNOWS) not in other
