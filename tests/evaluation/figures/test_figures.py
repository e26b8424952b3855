"""Runs of the figures of an activity: asked for, computed once, kept, and when they are stale."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.utils import DatabaseError
from django.utils import timezone

from accounts.roles import Level, Role
from accounts.services import add_member
from core import progress
from core.canonical import content_hash
from core.errors import DomainError, TransitionError
from core.models import AuditEntry
from evaluation import computing as tasks
from evaluation.criteria.workflow import perform_change
from evaluation.figures import computing
from evaluation.figures.asking import LEASE, RUNS, ask_figures, is_stale, owed, sweep
from evaluation.figures.reading import input_of
from evaluation.models import Case, Score, StatisticRun
from evaluation.results import case_result
from evaluation.states import CaseStatus
from evaluation.statistics.rounds import round_of
from evaluation.statistics.whole import METHOD, compute
from pool_portal.celery import app
from tests.builders import accounts, criteria
from tests.builders import evaluation as build
from tests.builders import figures as rounds
from tests.builders.core import at_once

pytestmark = pytest.mark.django_db


def test_what_is_asked_for_is_kept_with_its_seed_and_its_input():
    activity, officer = rounds.activity(), accounts.officer()

    run = ask_figures(activity, cut={"points": "75"}, actor=officer)

    run.refresh_from_db()
    assert (run.status, run.asked_by, run.sheets, run.draws) == ("asked", officer, 48, 1000)
    assert run.level == Decimal("0.90")
    assert run.input == input_of(activity)
    assert run.input_hash == content_hash(run.input)
    assert run.criteria_hash == criteria.criteria().content_hash
    act = AuditEntry.objects.get(act="statistic run.asked")
    assert act.details == {
        "activity": activity.code,
        "input": run.input_hash,
        "seed": str(run.seed),
        "draws": 1000,
        "level": "0.90",
        "cut": {"points": "75"},
    }


def test_the_input_holds_every_submitted_sheet_and_no_other():
    activity = rounds.activity()
    unfinished = build.case(CaseStatus.IN_REVIEW, activity=activity)
    build.fill(build.accept(build.an_assignment(unfinished)))

    found = input_of(activity)

    score = Score.objects.filter(sheet__status="submitted").order_by("pk")[0]
    key = f"{score.indicator.dimension.code}.{score.indicator.code}"
    given = [str(score.sheet.assignment.case_id), str(score.sheet.assignment.expert_id)]
    (mine,) = [one for one in found["sheets"] if one[:2] == given]
    assert len(found["sheets"]) == 48
    assert mine[2][found["indicators"].index(key)] == score.value


def test_the_worker_computes_what_is_owed_and_the_raw_figures_are_those_of_the_case():
    run = rounds.asked(points="75")

    assert computing.compute_owed() == 1

    run.refresh_from_db()
    case = Case.objects.order_by("pk")[0]
    mine = run.result["declarations"][str(case.pk)]
    result = case_result(case)
    assert (run.status, run.method, run.attempts) == ("computed", METHOD, 1)
    assert mine["raw"] == result["total"]
    assert mine["verdict"] == result["verdict"]
    assert mine["dimensions"] == {k: one["mean"] for k, one in result["dimensions"].items()}
    assert run.result["counts"] == {"declarations": 12, "experts": 6, "sheets": 48}
    assert run.result["too_little"] is None
    done = progress.of(f"statistic-run-{run.pk}")
    assert done.done == done.total
    assert done.finished_at is not None


def test_the_same_seed_gives_the_same_figures():
    run = rounds.computed()

    again = compute(round_of(run.input), computing.terms_of(run))

    assert again == run.result


def test_too_little_data_is_said_and_no_adjusted_figure_is_made():
    run = rounds.computed(rounds.activity(declarations=4, experts=4, each=2))

    one = next(iter(run.result["declarations"].values()))
    assert run.result["too_little"] == "few_experts"
    assert one["adjusted"][""] == {"sheets": 2, "figure": None, "too_little": "few_experts"}
    assert (one["place"], one["above"]) == (None, None)
    assert one["raw"]["count"] == 2
    assert (run.result["swaps"], run.result["proposals"]) == ([], [])


# Asking -----------------------------------------------------------------------------------


def test_asked_again_while_it_is_owed_it_is_the_same():
    activity = rounds.activity()

    assert rounds.asked(activity, points="80") == rounds.asked(activity, points="80.0")
    assert AuditEntry.objects.filter(act="statistic run.asked").count() == 1


@pytest.mark.parametrize("other", [{"points": "80"}, {"places": 80}, {"places": 6}])
def test_asked_with_another_cut_line_while_it_is_owed_it_is_refused(other):
    activity = rounds.activity(declarations=2, experts=2, each=1)
    run = rounds.asked(activity)

    with pytest.raises(DomainError, match="another cut line are being computed") as refused:
        rounds.asked(activity, **other)

    assert refused.value.field == "cut"
    assert list(StatisticRun.objects.all()) == [run]


@pytest.mark.django_db(transaction=True)
def test_two_who_ask_at_one_moment_get_the_same():
    activity = rounds.activity(declarations=2, experts=2, each=1)
    first, second = accounts.officer(), accounts.second_officer()

    at_once(
        lambda: rounds.asked(activity, by=first),
        lambda: rounds.asked(activity, by=second),
    )

    assert StatisticRun.objects.count() == 1


def test_no_figure_of_an_activity_is_open_before_its_first_review_is_complete():
    case = build.case(CaseStatus.IN_REVIEW)
    build.submit(build.accept(build.an_assignment(case)))

    with pytest.raises(DomainError, match="not open"):
        rounds.asked(case.declaration.activity)


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.SYSTEM, Role.EXPERT])
def test_only_officers_ask(role):
    activity = rounds.activity(declarations=1, experts=1, each=1)

    with pytest.raises(PermissionDenied):
        rounds.asked(activity, by=accounts.with_role(role))


def test_an_officer_whose_house_competes_neither_asks_nor_reads():
    activity = rounds.activity(declarations=1, experts=1, each=1)
    run = rounds.asked(activity)
    officer = accounts.with_role(Role.OFFICER)
    house = Case.objects.get().declaration.organisation_id
    add_member(house, officer, Level.VIEW, actor=None)

    assert not StatisticRun.objects.visible_to(officer).exists()
    with pytest.raises(PermissionDenied):
        rounds.asked(activity, by=officer)
    assert StatisticRun.objects.visible_to(accounts.auditor()).get() == run


@pytest.mark.parametrize("role", [Role.SYSTEM, Role.EXPERT])
def test_nobody_else_reads_them(role):
    rounds.asked(rounds.activity(declarations=1, experts=1, each=1))

    assert not StatisticRun.objects.visible_to(accounts.with_role(role)).exists()
    assert not Case.objects.with_right(accounts.with_role(role), "figures").exists()


def test_figures_of_a_declaration_open_with_its_review():
    rounds.activity(declarations=1, experts=1, each=1)
    build.case(CaseStatus.IN_REVIEW)

    for reader in (accounts.officer(), accounts.auditor()):
        assert Case.objects.with_right(reader, "figures").get().status == CaseStatus.SCORED


def test_an_auditor_does_not_read_figures_of_an_own_organisation():
    rounds.activity(declarations=1, experts=1, each=1)
    auditor = accounts.auditor()
    add_member(Case.objects.get().declaration.organisation_id, auditor, Level.VIEW, actor=None)

    assert not Case.objects.with_right(auditor, "figures").exists()


# The worker -------------------------------------------------------------------------------


def test_computed_twice_is_computed_once():
    run = rounds.asked()

    assert [computing.compute_run(run.pk), computing.compute_run(run.pk)] == [True, False]
    assert AuditEntry.objects.filter(act="statistic run.finish").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_one_moment_compute_it_once():
    run = rounds.asked(rounds.activity(declarations=2, experts=2, each=1))

    done = at_once(lambda: computing.compute_run(run.pk), lambda: computing.compute_run(run.pk))

    assert sorted(done) == [False, True]
    assert AuditEntry.objects.filter(act="statistic run.begin").count() == 1


def test_what_a_worker_is_at_no_other_begins():
    run = rounds.asked()
    RUNS.perform("begin", run.pk, actor=None)

    assert not computing.compute_run(run.pk)
    assert not owed().exists()


def test_what_a_worker_left_is_begun_anew_and_its_own_end_comes_too_late():
    run = rounds.asked()
    lost = RUNS.perform("begin", run.pk, actor=None)
    StatisticRun.objects.filter(pk=run.pk).update(claimed_at=timezone.now() - LEASE)

    again = RUNS.perform("begin", run.pk, actor=None)

    assert (lost.attempts, again.attempts) == (1, 2)
    with pytest.raises(DomainError, match="begun it anew"):
        RUNS.perform("finish", run.pk, actor=None, result={}, method="x", attempt=1)


def test_the_task_goes_to_the_worker_that_computes():
    run = rounds.asked(rounds.activity(declarations=2, experts=2, each=1))

    assert tasks.figures() == 1
    run.refresh_from_db()
    assert run.status == "computed"
    assert app.amqp.router.route({}, tasks.figures.name)["queue"].name == "compute"


def test_a_lost_message_is_found_by_the_sweeper():
    run = rounds.asked()

    assert sweep() == 1
    assert owed().get() == run


def test_what_ended_its_worker_three_times_is_given_up():
    run = rounds.asked()
    long_ago = timezone.now() - dt.timedelta(days=1)
    RUNS.perform("begin", run.pk, actor=None)
    StatisticRun.objects.filter(pk=run.pk).update(claimed_at=long_ago, attempts=3)

    sweep()

    run.refresh_from_db()
    assert (run.status, run.why_failed) == ("failed", "The worker ended before it was done.")


def test_a_cancelled_run_stops_and_keeps_nothing():
    run = rounds.asked()
    begun = RUNS.perform("begin", run.pk, actor=None)
    RUNS.perform("cancel", run.pk, actor=accounts.officer())

    with pytest.raises(computing.Stopped):
        computing._computed(begun)
    with pytest.raises(TransitionError):
        RUNS.perform("finish", run.pk, actor=None, result={}, method="x", attempt=1)

    run.refresh_from_db()
    assert (run.status, run.result) == ("cancelled", {})
    assert progress.of(f"statistic-run-{run.pk}").done == 0


def test_what_cannot_be_computed_fails_with_its_reason():
    run = rounds.asked()
    RUNS.perform("cancel", run.pk, actor=accounts.officer())
    broken = StatisticRun.objects.get(pk=run.pk)
    broken.pk, broken.status, broken.finished_at = None, "asked", None
    broken.input = {**run.input, "criteria": {}}
    broken._state.adding = True
    broken.save()

    assert not computing.compute_run(broken.pk)
    broken.refresh_from_db()
    assert (broken.status, broken.why_failed) == ("failed", "KeyError('best')")
    assert progress.of(f"statistic-run-{broken.pk}") is None


@pytest.mark.parametrize(
    "cut", [{}, {"points": "x"}, {"points": "101"}, {"places": 0}, {"places": 1, "points": "2"}]
)
def test_a_cut_line_is_a_number_of_points_or_of_places(cut):
    activity = rounds.activity(declarations=1, experts=1, each=1)

    with pytest.raises(DomainError, match="cut line"):
        ask_figures(activity, cut=cut, actor=accounts.officer())


@pytest.mark.parametrize(
    "change", [{"seed": 1}, {"input": {}}, {"cut": {"places": 1}}, {"result": {"x": 1}}]
)
def test_nothing_of_a_computed_run_changes(change):
    run = rounds.computed(rounds.activity(declarations=2, experts=2, each=1))

    with pytest.raises(DatabaseError), transaction.atomic():
        StatisticRun.objects.filter(pk=run.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        run.delete()
    with pytest.raises(TransitionError):
        RUNS.perform("cancel", run.pk, actor=accounts.officer())


def test_it_is_stale_when_the_criteria_changed():
    activity = rounds.activity(declarations=2, experts=2, each=1)
    run = rounds.computed(activity)

    perform_change("confirm", criteria.change(activity).pk, actor=accounts.officer())

    assert is_stale(run)


def test_it_is_stale_when_a_sheet_came():
    activity = rounds.activity(declarations=2, experts=2, each=1)
    run = rounds.computed(activity)
    before = is_stale(run)

    build.submit(build.accept(build.an_assignment(build.case("in_review", activity=activity))))

    assert (before, is_stale(run)) == (False, True)
