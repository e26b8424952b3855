"""Feedback letters and reports held against the hashes the audit kept when they were sealed."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from core.canonical import content_hash
from evaluation.letters import writing as letter_writing
from evaluation.models import FeedbackLetter, Verification
from evaluation.replaying.findings import Findings
from evaluation.replaying.records import Records, said_of
from evaluation.verifications import verifying
from submissions.models import Activity


@dataclass(frozen=True, slots=True)
class Sealed:
    """One kind of text: how the audit calls it, and what its seal is taken of."""

    kind: str
    begun: str
    sealed: str
    document_of: Callable[[Any], dict[str, Any]]
    counted: str


LETTER = Sealed(
    "feedback letter", "begun", "hand_out", letter_writing.document_of, "feedback letters"
)
REPORT = Sealed("verification", "arranged", "report", verifying.document_of, "reports")


def check_texts(activity: Activity, records: Records, found: Findings) -> None:
    """Report each letter and report that is not as it was sealed, was lost, or was added."""
    of_activity = {"case__declaration__activity": activity}
    _check(LETTER, FeedbackLetter.objects.filter(**of_activity), records, found)
    _check(REPORT, Verification.objects.filter(**of_activity), records, found)


def _check(how: Sealed, rows: Iterable[Any], records: Records, found: Findings) -> None:
    stored = {str(row.pk): row for row in rows}
    begun = said_of(how.kind, acts=(f"{how.kind}.{how.begun}",))
    for one in begun:
        if one.details["case"] in records.cases and one.subject not in stored:
            found.fault(f"{how.kind} {one.subject}", "was recorded and is missing")
    said = {one.subject: one for one in said_of(how.kind, stored, (f"{how.kind}.{how.sealed}",))}
    for key, row in stored.items():
        recorded = said[key].details["content_hash"] if key in said else ""
        if row.content_hash != recorded:
            found.fault(row, "its seal is not the one that was recorded")
        elif recorded and content_hash(how.document_of(row)) != recorded:
            found.fault(row, "it is not what was sealed")
        elif recorded:
            found.counts[how.counted] += 1
