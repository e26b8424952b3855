"""The life of what officers do to a listing: one proposes it, another confirms it."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from core.lifecycle import Lifecycle, Transition


class MeasureKind(TextChoices):
    """What is done to the listing; the names are those of the steps of a technology."""

    SUSPEND = "suspend", _("suspend the listing")
    RESUME = "resume", _("list again")
    RENEW = "renew", _("renew the listing")
    WITHDRAW = "withdraw", _("withdraw at the holder’s wish")
    REVOKE = "revoke", _("revoke the listing")


# The holder is heard before these.
HEARD = frozenset({MeasureKind.SUSPEND, MeasureKind.REVOKE})


class MeasureStatus(TextChoices):
    PROPOSED = "proposed", _("waits for a second officer")
    CONFIRMED = "confirmed", _("confirmed and carried out")
    SENT_BACK = "sent_back", _("sent back")
    WITHDRAWN = "withdrawn", _("withdrawn")
    LAPSED = "lapsed", _("lapsed: not confirmed in time")


# How one ends that is not carried out.
DROPPED = frozenset({MeasureStatus.SENT_BACK, MeasureStatus.WITHDRAWN, MeasureStatus.LAPSED})

MEASURE = Lifecycle(
    "listing measure",
    MeasureStatus,
    MeasureStatus.PROPOSED,
    (
        Transition(
            "confirm",
            _("Confirm and carry out"),
            frozenset({MeasureStatus.PROPOSED}),
            MeasureStatus.CONFIRMED,
            "confirm",
        ),
        Transition(
            "send_back",
            _("Send the measure back"),
            frozenset({MeasureStatus.PROPOSED}),
            MeasureStatus.SENT_BACK,
            "confirm",
            needs_reason=True,
            grave=True,
        ),
        Transition(
            "withdraw",
            _("Withdraw the measure"),
            frozenset({MeasureStatus.PROPOSED}),
            MeasureStatus.WITHDRAWN,
            "confirm",
            needs_reason=True,
        ),
        Transition(
            "answer",
            _("Answer the notice"),
            frozenset({MeasureStatus.PROPOSED}),
            MeasureStatus.PROPOSED,
            "answer",
        ),
        Transition(
            "lapse",
            _("Let the measure lapse"),
            frozenset({MeasureStatus.PROPOSED}),
            MeasureStatus.LAPSED,
            "lapse",
            automatic=True,
        ),
    ),
)
