"""One activity worked out again from the audit, and compared with what is stored."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

from core.canonical import content_hash
from evaluation.models import ActivityCriteria, Case, CriteriaChange, CriteriaSet, Decision
from evaluation.replaying.cases import Replay
from evaluation.replaying.criteria import check_sets
from evaluation.replaying.figures import replay_figures
from evaluation.replaying.findings import Findings, Ranked
from evaluation.replaying.late_conflicts import check_late_conflicts
from evaluation.replaying.objections import check_objections
from evaluation.replaying.panels import check_panels
from evaluation.replaying.records import Records, Said, records_of
from evaluation.replaying.sealed_texts import check_texts
from evaluation.replaying.sheets import check_sheets
from evaluation.results import values_of
from evaluation.states import ChangeStatus
from submissions.models import Activity


def replay(activity: Activity) -> Findings:
    """Rebuild every result and the ranking of an activity, and report what differs."""
    found = Findings(activity.code)
    changes = {str(one.pk): one for one in CriteriaChange.objects.filter(activity=activity)}
    records = records_of(activity, changes.keys())
    records = replace(records, criteria=list(_in_force(records, changes, found)))
    wanted = {one.details["criteria"] for one in records.criteria}
    keys = [said.subject for seal, said in records.sealed.items() if seal in wanted]
    sets = CriteriaSet.objects.filter(pk__in=keys).order_by("pk")
    documents = check_sets(sets, records.sealed, found)
    _check_present(activity, records, found)
    sheets = check_sheets(activity, records, found)
    values = values_of([key for keys in sheets.values() for key in keys])
    walk = Replay(documents, records, sheets, values, _decisions(activity), found)
    found.ranking = _ranked(_walked(activity, walk))
    found.counts["ranked"] = len(found.ranking)
    check_late_conflicts(activity, records, found)
    check_objections(activity, records, found)
    check_texts(activity, records, found)
    check_panels(activity, found)
    replay_figures(activity, records, values, found)
    return found


def _in_force(
    records: Records, changes: dict[str, CriteriaChange], found: Findings
) -> Iterator[Said]:
    """Yield the acts by which criteria came into force, each with the hash of these."""
    proposed: dict[str, Said] = {}
    for one in records.criteria:
        if one.act == "criteria change.proposed":
            proposed[one.subject] = one
        elif one.act == "criteria change.confirm":
            _check_change(changes[one.subject], one, found)
            yield replace(one, details={"criteria": proposed[one.subject].details["to"]})
        else:
            yield one


def _check_change(change: CriteriaChange, said: Said, found: Findings) -> None:
    if change.status != ChangeStatus.CONFIRMED:
        found.fault(change, f"status: stored {change.status}, recorded {said.after}")
    if "effect" not in said.details:
        found.unchecked["effects of changes of the criteria whose record is older"] += 1
    elif content_hash(change.effect) != said.details["effect"]:
        found.fault(change, "effect is not what it was when it was confirmed")
    else:
        found.counts["changes of the criteria"] += 1


def _check_present(activity: Activity, records: Records, found: Findings) -> None:
    """Compare what the activity is judged by now with the last act that said so."""
    row = ActivityCriteria.objects.select_related("criteria_set").filter(activity=activity).first()
    stored = row.criteria_set.content_hash if row else ""
    said = records.criteria[-1].details["criteria"] if records.criteria else ""
    if stored != said:
        found.fault(row or activity, "goes by other criteria than the audit says")


def _decisions(activity: Activity) -> dict[str, dict[int, Decision]]:
    found: dict[str, dict[int, Decision]] = defaultdict(dict)
    for row in Decision.objects.filter(case__declaration__activity=activity):
        found[str(row.case_id)][row.pk] = row
    return found


def _walked(activity: Activity, walk: Replay) -> Iterator[tuple[str, str]]:
    """Yield number and total of each declaration that has a result."""
    cases = Case.objects.filter(declaration__activity=activity).order_by("declaration__number")
    left = set(walk.records.cases)
    for case in cases.select_related("declaration", "criteria_set", "weighed_by"):
        left.discard(str(case.pk))
        walk.found.counts["cases"] += 1
        result: dict[str, Any] | None = walk.walk(case)
        if result is not None and result["total"]["mean"] is not None:
            yield case.declaration.number or "", result["total"]["mean"]
    for key in sorted(left):
        walk.found.fault(f"{Case._meta.label} {key}", "was opened and is missing")


def _ranked(totals: Iterable[tuple[str, str]]) -> list[Ranked]:
    """Return the ranking by total, the best first; equal totals share a place."""
    ordered = sorted(totals, key=lambda one: (-Decimal(one[1]), one[0]))
    ranking: list[Ranked] = []
    for count, (number, total) in enumerate(ordered, 1):
        shared = ranking and ranking[-1].total == total
        ranking.append(Ranked(ranking[-1].place if shared else count, total, number))
    return ranking
