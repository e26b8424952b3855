"""What is shown of defences and on-site verifications: to officers all, to the enterprise when."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from core.clock import database_now
from core.moments import written
from core.sentences import follow
from evaluation.conflicts import found_late, of_officers
from evaluation.models import Case, Expert, PanelItem, Verification, VerificationFile
from evaluation.verifications.states import Kind, Result, VerificationStatus
from submissions.models import Declaration


@dataclass(frozen=True, slots=True)
class Appointment:
    """One appointment as the enterprise reads it: nothing of who comes, or what was found."""

    row: Verification
    name: str
    at: str
    cancelled: bool
    answer: str


def to_enterprise(declaration: Declaration, person: User) -> list[Appointment]:
    rows = Verification.objects.with_right(person, "see").filter(case__declaration=declaration.pk)
    return [
        Appointment(
            row=one,
            name=name_of(one),
            at=written(one.held_at),
            cancelled=one.status == VerificationStatus.CANCELLED,
            answer=str(one.get_answer_display()),
        )
        for one in rows.order_by("arranged_at", "pk")
    ]


def told_to(declarations: Iterable[Declaration]) -> dict[UUID, list[Verification]]:
    """Return the appointments about each declaration, the oldest first; one query."""
    keys = [one.pk for one in declarations]
    rows = Verification.objects.filter(case__declaration__in=keys).select_related("case")
    found: dict[UUID, list[Verification]] = {}
    for one in rows.order_by("arranged_at", "pk"):
        found.setdefault(one.case.declaration_id, []).append(one)
    return found


def coming(told: Mapping[UUID, Iterable[Verification]]) -> dict[UUID, str]:
    """Say in short of each when the next appointment is, or that the last one was held."""
    if not told:
        return {}
    now = database_now()
    return {key: _coming(arranged, now) for key, arranged in told.items()}


def _coming(arranged: Iterable[Verification], now: dt.datetime) -> str:
    standing = [one for one in arranged if one.status != VerificationStatus.CANCELLED]
    if not standing:
        return ""
    ahead = [one.held_at for one in standing if one.held_at > now]
    said = _("on %(day)s") if ahead else _("held on %(day)s")
    moment = min(ahead) if ahead else max(one.held_at for one in standing)
    return said % {"day": date_format(timezone.localtime(moment), "DATE_FORMAT")}


def name_of(row: Verification) -> str:
    return _("Defence") if row.kind == Kind.DEFENCE else _("On-site verification")


def arranged(row: Verification) -> str:
    """Say that there is an appointment, for the story of a declaration."""
    return _("Arranged: %(what)s") % {"what": name_of(row)}


def to_officers(case: Case, person: Any) -> list[dict[str, Any]]:
    """Return every appointment about a case with its report; the same queries for one and many."""
    rows = Verification.objects.visible_to(person).filter(case=case)
    full = rows.prefetch_related("experts__user", "officers", "files").select_related("reported_by")
    found = list(full.order_by("held_at", "pk"))
    why = against(case, found)
    return [details(one, why) for one in found]


def to_panel(case: Case) -> list[dict[str, Any]]:
    """Return what was found, without who found it, and whether any of them has a conflict."""
    rows = Verification.objects.filter(case=case, status=VerificationStatus.REPORTED)
    full = rows.prefetch_related("experts__user", "officers", "files")
    held = list(full.select_related("reported_by").order_by("held_at", "pk"))
    why = against(case, held)
    return [{**found(one), "marked": any(pk in why for pk in _people(one))} for one in held]


def file_to_panel(item: PanelItem, file_id: UUID) -> VerificationFile | None:
    """Return a file of a report the panel reads with this item; None when there is none such."""
    rows = VerificationFile.objects.filter(
        verification__case=item.case_id, verification__status=VerificationStatus.REPORTED
    )
    return rows.filter(pk=file_id).first()


def against(case: Case, rows: Iterable[Verification]) -> dict[UUID, list[str]]:
    """Return the conflicts of who takes part, by expert, as they are known today."""
    rows = list(rows)
    experts = {expert.pk: expert for row in rows for expert in row.experts.all()}
    others = {pk for row in rows for pk in _people(row)} - set(experts)
    why = of_officers.tied(others, case.declaration) if others else {}
    if not experts:
        return why
    for pk, reasons in found_late.against(case, experts.values()).items():
        why.setdefault(pk, []).extend(reasons)
    return why


def _people(row: Verification) -> dict[UUID, Expert | User]:
    """Return who takes part, and who reported, each once."""
    found: dict[UUID, Expert | User] = {one.pk: one for one in row.experts.all()}
    for officer in (*row.officers.all(), row.reported_by):
        if officer is not None:
            found.setdefault(officer.pk, officer)
    return found


def details(row: Verification, why: Mapping[UUID, list[str]] | None = None) -> dict[str, Any]:
    why = against(row.case, [row]) if why is None else why
    return {
        **found(row),
        "conflicts": [
            (str(one), follow(*why[pk])) for pk, one in _people(row).items() if pk in why
        ],
        "experts": [str(one) for one in row.experts.all()],
        "officers": [str(one) for one in row.officers.all()],
    }


def found(row: Verification) -> dict[str, Any]:
    words = dict(Result.choices)
    results = [{**one, "said": words.get(one["result"], one["result"])} for one in row.results]
    return {
        "row": row,
        "files": list(row.files.all()),
        "name": name_of(row),
        "at": written(row.held_at),
        "results": results or [{"point": one, "said": "", "note": ""} for one in row.points],
    }
