"""A plan is published at one moment or not at all, undone as far as nobody answered."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.roles import Level
from accounts.services import add_member
from core import audit
from core.errors import DomainError, TransitionError
from core.models import AuditEntry, StoredMail
from evaluation.models import Assignment, Case, Expert, PlannedAssignment
from evaluation.planning import differences, facts
from evaluation.planning.undoing import staying
from evaluation.planning.workflow import PLANS, perform_plan
from evaluation.states import AssignmentStatus, CaseStatus
from evaluation.workflow import perform_assignment
from tests.builders import accounts, planning, submissions
from tests.builders import evaluation as build

pytestmark = pytest.mark.django_db


def pairs(rows):
    return set(rows.values_list("case", "expert"))


def told(plan):
    return [
        (str(one.sentence), one.blocks)
        for one in differences.since(
            plan, plan.inputs.document, facts.read(plan.activity), accounts.officer()
        )
    ]


# Publishing -------------------------------------------------------------------------------


def test_everybody_is_asked_at_once_and_written_to_once(plan):
    officer = accounts.officer()

    published = planning.publish(plan, actor=officer)

    assert published.status == "published"
    assert (published.published_by, published.due_at) is not None
    assert pairs(Assignment.objects.all()) == pairs(plan.seats.all())
    assert set(Assignment.objects.values_list("invited_by", "status", "due_at")) == {
        (officer.pk, AssignmentStatus.INVITED, published.due_at)
    }
    assert set(Case.objects.values_list("status", flat=True)) == {CaseStatus.IN_REVIEW}
    assert PlannedAssignment.objects.filter(plan=plan).count() == 6
    mails = StoredMail.objects.filter(template="plan_invitation")
    assert sorted(mails.values_list("recipient", flat=True)) == sorted(
        Expert.objects.values_list("user__email", flat=True)
    )
    assert "you are asked to score 1 declaration of the activity" in mails[0].body


def test_each_case_has_its_act_and_the_chain_holds(plan):
    planning.publish(plan)

    acts = AuditEntry.objects.filter(act="case.assign")
    assert acts.count() == 2
    for act in acts:
        assert (act.before, act.after) == ("awaiting_assignment", "in_review")
        assert act.details["plan"] == str(plan.pk)
        assert len(act.details["assignments"]) == 3
    act = AuditEntry.objects.get(act="assignment plan.publish")
    assert act.details == {"seed": plan.seed, "inputs": plan.inputs.content_hash}


@pytest.mark.django_db(transaction=True)
def test_the_chain_of_many_acts_holds():
    planning.published()

    assert list(audit.faults()) == []


def test_who_was_asked_before_is_not_asked_again(activity):
    (case,) = planning.waiting(activity, 1)
    experts = planning.experts(4)
    build.assign(case, experts[0])
    plan = planning.published(activity)

    assert case.assignments.count() == 3
    assert PlannedAssignment.objects.filter(plan=plan).count() == 2
    assert evaluation_mails(experts[0]) == ["assignment_invitation"]


def evaluation_mails(expert):
    return [one for one in build.mails_to(expert.user) if one.startswith(("assignment", "plan"))]


def test_experts_answer_and_score_what_a_plan_asked(plan):
    planning.publish(plan)
    case = Case.objects.order_by("pk")[0]

    for assignment in case.assignments.select_related("expert__user")[:2]:
        build.submit(build.accept(assignment))

    case.refresh_from_db()
    assert case.status == CaseStatus.SCORED


# What changed since -----------------------------------------------------------------------


def test_nothing_changed(plan):
    assert told(plan) == []


def test_a_declaration_that_came_is_told_and_stands_in_nobodys_way(plan):
    (case,) = planning.waiting(plan.activity, 1)

    number = case.declaration.number
    assert told(plan) == [
        (f"1 declaration has come since and has no seat in this plan. ({number})", False)
    ]
    assert planning.publish(plan).status == "published"
    assert not case.assignments.exists()


def away(plan):
    build.away(Expert.objects.get(pk=plan.seats.all()[0].expert_id))


def conflict(plan):
    seat = plan.seats.select_related("case__declaration", "expert__user")[0]
    add_member(seat.case.declaration.organisation_id, seat.expert.user, Level.VIEW, actor=None)


def cap(plan):
    seat = plan.seats.select_related("expert")[0]
    Expert.objects.filter(pk=seat.expert_id).update(cap=1)
    build.assign(build.case(), seat.expert)


def asked_by_hand(plan):
    case = Case.objects.get(pk=plan.seats.all()[0].case_id)
    build.assign(case, build.expert())


def decided_without(plan):
    case = Case.objects.get(pk=plan.seats.all()[0].case_id)
    build.assign(case)
    build.score_all(case)


def one_employer(plan):
    case = plan.seats.all()[0].case_id
    experts = Expert.objects.filter(pk__in=plan.seats.filter(case=case).values("expert"))
    experts.update(employer=None, employer_name="Institute of Water")


CHANGES = {
    away: "1 expert of this plan cannot be asked any more.",
    conflict: "1 expert of this plan has a conflict of interest now.",
    cap: "1 expert of this plan would get more than they take by now.",
    asked_by_hand: "About 1 declaration somebody was asked since.",
    one_employer: "At 1 declaration too many experts of one organisation would sit by now.",
    decided_without: "1 declaration no longer waits for experts.",
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_plan_out_of_date_is_not_published_and_says_why(plan, change):
    change(plan)

    with pytest.raises(DomainError, match="out of date") as refused:
        planning.publish(plan)

    assert CHANGES[change] in str(refused.value)
    assert (CHANGES[change] in " ".join(one for one, blocks in told(plan) if blocks)) is True
    assert not PlannedAssignment.objects.exists()
    plan.refresh_from_db()
    assert plan.status == "computed"


def test_too_many_of_one_employer_who_were_asked_before_stand_in_nobodys_way(activity):
    (case,) = planning.waiting(activity, 1)
    colleagues = planning.experts(2, employer_name="Institute of Water")
    planning.experts(2)
    build.assign(case, *colleagues)

    plan = planning.drawn(activity, per_organisation=1)

    assert told(plan) == []
    assert planning.publish(plan).status == "published"


def test_who_declined_meanwhile_leaves_a_seat_that_is_told(activity):
    (case,) = planning.waiting(activity, 1)
    planning.experts(5)
    (asked,) = build.assign(case, Expert.objects.all()[0])
    plan = planning.drawn(activity)
    perform_assignment("decline", asked.pk, actor=asked.expert.user, reason="No time.")

    assert told(plan) == [
        (
            "About 1 declaration an expert declined or was released since. "
            f"({case.declaration.number})",
            True,
        )
    ]


def test_of_a_declaration_one_may_not_judge_only_the_number_is_told(plan):
    asked_by_hand(plan)
    case = Case.objects.get(pk=plan.seats.all()[0].case_id)
    officer = accounts.officer()
    build.expert(user=officer, employer_name=case.declaration.organisation.name_en.upper())

    found = differences.since(plan, plan.inputs.document, facts.read(plan.activity), officer)

    assert "About 1 declaration somebody was asked since. (…)" in [
        str(one.sentence) for one in found
    ]
    assert str(case.declaration.number) not in str(found)


@pytest.mark.parametrize("change", [away, conflict])
def test_of_a_declaration_one_may_not_judge_no_expert_is_named(activity, change):
    cases = planning.waiting(activity, 2)
    planning.experts(6, cap=1)
    plan = planning.drawn(activity)
    change(plan)
    seat = plan.seats.select_related("expert__user")[0]
    hidden = next(one for one in cases if one.pk == seat.case_id)
    officer = accounts.officer()
    build.expert(user=officer, employer_name=hidden.declaration.organisation.name_en.upper())
    now = facts.read(activity)

    def named(reader):
        found = differences.since(plan, plan.inputs.document, now, reader)
        return [str(one.sentence).rpartition(" (")[2] for one in found if one.blocks]

    assert named(accounts.officer()) == [f"{seat.expert})"]
    assert named(officer) == ["…)"]


# Refusals ---------------------------------------------------------------------------------


def test_the_due_date_lies_ahead(plan):
    with pytest.raises(DomainError, match="passed already"):
        perform_plan("publish", plan.pk, actor=accounts.officer(), due_at=timezone.now())


def test_who_may_not_assign_to_one_of_them_publishes_none(plan):
    case = Case.objects.order_by("pk")[0]
    officer = accounts.officer()
    build.expert(user=officer, employer_name=case.declaration.organisation.name_en.upper())

    with pytest.raises(DomainError, match="may not assign"):
        planning.publish(plan, actor=officer)

    assert not Assignment.objects.exists()


def test_nobody_but_officers_publishes_and_undoes(plan):
    case = Case.objects.order_by("pk")[0]
    involved = accounts.officer()
    add_member(case.declaration.organisation_id, involved, Level.VIEW, actor=None)
    people = (accounts.user(), accounts.expert_user(), accounts.auditor(), involved, None)

    for person in people:
        with pytest.raises(PermissionDenied):
            PLANS.perform("publish", plan.pk, actor=person)
    planning.publish(plan)
    for person in people:
        with pytest.raises(PermissionDenied):
            PLANS.perform("undo", plan.pk, actor=person, reason="Why not.")


def test_a_plan_is_published_once(plan):
    planning.publish(plan)

    with pytest.raises(TransitionError):
        planning.publish(plan)


# Undoing ----------------------------------------------------------------------------------


def undo(plan, reason="Drawn too early."):
    return perform_plan("undo", plan.pk, actor=accounts.officer(), reason=reason)


def test_undone_what_nobody_answered_is_cancelled_and_the_rest_is_named(plan):
    planning.publish(plan)
    first, second, *_rest = Assignment.objects.select_related("expert__user").order_by("pk")
    build.accept(first)
    perform_assignment("decline", second.pk, actor=second.expert.user, reason="No time.")

    undone = undo(plan)

    assert undone.status == "undone"
    assert list(staying(plan)) == [first]
    found = dict(Assignment.objects.values_list("pk", "status"))
    assert found.pop(first.pk) == "accepted"
    assert found.pop(second.pk) == "declined"
    assert list(found.values()) == ["cancelled"] * 4
    assert AuditEntry.objects.filter(act="assignment.cancel").count() == 4
    assert AuditEntry.objects.get(act="assignment plan.undo").details == {
        "staying": [str(first.pk)]
    }
    mails = StoredMail.objects.filter(template="plan_undone")
    assert mails.count() == 4
    assert "Reason: Drawn too early." in mails[0].body


def test_after_undoing_the_same_experts_can_be_asked_again(plan):
    seats = pairs(plan.seats.all())
    planning.publish(plan)
    undo(plan)

    again = planning.published(plan.activity, name="Second draw", base=plan, price=100)

    assert pairs(again.seats.all()) == seats
    assert Assignment.objects.filter(status="invited").count() == 6


def test_after_undoing_an_officer_can_ask_one_of_them_by_hand(plan):
    planning.publish(plan)
    undo(plan)
    gone = Assignment.objects.select_related("case", "expert")[0]

    build.assign(gone.case, gone.expert)

    assert gone.case.assignments.filter(expert=gone.expert, status="invited").count() == 1


def test_what_an_officer_cancelled_is_not_asked_again(plan):
    planning.publish(plan)
    gone = Assignment.objects.select_related("case", "expert")[0]
    perform_assignment("cancel", gone.pk, actor=accounts.officer(), reason="Unfit.")

    with pytest.raises(DomainError, match="asked about this declaration already"):
        build.assign(gone.case, gone.expert)


def test_undoing_needs_a_reason(plan):
    planning.publish(plan)

    with pytest.raises(DomainError, match="reason"):
        undo(plan, "")


# Costs ------------------------------------------------------------------------------------


def test_publishing_costs_as_many_questions_for_more_declarations():
    def questions(cases):
        activity = submissions.open_activity()
        planning.waiting(activity, cases)
        plan = planning.drawn(activity, name=f"{cases}")
        mails = StoredMail.objects.count()
        with CaptureQueriesContext(connection) as asked:
            planning.publish(plan)
        return len(asked), StoredMail.objects.count() - mails

    planning.experts(3)

    assert [questions(1), questions(6)] == [(questions(2)[0], 3)] * 2
