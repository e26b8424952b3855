"""The life of an objection against an entry in publicity."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from core.lifecycle import Lifecycle, Transition


class ObjectionStatus(TextChoices):
    """Where an objection stands."""

    SENT = "sent", _("address not confirmed")
    RECEIVED = "received", _("received")
    ADMITTED = "admitted", _("admitted, being examined")
    REFUSED = "refused", _("not admitted")
    UPHELD = "upheld", _("upheld, entry removed")
    CORRECTED = "corrected", _("upheld, entry stays")
    NOT_UPHELD = "not_upheld", _("not upheld")
    WITHDRAWN = "withdrawn", _("withdrawn")


class ObjectionKind(TextChoices):
    """What is contested; it says what an objection that is upheld may lead to."""

    SUBSTANTIVE = (
        "substantive",
        _("substantive: whether what is said of the technology is true, new, advanced or usable"),
    )
    FORMAL = (
        "formal",
        _("not substantive: who declares it, the order of those named, and the like"),
    )


class Refusal(TextChoices):
    """Why an objection is not admitted."""

    ANONYMOUS = "anonymous", _("no real name, or nobody can be reached")
    LATE = "late", _("it came after the end of the publicity")
    NO_EVIDENCE = "no_evidence", _("no evidence, or none that can be checked")
    NO_FACTS = "no_facts", _("no facts about this entry")
    DECIDED = "decided", _("the same has been ruled on already")
    OTHER = "other", _("another reason")


# While one of these is there, the entry is not listed.
OPEN = frozenset({ObjectionStatus.RECEIVED, ObjectionStatus.ADMITTED})
RULED = frozenset({ObjectionStatus.UPHELD, ObjectionStatus.CORRECTED, ObjectionStatus.NOT_UPHELD})
SETTLED = RULED | {ObjectionStatus.REFUSED, ObjectionStatus.WITHDRAWN}
ADMITTED = frozenset({ObjectionStatus.ADMITTED})

OBJECTION = Lifecycle(
    "objection",
    ObjectionStatus,
    ObjectionStatus.SENT,
    (
        # Whoever holds the link of the mail: no row of the table of rights, but the portal.
        Transition(
            "confirm",
            _("Confirm the objection"),
            frozenset({ObjectionStatus.SENT}),
            ObjectionStatus.RECEIVED,
            "answer",
        ),
        Transition(
            "withdraw",
            _("Withdraw the objection"),
            frozenset({ObjectionStatus.SENT, *OPEN}),
            ObjectionStatus.WITHDRAWN,
            "answer",
            grave=True,
        ),
        Transition(
            "admit",
            _("Admit the objection"),
            frozenset({ObjectionStatus.RECEIVED}),
            ObjectionStatus.ADMITTED,
            "handle",
        ),
        Transition(
            "refuse",
            _("Refuse the objection"),
            frozenset({ObjectionStatus.RECEIVED}),
            ObjectionStatus.REFUSED,
            "handle",
            needs_reason=True,
            grave=True,
        ),
        Transition(
            "respond",
            _("Answer the objection"),
            ADMITTED,
            ObjectionStatus.ADMITTED,
            "respond",
        ),
        Transition(
            "dismiss",
            _("Rule: not upheld"),
            ADMITTED,
            ObjectionStatus.NOT_UPHELD,
            "rule",
        ),
        Transition(
            "correct",
            _("Rule: upheld, the entry stays"),
            ADMITTED,
            ObjectionStatus.CORRECTED,
            "rule",
        ),
        Transition(
            "uphold",
            _("Rule: upheld, the entry is removed"),
            ADMITTED,
            ObjectionStatus.UPHELD,
            "rule",
            grave=True,
        ),
    ),
)
