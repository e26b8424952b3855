"""The holder is reminded before a listing ends, and of confirming it once a year."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.conf import settings
from django.db.models import Exists, F, OuterRef
from django.db.models.expressions import Combinable
from django.db.models.functions import Greatest
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from accounts.notifications import address
from catalog import attesting, renewing
from catalog.acting import readers
from catalog.attesting import ATTESTABLE
from catalog.models import Technology
from core import dated
from core.clock import database_now
from core.dated import first_moment, last_moment, months_after
from core.reminders import Audience, Default, Due, Event, Reader, Subject

SPARE = dt.timedelta(days=3)
# What the mails print and the readers are found by; records are long, and nearly all are read.
SHORT = ("number", "titles", "holder_id", "status", "confirmed_at", "valid_until")


def ends(first: dt.datetime, last: dt.datetime) -> Iterable[Due]:
    """Yield what ends there: at the last moment of its last day, Beijing.

    Who asked for renewal is not told to ask again.
    """
    rows = Technology.objects.listed().filter(valid_until__range=dated.days(first, last))
    asked = renewing.in_force(database_now()).filter(technology=OuterRef("pk"))
    for one in rows.exclude(Exists(asked)).only(*SHORT).order_by("valid_until", "pk"):
        subject = Subject("technology", str(one.pk))
        context = {"technology": one, "due_on": one.valid_until}
        yield Due(subject, dated.last_moment(one.valid_until), one.number, context)


def to_be_confirmed(first: dt.datetime, last: dt.datetime) -> Iterable[Due]:
    return _unconfirmed(settings.ATTESTATION_MONTHS, F("confirmed_at"), first, last)


def lapses(first: dt.datetime, last: dt.datetime) -> Iterable[Due]:
    """Yield what lapses there; nothing of what nobody could confirm (``attesting.lapsing``)."""
    began = Greatest("confirmed_at", attesting.answerable_since())
    return _unconfirmed(settings.ATTESTATION_LAPSE_MONTHS, began, first, last)


def _unconfirmed(
    months: int, began: Combinable, first: dt.datetime, last: dt.datetime
) -> Iterable[Due]:
    """Yield that so many months have passed; of what ends until then, nothing."""
    earliest, latest = dated.days(first, last)
    # A day more on each side: months differ in length, and the days below are exact.
    since = first_moment(months_after(earliest, -months) - SPARE)
    until = last_moment(months_after(latest, -months) + SPARE)
    asked = Technology.objects.filter(status__in=ATTESTABLE, confirmed_at__lte=until)
    rows = asked.annotate(began=began).filter(began__range=(since, until)).only(*SHORT)
    rows = rows.annotate(could=attesting.answerable_since()).order_by("began", "pk")
    one: Any  # a technology, with what is annotated
    for one in rows:
        day = months_after(localdate(one.began), months)
        if earliest <= day <= latest and day < one.valid_until:
            context = {
                "technology": one,
                "due_on": day,
                "confirmed_on": localdate(one.confirmed_at),
                "lapses_on": attesting.lapses_after(one.confirmed_at, one.could),
            }
            yield Due(Subject("technology", str(one.pk)), last_moment(day), one.number, context)


def holders(dues: Sequence[Due]) -> Iterable[Iterable[Reader]]:
    """Name those who may ask for renewal."""
    return readers(dues, _link)


def _link(due: Due, language: str) -> str:
    return address("catalog:listing", due.context["technology"].pk, language=language)


EXPIRY = Event(
    name="technology.expires",
    label=_("A listing ends"),
    template="technology_expires",
    due=ends,
    audiences={"holder": Audience(_("the holder"), holders)},
    seen=dated.seen(Technology),
    defaults=(Default(-180, "holder"), Default(-60, "holder"), Default(-30, "holder")),
    after=False,
)

CONFIRMATION = Event(
    name="technology.unconfirmed",
    label=_("The particulars of a listing are to be confirmed"),
    template="technology_unconfirmed",
    due=to_be_confirmed,
    audiences={"holder": Audience(_("the holder"), holders)},
    seen=dated.seen(Technology),
    defaults=(
        *(Default(-30, "holder"), Default(-7, "holder")),
        *(Default(30, "holder"), Default(180, "holder"), Default(365, "holder")),
    ),
)

LAPSE = Event(
    name="technology.lapses",
    label=_("A listing nobody confirmed lapses"),
    template="technology_lapses",
    due=lapses,
    audiences={"holder": Audience(_("the holder"), holders)},
    seen=dated.seen(Technology),
    defaults=(Default(-90, "holder"), Default(-30, "holder"), Default(-7, "holder")),
    after=False,
)
