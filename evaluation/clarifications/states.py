"""The life of a question that an expert asks the enterprise, through the officers."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from core.lifecycle import Lifecycle, Transition


class ClarificationStatus(TextChoices):
    """Where a question about a declaration stands, as officers call it."""

    ASKED = "asked", _("waits for an officer")
    PASSED_ON = "passed_on", _("waits for the enterprise")
    DECLINED = "declined", _("not passed on")
    ANSWERED = "answered", _("answered by the enterprise")
    LAPSED = "lapsed", _("not answered in time")


# What the enterprise and the other experts of the case see: never what was not passed on.
SHOWN = frozenset(
    {ClarificationStatus.PASSED_ON, ClarificationStatus.ANSWERED, ClarificationStatus.LAPSED}
)

CLARIFICATION = Lifecycle(
    "clarification",
    ClarificationStatus,
    ClarificationStatus.ASKED,
    (
        Transition(
            "pass_on",
            _("Pass on to the enterprise"),
            frozenset({ClarificationStatus.ASKED}),
            ClarificationStatus.PASSED_ON,
            "handle",
        ),
        Transition(
            "decline",
            _("Do not pass on"),
            frozenset({ClarificationStatus.ASKED}),
            ClarificationStatus.DECLINED,
            "handle",
            needs_reason=True,
            grave=True,
        ),
        Transition(
            "answer",
            _("Answer the question"),
            frozenset({ClarificationStatus.PASSED_ON}),
            ClarificationStatus.ANSWERED,
            "answer",
        ),
        Transition(
            "lapse",
            _("End without an answer"),
            frozenset({ClarificationStatus.PASSED_ON}),
            ClarificationStatus.LAPSED,
            "lapse",
            automatic=True,
        ),
    ),
)
