"""The few numbers of the home page."""

from typing import Any

from django.db.models import Count
from django.utils.translation import gettext as _

from catalog.models import Technology
from submissions.models import Activity
from submissions.states import ActivityStatus


def of_the_pool() -> list[dict[str, Any]]:
    """Count what is listed, from how many holders and countries, and what is open. Two queries."""
    listed = Technology.objects.listed().aggregate(
        technologies=Count("pk"),
        holders=Count("holder", distinct=True),
        countries=Count("country", distinct=True),
    )
    return [
        {"label": _("Technologies listed"), "value": listed["technologies"]},
        {"label": _("Holders"), "value": listed["holders"]},
        {"label": _("Countries and regions of the holders"), "value": listed["countries"]},
        {
            "label": _("Activities open now"),
            "value": Activity.objects.filter(status=ActivityStatus.OPEN).count(),
        },
    ]
