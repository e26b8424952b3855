"""Who asked for long work is told once when it ends; who need not wait hears nothing."""

import datetime as dt

import pytest

from accounts.roles import Level
from accounts.services import add_member
from core.models import StoredMail
from evaluation.figures import asking, computing
from evaluation.figures.asking import RUNS
from evaluation.models import AssignmentPlan, Case, StatisticRun
from evaluation.planning import asking as plans_asking
from evaluation.planning import compute
from evaluation.planning.workflow import perform_plan
from tests.builders import accounts, planning
from tests.builders import figures as rounds

pytestmark = pytest.mark.django_db
LONG_AGO = dt.timedelta(minutes=2)


@pytest.fixture
def long_ago(monkeypatch):
    """Let what is asked for have been asked for two minutes ago."""
    for module in (asking, plans_asking):
        now = module.database_now
        monkeypatch.setattr(module, "database_now", lambda now=now: now() - LONG_AGO)


def small():
    return rounds.activity(declarations=2, experts=2, each=1)


def told():
    return [
        (one.recipient, one.template, one.subject)
        for one in StoredMail.objects.filter(template__endswith="_ended").order_by("created_at")
    ]


def test_who_asked_for_figures_is_told_once_though_the_task_runs_twice(long_ago):
    run = rounds.asked(small())

    assert [computing.compute_run(run.pk), computing.compute_run(run.pk)] == [True, False]

    (mail,) = StoredMail.objects.filter(template="figures_ended")
    assert (mail.recipient, mail.subject) == (
        run.asked_by.email,
        f"The figures of “{run.activity}” are ready",
    )
    assert f"/admin/evaluation/statisticrun/{run.pk}/change/" in mail.body


def test_of_figures_that_failed_the_same_person_is_told(long_ago):
    run = rounds.asked(small())
    RUNS.perform("begin", run.pk, actor=None)

    asking.give_up(run.pk, "KeyError('best')")

    subject = f"The figures of “{run.activity}” could not be computed"
    assert told() == [(run.asked_by.email, "figures_ended", subject)]
    assert "KeyError" not in StoredMail.objects.get(template="figures_ended").body


def test_what_is_there_within_a_minute_is_told_on_the_page_alone():
    rounds.computed(small())
    planning.drawn()

    assert told() == []


def test_what_was_cancelled_is_not_told(long_ago):
    run = rounds.asked(small())

    RUNS.perform("cancel", run.pk, actor=run.asked_by)

    assert (told(), StatisticRun.objects.get().status) == ([], "cancelled")


@pytest.mark.parametrize("why", ["gone", "barred"])
def test_who_may_not_see_it_any_more_is_not_told(long_ago, why):
    run = rounds.asked(small(), by=accounts.second_officer())
    if why == "gone":
        type(run.asked_by).objects.filter(pk=run.asked_by_id).update(is_active=False)
    else:
        house = Case.objects.order_by("pk")[0].declaration.organisation_id
        add_member(house, run.asked_by, Level.VIEW, actor=None)

    assert computing.compute_run(run.pk)

    assert told() == []


@pytest.mark.parametrize(
    ("wishes", "status", "subject"),
    [
        ({}, "computed", "The plan “First draw” is ready"),
        ({"need": 15}, "infeasible", "The wishes of the plan “First draw” clash"),
    ],
)
def test_who_asked_for_a_plan_is_told_once_what_it_came_to(long_ago, wishes, status, subject):
    plan = planning.asked(**wishes)

    assert [compute.compute(plan.pk), compute.compute(plan.pk)] == [True, False]

    assert AssignmentPlan.objects.get().status == status
    assert told() == [(plan.asked_by.email, "plan_ended", subject)]


def test_of_a_plan_that_failed_who_asked_is_told(long_ago):
    plan = planning.asked()

    perform_plan("fail", plan.pk, actor=None, reason="The worker ended.")

    subject = "The plan “First draw” could not be computed"
    assert told() == [(plan.asked_by.email, "plan_ended", subject)]
