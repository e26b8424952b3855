"""The life of a request of an enterprise that somebody does not judge its declaration."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from core.lifecycle import Lifecycle, Transition


class AvoidanceStatus(TextChoices):
    ASKED = "asked", _("waits for an officer")
    ADMITTED = "admitted", _("admitted")
    REFUSED = "refused", _("not admitted")
    WITHDRAWN = "withdrawn", _("withdrawn")


AVOIDANCE = Lifecycle(
    "avoidance request",
    AvoidanceStatus,
    AvoidanceStatus.ASKED,
    (
        Transition(
            "admit",
            _("Admit the request"),
            frozenset({AvoidanceStatus.ASKED}),
            AvoidanceStatus.ADMITTED,
            "decide",
            needs_reason=True,
        ),
        Transition(
            "refuse",
            _("Refuse the request"),
            frozenset({AvoidanceStatus.ASKED}),
            AvoidanceStatus.REFUSED,
            "decide",
            needs_reason=True,
            grave=True,
        ),
        Transition(
            "withdraw",
            _("Withdraw the request"),
            frozenset({AvoidanceStatus.ASKED}),
            AvoidanceStatus.WITHDRAWN,
            "withdraw",
        ),
    ),
)
