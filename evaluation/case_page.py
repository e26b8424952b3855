"""What an officer sees of a case: who was asked, conflicts, and the figures once all are in."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from evaluation.conflicts import earlier
from evaluation.conflicts.finding import Conflict, conflicts_of
from evaluation.models import Assignment, Case, Decision, LateConflict
from evaluation.panel import deciding
from evaluation.results import case_result
from evaluation.states import (
    PENDING,
    UNDER_EVALUATION,
    WITH_FIGURES,
    CaseStatus,
    SheetStatus,
)
from evaluation.words import VERDICTS


@dataclass(frozen=True, slots=True)
class Asked:
    """One expert who was asked."""

    assignment: Assignment
    submitted: bool
    excluded: bool
    generated: bool
    conflicts: list[Conflict]
    judged: Sequence[str] = ()  # of what is earlier, in words

    @property
    def wrongly_counts(self) -> bool:
        """Say whether the sheet counts though there is a conflict: nothing is decided meanwhile."""
        return self.submitted and bool(self.conflicts)


@dataclass(frozen=True, slots=True)
class FigureRow:
    """One line of the table of figures: a dimension or the total, in points from 0 to 100."""

    name: str
    weight: int | None
    by_sheet: list[str | None]
    mean: str | None
    deviation: str | None
    minimum: str | None
    maximum: str | None
    failed: bool


@dataclass(frozen=True, slots=True)
class Vetoed:
    """An indicator whose mean lies below its veto; points as text."""

    name: str
    mean: str
    below: str


@dataclass(frozen=True, slots=True)
class Figures:
    """The table of figures, one column per submitted sheet."""

    experts: list[Asked]
    rows: list[FigureRow]
    total: FigureRow
    vetoed: list[Vetoed]
    verdict: str | None
    method: str


def asked(case: Case) -> list[Asked]:
    """Return everyone who was asked, in the order of asking; three queries."""
    assignments = list(
        case.assignments.select_related("expert__user", "expert__employer", "sheet").order_by(
            "invited_at", "pk"
        )
    )
    found = conflicts_of([one.expert for one in assignments], case.declaration)
    return [_asked(one, found[one.expert_id]) for one in assignments]


def with_earlier_reviews(case: Case, people: list[Asked], reader: Any) -> list[Asked]:
    """Add what each of them judged of the same organisation before, as the reader may know it."""
    experts = [one.assignment.expert_id for one in people]
    found = earlier.told(case.declaration_id, experts, reader)
    return [replace(one, judged=found.get(one.assignment.expert_id, ())) for one in people]


def _asked(assignment: Assignment, conflicts: list[Conflict]) -> Asked:
    sheet = getattr(assignment, "sheet", None)
    submitted = sheet is not None and sheet.status == SheetStatus.SUBMITTED
    excluded = sheet is not None and sheet.status == SheetStatus.EXCLUDED
    return Asked(assignment, submitted, excluded, bool(sheet and sheet.generated), conflicts)


def wrongly_counted(case: Case, people: list[Asked]) -> list[Asked]:
    """Return whose sheet counts though there is a conflict, as long as it can be excluded."""
    return [one for one in people if one.wrongly_counts] if case.status in UNDER_EVALUATION else []


def held_back(case: Case) -> str | None:
    """Return what of the panel's vote holds back a decision that is taken; None when nothing."""
    return deciding.missing(case) if case.status in PENDING else None


def of_decision(decision: Decision | None, reader: Any) -> dict[str, Any]:
    """Return the decision that stands, what the panel proposed, and why that was not followed."""
    told = deciding.told_of(decision) if decision is not None else None
    return {
        "decision": decision,
        "own_decision": decision is not None and decision.decided_by == reader,
        "proposed": told[0].label if told else "",
        "otherwise": told[1] if told else "",
    }


@dataclass(frozen=True, slots=True)
class Late:
    """A conflict found late, with the totals and what they recommended; as text."""

    found: LateConflict
    before: dict[str, Any]
    after: dict[str, Any]
    sent_back: bool


def late_conflicts(case: Case) -> list[Late]:
    """Return the conflicts found when a sheet was in; figures once the review is complete."""
    if case.status not in WITH_FIGURES:
        return []
    rows = LateConflict.objects.filter(sheet__assignment__case=case).select_related(
        "sheet__assignment__expert__user", "recorded_by", "decision"
    )
    return [
        Late(
            found=one,
            before=_totals(one.result_before),
            after=_totals(one.result_after),
            sent_back=bool(one.decision and one.decision.sent_back_at),
        )
        for one in rows.order_by("recorded_at", "pk")
    ]


def _totals(result: dict[str, Any]) -> dict[str, Any]:
    return {
        "sheets": len(result["sheets"]),
        "total": result["total"]["mean"],
        "verdict": VERDICTS[result["verdict"]]["label"],
    }


def decision_of(case: Case) -> Decision | None:
    if case.status in UNDER_EVALUATION - PENDING:
        return None
    return (
        Decision.objects.standing()
        .select_related("decided_by", "released_by")
        .filter(case=case)
        .first()
    )


def is_own_decision(case: Case, officer: Any) -> bool:
    """Say whether this officer took the decision that waits for a second one to release it."""
    if case.status != CaseStatus.DECIDED:
        return False
    return Decision.objects.standing().filter(case=case, decided_by=officer.pk).exists()


def is_asked_to_co_release(case: Case, officer: Any) -> bool:
    """Say whether the decision waits for the signature this officer gives for CAEPI."""
    if case.status != CaseStatus.SIGNED:
        return False
    waiting = Decision.objects.standing().filter(case=case, co_released_at=None)
    return waiting.filter(case__declaration__activity__procedure__co_releaser=officer.pk).exists()


def figures(case: Case, people: list[Asked], decision: Decision | None) -> Figures | None:
    """Return the figures: those the decision rests on, else those worked out now."""
    if case.status not in WITH_FIGURES:
        return None
    result = decision.result if decision else case_result(case)
    experts = [one for one in people if str(one.assignment.pk) in result["sheets"]]
    keys = [str(one.assignment.pk) for one in experts]
    rows = [
        _row(
            dimension.name,
            dimension.weight,
            [result["sheets"][key]["dimensions"][dimension.code] for key in keys],
            result["dimensions"][dimension.code],
            failed=dimension.code in result["failed_dimensions"],
        )
        for dimension in case.weights.dimensions.all()
    ]
    totals = [result["sheets"][key]["total"] for key in keys]
    total = _row("", None, totals, result["total"], failed=False)
    vetoed = _vetoed(case, result)
    return Figures(experts, rows, total, vetoed, result["verdict"], result["method"])


def _vetoed(case: Case, result: dict[str, Any]) -> list[Vetoed]:
    failed = result.get("failed_indicators", [])  # the first method knew no veto
    if not failed:
        return []
    return [
        Vetoed(one.name, result["indicators"][key]["mean"], one.veto_below)
        for dimension in case.weights.asked_in(case.field_id)
        for one in dimension.indicators.all()
        if (key := f"{dimension.code}.{one.code}") in failed
    ]


def _row(
    name: str,
    weight: int | None,
    by_sheet: list[str | None],
    spread: dict[str, Any],
    *,
    failed: bool,
) -> FigureRow:
    return FigureRow(
        name=name,
        weight=weight,
        by_sheet=by_sheet,
        mean=spread["mean"],
        deviation=spread["deviation"],
        minimum=spread["minimum"],
        maximum=spread["maximum"],
        failed=failed,
    )
