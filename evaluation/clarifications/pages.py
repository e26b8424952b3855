"""What each reader sees of the questions about a declaration: the expert, the enterprise, officers.

``templates/evaluation/_clarifications.html`` shows what ``on_desk`` returns.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.db.models import F, QuerySet
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from evaluation.clarifications.places import scheme_of, words_of
from evaluation.clarifications.states import SHOWN, ClarificationStatus
from evaluation.models import Case, Clarification, ScoreSheet
from evaluation.states import CaseStatus, SheetStatus
from submissions.models import Declaration
from submissions.scheme import Scheme

TONES = {
    ClarificationStatus.ASKED: "info",
    ClarificationStatus.PASSED_ON: "progress",
    ClarificationStatus.DECLINED: "neutral",
    ClarificationStatus.ANSWERED: "success",
    ClarificationStatus.LAPSED: "warning",
}

# What the enterprise reads in place of the officers' words.
TO_ENTERPRISE = {
    ClarificationStatus.PASSED_ON: _("Waits for your answer"),
    ClarificationStatus.ANSWERED: _("Answer sent"),
    ClarificationStatus.LAPSED: _("Not answered in time"),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One question as its reader sees it; ``original`` and ``reason`` only for who asked."""

    row: Clarification
    place: str
    label: str
    tone: str
    question: str
    original: str = ""
    reason: str = ""


def on_desk(sheet: ScoreSheet, person: User) -> dict[str, Any]:
    """Return what the desk shows: the own questions, and all that were passed on. One query.

    Wants ``assignment__case__version__declaration__activity__scheme``.
    """
    case = sheet.assignment.case
    rows = of_case(case.pk).with_right(person, "see")
    scheme = scheme_of(case.version.declaration)
    return {
        "clarifications": [
            _entry(one, scheme, mine=one.assignment_id == sheet.pk) for one in oldest_first(rows)
        ],
        "may_ask": sheet.status == SheetStatus.DRAFT and case.status == CaseStatus.IN_REVIEW,
        "assignment": sheet.assignment,
    }


def to_enterprise(declaration: Declaration, person: User) -> list[Entry]:
    """Return what was put to the enterprise, as the officer worded it."""
    rows = Clarification.objects.with_right(person, "see").filter(
        assignment__case__declaration=declaration.pk, status__in=SHOWN
    )
    scheme = scheme_of(declaration)
    shown = rows.order_by("passed_on_at", "pk")
    return [
        replace(
            _entry(one, scheme, mine=False),
            label=str(TO_ENTERPRISE[ClarificationStatus(one.status)]),
        )
        for one in shown
    ]


def to_officers(case: Case, person: User) -> list[tuple[Clarification, str]]:
    """Return every question about a case with who asked, for its page; one query."""
    rows = of_case(case.pk).visible_to(person).select_related("assignment__expert__user")
    scheme = scheme_of(case.declaration)
    return [(one, words_of(one, scheme)) for one in oldest_first(rows)]


def of_case(case_id: UUID) -> Any:
    return Clarification.objects.filter(assignment__case=case_id)


def oldest_first(rows: QuerySet[Clarification]) -> QuerySet[Clarification]:
    """Order by when each came to be known: the order tells nothing of who asked first."""
    return rows.order_by(F("passed_on_at").asc(nulls_last=True), "asked_at", "pk")


def put_to(declarations: Iterable[Declaration]) -> dict[UUID, list[Clarification]]:
    """Return what was put to the enterprise about each declaration, the oldest first; one query."""
    rows = Clarification.objects.filter(
        assignment__case__declaration__in=[one.pk for one in declarations], status__in=SHOWN
    )
    found: dict[UUID, list[Clarification]] = {}
    for one in rows.select_related("assignment__case").order_by("passed_on_at", "pk"):
        found.setdefault(one.assignment.case.declaration_id, []).append(one)
    return found


def _entry(row: Clarification, scheme: Scheme, *, mine: bool) -> Entry:
    status = ClarificationStatus(row.status)
    return Entry(
        row=row,
        place=words_of(row, scheme),
        label=capfirst(str(status.label)),
        tone=TONES[status],
        question=row.wording or row.question,
        original=row.question if mine and row.wording not in ("", row.question) else "",
        reason=row.reason if mine else "",
    )
