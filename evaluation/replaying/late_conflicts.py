"""Late conflicts held against the hashes the audit kept when their sheets were excluded."""

from core.canonical import content_hash
from evaluation.models import LateConflict
from evaluation.replaying.findings import Findings
from evaluation.replaying.records import Records, Said
from submissions.models import Activity

OLDER = "late conflicts whose record is older: only that they are there"


def check_late_conflicts(activity: Activity, records: Records, found: Findings) -> None:
    """Report each late conflict that is not what was recorded, was lost, or was added."""
    rows = LateConflict.objects.filter(sheet__assignment__case__declaration__activity=activity)
    stored = {str(row.pk): row for row in rows.order_by("recorded_at", "pk")}
    named = LateConflict.objects.in_bulk(list(records.excluded))
    stored |= {str(key): row for key, row in named.items()}
    for key, said in records.excluded.items():
        if key in stored:
            _check(stored[key], said, found)
        else:
            found.fault(f"{LateConflict._meta.label} {key}", "was recorded and is missing")
    for key in sorted(stored.keys() - records.excluded.keys()):
        found.fault(stored[key], "the audit knows of no such conflict")


def _check(row: LateConflict, said: Said, found: Findings) -> None:
    if "result_before" not in said.details:
        found.unchecked[OLDER] += 1
        return
    stored = {
        "result_before": content_hash(row.result_before),
        "result_after": content_hash(row.result_after),
        "decision": row.decision_id,
    }
    for name, value in stored.items():
        if value != said.details[name]:
            found.fault(row, f"{name} is not what was recorded")
    found.counts["late conflicts"] += 1
