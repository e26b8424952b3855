"""What the evaluation holds about an expert; the score sheets stay, under the id alone."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import User
from accounts.personal import Records
from evaluation.models import Assignment, Expert, ScoreSheet


def _profile(user: User) -> dict[str, Any] | None:
    expert = Expert.objects.filter(user=user).first()
    if expert is None:
        return None
    return {
        "title": expert.title,
        "employer": expert.employer_name,
        "fields": sorted(expert.fields.values_list("code", flat=True)),
        "subcategories": sorted(expert.subcategories.values_list("code", flat=True)),
        "languages": expert.languages,
        "available": expert.active,
    }


def _assignments(user: User) -> list[Any]:
    rows = Assignment.objects.filter(expert=user.pk).order_by("invited_at", "pk")
    names = ("id", "status", "invited_at", "answered_at", "committed_at", "due_at", "reason")
    return list(rows.values(*names, "case__declaration__number"))


def _sheets(user: User) -> list[Any]:
    rows = ScoreSheet.objects.filter(assignment__expert=user.pk).order_by("assignment")
    return [
        {
            "assignment": str(sheet.pk),
            "status": sheet.status,
            "comment": sheet.comment,
            "submitted_at": sheet.submitted_at,
            "scores": [
                {"indicator": score.indicator.code, "value": score.value, "comment": score.comment}
                for score in sheet.scores.all()
            ],
        }
        for sheet in rows.prefetch_related("scores__indicator")
    ]


def _open_work(user: User) -> Iterator[str]:
    if Assignment.objects.unfinished().filter(expert=user.pk).exists():
        yield _("You are asked to score a declaration. Submit the score sheet or decline first.")


def _blank(user: User) -> None:
    """Take the expert out of the pool, and what tells who it was; what was scored stays."""
    Expert.objects.filter(user=user).update(
        title="", employer=None, employer_name="", languages=[], active=False
    )


RECORDS = (
    Records("expert_profile", _profile, holds=_open_work, erase=_blank),
    Records("assignments", _assignments),
    Records("score_sheets", _sheets),
)
