"""What the audit says of an activity, act by act in the order of the chain."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet

from core.models import AuditEntry
from submissions.models import Activity, Declaration

SUBMIT, EXCLUDE = "score sheet.submit", "score sheet.exclude"
REOPEN = "score sheet.reopen"
DRAWN = "assignment.drawn"
CHANGES = ("criteria change.proposed", "criteria change.confirm")


@dataclass(frozen=True, slots=True)
class Said:
    """One act of the audit."""

    number: int  # of the entry; later acts have higher ones
    act: str
    subject: str
    after: str
    details: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Records:
    """The acts of one activity. ``sealed`` are those of criteria sets, by their hash.

    ``excluded`` are sheets that were submitted and taken out later; they count until then.
    ``asked`` are the assignments by which experts were asked, each with its case; ``of_sheets``
    all acts by which a sheet came, was given back, or went.
    """

    cases: dict[str, list[Said]]
    submitted: dict[str, Said]
    excluded: dict[str, Said]
    criteria: list[Said]
    sealed: dict[str, Said]
    asked: dict[str, str] = field(default_factory=dict)
    of_sheets: dict[str, list[Said]] = field(default_factory=dict)

    def counts(self, sheet: str, until: int | None = None) -> bool:
        """Say whether a sheet counts, or counted when an act of that number was done."""
        came, went = self.submitted.get(sheet), self.excluded.get(sheet)
        if came is None or (until is not None and came.number > until):
            return False
        return went is None or (until is not None and went.number > until)

    def state_of(self, sheet: str) -> str:
        """Return the state the acts left a sheet in; empty while nobody handed it in."""
        last = self.excluded.get(sheet) or self.submitted.get(sheet)
        return last.after if last else ""


def records_of(activity: Activity, changes: Collection[str]) -> Records:
    """Read the acts of an activity; ``changes`` are the keys of the changes of its criteria."""
    cases = _cases_of(activity)
    asked = _asked(cases)
    sheets = said_of("score sheet", asked, (SUBMIT, REOPEN, EXCLUDE))
    criteria = [
        *said_of("activity", [str(activity.pk)], ("activity.criteria_set",)),
        *said_of("criteria change", changes, CHANGES),
    ]
    return Records(
        cases,
        _handed_in(sheets),
        {one.subject: one for one in sheets if one.act == EXCLUDE},
        sorted(criteria, key=lambda one: one.number),
        {one.details.get("content_hash", ""): one for one in _sealed()},
        asked,
        by_subject(sheets),
    )


def _handed_in(sheets: Iterable[Said]) -> dict[str, Said]:
    """Return the last submission of each sheet that was not given back after it."""
    found: dict[str, Said] = {}
    for one in sheets:
        if one.act == SUBMIT:
            found[one.subject] = one
        elif one.act == REOPEN:
            found.pop(one.subject, None)
    return found


def _cases_of(activity: Activity) -> dict[str, list[Said]]:
    declared = {
        str(key)
        for key in Declaration.objects.filter(activity=activity).values_list("pk", flat=True)
    }
    opened = AuditEntry.objects.filter(
        subject_type="case", act="case.opened", details__declaration__in=declared
    )
    return by_subject(said_of("case", opened.values_list("subject_id", flat=True)))


def by_subject(acts: Iterable[Said]) -> dict[str, list[Said]]:
    found: dict[str, list[Said]] = defaultdict(list)
    for one in acts:
        found[one.subject].append(one)
    return dict(found)


def _asked(cases: dict[str, list[Said]]) -> dict[str, str]:
    """Return who was asked about which case: by an officer, by a plan, or drawn for another."""
    found = {
        key: case
        for case, acts in cases.items()
        for one in acts
        if one.act == "case.assign"
        for key in one.details.get("assignments", [])
    }
    for one in _read(AuditEntry.objects.filter(subject_type="assignment", act=DRAWN)):
        # An older act does not name the case: it is that of the expert who declined.
        case = one.details.get("case") or found.get(one.details["declined"])
        if case in cases:
            found[one.subject] = case
    return found


def _sealed() -> list[Said]:
    return _read(AuditEntry.objects.filter(subject_type="criteria set", act="criteria set.sealed"))


def said_of(
    kind: str, subjects: Iterable[str] | None = None, acts: Collection[str] = ()
) -> list[Said]:
    """Return the acts on one kind of object, in the order of the chain."""
    entries = AuditEntry.objects.filter(subject_type=kind)
    if subjects is not None:
        entries = entries.filter(subject_id__in=list(subjects))
    return _read(entries.filter(act__in=acts) if acts else entries)


def _read(entries: QuerySet[AuditEntry]) -> list[Said]:
    rows = entries.order_by("pk").values_list("pk", "act", "subject_id", "after", "details")
    return [Said(*row) for row in rows]
