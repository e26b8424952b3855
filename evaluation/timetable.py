"""The announced timetable: when reviews are to end, and when decisions are to be released.

It is all an enterprise reads between acceptance and release, and the same in every state; the
world reads it with the notice of the activity.
"""

from collections.abc import Iterable
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from core.sentences import follow
from evaluation import procedures
from evaluation.models import Procedure
from submissions.models import Activity


def in_words(how: Procedure) -> str:
    """Say the dates that were announced; nothing where none was."""
    said = []
    if how.review_until is not None:
        said.append(_("Reviews are to end on %(day)s.") % {"day": how.review_until.isoformat()})
    if how.release_at is not None:
        here = timezone.localtime(how.release_at, timezone.get_default_timezone())
        told = _("Decisions are to be released on %(moment)s (Beijing time).")
        said.append(told % {"moment": f"{here:%Y-%m-%d %H:%M}"})
    return follow(*said)


def by_activity(activities: Iterable[Any]) -> dict[Any, str]:
    """Return what enterprises read, by the key of the activity; one query."""
    keys = set(activities)
    told = dict.fromkeys(keys, under_review())
    for how in Procedure.objects.filter(activity__in=keys):
        told[how.activity_id] = f"{under_review()} {in_words(how)}".strip()
    return told


def under_review() -> str:
    return _("It is under review.")


def of_activity(activity: Activity) -> list[dict[str, Any]]:
    """Return the timetable for the notice of an activity, where one was announced."""
    told = in_words(procedures.of(activity))
    return [{"label": _("Timetable"), "value": told}] if told else []
