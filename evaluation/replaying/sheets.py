"""Score sheets held against the hashes the audit kept when they were submitted."""

from collections import defaultdict
from collections.abc import Iterable

from core.canonical import content_hash
from evaluation.models import Score, ScoreSheet
from evaluation.replaying.findings import Findings
from evaluation.replaying.records import Records, Said
from evaluation.results import seals_of, sheet_documents
from evaluation.states import SheetStatus
from submissions.models import Activity

BATCH = 500  # sheets read at a time


def check_sheets(activity: Activity, records: Records, found: Findings) -> dict[str, list[str]]:
    """Report each score that is not what was submitted; return the sheets by their case.

    A sheet belongs to the case the audit says its expert was asked about.
    """
    asked = records.asked
    _check_known(activity, asked, found)
    rows = ScoreSheet.objects.select_related("assignment").in_bulk(asked)
    stored = {str(key): row for key, row in rows.items()}
    _check_rows(stored, asked, records, found)
    keys = sorted(records.submitted.keys() & stored.keys())
    for begin in range(0, len(keys), BATCH):
        _check_batch([stored[key] for key in keys[begin : begin + BATCH]], records, found)
    by_case: dict[str, list[str]] = defaultdict(list)
    for key in keys:
        by_case[asked[key]].append(key)
    return by_case


def _check_known(activity: Activity, asked: dict[str, str], found: Findings) -> None:
    """Report each sheet that was handed in though the audit knows of nobody who was asked."""
    rows = ScoreSheet.objects.filter(assignment__case__declaration__activity=activity)
    for row in rows.exclude(status=SheetStatus.DRAFT).exclude(pk__in=list(asked)).order_by("pk"):
        says = f"is {row.status}, and the audit does not know that its expert was asked"
        found.fault(row, says)


def _check_rows(
    stored: dict[str, ScoreSheet], asked: dict[str, str], records: Records, found: Findings
) -> None:
    for key, row in stored.items():
        recorded = records.state_of(key) or SheetStatus.DRAFT
        if row.status != recorded:
            found.fault(row, f"status: stored {row.status}, recorded {recorded}")
        if str(row.assignment.case_id) != asked[key]:
            found.fault(row.assignment, f"belongs to case {asked[key]}")
    for key in sorted(records.submitted.keys() - stored.keys()):
        found.fault(f"{ScoreSheet._meta.label} {key}", "was submitted and is missing")


def _check_batch(sheets: list[ScoreSheet], records: Records, found: Findings) -> None:
    documents = sheet_documents(sheets)
    for sheet in sheets:
        document, said = documents[str(sheet.pk)], records.submitted[str(sheet.pk)]
        found.counts["score sheets"] += 1
        found.counts["scores"] += len(document["scores"])
        if "scores" not in said.details:
            found.unchecked["score sheets whose record is older: only as a whole"] += 1
        if content_hash(document) != said.details["content_hash"]:
            _name(sheet, seals_of(document)["scores"], said, found)


def _name(sheet: ScoreSheet, present: dict[str, str], said: Said, found: Findings) -> None:
    """Report which scores of a sheet are not what was submitted."""
    if "scores" not in said.details:
        found.fault(sheet, "a row of it was changed; which one, its old record cannot say")
        return
    sealed = said.details["scores"]
    differ = {key for key in sealed.keys() | present.keys() if sealed.get(key) != present.get(key)}
    for key, row in _rows(sheet, differ):
        says = "was added" if key not in sealed else "is not what was submitted"
        found.fault(row, f"“{key}” of sheet {sheet.pk} {says}")
    for key in sorted(differ - present.keys()):
        found.fault(sheet, f"the score of “{key}” is missing")
    if not differ:
        found.fault(sheet, "comment, recommendation, remark or order is not what was submitted")


def _rows(sheet: ScoreSheet, keys: set[str]) -> Iterable[tuple[str, Score]]:
    for row in sheet.scores.select_related("indicator__dimension").order_by("pk"):
        key = f"{row.indicator.dimension.code}.{row.indicator.code}"
        if key in keys:
            yield key, row
