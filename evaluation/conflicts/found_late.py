"""What an expert said of a conflict with a case, or was found of it, after being asked to score."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from evaluation.models import ConflictCheck, ScoreSheet
from evaluation.states import SheetStatus

SAID = _("The expert declared a conflict of interest when asked to score it.")
FOUND = _("A conflict of interest was found after the expert had scored it.")


def of_case(case: UUID, experts: Iterable[UUID]) -> list[tuple[UUID, Promise]]:
    """Return who it is, and why; two queries."""
    said, found = _rows([case], experts)
    return [
        *((one, SAID) for one in said.values_list("assignment__expert", flat=True).distinct()),
        *((one, FOUND) for one in found.values_list("assignment__expert", flat=True).distinct()),
    ]


def of_cases(cases: Iterable[UUID], experts: Iterable[UUID]) -> set[tuple[UUID, UUID]]:
    """Return each case and who it is; two queries, however many cases."""
    return {
        pair
        for rows in _rows(cases, experts)
        for pair in rows.values_list("assignment__case", "assignment__expert")
    }


def _rows(
    cases: Iterable[UUID], experts: Iterable[UUID]
) -> tuple[QuerySet[ConflictCheck], QuerySet[ScoreSheet]]:
    asked = {"assignment__case__in": list(cases), "assignment__expert__in": list(experts)}
    said = ConflictCheck.objects.filter(answer=ConflictCheck.Answer.CONFLICT, **asked)
    return said, ScoreSheet.objects.filter(status=SheetStatus.EXCLUDED, **asked)
