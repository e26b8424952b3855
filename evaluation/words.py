"""How states are called and coloured on the pages of experts and the public."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from evaluation import scoring
from evaluation.models import Assignment
from evaluation.states import AssignmentStatus, SheetStatus

ASSIGNMENT = {
    AssignmentStatus.INVITED: {"label": _("Invited"), "tone": "info"},
    AssignmentStatus.ACCEPTED: {"label": _("To be scored"), "tone": "progress"},
    AssignmentStatus.DECLINED: {"label": _("Declined"), "tone": "neutral"},
    AssignmentStatus.CANCELLED: {"label": _("No longer needed"), "tone": "neutral"},
}
SUBMITTED = {"label": _("Submitted"), "tone": "success"}
VERDICTS = {
    scoring.RECOMMENDED: {"label": _("Recommended"), "tone": "success"},
    scoring.DISCUSSION: {"label": _("For discussion"), "tone": "warning"},
    scoring.NOT_RECOMMENDED: {"label": _("Not recommended"), "tone": "danger"},
}


def of_assignment(assignment: Assignment) -> dict[str, Any]:
    """Return label and tone of what the expert has to do, or has done."""
    sheet = getattr(assignment, "sheet", None)
    if sheet is not None and sheet.status == SheetStatus.SUBMITTED:
        return SUBMITTED
    return ASSIGNMENT[AssignmentStatus(assignment.status)]
