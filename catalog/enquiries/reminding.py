"""The holder is reminded of an enquiry that waits for its answer."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from catalog.acting import readers
from catalog.enquiries.mails import holder_link
from catalog.enquiries.states import WAITING
from catalog.models import Enquiry
from catalog.states import TechnologyStatus
from core import dated
from core.reminders import Audience, Default, Due, Event, Reader, Subject


def waiting(first: dt.datetime, last: dt.datetime) -> Iterable[Due]:
    """Yield what is to be answered, by the moment since when; not of what is not listed."""
    rows = Enquiry.objects.filter(
        status__in=WAITING,
        waits_since__range=(first, last),
        technology__status=TechnologyStatus.LISTED,
    )
    for one in rows.select_related("technology").order_by("waits_since", "pk"):
        subject = Subject("enquiry", str(one.pk))
        since: Any = one.waits_since  # filtered by it
        yield Due(subject, since, str(one), {"enquiry": one, "technology": one.technology})


def holders(dues: Sequence[Due]) -> Iterable[Iterable[Reader]]:
    """Name those who may answer."""
    return readers(dues, lambda due, language: holder_link(due.context["enquiry"], language))


UNANSWERED = Event(
    name="enquiry.waits",
    label=_("An enquiry waits for the holder"),
    template="enquiry_due",
    due=waiting,
    audiences={"holder": Audience(_("the holder"), holders)},
    seen=dated.seen(Enquiry),
    defaults=(Default(7, "holder"), Default(21, "holder")),
)
