"""Experts are reminded to confirm their profile, before the year is over and after it."""

import datetime as dt
from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from core import dated
from core.reminders import Audience, Default, Due, Event, Subject
from evaluation.models import Expert
from evaluation.pool.states import IN_POOL


def renewals(first: dt.datetime, last: dt.datetime) -> Iterable[Due]:
    """Yield whose year ends there: at the last moment of its last day, Beijing."""
    rows = Expert.objects.filter(
        status__in=IN_POOL,
        renewed_until__range=dated.days(first, last),
        user__is_active=True,
    ).select_related("user")
    for one in rows.order_by("renewed_until", "pk"):
        day: dt.date = one.renewed_until  # type: ignore[assignment]  # filtered above
        context = {"expert": one, "due_on": day}
        yield Due(Subject("expert", str(one.pk)), dated.last_moment(day), str(one), context)


RENEWAL = Event(
    name="expert.renewal",
    label=_("An expert’s profile is to be confirmed"),
    template="expert_renewal",
    due=renewals,
    audiences={"expert": Audience(_("the expert"), dated.oneself("expert"))},
    seen=dated.seen(Expert),
    defaults=(
        Default(-30, "expert"),
        Default(-7, "expert"),
        Default(7, "expert"),
        Default(30, "expert"),
    ),
)
