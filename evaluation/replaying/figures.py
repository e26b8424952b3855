"""Statistics worked out again from their stored input and seed; scenarios likewise.

Floats may differ in their last digits between machines (docs/adr/0018): to 1e-9 is the same.
Asks for numpy, and for nothing of the worker that computes.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Model

from core.canonical import content_hash
from evaluation.figures.bench import FLIPS_METHOD, flips_of
from evaluation.figures.computing import terms_of
from evaluation.figures.states import RunStatus
from evaluation.models import FigureScenario, ScoreSheet, StatisticRun
from evaluation.replaying.cases import judged_by
from evaluation.replaying.findings import Findings
from evaluation.replaying.records import REOPEN, SUBMIT, Records, Said, said_of
from evaluation.results import Values
from evaluation.statistics.rounds import round_of
from evaluation.statistics.whole import METHOD, compute
from submissions.models import Activity

NEAR = 1e-9
ASKED, SAVED = "statistic run.asked", "scenario.saved"
MOST_TOLD = 5  # differences of one run
OLDER = "figures from before each declaration was weighed by its own criteria"
GIVEN_BACK = "sheets of figures, given back since"
OTHER_METHOD = "figures made by another method: their input and result only by their hashes"
OTHER_FLIPS = "scenarios on figures of another method: only by the hash of their flips"
# What a document that was written by no service of ours can raise.
UNREADABLE = (KeyError, IndexError, AttributeError, TypeError, ValueError, ArithmeticError)


@dataclass(frozen=True, slots=True)
class Inputs:
    """What the sheets of an activity are and were, to hold the input of a run against."""

    records: Records
    values: dict[str, Values]  # as they are now
    sheets: dict[tuple[str, str], str]  # (case, expert) -> sheet

    def at(self, sheet: str, number: int) -> Values | None:
        """Return the scores that held when an act was done; None where that cannot be said.

        They are empty where nothing that was submitted held. Of what was given back after it the
        audit keeps hashes and no scores; the input of the run has a hash of its own.
        """
        acts = self.records.of_sheets.get(sheet, [])
        came = [one for one in acts if one.act == SUBMIT and one.number < number]
        if not came:
            return {}
        back = [one for one in acts if one.act == REOPEN and one.number > came[-1].number]
        if not back:
            return self.values.get(sheet, {})
        return None


def replay_figures(
    activity: Activity, records: Records, values: dict[str, Values], found: Findings
) -> None:
    """Compute every run of an activity again; report what differs."""
    acts = _acts("statistic run")
    inputs = Inputs(records, values, _sheets_of(records))
    for run in StatisticRun.objects.filter(activity=activity).order_by("asked_at", "pk"):
        said = acts.get(str(run.pk), {})
        _check_asked(run, said.get(ASKED), found)
        _check_status(run, said, found)
        if run.status == RunStatus.COMPUTED:
            _check_sheets(run, said.get(ASKED), inputs, found)
            _check_criteria(run, said.get(ASKED), records, found)
            _check_result(run, said.get("statistic run.finish"), found)
    asked = {key: said[ASKED] for key, said in acts.items() if ASKED in said}
    mine = {key for key, said in asked.items() if said.details["activity"] == activity.code}
    _check_lost(StatisticRun, mine, "was asked for and is missing", found)
    _replay_scenarios(activity, mine, found)


def _replay_scenarios(activity: Activity, runs: set[str], found: Findings) -> None:
    acts = _acts("scenario")
    kept = {key: said[SAVED] for key, said in acts.items() if SAVED in said}
    for scenario in FigureScenario.objects.filter(run__activity=activity).select_related("run"):
        _check_scenario(scenario, kept.get(str(scenario.pk)), found)
    mine = {key for key, said in kept.items() if said.details["run"] in runs}
    _check_lost(FigureScenario, mine, "was saved and is missing", found)


def _check_lost(model: type[Model], keys: set[str], says: str, found: Findings) -> None:
    """Report each row the audit knows that is in the table no more."""
    there = model._default_manager.filter(pk__in=keys).values_list("pk", flat=True)
    for key in sorted(keys - {str(pk) for pk in there}):
        found.fault(f"{model._meta.label} {key}", says)


def _check_status(run: StatisticRun, said: dict[str, Said], found: Findings) -> None:
    """Compare the state of a run with what its last act left it in; to ask leaves it asked."""
    last = max(said.values(), key=lambda one: one.number, default=None)
    recorded = (last.after if last else "") or RunStatus.ASKED
    if run.status != recorded:
        found.fault(run, f"status: stored {run.status}, recorded {recorded}")


def _acts(kind: str) -> dict[str, dict[str, Said]]:
    """Return the acts on one kind of object, by its key and the act."""
    acts: dict[str, dict[str, Said]] = {}
    for one in said_of(kind):
        acts.setdefault(one.subject, {})[one.act] = one
    return acts


def _sheets_of(records: Records) -> dict[tuple[str, str], str]:
    """Return the sheets that were ever submitted, by case and expert."""
    keys = [UUID(key) for key, acts in records.of_sheets.items() if acts[0].act == SUBMIT]
    rows = ScoreSheet.objects.filter(pk__in=keys)
    told = rows.values_list("pk", "assignment__case", "assignment__expert")
    return {(str(case), str(expert)): str(sheet) for sheet, case, expert in told}


def _check_asked(run: StatisticRun, said: Said | None, found: Findings) -> None:
    if said is None:
        found.fault(run, "the audit does not know that it was asked for")
        return
    stored = {
        "input": content_hash(run.input),
        "seed": str(run.seed),
        "draws": run.draws,
        "level": str(run.level),
        "cut": run.cut,
    }
    for name, value in stored.items():
        if value != said.details[name]:
            found.fault(run, f"{name} is not what it was asked for with")
    if run.input_hash != said.details["input"]:
        found.fault(run, "input_hash is not what it was asked for with")


def _check_sheets(run: StatisticRun, said: Said | None, inputs: Inputs, found: Findings) -> None:
    """Hold the sheets of the input against those that held when it was asked for."""
    if said is None:
        return  # that it was asked for is reported
    keys = run.input.get("indicators", [])
    for case, expert, scores in run.input.get("sheets", []):
        mine = inputs.at(inputs.sheets.get((case, expert), ""), said.number)
        if mine is None:
            found.unchecked[GIVEN_BACK] += 1
        elif not mine or [mine.get(key) for key in keys] != scores:
            found.fault(run, f"input: the sheet of case {case}, expert {expert} is another")


def _check_criteria(
    run: StatisticRun, said: Said | None, records: Records, found: Findings
) -> None:
    """Hold by what each declaration was weighed against what the audit says it was judged by."""
    if said is None:
        return  # that it was asked for is reported
    if "judged_by" not in run.input:
        found.unchecked[OLDER] += 1
        return
    in_force = run.input["criteria"]["hash"]
    cases = dict.fromkeys(case for case, _expert, _scores in run.input["sheets"])
    for case in cases:
        given = run.input["judged_by"].get(case, in_force)
        if given != judged_by(records, case, said.number):
            found.fault(run, f"input: case {case} is weighed by other criteria than it had")


def _check_result(run: StatisticRun, said: Said | None, found: Findings) -> None:
    if said is None or content_hash(run.result) != said.details["result"]:
        found.fault(run, "result is not what was computed")
    if said is not None and run.method != said.details["method"]:
        found.fault(run, "method is not the one it was computed by")
    elif run.method != METHOD:
        found.unchecked[OTHER_METHOD] += 1
    else:
        _compute_again(run, found)


def _compute_again(run: StatisticRun, found: Findings) -> None:
    try:
        again = compute(round_of(run.input), terms_of(run))
    except UNREADABLE as error:
        found.fault(run, f"cannot be computed again: {error!r}")
        return
    differences = list(_apart(run.result, again))
    for line in differences[:MOST_TOLD]:
        found.fault(run, line)
    found.counts["figures"] += 1


def _apart(stored: Any, again: Any, path: str = "result") -> Iterator[str]:
    """Yield where two results differ by more than the last digits."""
    if isinstance(stored, dict) and isinstance(again, dict):
        for key in sorted(stored.keys() | again.keys()):
            yield from _apart(stored.get(key), again.get(key), f"{path}.{key}")
    elif isinstance(stored, list) and isinstance(again, list) and len(stored) == len(again):
        for place, (one, two) in enumerate(zip(stored, again, strict=True)):
            yield from _apart(one, two, f"{path}.{place}")
    elif not _same(stored, again):
        yield f"{path}: stored {stored}, rebuilt {again}"


def _same(one: Any, two: Any) -> bool:
    numbers = all(isinstance(x, int | float) and not isinstance(x, bool) for x in (one, two))
    if numbers:
        return math.isclose(one, two, rel_tol=NEAR, abs_tol=NEAR)
    return bool(one == two)


def _check_scenario(scenario: FigureScenario, said: Said | None, found: Findings) -> None:
    if said is None or said.details["inputs"] != scenario.inputs:
        found.fault(scenario, "inputs are not what was saved")
    elif content_hash(scenario.flips) != said.details["flips"]:
        found.fault(scenario, "flips are not what was saved")
    elif (scenario.run.method, said.details.get("method")) != (METHOD, FLIPS_METHOD):
        found.unchecked[OTHER_FLIPS] += 1
    else:
        _try_again(scenario, found)


def _try_again(scenario: FigureScenario, found: Findings) -> None:
    try:
        again = flips_of(scenario.run, scenario.inputs)
    except UNREADABLE as error:
        found.fault(scenario, f"cannot be tried again: {error!r}")
        return
    if again == scenario.flips:
        found.counts["scenarios"] += 1
    else:
        found.fault(scenario, "flips come out otherwise")
