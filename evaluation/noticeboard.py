"""What evaluation adds to an activity: by what it is judged, told to all and kept by a clone."""

from typing import Any

from django.utils.translation import gettext as _

from evaluation.criteria.sealing import set_activity_criteria
from evaluation.models import ActivityCriteria
from submissions.models import Activity
from submissions.templatetags.submissions import breakable


def criteria_of(activity: Activity) -> list[dict[str, Any]]:
    """Return the criteria set and its hash, sealed before the first declaration came."""
    chosen = ActivityCriteria.objects.select_related("criteria_set").filter(activity=activity)
    return [
        fact
        for one in chosen
        for fact in (
            {"label": _("Criteria set"), "value": str(one.criteria_set)},
            {
                "label": _("SHA-256 of the criteria"),
                "value": breakable(one.criteria_set.content_hash),
            },
        )
    ]


def same_criteria(source: Activity, made: Activity, actor: Any) -> None:
    chosen = ActivityCriteria.objects.select_related("criteria_set").filter(activity=source)
    for one in chosen:
        set_activity_criteria(
            made, one.criteria_set, experts_wanted=one.experts_wanted, actor=actor
        )
