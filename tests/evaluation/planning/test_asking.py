"""The worker that computes plans, what is refused to who asks, what the database keeps."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from accounts.roles import Level
from accounts.services import add_member
from core import progress
from core.errors import DomainError
from evaluation.assignment import solve
from evaluation.models import AssignmentPlan, PlanInputs, PlanSeat
from evaluation.planning import asking, compute, sweeping, words
from evaluation.planning.documents import kinds_of, problem_of
from evaluation.planning.workflow import perform_plan
from submissions.models import Activity
from tests.builders import accounts, planning, submissions
from tests.builders import evaluation as build

pytestmark = pytest.mark.django_db


@pytest.fixture
def activity() -> Activity:
    return submissions.open_activity()


def given(plan):
    return PlanInputs.objects.get(plan=plan).document


def cell(plan, case, expert):
    """Return why a pair was barred when the plan was drawn."""
    document = given(plan)
    row = document["declarations"].index(str(case.pk))
    column = [one["id"] for one in document["experts"]].index(str(expert.pk))
    return document["kinds"][kinds_of(document)[row, column]]


# The worker -------------------------------------------------------------------------------


def test_a_plan_that_was_cancelled_stays_so(activity):
    officer = accounts.officer()
    planning.waiting(activity, 1)
    planning.experts(3)
    plan = planning.asked(activity)
    perform_plan("cancel", plan.pk, actor=officer)

    assert compute.compute(plan.pk) is False
    plan.refresh_from_db()
    assert (plan.status, plan.seats.count()) == ("cancelled", 0)


def test_cancelled_while_it_is_computed_it_stores_nothing(activity):
    planning.waiting(activity, 1)
    planning.experts(3)
    plan = planning.asked(activity)
    perform_plan("begin", plan.pk, actor=None)
    plan.refresh_from_db()
    inputs = compute.read_inputs(plan)
    looking = compute._looking(plan.pk)
    before = looking()
    perform_plan("cancel", plan.pk, actor=accounts.officer())

    with pytest.raises(solve.Cancelled):
        compute._draw(plan, inputs.document)
    drawn = solve.plan(problem_of(inputs.document), plan.seed)
    with pytest.raises(DomainError):
        compute._store(plan, inputs, drawn)

    assert before is False
    assert not PlanSeat.objects.exists()


def test_who_comes_after_a_worker_that_died_goes_on_with_what_it_read(activity):
    planning.waiting(activity, 1)
    planning.experts(3)
    plan = planning.asked(activity)
    perform_plan("begin", plan.pk, actor=None)
    first = compute.read_inputs(plan)
    planning.waiting(activity, 1)

    assert compute.compute_all() == 1

    plan.refresh_from_db()
    assert plan.status == "computed"
    assert plan.seats.count() == 3
    assert PlanInputs.objects.get(plan=plan).content_hash == first.content_hash


def test_a_plan_that_ends_its_worker_again_and_again_is_given_up(activity):
    planning.waiting(activity, 1)
    planning.experts(3)
    plan = planning.asked(activity)
    AssignmentPlan.objects.filter(pk=plan.pk).update(attempts=compute.MOST_ATTEMPTS)

    assert compute.compute(plan.pk) is True

    plan.refresh_from_db()
    assert (plan.status, plan.failure) == (
        "failed",
        "The computation ended 3 times before it was done.",
    )


def test_a_fault_is_told_in_words_and_kept_in_the_log(activity, caplog):
    planning.waiting(activity, 1)
    planning.experts(3)
    plan = planning.asked(activity)
    PlanInputs.objects.create(
        plan=plan, document={"format": 1}, content_hash="", read_at=timezone.now()
    )

    assert compute.compute(plan.pk) is True

    plan.refresh_from_db()
    assert (plan.status, plan.failure) == ("failed", words.FAULT)
    assert "KeyError" not in progress.of(asking.progress_name(plan)).failed
    assert "KeyError" in caplog.text


def test_a_plan_without_anybody_to_ask_fails_in_words(activity):
    planning.waiting(activity, 1)
    (expert,) = planning.experts(1)
    plan = planning.asked(activity)
    build.away(expert)

    compute.compute(plan.pk)

    plan.refresh_from_db()
    assert plan.status == "failed"
    assert plan.failure == "No declaration waits for experts, or nobody can be asked."


def test_the_sweeper_wakes_only_while_a_plan_waits(activity):
    planning.waiting(activity, 1)
    planning.experts(3)
    before = sweeping.wake_if_owed()
    plan = planning.asked(activity)
    waits = sweeping.wake_if_owed()
    compute.compute(plan.pk)

    assert (before, waits, sweeping.wake_if_owed()) == (False, True, False)


# Refusals ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wishes", "field"),
    [
        ({"need": 4}, "need"),
        ({"need": 1}, "need"),
        ({"need": 17}, "need"),
        ({"specialists": 4}, "specialists"),
        ({"price": 10}, "base"),
        ({"cap": 0}, "cap"),
        ({"name": " "}, "name"),
    ],
)
def test_what_cannot_be_asked_for(activity, wishes, field):
    planning.waiting(activity, 1)
    planning.experts(3)

    with pytest.raises(DomainError) as refused:
        planning.asked(activity, **wishes)

    assert refused.value.field == field
    assert not AssignmentPlan.objects.exists()


def test_two_plans_of_one_name_and_a_plan_for_nothing_are_refused(activity):
    with pytest.raises(DomainError, match="No declaration"):
        planning.asked(activity)
    planning.waiting(activity, 1)
    with pytest.raises(DomainError, match="No expert"):
        planning.asked(activity)
    planning.experts(3)
    planning.asked(activity)
    with pytest.raises(DomainError, match="of this name"):
        planning.asked(activity, name="First  draw")


def test_a_base_is_a_plan_of_the_same_activity_that_was_drawn(activity):
    planning.waiting(activity, 1)
    planning.experts(3)
    elsewhere, waits = planning.drawn(), planning.asked(activity, name="Waits")

    for base in (elsewhere, waits):
        with pytest.raises(DomainError, match="same activity"):
            planning.asked(activity, base=base)


def test_nobody_but_an_officer_without_an_interest_asks_for_a_plan(activity):
    (case,) = planning.waiting(activity, 1)
    (expert, *_others) = planning.experts(3)
    involved = accounts.officer()
    add_member(case.declaration.organisation_id, involved, Level.VIEW, actor=None)
    people = (
        expert.user,
        involved,
        accounts.user(),
        accounts.auditor(),
        accounts.system_administrator(),
        accounts.owner_of(case.declaration.organisation),
    )

    for person in people:
        with pytest.raises(PermissionDenied):
            planning.asked(activity, actor=person)
    plan = planning.drawn(activity)
    assert not any(AssignmentPlan.objects.visible_to(one).exists() for one in people)
    assert AssignmentPlan.objects.visible_to(accounts.officer()).get() == plan
    assert not PlanSeat.objects.visible_to(involved).exists()


@pytest.mark.parametrize(
    "change",
    [
        "update evaluation_assignmentplan set seed = 'chosen'",
        "update evaluation_assignmentplan set outcome = '{}'",
        "delete from evaluation_assignmentplan",
        "update evaluation_planinputs set content_hash = ''",
        "delete from evaluation_planseat",
        "update evaluation_planseat set points = 0",
    ],
)
def test_the_database_keeps_a_plan_as_it_was_drawn(activity, change):
    planning.waiting(activity, 1)
    planning.experts(3)
    planning.drawn(activity)

    with (
        pytest.raises(DatabaseError, match="Cannot"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(change)
