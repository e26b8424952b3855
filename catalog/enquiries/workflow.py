"""What each step of an enquiry asks and does: confirm, read, answer, write, close, report.

A step holds the enquiry alone; whether the technology is listed is read beside it.
"""

import datetime as dt
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.acting import nobody_acts_for
from catalog.enquiries import mails
from catalog.enquiries.states import CLOSING, ENQUIRY, OPEN, EnquiryStatus
from catalog.models import Enquiry, EnquiryMessage, Technology
from catalog.states import TechnologyStatus
from core.clock import database_now
from core.errors import DomainError
from core.workflow import Act, Step, Workflow
from evaluation.pool.profiles import each

LONGEST = 4000  # characters of a message
MOST_UNANSWERED = 2  # messages of the asker, before the holder has answered
MOST_FOR_ONE = 30  # confirmed in a day about one technology
SIDE = EnquiryMessage.Side
NOBODY = gettext_lazy(
    "Nobody in the portal acts for the holder of this technology at present: "
    "an enquiry would reach nobody."
)


def require_listed(technology: Technology) -> None:
    """Refuse what is about a technology that is not in the catalogue now."""
    if technology.status != TechnologyStatus.LISTED:
        raise DomainError(
            _("This technology is not listed at present: its holder cannot be asked here.")
        )


def require_somebody(technology: Technology) -> None:
    """Refuse what would reach nobody: the holder may have no editor and no owner here."""
    if nobody_acts_for(technology):
        raise DomainError(str(NOBODY))


def require_room(technology: Technology, now: dt.datetime) -> None:
    """Refuse more than a holder can read in a day."""
    since = now - dt.timedelta(days=1)
    rows = Enquiry.objects.filter(technology=technology, received_at__gt=since)
    if rows.count() >= MOST_FOR_ONE:
        raise DomainError(_("Many asked about this technology today. Please try again tomorrow."))


def text_of(value: Any, field: str, missing: str) -> str:
    text = str(value or "").strip()
    if not text:
        raise DomainError(missing, field=field)
    if len(text) > LONGEST:
        said = _("The text is too long: at most %(most)d characters.") % {"most": LONGEST}
        raise DomainError(said, field=field)
    return text


def _is_listed(enquiry: Enquiry, _act: Act) -> None:
    require_listed(enquiry.technology)


def _reaches_somebody(enquiry: Enquiry, _act: Act) -> None:
    require_somebody(enquiry.technology)


def _has_room(enquiry: Enquiry, act: Act) -> None:
    require_room(enquiry.technology, act.at)


def _may_write(enquiry: Enquiry, _act: Act) -> None:
    if unanswered(enquiry) >= MOST_UNANSWERED:
        raise DomainError(_("You have written twice. Please wait for the answer of the holder."))


def unanswered(enquiry: Enquiry) -> int:
    """Count what the asker wrote since the holder wrote last."""
    sides = enquiry.messages.order_by("-written_at", "-pk").values_list("side", flat=True)
    count = 0
    for side in sides[: MOST_UNANSWERED + 1]:
        if side == SIDE.HOLDER:
            break
        count += 1
    return count


def _receive(enquiry: Enquiry, act: Act) -> tuple[str, ...]:
    enquiry.received_at = enquiry.waits_since = enquiry.last_at = act.at
    return "received_at", "waits_since", "last_at"


def _write(enquiry: Enquiry, act: Act) -> tuple[str, ...]:
    _add(enquiry, act, SIDE.ASKER)
    enquiry.waits_since, enquiry.last_at = enquiry.waits_since or act.at, act.at
    return "waits_since", "last_at"


def _answer(enquiry: Enquiry, act: Act) -> tuple[str, ...]:
    _add(enquiry, act, SIDE.HOLDER)
    enquiry.waits_since, enquiry.last_at = None, act.at
    return "waits_since", "last_at"


def _add(enquiry: Enquiry, act: Act, side: str) -> None:
    text = text_of(act.inputs.get("message"), "message", _("Write a message."))
    EnquiryMessage.objects.create(
        enquiry=enquiry,
        side=side,
        text=text,
        written_at=act.at,
        written_by=act.actor if side == SIDE.HOLDER else None,
    )


def _close(enquiry: Enquiry, act: Act) -> tuple[str, ...]:
    enquiry.closed_at, enquiry.closed_by = act.at, CLOSING[act.step.name]
    enquiry.waits_since = None
    return "closed_at", "closed_by", "waits_since"


def _report(enquiry: Enquiry, act: Act) -> tuple[str, ...]:
    # Not the reason of the step: that stays in the audit for ever, and this may name somebody.
    why = text_of(act.inputs.get("why"), "why", _("Say what is wrong with the enquiry."))
    enquiry.reported_at, enquiry.reported_because, enquiry.waits_since = act.at, why, None
    return "reported_at", "reported_because", "waits_since"


def _put_back(enquiry: Enquiry, act: Act) -> tuple[str, ...]:
    enquiry.waits_since = enquiry.last_at = act.at  # the holder has as long as at first
    return "waits_since", "last_at"


def _nobody_writes(enquiry: Enquiry, act: Act) -> None:
    if not Enquiry.objects.filter(_silent(act.at), pk=enquiry.pk).exists():
        raise DomainError(_("Somebody has written lately."))


def _silent(now: dt.datetime) -> Q:
    """Name what nobody writes in any more, and what no officer decided about for longer still."""
    written, reported = (
        now - dt.timedelta(days=days)
        for days in (settings.ENQUIRIES_OPEN_DAYS, settings.ENQUIRIES_REPORTED_DAYS)
    )
    return Q(status__in=sorted(OPEN), last_at__lte=written) | Q(
        status=EnquiryStatus.REPORTED, reported_at__lte=reported
    )


def _tell(what: Any) -> Any:
    return lambda enquiry, _act: what(enquiry)


def _tell_stopped(enquiry: Enquiry, act: Act) -> None:
    mails.closed(enquiry, reason=act.reason)


ENQUIRIES: Workflow[Enquiry] = Workflow(
    ENQUIRY,
    Enquiry,
    {
        "confirm": Step(
            guards=(_is_listed, _reaches_somebody, _has_room),
            change=_receive,
            after=(_tell(mails.waits),),
        ),
        "write": Step(
            guards=(_is_listed, _reaches_somebody, _may_write),
            change=_write,
            after=(_tell(mails.waits),),
        ),
        "answer": Step(guards=(_is_listed,), change=_answer, after=(_tell(mails.answered),)),
        "end": Step(change=_close),
        "close": Step(change=_close, after=(_tell(mails.closed),)),
        "report": Step(change=_report, after=(_tell(mails.reported),)),
        "put_back": Step(change=_put_back),
        "stop": Step(change=_close, after=(_tell_stopped,)),
        "lapse": Step(guards=(_nobody_writes,), change=_close, after=(_tell(mails.closed),)),
    },
    shown="hear",
)


def lapse_due() -> int:
    """Close what nobody has written in for long; return how many. Safe to run twice."""
    rows = Enquiry.objects.filter(_silent(database_now()))
    keys = rows.order_by("last_at", "pk").values_list("pk", flat=True)
    return each(keys, lambda pk: ENQUIRIES.perform("lapse", pk, actor=None))
