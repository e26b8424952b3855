"""Members of a panel and its secretary are reminded of a meeting that is announced."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from accounts import holders
from accounts.models import User
from core.moments import written
from core.reminders import Audience, Default, Due, Event, Reader, Subject
from evaluation.models import PanelMeeting, PanelMember
from evaluation.panel.states import MeetingStatus


def meetings(first: dt.datetime, last: dt.datetime) -> Iterable[Due]:
    """Yield the meetings that are announced and begin there."""
    rows = PanelMeeting.objects.filter(
        status=MeetingStatus.ANNOUNCED, starts_at__gte=first, starts_at__lte=last
    )
    found = rows.defer("minutes").select_related("activity", "prepared_by")
    for one in found.order_by("starts_at", "pk"):
        context = {"meeting": one, "at": written(one.starts_at)}
        yield Due(Subject("panel meeting", str(one.pk)), one.starts_at, str(one), context)


def members(dues: Sequence[Due]) -> Iterable[Iterable[Reader]]:
    """Give those who sit on the panel and may attend: who is no expert any more may not."""
    keys = [due.context["meeting"].pk for due in dues]
    rows = PanelMember.objects.filter(meeting__in=keys).select_related("expert__user")
    seats = list(rows.order_by("seat", "pk"))
    people = (one.expert.user for one in seats)
    may = holders.able(people, "attend", PanelMeeting.objects.filter(pk__in=keys))
    by_meeting: dict[UUID, list[Reader]] = {}
    for one in seats:
        if (one.expert_id, one.meeting_id) in may:
            reader = _reader(one.expert.user, secretary=False)
            by_meeting.setdefault(one.meeting_id, []).append(reader)
    return [by_meeting.get(key, []) for key in keys]


def secretary(dues: Sequence[Due]) -> Iterable[Iterable[Reader]]:
    """Give the officer who prepared it, who may still run it."""
    meetings: list[PanelMeeting] = [due.context["meeting"] for due in dues]
    rows = PanelMeeting.objects.filter(pk__in=[one.pk for one in meetings])
    may = holders.able((one.prepared_by for one in meetings), "run", rows)
    for one in meetings:
        able = (one.prepared_by_id, one.pk) in may
        yield [_reader(one.prepared_by, secretary=True)] if able else []


def _reader(person: User, *, secretary: bool) -> Reader:
    context = {"reader": person, "secretary": secretary}
    return Reader(str(person.pk), person.email, person.language, context)


def seen(keys: Iterable[str], person: Any) -> set[str]:
    rows = PanelMeeting.objects.visible_to(person).filter(pk__in=list(keys))
    return {str(key) for key in rows.values_list("pk", flat=True)}


MEETING = Event(
    name="panel.meets",
    label=_("A panel meets"),
    template="panel_reminder",
    due=meetings,
    audiences={
        "members": Audience(_("members of the panel"), members),
        "secretary": Audience(_("the officer who prepared the meeting"), secretary),
    },
    seen=seen,
    defaults=(
        Default(-3, "members"),
        Default(-1, "members"),
        Default(-3, "secretary"),
        Default(-1, "secretary"),
    ),
)
