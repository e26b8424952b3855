"""Two at once: plans published together, declines and draws that meet."""

import pytest

from core.models import AuditEntry
from evaluation.models import Assignment, Expert, Replacement
from evaluation.planning import compute, replacing
from evaluation.planning.workflow import perform_plan
from evaluation.workflow import perform_assignment
from tests.builders import accounts, planning
from tests.builders import evaluation as build
from tests.builders.core import outcomes_of

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_officers_publish_one_plan_and_everybody_is_asked_once(activity):
    planning.waiting(activity, 3)
    planning.experts(5)
    plan = planning.drawn(activity)
    first, second = accounts.officer(), accounts.officer()

    found = outcomes_of(
        lambda: planning.publish(plan, actor=first), lambda: planning.publish(plan, actor=second)
    )

    assert found == ["TransitionError", "done"]
    assert Assignment.objects.count() == 9


def test_two_plans_are_published_and_the_second_meets_the_first(activity):
    planning.waiting(activity, 3)
    planning.experts(5)
    plans = [planning.drawn(activity, name=name) for name in ("One", "Two")]
    officers = [accounts.officer(), accounts.officer()]

    found = outcomes_of(
        *(
            lambda plan=plan, officer=officer: planning.publish(plan, actor=officer)
            for plan, officer in zip(plans, officers, strict=True)
        )
    )

    assert found == ["DomainError", "done"]
    assert Assignment.objects.count() == 9


def test_a_plan_is_published_while_an_officer_asks_by_hand(activity):
    case = planning.waiting(activity, 2)[0]
    experts = planning.experts(5)
    plan = planning.drawn(activity)
    free = build.expert()
    first, second = accounts.officer(), accounts.officer()

    found = outcomes_of(
        lambda: planning.publish(plan, actor=first),
        lambda: build.assign(case, free, actor=second),
    )

    by_hand = Assignment.objects.filter(expert=free).count()
    assert by_hand == 1
    assert found in (["done", "done"], ["DomainError", "done"])
    assert Assignment.objects.count() == by_hand + (6 if found == ["done", "done"] else 0)
    assert len(experts) == 5


def test_two_workers_compute_one_plan_once(activity):
    planning.waiting(activity, 2)
    planning.experts(5)
    plan = planning.asked(activity)

    outcomes_of(lambda: compute.compute(plan.pk), lambda: compute.compute(plan.pk))

    plan.refresh_from_db()
    assert plan.status == "computed"
    assert plan.seats.count() == 6
    assert AuditEntry.objects.filter(act="assignment plan.finish").count() == 1


def test_a_plan_is_cancelled_while_the_worker_computes(activity):
    planning.waiting(activity, 2)
    planning.experts(5)
    plan = planning.asked(activity)
    officer = accounts.officer()

    found = outcomes_of(
        lambda: compute.compute(plan.pk),
        lambda: perform_plan("cancel", plan.pk, actor=officer),
    )

    plan.refresh_from_db()
    cancelled = plan.status == "cancelled"
    assert plan.status in ("cancelled", "computed")
    assert plan.seats.count() == (0 if cancelled else 6)
    assert found == (["done", "done"] if cancelled else ["TransitionError", "done"])


def decline(assignment):
    return lambda: perform_assignment(
        "decline", assignment.pk, actor=assignment.expert.user, reason="No time."
    )


def test_two_decline_at_once_and_two_workers_draw_two_others(activity):
    planning.waiting(activity, 1)
    planning.experts(6)
    planning.published(activity)
    asked = list(Assignment.objects.select_related("expert__user").order_by("pk")[:2])
    outcomes_of(*(decline(one) for one in asked))

    found = outcomes_of(
        *(lambda one=one: replacing.draw({"declined": str(one.pk)}) for one in (*asked, *asked))
    )

    drawn = Replacement.objects.values_list("assignment__expert", flat=True)
    assert found == ["done"] * 4
    assert len(set(drawn)) == 2
    assert None not in drawn
    assert Assignment.objects.filter(status="invited").count() == 3


def test_two_draws_want_the_last_place_of_one_expert(activity):
    planning.waiting(activity, 2)
    planning.experts(3)
    planning.published(activity)
    last = build.expert(cap=1)
    rows = Assignment.objects.select_related("expert__user")
    cases = set(rows.values_list("case", flat=True))
    asked = [rows.filter(case=case)[0] for case in cases]
    for one in asked:
        decline(one)()
    Expert.objects.exclude(pk=last.pk).update(cap=1)

    outcomes_of(*(lambda one=one: replacing.draw({"declined": str(one.pk)}) for one in asked))

    assert Assignment.objects.filter(expert=last).count() == 1
    assert Replacement.objects.filter(assignment=None).count() == len(asked) - 1


def test_a_plan_is_undone_while_an_expert_accepts(activity):
    planning.waiting(activity, 1)
    planning.experts(4)
    plan = planning.published(activity)
    asked = Assignment.objects.select_related("expert__user").order_by("pk")[0]
    officer = accounts.officer()

    found = outcomes_of(
        lambda: build.accept(asked),
        lambda: perform_plan("undo", plan.pk, actor=officer, reason="Too early."),
    )

    asked.refresh_from_db()
    assert found in (["done", "done"], ["PermissionDenied", "done"], ["TransitionError", "done"])
    assert asked.status == ("accepted" if found == ["done", "done"] else "cancelled")
    assert Assignment.objects.filter(status="invited").count() == 0


def test_a_plan_is_undone_while_a_replacement_is_drawn_and_nobody_stays_asked(activity):
    planning.waiting(activity, 1)
    planning.experts(5)
    plan = planning.published(activity)
    owed = planning.declined(plan)
    officer = accounts.officer()

    found = outcomes_of(
        lambda: perform_plan("undo", plan.pk, actor=officer, reason="Too early."),
        lambda: replacing.draw({"declined": str(owed.pk)}),
    )

    owed.refresh_from_db()
    assert found == ["done", "done"]
    assert owed.drawn_at is not None
    assert (owed.assignment is None) == (owed.details == {"undone": True})
    assert not Assignment.objects.filter(status="invited").exists()
