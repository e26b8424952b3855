"""How states are called and coloured on the pages of experts and the public."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from evaluation import scoring
from evaluation.models import Assignment, Expert
from evaluation.pool.states import ExpertStatus
from evaluation.states import AssignmentStatus, SheetStatus

ASSIGNMENT = {
    AssignmentStatus.INVITED: {"label": _("Invited"), "tone": "info"},
    AssignmentStatus.ACCEPTED: {"label": _("To be scored"), "tone": "progress"},
    AssignmentStatus.DECLINED: {"label": _("Declined"), "tone": "neutral"},
    AssignmentStatus.CANCELLED: {"label": _("No longer needed"), "tone": "neutral"},
}
SUBMITTED = {"label": _("Submitted"), "tone": "success"}
EXCLUDED = {"label": _("Excluded: conflict of interest"), "tone": "neutral"}
VERDICTS: dict[str | None, dict[str, Any]] = {
    None: {"label": _("nothing scored"), "tone": "neutral"},
    scoring.RECOMMENDED: {"label": _("Recommended"), "tone": "success"},
    scoring.DISCUSSION: {"label": _("For discussion"), "tone": "warning"},
    scoring.NOT_RECOMMENDED: {"label": _("Not recommended"), "tone": "danger"},
}

EXPERT_TONES = {
    ExpertStatus.APPLIED: "info",
    ExpertStatus.ENROLLED: "success",
    ExpertStatus.LAPSED: "warning",
    ExpertStatus.REFUSED: "danger",
    ExpertStatus.REMOVED: "danger",
    ExpertStatus.LEFT: "neutral",
}


def of_expert(expert: Expert) -> dict[str, Any]:
    """Return label and tone of where a person stands with the pool."""
    tone = EXPERT_TONES[ExpertStatus(expert.status)]
    return {"label": capfirst(expert.get_status_display()), "tone": tone}


def profile(expert: Expert) -> list[dict[str, Any]]:
    """Return the profile as the person reads it, line by line."""
    return [{"label": label, "value": value} for label, value in _lines(expert)]


def _lines(expert: Expert) -> Iterator[tuple[Any, Any]]:
    spoken = dict(settings.LANGUAGES)
    yield _("Professional title"), expert.title
    yield _("Fields of technology"), _listed(one.name for one in expert.fields.all())
    yield _("Sub-categories"), _listed(one.name for one in expert.subcategories.all())
    yield _("Keywords"), _listed(expert.keywords)
    yield _("Works in the field since"), expert.works_since
    yield _("Languages"), _listed(spoken.get(one, one) for one in expert.languages)
    yield _("Judges economics"), _("yes") if expert.economics else _("no")
    yield _("A line about you"), expert.biography
    yield _("Most assignments at a time"), expert.cap or _("as many as the activity allows")


def _listed(words: Any) -> str:
    return " · ".join(words)


def of_assignment(assignment: Assignment) -> dict[str, Any]:
    """Return label and tone of what the expert has to do, or has done."""
    sheet = getattr(assignment, "sheet", None)
    if sheet is not None and sheet.status == SheetStatus.SUBMITTED:
        return SUBMITTED
    if sheet is not None and sheet.status == SheetStatus.EXCLUDED:
        return EXCLUDED
    return ASSIGNMENT[AssignmentStatus(assignment.status)]
