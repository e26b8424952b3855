"""Officers are reminded of objections that are to be ruled on; of overdue ones every week."""

import datetime as dt
from collections.abc import Iterable, Sequence

from django.utils.translation import gettext_lazy as _

from accounts.holders import officers_with
from core import dated
from core.reminders import Audience, Default, Due, Event, Reader, Subject
from evaluation.models import Objection
from evaluation.objections.mails import who_sees_to_it

WEEK = dt.timedelta(days=7)


def rulings(first: dt.datetime, last: dt.datetime) -> Iterable[Due]:
    """Yield the objections that are open, by the last moment of their day, Beijing."""
    rows = Objection.objects.open().filter(due_on__range=dated.days(first, last))
    for one in rows.select_related("case__declaration").order_by("due_on", "pk"):
        yield _due(one, _last_moment(one))


def overdue(first: dt.datetime, last: dt.datetime) -> Iterable[Due]:
    """Yield the open objections by each week that has passed since the day of their ruling."""
    _first, today = dated.days(first, last)
    rows = Objection.objects.open().filter(due_on__lt=today)
    for one in rows.select_related("case__declaration").order_by("due_on", "pk"):
        at = _last_moment(one) + WEEK
        at += max(-((at - first) // WEEK), 0) * WEEK
        while at <= last:
            yield _due(one, at)
            at += WEEK


def _last_moment(one: Objection) -> dt.datetime:
    day: dt.date = one.due_on  # type: ignore[assignment]  # filtered by who asks
    return dated.last_moment(day)


def _due(one: Objection, at: dt.datetime) -> Due:
    context = {"objection": one, "declaration": one.case.declaration, "due_on": one.due_on}
    return Due(Subject("objection", str(one.pk)), at, str(one), context)


def who_may(dues: Sequence[Due]) -> Iterable[Iterable[Reader]]:
    """Give who may take the next step: none with a conflict, none who took the decision.

    Where nobody may, it is told to who sees to it that another officer is appointed.
    """
    for due in dues:
        objection: Objection = due.context["objection"]
        right = "handle" if objection.admitted_at is None else "rule"
        able = officers_with(right, objection)
        yield [dated.reader(one, stuck=not able) for one in able or who_sees_to_it(objection)]


RULINGS = Event(
    name="objection.due",
    label=_("An objection is to be ruled on"),
    template="objection_due",
    due=rulings,
    audiences={"officers": Audience(_("officers who may handle it"), who_may)},
    seen=dated.seen(Objection),
    defaults=(Default(-3, "officers", working_days=True), Default(1, "officers")),
)

OVERDUE = Event(
    name="objection.overdue",
    label=_("A week more has passed since an objection was to be ruled on"),
    template="objection_due",
    due=overdue,
    audiences={"officers": Audience(_("officers who may handle it"), who_may)},
    seen=dated.seen(Objection),
    defaults=(Default(1, "officers"),),
)
