"""Statistics worked out again from their stored input and seed; scenarios likewise.

Floats may differ in their last digits between machines (docs/adr/0018): to 1e-9 is the same.
Asks for numpy, and for nothing of the worker that computes.
"""

import math
from collections.abc import Iterator
from typing import Any

from core.canonical import content_hash
from core.models import AuditEntry
from evaluation.figure_states import RunStatus
from evaluation.figures.bench import flips_of
from evaluation.figures.computing import terms_of
from evaluation.models import FigureScenario, ScoreSheet, StatisticRun
from evaluation.replaying.findings import Findings
from evaluation.results import Values
from evaluation.statistics.whole import METHOD, compute, round_of
from submissions.models import Activity

NEAR = 1e-9
MOST_TOLD = 5  # differences of one run
OTHER_METHOD = "figures made by another method: their input and result only by their hashes"


def replay_figures(activity: Activity, values: dict[str, Values], found: Findings) -> None:
    """Compute every run of an activity again; report what differs."""
    acts = _acts("statistic run")
    for run in StatisticRun.objects.filter(activity=activity).order_by("asked_at", "pk"):
        said = acts.get(str(run.pk), {})
        _check_asked(run, said.get("statistic run.asked"), found)
        if run.status == RunStatus.COMPUTED:
            _check_sheets(run, values, found)
            _check_result(run, said.get("statistic run.finish"), found)
    kept = _acts("scenario")
    for scenario in FigureScenario.objects.filter(run__activity=activity).select_related("run"):
        _check_scenario(scenario, kept.get(str(scenario.pk), {}).get("scenario.saved"), found)


def _acts(kind: str) -> dict[str, dict[str, dict[str, Any]]]:
    """Return the details of acts on one kind of object, by its key and the act."""
    acts: dict[str, dict[str, dict[str, Any]]] = {}
    rows = AuditEntry.objects.filter(subject_type=kind).order_by("pk")
    for subject, act, details in rows.values_list("subject_id", "act", "details"):
        acts.setdefault(subject, {})[act] = details
    return acts


def _check_asked(run: StatisticRun, said: dict[str, Any] | None, found: Findings) -> None:
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
        if value != said[name]:
            found.fault(run, f"{name} is not what it was asked for with")
    if run.input_hash != said["input"]:
        found.fault(run, "input_hash is not what it was asked for with")


def _check_sheets(run: StatisticRun, values: dict[str, Values], found: Findings) -> None:
    """Hold the sheets of the input against those that were submitted."""
    keys = run.input.get("indicators", [])
    rows = ScoreSheet.objects.filter(pk__in=list(values)).values_list(
        "pk", "assignment__case", "assignment__expert"
    )
    given = {(str(case), str(expert)): values[str(sheet)] for sheet, case, expert in rows}
    for case, expert, scores in run.input.get("sheets", []):
        mine = given.get((case, expert))
        if mine is None or [mine.get(key) for key in keys] != scores:
            found.fault(run, f"input: the sheet of case {case}, expert {expert} is another")


def _check_result(run: StatisticRun, said: dict[str, Any] | None, found: Findings) -> None:
    if said is None or content_hash(run.result) != said["result"]:
        found.fault(run, "result is not what was computed")
    if run.method != METHOD:
        found.unchecked[OTHER_METHOD] += 1
        return
    try:
        again = compute(round_of(run.input), terms_of(run))
    except (KeyError, TypeError, ValueError) as error:
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


def _check_scenario(scenario: FigureScenario, said: dict[str, Any] | None, found: Findings) -> None:
    if said is None or said["inputs"] != scenario.inputs:
        found.fault(scenario, "inputs are not what was saved")
    elif flips_of(scenario.run, scenario.inputs) != scenario.flips:
        found.fault(scenario, "flips come out otherwise")
    else:
        found.counts["scenarios"] += 1
