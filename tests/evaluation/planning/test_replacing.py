"""Who declines is replaced, once, by the next who may and can."""

import pytest
from django.urls import reverse

from core.models import AuditEntry, OutboxMessage, StoredMail
from core.outbox import deliver_due
from evaluation.models import Assignment, AssignmentPlan, Case, Expert, Replacement
from evaluation.planning import replacing
from evaluation.planning.workflow import perform_plan
from evaluation.pool.workflow import EXPERTS
from evaluation.workflow import perform_assignment
from tests.builders import accounts, planning
from tests.builders import evaluation as build

pytestmark = pytest.mark.django_db


def decline(assignment):
    expert = assignment.expert.user
    return perform_assignment("decline", assignment.pk, actor=expert, reason="No time.")


def an_assignment(plan):
    rows = Assignment.objects.filter(planned__plan=plan).select_related("expert__user", "case")
    return rows.order_by("pk")[0]


def draw(assignment):
    replacing.draw({"declined": str(assignment.pk)})
    return Replacement.objects.get(pk=assignment.pk)


def test_a_decline_owes_a_replacement_and_the_worker_draws_it(activity):
    planning.waiting(activity, 1)
    planning.experts(4)
    plan = planning.published(activity)
    asked = an_assignment(plan)
    spare = Expert.objects.exclude(pk__in=plan.seats.values("expert")).get()

    decline(asked)
    owed = Replacement.objects.get(pk=asked.pk)
    before = (owed.drawn_at, owed.assignment)
    deliver_due()

    owed.refresh_from_db()
    assert before == (None, None)
    assert owed.assignment.expert == spare
    assert (owed.assignment.status, owed.assignment.invited_by) == ("invited", plan.published_by)
    assert owed.details == {"place": 1, "of": 1, "load": 0}
    assert list(build.mails_to(spare.user)) == ["expert_enrolled", "assignment_invitation"]
    assert AuditEntry.objects.get(act="assignment.drawn").details["declined"] == str(asked.pk)


def test_drawn_twice_it_is_drawn_once(activity):
    planning.waiting(activity, 1)
    planning.experts(5)
    asked = an_assignment(planning.published(activity))
    decline(asked)

    first, second = draw(asked), draw(asked)

    assert first.assignment == second.assignment
    assert Assignment.objects.filter(status="invited").count() == 3


def test_who_replaced_and_declines_too_is_replaced(activity):
    planning.waiting(activity, 1)
    planning.experts(5)
    asked = an_assignment(planning.published(activity))
    decline(asked)
    second = draw(asked).assignment
    decline(second)

    third = draw(second).assignment

    assert len({asked.expert_id, second.expert_id, third.expert_id}) == 3


def test_a_specialist_is_replaced_by_one_where_the_plan_needs_it(activity):
    """Though others have less to do, and the plan would rather ask them."""
    planning.waiting(activity, 1)
    inside = planning.experts(2)
    planning.experts(4, subcategories=[])
    planning.published(activity, specialists=2)
    busy = planning.experts(1)[0]
    build.assign(build.case(activity=activity), busy)
    asked = Assignment.objects.select_related("expert__user").get(expert=inside[0])
    decline(asked)

    drawn = draw(asked)

    assert drawn.assignment.expert == busy
    assert drawn.details == {"place": 1, "of": 4, "load": 1}


def test_nobody_with_a_conflict_away_or_full_takes_the_seat_and_the_officer_is_told(activity):
    (case,) = planning.waiting(activity, 1)
    planning.experts(3)
    plan = planning.published(activity)
    asked = an_assignment(plan)
    build.expert(employer=case.declaration.organisation)
    build.away(build.expert())
    full = build.expert(cap=1)
    build.assign(build.case(), full)
    decline(asked)

    drawn = draw(asked)

    assert (drawn.assignment, drawn.details) == (None, {"of": 0})
    assert drawn.drawn_at is not None
    mail = StoredMail.objects.get(template="replacement_missing")
    assert mail.recipient == plan.published_by.email
    assert str(case.declaration.number) in mail.body


def test_nobody_is_drawn_once_the_review_is_complete(activity):
    (case,) = planning.waiting(activity, 1)
    planning.experts(4)
    plan = planning.published(activity)
    asked, *others = Assignment.objects.filter(planned__plan=plan).select_related("expert__user")
    decline(asked)
    for one in others:
        build.submit(build.accept(one))

    assert Case.objects.get(pk=case.pk).status == "scored"
    assert draw(asked).details == {"needless": True}


def test_nobody_is_drawn_where_an_officer_has_asked_meanwhile(activity):
    (case,) = planning.waiting(activity, 1)
    planning.experts(4)
    asked = an_assignment(planning.published(activity))
    decline(asked)
    build.assign(case, build.expert())

    assert draw(asked).details == {"needless": True}


@pytest.mark.parametrize("undone", [False, True])
def test_without_a_plan_in_force_nothing_is_owed(activity, undone):
    (case,) = planning.waiting(activity, 1)
    planning.experts(4)
    if undone:
        plan = planning.published(activity)
        asked = an_assignment(plan)
        build.accept(asked)
        perform_plan("undo", plan.pk, actor=accounts.officer(), reason="Too early.")
    else:
        (asked,) = build.assign(case, build.expert())

    decline(asked)

    assert not Replacement.objects.exists()
    assert not OutboxMessage.objects.filter(topic="evaluation.replace").exists()
    assert AssignmentPlan.objects.count() == int(undone)


def test_what_is_owed_as_the_plan_is_undone_is_not_drawn_any_more(activity):
    planning.waiting(activity, 1)
    planning.experts(5)
    plan = planning.published(activity)
    asked = an_assignment(plan)
    decline(asked)
    perform_plan("undo", plan.pk, actor=accounts.officer(), reason="Too early.")

    drawn = draw(asked)

    assert (drawn.assignment, drawn.details) == (None, {"undone": True})
    assert drawn.drawn_at is not None
    assert not Assignment.objects.filter(status="invited").exists()
    assert not StoredMail.objects.filter(template="replacement_missing").exists()


def test_an_excluded_sheet_gives_its_seat_free_and_the_seat_is_drawn_anew(activity):
    (case,) = planning.waiting(activity, 1)
    Case.objects.filter(pk=case.pk).update(experts_wanted=3)
    planning.experts(4)
    plan = planning.published(activity)
    asked = an_assignment(plan)
    spare = Expert.objects.exclude(pk__in=plan.seats.values("expert")).get()
    build.exclude(build.submit(build.accept(asked)))

    drawn = draw(asked)

    assert Case.objects.get(pk=case.pk).status == "in_review"
    assert drawn.assignment.expert == spare
    assert drawn.details == {"place": 1, "of": 1, "load": 0}
    assert case.assignments.standing().count() == 3


def test_an_excluded_sheet_owes_nothing_once_the_review_is_complete(activity):
    planning.waiting(activity, 1)
    planning.experts(4)
    plan = planning.published(activity)
    one, other = Assignment.objects.filter(planned__plan=plan).order_by("pk")[:2]
    sheet = build.submit(build.accept(one))
    build.submit(build.accept(other))

    build.exclude(sheet)

    assert Case.objects.get().status == "scored"
    assert not Replacement.objects.exists()


def test_who_comes_late_has_a_week_at_least(activity):
    planning.waiting(activity, 1)
    planning.experts(4)
    plan = planning.publish(planning.drawn(activity), days=2)
    asked = an_assignment(plan)
    decline(asked)

    drawn = draw(asked).assignment

    assert (drawn.due_at - drawn.invited_at).days in (6, 7)


@pytest.mark.parametrize("how", ["cancelled", "removed"])
def test_who_is_taken_off_by_the_office_is_replaced_too(activity, how):
    (case,) = planning.waiting(activity, 1)
    planning.experts(4)
    plan = planning.published(activity)
    asked = an_assignment(plan)
    spare = Expert.objects.exclude(pk__in=plan.seats.values("expert")).get()
    officer = accounts.officer()
    if how == "cancelled":
        perform_assignment("cancel", asked.pk, actor=officer, reason="Ill for long.")
    else:
        EXPERTS.perform("remove", asked.expert_id, actor=officer, reason="Moved away.")
    owed = Replacement.objects.get()

    deliver_due()
    deliver_due()

    assert (owed.declined, owed.plan, owed.drawn_at) == (asked, plan, None)
    drawn = Replacement.objects.get()
    assert drawn.assignment.expert == spare
    assert drawn.details == {"place": 1, "of": 1, "load": 0}
    assert AuditEntry.objects.get(act="assignment.drawn").details["declined"] == str(asked.pk)
    assert case.assignments.standing().count() == 3


def test_what_is_cancelled_because_it_is_not_needed_is_not_owed(activity):
    planning.waiting(activity, 1)
    planning.experts(4)
    plan = planning.published(activity)
    _late, *others = Assignment.objects.filter(planned__plan=plan).select_related("expert__user")
    for one in others:
        build.submit(build.accept(one))

    assert Case.objects.get().status == "scored"
    assert Assignment.objects.filter(status="cancelled").count() == 1
    assert not Replacement.objects.exists()


def test_an_officer_who_looks_for_another_expert_is_not_forestalled(activity):
    planning.waiting(activity, 1)
    planning.experts(4)
    asked = an_assignment(planning.published(activity))
    step = reverse("admin:evaluation_assignment_step", args=[asked.pk, "cancel"])
    filled = {"reason": "Ill for long.", "by_hand": "on"}

    accounts.signed_in(accounts.officer()).post(step, filled)

    asked.refresh_from_db()
    act = AuditEntry.objects.get(act="assignment.cancel")
    assert (asked.status, act.details["by_hand"]) == ("cancelled", True)
    assert not Replacement.objects.exists()
