"""The lives of a technology in the public catalogue, a destination of its events, and a token."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from core.lifecycle import Lifecycle, Transition


class TechnologyStatus(TextChoices):
    LISTED = "listed", _("listed")
    SUSPENDED = "suspended", _("suspended")
    EXPIRED = "expired", _("expired")
    WITHDRAWN = "withdrawn", _("withdrawn")
    REVOKED = "revoked", _("revoked")


# No longer in the catalogue: a tombstone remains, here and on the platform.
GONE = frozenset({TechnologyStatus.WITHDRAWN, TechnologyStatus.REVOKED})

# Officers take none of these alone: the portal takes the step of a measure that one officer
# proposed and another confirmed (catalog.measures).
TECHNOLOGY = Lifecycle(
    "technology",
    TechnologyStatus,
    TechnologyStatus.LISTED,
    (
        Transition(
            "suspend",
            _("Suspend"),
            frozenset({TechnologyStatus.LISTED}),
            TechnologyStatus.SUSPENDED,
            "publish",
            needs_reason=True,
        ),
        Transition(
            "resume",
            _("List again"),
            frozenset({TechnologyStatus.SUSPENDED}),
            TechnologyStatus.LISTED,
            "publish",
            needs_reason=True,
        ),
        Transition(
            "expire",
            _("Let the listing expire"),
            frozenset({TechnologyStatus.LISTED, TechnologyStatus.SUSPENDED}),
            TechnologyStatus.EXPIRED,
            "expire",
            automatic=True,
        ),
        Transition(
            "renew",
            _("Renew the listing"),
            frozenset({TechnologyStatus.LISTED, TechnologyStatus.EXPIRED}),
            TechnologyStatus.LISTED,
            "publish",
        ),
        Transition(
            "withdraw",
            _("Withdraw at the holder’s wish"),
            frozenset(
                {TechnologyStatus.LISTED, TechnologyStatus.SUSPENDED, TechnologyStatus.EXPIRED}
            ),
            TechnologyStatus.WITHDRAWN,
            "publish",
            needs_reason=True,
            grave=True,
        ),
        Transition(
            "revoke",
            _("Revoke"),
            frozenset(
                {TechnologyStatus.LISTED, TechnologyStatus.SUSPENDED, TechnologyStatus.EXPIRED}
            ),
            TechnologyStatus.REVOKED,
            "publish",
            needs_reason=True,
            grave=True,
        ),
    ),
)


class DestinationStatus(TextChoices):
    ACTIVE = "active", _("active")
    PAUSED = "paused", _("paused")


# Events are still written down for a paused destination; they wait.
DESTINATION = Lifecycle(
    "destination",
    DestinationStatus,
    DestinationStatus.ACTIVE,
    (
        Transition(
            "pause",
            _("Pause"),
            frozenset({DestinationStatus.ACTIVE}),
            DestinationStatus.PAUSED,
            "pause",
            needs_reason=True,
        ),
        Transition(
            "resume",
            _("Resume"),
            frozenset({DestinationStatus.PAUSED}),
            DestinationStatus.ACTIVE,
            "pause",
        ),
    ),
)


class TokenStatus(TextChoices):
    ACTIVE = "active", _("active")
    REVOKED = "revoked", _("revoked")


# The token of a program. That it has run out is read off its last day.
TOKEN = Lifecycle(
    "program token",
    TokenStatus,
    TokenStatus.ACTIVE,
    (
        Transition(
            "revoke",
            _("Revoke"),
            frozenset({TokenStatus.ACTIVE}),
            TokenStatus.REVOKED,
            "revoke",
            needs_reason=True,
            grave=True,
        ),
    ),
)
