"""The public pages of collection activities."""

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.clock import database_now
from submissions.models import Activity
from submissions.paging import newest_first
from submissions.states import ActivityStatus


@require_safe
def activity_list(request: HttpRequest) -> HttpResponse:
    rows = Activity.objects.visible_to(request.user).prefetch_related("fields")
    page = newest_first(rows, by="opens_at", after=request.GET.get("after", ""))
    now = database_now()
    cards = [{"activity": activity, **facts_of(activity, now)} for activity in page.rows]
    context = {"cards": cards, "next_key": page.next_key}
    return render(request, "submissions/activity_list.html", context)


@require_safe
def activity_detail(request: HttpRequest, code: str) -> HttpResponse:
    activity = get_object_or_404(
        Activity.objects.visible_to(request.user).select_related("scheme"), code=code
    )
    context = {"activity": activity, **facts_of(activity, database_now())}
    context["sections"] = activity.scheme.load().sections
    return render(request, "submissions/activity_detail.html", context)


def facts_of(activity: Activity, now: dt.datetime) -> dict[str, Any]:
    """Say whether an activity takes declarations now, and what there is to know about it."""
    closed = activity.status == ActivityStatus.CLOSED or now >= activity.closes_at
    takes = not closed and activity.status == ActivityStatus.OPEN and now >= activity.opens_at
    label = _("Open") if takes else _("Closed") if closed else _("Not open yet")
    tone = "success" if takes else "neutral" if closed else "info"
    return {
        "takes": takes,
        "status": {"label": label, "tone": tone},
        "opens": moment(activity.opens_at),
        "closes": moment(activity.closes_at),
        "facts": [
            {"label": _("Opens"), "value": moment(activity.opens_at)},
            {"label": _("Closes"), "value": moment(activity.closes_at)},
            {"label": _("Fields of technology"), "value": _field_names(activity)},
            {"label": _("Days of publicity"), "value": str(activity.publicity_days)},
            {"label": _("Contact"), "value": activity.contact},
        ],
    }


def moment(at: dt.datetime, *, seconds: bool = False) -> str:
    """Write a time that binds people: in the portal's zone, with its offset from UTC."""
    here = localtime(at)
    offset = f"{here:%z}"
    clock = f"{here:%H:%M:%S}" if seconds else f"{here:%H:%M}"
    return f"{here:%Y-%m-%d} {clock} (UTC{offset[:3]}:{offset[3:]})"


def _field_names(activity: Activity) -> str:
    return "\n".join(field.name for field in activity.fields.all())
