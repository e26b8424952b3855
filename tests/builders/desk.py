"""What a browser sends of a score sheet."""

from typing import Any

from django.urls import reverse

from evaluation.desk.forms import ScoreForm
from evaluation.models import Indicator, ScoreSheet


def address(name: str, sheet: ScoreSheet) -> str:
    return reverse(f"evaluation:{name}", args=[sheet.pk])


def begun(sheet: ScoreSheet) -> str:
    """Return what a page that is opened now begins with."""
    indicators = list(Indicator.objects.all())
    now = ScoreSheet.objects.get(pk=sheet.pk)
    return str(ScoreForm(sheet=now, indicators=indicators).initial["begun"])


def filled(sheet: ScoreSheet, **changes: Any) -> dict[str, Any]:
    """Return what a browser sends for a full sheet."""
    data = {
        "begun": begun(sheet),
        "copy": "page1",
        "score-comment-text": "Sound.",
        "score-recommendation-text": "include",
        "score-remark-text": "",
        "action": "save",
    }
    for one in Indicator.objects.all():
        data[value(one.pk)] = "80"
        data[comment(one.pk)] = ""
    return data | changes


def value(pk: int) -> str:
    return f"score-{pk}-value"


def comment(pk: int) -> str:
    return f"score-{pk}-comment"


def first() -> int:
    return Indicator.objects.get(code="level").pk
