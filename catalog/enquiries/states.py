"""The life of an enquiry: sent, confirmed by its sender, read, answered, closed."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from core.lifecycle import Lifecycle, Transition


class EnquiryStatus(TextChoices):
    SENT = "sent", _("not confirmed")
    RECEIVED = "received", _("with the holder, not read yet")
    READ = "read", _("read by the holder")
    ANSWERED = "answered", _("answered")
    REPORTED = "reported", _("reported to the officers")
    CLOSED = "closed", _("closed")


class ClosedBy(TextChoices):
    """Who closed an enquiry."""

    ASKER = "asker", _("by who asked")
    HOLDER = "holder", _("by the holder")
    OFFICER = "officer", _("by an officer")
    PORTAL = "portal", _("by the portal: nobody wrote any more")


# What the holder is to answer, and what both may still write in.
WAITING = frozenset({EnquiryStatus.RECEIVED, EnquiryStatus.READ})
OPEN = WAITING | {EnquiryStatus.ANSWERED}
KNOWN = frozenset(EnquiryStatus) - {EnquiryStatus.SENT}  # to the holder, and to officers
# Which step closes for whom.
CLOSING = {
    "end": ClosedBy.ASKER,
    "close": ClosedBy.HOLDER,
    "stop": ClosedBy.OFFICER,
    "lapse": ClosedBy.PORTAL,
}

ENQUIRY = Lifecycle(
    "enquiry",
    EnquiryStatus,
    EnquiryStatus.SENT,
    (
        # Whoever holds the link of the mail: no row of the table of rights, but the portal.
        Transition(
            "confirm",
            _("Confirm the enquiry"),
            frozenset({EnquiryStatus.SENT}),
            EnquiryStatus.RECEIVED,
            "ask",
        ),
        Transition("write", _("Write once more"), OPEN, EnquiryStatus.RECEIVED, "ask"),
        Transition(
            "end",
            _("Take the enquiry back"),
            frozenset({EnquiryStatus.SENT, EnquiryStatus.REPORTED, *OPEN}),
            EnquiryStatus.CLOSED,
            "ask",
            grave=True,
        ),
        Transition(
            "open",
            _("Open the enquiry"),
            frozenset({EnquiryStatus.RECEIVED}),
            EnquiryStatus.READ,
            "answer",
        ),
        Transition("answer", _("Answer the enquiry"), OPEN, EnquiryStatus.ANSWERED, "answer"),
        Transition("close", _("Close the enquiry"), OPEN, EnquiryStatus.CLOSED, "answer"),
        Transition(
            "report",
            _("Report the enquiry to the officers"),
            OPEN,
            EnquiryStatus.REPORTED,
            "answer",
            grave=True,
        ),
        Transition(
            "put_back",
            _("Give the enquiry back to the holder"),
            frozenset({EnquiryStatus.REPORTED}),
            EnquiryStatus.READ,
            "stop",
        ),
        Transition(
            "stop",
            _("Close the enquiry as abusive"),
            frozenset({EnquiryStatus.REPORTED, *OPEN}),
            EnquiryStatus.CLOSED,
            "stop",
            needs_reason=True,
            grave=True,
        ),
        Transition(
            "lapse",
            _("Close what nobody writes in"),
            OPEN | {EnquiryStatus.REPORTED},  # an officer may never have looked
            EnquiryStatus.CLOSED,
            "lapse",
            automatic=True,
        ),
    ),
)
