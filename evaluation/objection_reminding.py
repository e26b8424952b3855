"""Officers are reminded of objections that are to be ruled on."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.timezone import get_default_timezone, localtime
from django.utils.translation import gettext_lazy as _

from accounts.holders import officers_with
from core.reminders import Audience, Default, Due, Event, Reader, Subject
from evaluation.models import Objection

LAST_MOMENT = dt.time(23, 59, 59)


def rulings(first: dt.datetime, last: dt.datetime) -> Iterable[Due]:
    """Yield the objections that are open, by the last moment of their day, Beijing."""
    zone = get_default_timezone()
    rows = Objection.objects.open().filter(
        due_on__gte=localtime(first, zone).date(), due_on__lte=localtime(last, zone).date()
    )
    for one in rows.select_related("case__declaration").order_by("due_on", "pk"):
        day: dt.date = one.due_on  # type: ignore[assignment]  # filtered above
        at = dt.datetime.combine(day, LAST_MOMENT, tzinfo=zone)
        context = {"objection": one, "declaration": one.case.declaration, "due_on": day}
        yield Due(Subject("objection", str(one.pk)), at, str(one), context)


def who_may(dues: Sequence[Due]) -> Iterable[Iterable[Reader]]:
    """Give who may take the next step: none with a conflict, none who took the decision."""
    for due in dues:
        objection: Objection = due.context["objection"]
        right = "handle" if objection.admitted_at is None else "rule"
        yield [
            Reader(str(one.pk), one.email, one.language, {"reader": one})
            for one in officers_with(right, objection)
        ]


def seen(keys: Iterable[str], person: Any) -> set[str]:
    rows = Objection.objects.visible_to(person).filter(pk__in=list(keys))
    return {str(key) for key in rows.values_list("pk", flat=True)}


RULINGS = Event(
    name="objection.due",
    label=_("An objection is to be ruled on"),
    template="objection_due",
    due=rulings,
    audiences={"officers": Audience(_("officers who may handle it"), who_may)},
    seen=seen,
    defaults=(Default(-3, "officers", working_days=True), Default(1, "officers")),
)
