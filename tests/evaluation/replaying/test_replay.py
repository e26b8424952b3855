"""The replay: what it rebuilds, and that it names the row whoever owns the tables changed."""

import json

import pytest

from core.models import AuditEntry
from evaluation.criteria.workflow import perform_change
from evaluation.models import Assignment, Case, CriteriaSet, Decision, Dimension, Indicator, Score
from evaluation.replaying import figures as replaying
from evaluation.replaying.records import EXCLUDE, SUBMIT, Records, Said
from evaluation.states import CaseStatus
from evaluation.workflow import perform_case
from tests.builders import accounts, criteria
from tests.builders import evaluation as build
from tests.builders import figures as rounds
from tests.replaying import as_owner, faults, replayed

pytestmark = pytest.mark.django_db


@pytest.fixture
def activity():
    """An activity with one decided case, one scored and one that awaits its experts."""
    made = build.activity()
    build.decide(_scored(made, 90))
    _scored(made, 70)
    build.case(activity=made)
    return made


def _scored(activity, value):
    case = build.case(CaseStatus.IN_REVIEW, activity=activity)
    build.score_all(case, value)
    return case


def test_it_rebuilds_every_result_and_the_ranking(activity):
    printed, error = replayed(activity.code, verbosity=2)

    numbers = Case.objects.order_by("opened_at").values_list("declaration__number", flat=True)
    indicators = Indicator.objects.filter(dimension__criteria_set=build.criteria()).count()
    assert error is None
    assert printed.splitlines() == [
        f"{activity.code}: rebuilt 3 cases, 1 criteria sets, 1 decisions, 2 ranked, 3 results, "
        f"4 score sheets, {4 * indicators} scores",
        f"      1  90.00 {numbers[0]}",
        f"      2  70.00 {numbers[1]}",
        "the evaluation holds",
    ]


def test_every_activity_is_replayed(activity):
    other = build.activity()

    printed, error = replayed("--all")

    assert error is None
    assert f"{activity.code}: rebuilt" in printed
    assert f"{other.code}: rebuilt" in printed


@pytest.mark.parametrize("arguments", [(), ("--all", "x"), ("nowhere",)])
def test_it_asks_which_activity(arguments):
    assert replayed(*arguments)[1] in ("name an activity, or say --all", "no activity nowhere")


def test_a_changed_score_is_named(activity):
    score = Score.objects.order_by("pk")[3]
    as_owner("evaluation_score", "UPDATE evaluation_score SET value = 89 WHERE id = %s", score.pk)

    printed, error = replayed(activity.code)

    assert error.startswith("the evaluation does not hold")
    key = f"{score.indicator.dimension.code}.{score.indicator.code}"
    said = f"evaluation.Score {score.pk}: “{key}” of sheet {score.sheet_id} "
    assert faults(printed)[0] == said + "is not what was submitted"


def test_a_score_of_a_case_without_a_decision_is_named_too(activity):
    score = Score.objects.order_by("-pk")[0]
    as_owner(
        "evaluation_score", "UPDATE evaluation_score SET comment = 'x' WHERE id = %s", score.pk
    )

    printed, _error = replayed(activity.code)

    assert [line.split(":")[0] for line in faults(printed)] == [f"evaluation.Score {score.pk}"]


def test_a_missing_and_an_added_score_are_named(activity):
    score = Score.objects.order_by("pk")[0]
    key = f"{score.indicator.dimension.code}.{score.indicator.code}"
    as_owner("evaluation_score", "DELETE FROM evaluation_score WHERE id = %s", score.pk)

    printed, _error = replayed(activity.code)

    line = f"evaluation.ScoreSheet {score.sheet_id}: the score of “{key}” is missing"
    assert line in faults(printed)


@pytest.mark.parametrize("model", [Dimension, Indicator])
def test_a_changed_weight_is_named(activity, model):
    row = model.objects.order_by("pk")[0]
    table = model._meta.db_table
    as_owner(table, f"UPDATE {table} SET weight = weight + 1 WHERE id = %s", row.pk)  # noqa: S608 -- ours

    printed, error = replayed(activity.code)

    assert error is not None
    assert f"{model._meta.label} {row.pk}" in [line.split(":")[0] for line in faults(printed)]


@pytest.mark.parametrize(
    "change", ['gates = gates || \'{"recommended": "10"}\'', "content_hash = repeat('0', 64)"]
)
def test_a_changed_set_is_named(activity, change):
    sealed = build.criteria()
    as_owner(
        "evaluation_criteriaset",
        f"UPDATE evaluation_criteriaset SET {change} WHERE id = %s",  # noqa: S608 -- ours
        sealed.pk,
    )

    printed, error = replayed(activity.code)

    assert error is not None
    assert f"evaluation.CriteriaSet {sealed.pk}" in [x.split(":")[0] for x in faults(printed)]


@pytest.mark.parametrize("act", ["score sheet.submit", "case.decide", "case.complete_review"])
def test_a_changed_act_is_named(activity, act):
    entry = AuditEntry.objects.filter(act=act).order_by("pk")[0]
    changed = json.dumps({**entry.details, "note": "x"})
    as_owner(
        "core_auditentry",
        "UPDATE core_auditentry SET details = %s WHERE id = %s",
        changed,
        entry.pk,
    )

    printed, error = replayed(activity.code)

    assert error == "the evaluation does not hold: 1 faults"
    assert faults(printed) == [f"audit: act {entry.pk} was changed after it was recorded"]


def test_a_changed_total_is_named(activity):
    decision = Decision.objects.get()
    as_owner(
        "evaluation_decision",
        "UPDATE evaluation_decision SET total = 91 WHERE id = %s",
        decision.pk,
    )

    printed, error = replayed(activity.code)

    line = f"evaluation.Decision {decision.pk}: total: stored 91.00, rebuilt 90.00"
    assert (error, faults(printed)) == ("the evaluation does not hold: 1 faults", [line])


def test_a_changed_result_is_named_with_its_place(activity):
    decision = Decision.objects.get()
    as_owner(
        "evaluation_decision",
        "UPDATE evaluation_decision SET result = jsonb_set(result, '{total,mean}', '\"91.00\"')"
        " WHERE id = %s",
        decision.pk,
    )

    printed, _error = replayed(activity.code)

    line = f"evaluation.Decision {decision.pk}: result.total.mean: stored 91.00, rebuilt 90.00"
    assert faults(printed) == [line]


@pytest.mark.parametrize(
    ("table", "change", "model", "says"),
    [
        ("case", "status = 'released'", Case, "status: stored released, recorded decided"),
        ("decision", "outcome = 'deferred'", Decision, "outcome: stored deferred, recorded "),
        ("case", "field_id = NULL", Case, "field_id: stored None, opened with "),
    ],
)
def test_other_rows_are_held_against_the_audit(activity, table, change, model, says):
    case = Case.objects.get(status=CaseStatus.DECIDED)
    row = case if model is Case else Decision.objects.get()
    as_owner(
        f"evaluation_{table}",
        f"UPDATE evaluation_{table} SET {change} WHERE id = %s",  # noqa: S608 -- ours
        row.pk,
    )

    printed, _error = replayed(activity.code)

    assert f"{model._meta.label} {row.pk}: {says}" in printed


def test_a_sheet_and_a_decision_that_are_gone_are_named(activity):
    decision = Decision.objects.get()
    as_owner("evaluation_decision", "DELETE FROM evaluation_decision WHERE id = %s", decision.pk)

    printed, _error = replayed(activity.code)

    assert f"evaluation.Decision {decision.pk}: was taken and is missing" in faults(printed)


def test_a_sheet_counts_from_its_submission_until_it_is_taken_out():
    came, went = (Said(n, act, "s", "", {}) for n, act in ((5, SUBMIT), (9, EXCLUDE)))
    there = Records({}, {"s": came}, {}, [], {})
    gone = Records({}, {"s": came}, {"s": went}, [], {})

    assert [there.counts("s", 4), there.counts("s", 6), there.counts("s")] == [False, True, True]
    assert [gone.counts("s", 4), gone.counts("s", 6)] == [False, True]
    assert [gone.counts("s", 10), gone.counts("s")] == [False, False]
    assert not there.counts("another")


def test_a_sheet_set_back_is_named(activity):
    sheet = Assignment.objects.filter(case__status=CaseStatus.DECIDED)[0].sheet
    as_owner(
        "evaluation_scoresheet",
        "UPDATE evaluation_scoresheet SET status = 'draft', submitted_at = NULL"
        " WHERE assignment_id = %s",
        sheet.pk,
    )

    printed, _error = replayed(activity.code)

    line = f"evaluation.ScoreSheet {sheet.pk}: status: stored draft, recorded submitted"
    assert faults(printed) == [line]


def test_a_sheet_moved_to_another_case_is_named(activity):
    assignment = Assignment.objects.filter(case__status=CaseStatus.DECIDED)[0]
    other = Case.objects.get(status=CaseStatus.AWAITING)
    as_owner(
        "evaluation_assignment",
        "UPDATE evaluation_assignment SET case_id = %s WHERE id = %s",
        other.pk,
        assignment.pk,
    )

    printed, _error = replayed(activity.code)

    line = f"evaluation.Assignment {assignment.pk}: belongs to case {assignment.case_id}"
    assert faults(printed) == [line]


def test_it_follows_changes_of_the_criteria_and_decisions_sent_back(activity):
    case = Case.objects.get(status=CaseStatus.DECIDED)

    change = criteria.change(activity)
    perform_change("confirm", change.pk, actor=accounts.officer())
    perform_case("send_back", case.pk, actor=accounts.second_officer(), reason="Again.")
    build.decide(case)
    build.release(case)

    printed, error = replayed(activity.code)

    assert (error, faults(printed)) == (None, [])
    assert "2 criteria sets, 2 decisions" in printed
    assert CriteriaSet.objects.count() > 1


def test_older_records_are_said_to_be_checked_as_a_whole_only(activity):
    for act, gone in (
        ("score sheet.submit", "{scores}"),
        ("case.decide", "{result}"),
        ("criteria set.sealed", "{parts}"),
    ):
        as_owner(
            "core_auditentry",
            "UPDATE core_auditentry SET details = details #- %s WHERE act = %s",
            gone,
            act,
        )

    printed, _error = replayed(activity.code)

    told = [line for line in faults(printed) if line.startswith("not checked")]
    assert told == [
        "not checked in full: 1 results whose record is older: only by the scores they rest on",
        "not checked in full: 4 score sheets whose record is older: only as a whole",
    ]


# Statistics -------------------------------------------------------------------------------


@pytest.fixture
def run():
    """Figures over twelve sheets that were submitted by the services, and a scenario on them."""
    made = build.activity()
    for value in (60, 70, 80):
        _scored(made, value)
    run = rounds.computed(made, points="75")
    rounds.scenario(run)
    return run


def test_figures_and_scenarios_are_computed_again(run):
    printed, error = replayed(run.activity.code)

    assert error is None
    assert "1 figures" in printed
    assert "1 scenarios" in printed


RUN, SCENARIO = "evaluation_statisticrun", "evaluation_figurescenario"


@pytest.mark.parametrize(
    ("table", "change", "says"),
    [
        (RUN, "seed = seed + 1", "seed is not what it was asked for with"),
        (RUN, "draws = 999", "draws is not what it was asked for with"),
        (RUN, "cut = '{\"places\": 1}'", "cut is not what it was asked for with"),
        (RUN, "input_hash = ''", "input_hash is not what it was asked for with"),
        (RUN, "input = jsonb_set(input, '{sheets,0,2,0}', '1')", "input: the sheet of case "),
        (
            RUN,
            "result = jsonb_set(result, '{counts,sheets}', '7')",
            "result.counts.sheets: stored 7, rebuilt 6",
        ),
        (SCENARIO, "flips = '[1]'", "flips are not what was saved"),
        (SCENARIO, "inputs = '{}'", "inputs are not what was saved"),
    ],
)
def test_a_changed_run_or_scenario_is_named(run, table, change, says):
    row = run if table == RUN else run.scenarios.get()
    as_owner(table, f"UPDATE {table} SET {change} WHERE id = %s", row.pk)  # noqa: S608 -- ours

    printed, error = replayed(run.activity.code)

    assert error is not None
    assert f"{row._meta.label} {row.pk}: {says}" in printed


@pytest.mark.parametrize(("by", "holds"), [("1e-12", True), ("1e-6", False)])
def test_a_figure_may_differ_in_its_last_digits_only(by, holds):
    made = rounds.computed()
    stored = {**made.result, "components": dict(made.result["components"])}
    stored["components"]["mean"] += float(by)

    said = list(replaying._apart(stored, made.result))

    assert (said == []) is holds
