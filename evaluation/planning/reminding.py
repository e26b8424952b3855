"""Experts are reminded of invitations they have not answered, and of sheets that are due.

One mail for all that fell due at one moment, however many declarations; none once it is done.
"""

import datetime as dt
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet
from django.db.models.functions import TruncDay
from django.utils.timezone import get_default_timezone
from django.utils.translation import gettext_lazy as _

from core import dated
from core.reminders import Audience, Default, Due, Event, Subject
from evaluation.conflicts import seats
from evaluation.models import Assignment, Expert
from evaluation.states import AssignmentStatus, CaseStatus


def unanswered(first: dt.datetime, last: dt.datetime) -> Iterable[Due]:
    """Yield who was asked on which day and has not answered: counted from its beginning."""
    zone = get_default_timezone()
    rows = _open().filter(status=AssignmentStatus.INVITED)
    days = rows.annotate(moment=TruncDay("invited_at", tzinfo=zone))
    return _dues(days.filter(moment__gte=first, moment__lte=last))


def unfinished(first: dt.datetime, last: dt.datetime) -> Iterable[Due]:
    """Yield whose score sheets are due when."""
    rows = _open().filter(status=AssignmentStatus.ACCEPTED, due_at__gte=first, due_at__lte=last)
    return _dues(rows, "due_at")


def _open() -> QuerySet[Assignment]:
    """Return what experts can still do: a bar may have come after they were asked."""
    rows = Assignment.objects.unfinished().order_by()
    open_ones = rows.filter(case__status=CaseStatus.IN_REVIEW, expert__user__is_active=True)
    return seats.free(open_ones)


def _dues(rows: QuerySet[Any], column: str = "moment") -> Iterable[Due]:
    found = rows.values_list("expert", column).annotate(number=Count("pk"))
    counted = sorted(found, key=lambda one: (one[1], one[0]))
    experts = _experts({expert for expert, _moment, _number in counted})
    for key, moment, number in counted:
        expert = experts[key]
        context = {"expert": expert, "number": number, "moment": moment}
        yield Due(Subject("expert", str(key)), moment, str(expert), context)


def _experts(keys: set[UUID]) -> dict[UUID, Expert]:
    rows = Expert.objects.select_related("user").filter(pk__in=keys)
    return {one.pk: one for one in rows}


AUDIENCES = {"expert": Audience(_("the expert"), dated.oneself("expert"))}
ANSWERS = Event(
    name="assignment.unanswered",
    label=_("An expert was asked to score"),
    template="assignments_unanswered",
    due=unanswered,
    audiences=AUDIENCES,
    seen=dated.seen(Expert),
    defaults=(Default(3, "expert"), Default(7, "expert")),
)
SHEETS = Event(
    name="sheet.due",
    label=_("Score sheets are due"),
    template="sheets_due",
    due=unfinished,
    audiences=AUDIENCES,
    seen=dated.seen(Expert),
    defaults=(
        Default(-7, "expert"),
        Default(-2, "expert"),
        Default(2, "expert"),
        Default(7, "expert"),
    ),
)
