"""What an enquiry looks like to either side: how it stands, and who wrote what."""

from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from catalog.acting import nobody_acts_for
from catalog.enquiries.states import OPEN, ClosedBy, EnquiryStatus
from catalog.enquiries.workflow import MOST_UNANSWERED, NOBODY, unanswered
from catalog.models import Enquiry, EnquiryMessage
from catalog.states import TechnologyStatus
from reference.models import Term
from reference.names import in_language
from reference.vocabularies import Vocabulary

Told = dict[str, str]  # as components/alert.html takes it
TONES = {
    EnquiryStatus.SENT: "warning",
    EnquiryStatus.RECEIVED: "warning",
    EnquiryStatus.READ: "warning",
    EnquiryStatus.ANSWERED: "success",
    EnquiryStatus.REPORTED: "neutral",
    EnquiryStatus.CLOSED: "neutral",
}
SIDE = EnquiryMessage.Side


def status_of(enquiry: Enquiry) -> dict[str, str]:
    tone = TONES[EnquiryStatus(enquiry.status)]
    return {"label": enquiry.get_status_display(), "tone": tone}


def kind_of(enquiry: Enquiry) -> str:
    if not enquiry.kind:
        return _("A general question")
    rows = Term.objects.of(Vocabulary.COOPERATION).filter(code=enquiry.kind)
    names = rows.values_list("names", flat=True).first()
    return in_language(names) if names else enquiry.kind


def told(enquiry: Enquiry) -> Told:
    """Say to who asked, in a sentence, where the enquiry stands."""
    if enquiry.status == EnquiryStatus.CLOSED:
        return {"tone": "neutral", "text": _closed(enquiry)}
    if not is_listed(enquiry):
        return {
            "tone": "warning",
            "text": _(
                "This technology is not listed at present. Nothing "
                "can be written until it is listed again."
            ),
        }
    if enquiry.status != EnquiryStatus.REPORTED and nobody_acts_for(enquiry.technology):
        return {"tone": "warning", "text": str(NOBODY)}
    return {
        "tone": TONES[EnquiryStatus(enquiry.status)],
        "text": _OPEN[EnquiryStatus(enquiry.status)](enquiry),
    }


def _sent(_enquiry: Enquiry) -> str:
    return _("The holder gets this enquiry only when you confirm it.")


def _received(enquiry: Enquiry) -> str:
    said = _("The holder was told on %(moment)s and has not opened it yet.")
    return said % {"moment": _moment(enquiry.waits_since)}


def _read(_enquiry: Enquiry) -> str:
    return _("The holder has read it. You get a mail when it answers.")


def _answered(enquiry: Enquiry) -> str:
    said = _("The holder answered on %(moment)s. You can write once more.")
    return said % {"moment": _moment(enquiry.last_at)}


def _reported(_enquiry: Enquiry) -> str:
    return _("Officers look at this enquiry. Until then nothing can be written.")


_OPEN = {
    EnquiryStatus.SENT: _sent,
    EnquiryStatus.RECEIVED: _received,
    EnquiryStatus.READ: _read,
    EnquiryStatus.ANSWERED: _answered,
    EnquiryStatus.REPORTED: _reported,
}


def _closed(enquiry: Enquiry) -> str:
    said = _("This enquiry was closed on %(moment)s %(by)s.")
    by = ClosedBy(enquiry.closed_by).label
    return said % {"moment": _moment(enquiry.closed_at), "by": by}


def is_listed(enquiry: Enquiry) -> bool:
    return enquiry.technology.status == TechnologyStatus.LISTED


def reaches_holder(enquiry: Enquiry) -> bool:
    return is_listed(enquiry) and not nobody_acts_for(enquiry.technology)


def asker_may_write(enquiry: Enquiry) -> bool:
    may = enquiry.status in OPEN and reaches_holder(enquiry)
    return may and unanswered(enquiry) < MOST_UNANSWERED


def messages_of(enquiry: Enquiry, *, asker: str, holder: str) -> list[dict[str, Any]]:
    """Return what was written, the first first, as components/timeline.html takes it."""
    names = {SIDE.ASKER: asker, SIDE.HOLDER: holder}
    tones = {SIDE.ASKER: "info", SIDE.HOLDER: "success"}
    return [
        {
            "title": names[SIDE(one.side)],
            "at": one.written_at,
            "text": one.text,
            "tone": tones[SIDE(one.side)],
        }
        for one in enquiry.messages.all()
    ]


def _moment(moment: Any) -> str:
    return date_format(localtime(moment), "DATETIME_FORMAT") if moment else ""
