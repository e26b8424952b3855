"""Experts are reminded to confirm their profile, before the year is over and after it."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.timezone import get_default_timezone, localtime
from django.utils.translation import gettext_lazy as _

from core.reminders import Audience, Default, Due, Event, Reader, Subject
from evaluation.models import Expert
from evaluation.pool.states import IN_POOL

LAST_MOMENT = dt.time(23, 59, 59, 999999)


def renewals(first: dt.datetime, last: dt.datetime) -> Iterable[Due]:
    """Yield whose year ends there: at the last moment of its last day, Beijing."""
    zone = get_default_timezone()
    rows = Expert.objects.filter(
        status__in=IN_POOL,
        renewed_until__gte=localtime(first, zone).date(),
        renewed_until__lte=localtime(last, zone).date(),
        user__is_active=True,
    ).select_related("user")
    for one in rows.order_by("renewed_until", "pk"):
        day: dt.date = one.renewed_until  # type: ignore[assignment]  # filtered above
        at = dt.datetime.combine(day, LAST_MOMENT, tzinfo=zone)
        yield Due(Subject("expert", str(one.pk)), at, str(one), {"expert": one, "due_on": day})


def oneself(dues: Sequence[Due]) -> Iterable[Iterable[Reader]]:
    for due in dues:
        person = due.context["expert"].user
        yield [Reader(str(person.pk), person.email, person.language, {"reader": person})]


def seen(keys: Iterable[str], person: Any) -> set[str]:
    rows = Expert.objects.visible_to(person).filter(pk__in=list(keys))
    return {str(key) for key in rows.values_list("pk", flat=True)}


RENEWAL = Event(
    name="expert.renewal",
    label=_("An expert’s profile is to be confirmed"),
    template="expert_renewal",
    due=renewals,
    audiences={"expert": Audience(_("the expert"), oneself)},
    seen=seen,
    defaults=(
        Default(-30, "expert"),
        Default(-7, "expert"),
        Default(7, "expert"),
        Default(30, "expert"),
    ),
)
