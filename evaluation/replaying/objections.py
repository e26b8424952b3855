"""Publicity and objections held against the audit: its end, what was ruled, what followed."""

import datetime as dt
from collections.abc import Iterable

from core.canonical import content_hash
from core.models import AuditEntry
from evaluation.models import Case, Objection
from evaluation.objections.states import RULED, ObjectionStatus
from evaluation.publicity import contents
from evaluation.replaying.findings import Findings
from evaluation.replaying.records import Records, Said, by_subject, said_of
from submissions.models import Activity

BEGAN, REMOVED = "case.begin_publicity", "case.uphold_objection"
RECEIVED, ADMITTED = "objection.confirm", "objection.admit"
OLDER_RULINGS = "rulings whose record is older: not what they say"
OLDER = "publicities whose record is older: not when they end"
OLDER_SHOWN = "publicities whose record is older: not what they showed"


def check_objections(activity: Activity, records: Records, found: Findings) -> None:
    """Report each publicity and objection that is not what was recorded."""
    mine = Case.objects.filter(declaration__activity=activity).select_related("version")
    cases = {str(one.pk): one for one in mine}
    rows = Objection.objects.filter(case__declaration__activity=activity).order_by("sent_at", "pk")
    stored = {str(row.pk): row for row in rows}
    recorded = _recorded(records, stored)
    for key, acts in records.cases.items():
        if key in cases:
            _check_case(cases[key], acts, stored, found)
    for key in recorded.keys() - stored.keys():
        # What was received is never deleted, only blanked.
        found.fault(f"{Objection._meta.label} {key}", "was received and is missing")
    for key, row in stored.items():
        _check_row(row, recorded.get(key, []), found)


def _recorded(records: Records, stored: Iterable[str]) -> dict[str, list[Said]]:
    """Read the acts on the objections of this activity, also of those that are missing."""
    received = AuditEntry.objects.filter(
        subject_type="objection", act=RECEIVED, details__case__in=list(records.cases)
    )
    keys = {*stored, *received.values_list("subject_id", flat=True)}
    return by_subject(said_of("objection", keys))


def _check_case(
    case: Case, acts: Iterable[Said], stored: dict[str, Objection], found: Findings
) -> None:
    for one in acts:
        if one.act == BEGAN:
            _check_end(case, one, found)
            _check_shown(case, one, found)
        elif one.act == REMOVED:
            _check_removal(case, stored.get(one.details["objection"]), found)


def _check_end(case: Case, said: Said, found: Findings) -> None:
    if "publicity" not in said.details:
        found.unchecked[OLDER] += 1
        return
    told = dict(said.details["publicity"])
    ends_at = dt.datetime.fromisoformat(told.pop("ends_at"))
    if case.publicity_ends_at != ends_at:
        found.fault(case, f"publicity ends: stored {case.publicity_ends_at}, recorded {ends_at}")
    if case.publicity_count != told:
        found.fault(case, "its publicity was counted out otherwise than recorded")


def _check_shown(case: Case, said: Said, found: Findings) -> None:
    if "shown" not in said.details:
        found.unchecked[OLDER_SHOWN] += 1
    elif said.details["shown"] != contents.fixed(case):
        found.fault(case, "what its publicity showed is not what was recorded")


def _check_removal(case: Case, row: Objection | None, found: Findings) -> None:
    if row is None:
        found.fault(case, "was removed for an objection that is missing")
    elif row.status != ObjectionStatus.UPHELD or row.case_id != case.pk:
        found.fault(
            case, f"was removed for {Objection._meta.label} {row.pk}, not upheld against it"
        )


def _check_row(row: Objection, acts: list[Said], found: Findings) -> None:
    steps = [one.after for one in acts if one.after]
    said = steps[-1] if steps else ""
    if row.status != said:
        found.fault(row, f"status: stored {row.status}, recorded {said}")
    for one in acts:
        told = one.details.get("told") if one.act == ADMITTED else None
        if told is not None and told != content_hash(row.told_content()):
            found.fault(row, "the evidence passed on is not what was recorded")
    rulings = [one for one in acts if one.after in RULED]
    if rulings:
        _check_ruling(row, rulings[-1], found)
    found.counts["objections"] += 1


def _check_ruling(row: Objection, said: Said, found: Findings) -> None:
    if "content" not in said.details:
        found.unchecked[OLDER_RULINGS] += 1
    elif said.details["content"] != content_hash(row.ruled_content()):
        found.fault(row, "its kind, ruling or summary is not what was recorded")
