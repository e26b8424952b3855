"""The replay of statistics: runs, scenarios and late conflicts against what the audit kept."""

import pytest

from core.canonical import content_hash
from evaluation.criteria.workflow import perform_change
from evaluation.desk.saving import save_scores
from evaluation.figures.asking import RUNS, give_up, is_stale
from evaluation.models import Score, ScoreSheet
from evaluation.replaying.activity import replay
from evaluation.states import CaseStatus
from evaluation.workflow import perform_case, perform_sheet
from tests.builders import accounts, criteria
from tests.builders import evaluation as build
from tests.builders import figures as rounds
from tests.replaying import as_owner

pytestmark = pytest.mark.django_db

RUN, SCENARIO = "evaluation_statisticrun", "evaluation_figurescenario"
AUDIT = "core_auditentry"


@pytest.fixture
def activity():
    """An activity with one complete review."""
    made = build.activity()
    build.score_all(build.case(CaseStatus.IN_REVIEW, activity=made), 70)
    return made


@pytest.fixture
def sheet(activity):
    """A sheet whose case still waits for another: it can be given back."""
    case = build.case(CaseStatus.IN_REVIEW, activity=activity)
    return build.submit(build.accept(build.an_assignment(case)), 60)


def reopen(sheet):
    perform_sheet("reopen", sheet.pk, actor=accounts.officer(), reason="The wrong indicator.")


def submit_again(sheet, value):
    expert = sheet.assignment.expert.user
    save_scores(sheet.pk, build.full_scores(sheet.assignment.case, value), actor=expert)
    perform_sheet("submit", sheet.pk, actor=expert)


def said(activity):
    return [str(one) for one in replay(activity).faults]


# Sheets that were given back ------------------------------------------------------------------


def test_a_run_is_held_against_the_sheets_as_they_were_when_it_was_asked_for(activity, sheet):
    rounds.computed(activity)
    reopen(sheet)
    while_open = replay(activity)
    submit_again(sheet, 90)
    rounds.computed(activity)
    reopen(sheet)
    submit_again(sheet, 80)

    found = replay(activity)

    given_back = "sheets of figures, given back since"
    assert (while_open.faults, while_open.unchecked) == ([], {given_back: 1})
    assert (found.faults, found.unchecked) == ([], {given_back: 2})
    assert found.counts["figures"] == 2


def test_a_changed_input_is_named_though_the_sheet_was_given_back(activity, sheet):
    run = rounds.computed(activity)
    reopen(sheet)
    submit_again(sheet, 90)
    place = [one[1] for one in run.input["sheets"]].index(str(sheet.assignment.expert_id))
    as_owner(
        RUN,
        f"UPDATE {RUN} SET input = jsonb_set(input, '{{sheets,{place},2,0}}', '90')",  # noqa: S608 -- ours
    )

    line = f"evaluation.StatisticRun {run.pk}: input is not what it was asked for with"
    assert said(activity)[0] == line


def test_a_sheet_changed_behind_the_back_of_a_run_is_named_at_the_run(activity, sheet):
    run = rounds.computed(activity)
    score = Score.objects.filter(sheet=sheet.pk)[0]
    as_owner("evaluation_score", "UPDATE evaluation_score SET value = 1 WHERE id = %s", score.pk)

    assert any(one.startswith(f"evaluation.StatisticRun {run.pk}: input") for one in said(activity))


# By which version of the criteria --------------------------------------------------------------


@pytest.fixture
def mixed(activity):
    """A run over one case that was decided before the criteria changed, and one scored after."""
    decided = build.case(CaseStatus.DECIDED, activity=activity)
    change = criteria.change(activity)
    perform_change("confirm", change.pk, actor=accounts.second_officer())
    return rounds.computed(activity), decided


def test_a_run_that_mixes_versions_holds(activity, mixed):
    run, decided = mixed

    found = replay(activity)

    assert run.input["judged_by"] == {str(decided.pk): criteria.criteria().content_hash}
    assert list(run.input["others"]) == [criteria.criteria().content_hash]
    assert (found.faults, found.unchecked, found.counts["figures"]) == ([], {}, 1)


def test_a_declaration_weighed_by_other_criteria_than_it_had_is_named(activity, mixed):
    run, decided = mixed
    as_owner(RUN, f"UPDATE {RUN} SET input = jsonb_set(input, '{{judged_by}}', '{{}}')")  # noqa: S608 -- ours

    line = f"input: case {decided.pk} is weighed by other criteria than it had"
    assert f"evaluation.StatisticRun {run.pk}: {line}" in said(activity)


def test_a_case_sent_back_after_a_run_was_judged_as_the_run_says(activity, mixed):
    run, decided = mixed
    perform_case("send_back", decided.pk, actor=accounts.second_officer(), reason="Look again.")
    later = rounds.computed(activity)

    assert later.input["judged_by"] == {}
    assert said(activity) == []
    assert is_stale(run)
    assert not is_stale(later)


def test_of_an_older_run_it_is_said_that_its_weights_are_not_held(activity):
    rounds.computed(activity)
    as_owner(RUN, f"UPDATE {RUN} SET input = input - 'judged_by'")  # noqa: S608 -- ours

    found = replay(activity)

    older = "figures from before each declaration was weighed by its own criteria"
    assert found.unchecked == {older: 1}


# Scenarios ------------------------------------------------------------------------------------


@pytest.fixture
def scenario(activity):
    return rounds.scenario(rounds.computed(activity))


@pytest.mark.parametrize("inputs", ["{}", '{"weights": {}}', '{"weights": 1}', '{"weights": null}'])
def test_a_scenario_that_cannot_be_tried_again_is_named(activity, scenario, inputs):
    for table, change in ((SCENARIO, "inputs = %s"), (AUDIT, "details = details || %s")):
        value = inputs if table == SCENARIO else f'{{"inputs": {inputs}}}'
        key = ("id", scenario.pk) if table == SCENARIO else ("act", "scenario.saved")
        as_owner(table, f"UPDATE {table} SET {change} WHERE {key[0]} = %s", value, key[1])  # noqa: S608 -- ours

    says = f"evaluation.FigureScenario {scenario.pk}: cannot be tried again: "
    assert any(one.startswith(says) for one in said(activity))


def test_a_scenario_on_figures_of_another_method_is_held_by_the_hash_of_its_flips(
    activity, scenario
):
    as_owner(RUN, f"UPDATE {RUN} SET method = 'older'")  # noqa: S608 -- ours
    as_owner(
        AUDIT,
        f'UPDATE {AUDIT} SET details = details || \'{{"method": "older"}}\''  # noqa: S608 -- ours
        " WHERE act = 'statistic run.finish'",
    )
    found = replay(activity)
    as_owner(SCENARIO, f"UPDATE {SCENARIO} SET flips = '[1]'")  # noqa: S608 -- ours

    assert found.faults == []
    assert found.unchecked == {
        "figures made by another method: their input and result only by their hashes": 1,
        "scenarios on figures of another method: only by the hash of their flips": 1,
    }
    line = f"evaluation.FigureScenario {scenario.pk}: flips are not what was saved"
    assert said(activity) == [line]


def test_an_older_scenario_is_held_by_the_hash_of_its_flips(activity, scenario):
    as_owner(
        AUDIT,
        f"UPDATE {AUDIT} SET details = details - 'method' WHERE act = 'scenario.saved'",  # noqa: S608 -- ours
    )

    found = replay(activity)

    assert found.faults == []
    assert found.unchecked == {
        "scenarios on figures of another method: only by the hash of their flips": 1
    }


def test_flips_that_do_not_follow_are_named_though_the_audit_was_made_to_fit(activity, scenario):
    as_owner(SCENARIO, f"UPDATE {SCENARIO} SET flips = '[1]'")  # noqa: S608 -- ours
    as_owner(
        AUDIT,
        f"UPDATE {AUDIT} SET details = jsonb_set(details, '{{flips}}', to_jsonb(%s::text))"  # noqa: S608 -- ours
        " WHERE act = 'scenario.saved'",
        content_hash([1]),
    )

    line = f"evaluation.FigureScenario {scenario.pk}: flips come out otherwise"
    assert said(activity) == [line]


# What the audit knows, and the tables have lost or say otherwise ------------------------------


def test_a_lost_run_and_a_lost_scenario_are_named(activity, scenario):
    run = scenario.run
    as_owner(SCENARIO, f"DELETE FROM {SCENARIO}")  # noqa: S608 -- ours
    as_owner(RUN, f"DELETE FROM {RUN}")  # noqa: S608 -- ours

    assert said(activity) == [
        f"evaluation.StatisticRun {run.pk}: was asked for and is missing",
        f"evaluation.FigureScenario {scenario.pk}: was saved and is missing",
    ]
    assert said(build.activity()) == []


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ("status = 'cancelled'", "status: stored cancelled, recorded computed"),
        ("method = 'older'", "method is not the one it was computed by"),
    ],
)
def test_a_run_is_held_against_its_last_act(activity, change, says):
    run = rounds.computed(activity)
    as_owner(RUN, f"UPDATE {RUN} SET {change}")  # noqa: S608 -- ours

    assert said(activity) == [f"evaluation.StatisticRun {run.pk}: {says}"]


def test_a_run_that_waits_or_failed_holds_too(activity):
    run = rounds.asked(activity)
    waiting = said(activity)
    RUNS.perform("begin", run.pk, actor=None)
    give_up(run.pk, "The worker ended.")

    assert (waiting, said(activity)) == ([], [])


CONFLICT = "evaluation_lateconflict"


@pytest.fixture
def excluded(activity):
    case = build.case(CaseStatus.DECIDED, activity=activity)
    sheet = build.an_assignment(case).sheet
    build.exclude(sheet)
    return sheet


def test_a_late_conflict_holds(activity, excluded):
    found = replay(activity)

    assert (found.faults, found.counts["late conflicts"]) == ([], 1)


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        (f"UPDATE {CONFLICT} SET result_before = '{{}}'", "result_before is not what was recorded"),  # noqa: S608 -- ours
        (f"UPDATE {CONFLICT} SET result_after = '{{}}'", "result_after is not what was recorded"),  # noqa: S608 -- ours
        (f"UPDATE {CONFLICT} SET decision_id = NULL", "decision is not what was recorded"),  # noqa: S608 -- ours
        (f"DELETE FROM {CONFLICT}", "was recorded and is missing"),  # noqa: S608 -- ours
    ],
)
def test_a_changed_or_lost_late_conflict_is_named(activity, excluded, statement, says):
    as_owner(CONFLICT, statement)

    assert said(activity) == [f"evaluation.LateConflict {excluded.pk}: {says}"]


def test_a_late_conflict_nobody_recorded_is_named(activity, excluded):
    other = ScoreSheet.objects.filter(status="submitted")[0]
    as_owner(CONFLICT, f"UPDATE {CONFLICT} SET sheet_id = %s", other.pk)  # noqa: S608 -- ours

    assert said(activity) == [
        f"evaluation.LateConflict {excluded.pk}: was recorded and is missing",
        f"evaluation.LateConflict {other.pk}: the audit knows of no such conflict",
    ]
