"""What an expert said of a conflict with a case, or was found of it, after being asked to score."""

from collections.abc import Iterable
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from evaluation.models import ConflictCheck, ScoreSheet
from evaluation.states import SheetStatus

SAID = _("The expert declared a conflict of interest when asked to score it.")
FOUND = _("A conflict of interest was found after the expert had scored it.")


def of_case(case: UUID, experts: Iterable[UUID]) -> list[tuple[UUID, Promise]]:
    """Return who it is, and why; two queries."""
    keys = list(experts)
    said = ConflictCheck.objects.filter(
        assignment__case=case,
        assignment__expert__in=keys,
        answer=ConflictCheck.Answer.CONFLICT,
    )
    found = ScoreSheet.objects.filter(
        assignment__case=case, assignment__expert__in=keys, status=SheetStatus.EXCLUDED
    )
    return [
        *((one, SAID) for one in said.values_list("assignment__expert", flat=True).distinct()),
        *((one, FOUND) for one in found.values_list("assignment__expert", flat=True).distinct()),
    ]
