"""The lives of an activity and of a declaration. Imports nothing of ours but the engine."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from core.lifecycle import Lifecycle, Transition


class ActivityStatus(TextChoices):
    PREPARED = "prepared", _("in preparation")
    OPEN = "open", _("open")
    CLOSED = "closed", _("closed")


class Status(TextChoices):
    """Where a declaration stands, as officers call it."""

    DRAFT = "draft", _("draft")
    SUBMITTED = "submitted", _("submitted")
    IN_CHECK = "in_check", _("in formal check")
    RETURNED = "returned", _("returned for correction")
    ACCEPTED = "accepted", _("accepted for evaluation")
    REJECTED = "rejected", _("rejected")
    WITHDRAWN = "withdrawn", _("withdrawn")


EDITABLE = frozenset({Status.DRAFT, Status.RETURNED})
FILED = frozenset(set(Status) - {Status.DRAFT})

ACTIVITY = Lifecycle(
    "activity",
    ActivityStatus,
    ActivityStatus.PREPARED,
    (
        Transition(
            "open",
            _("Open for declarations"),
            frozenset({ActivityStatus.PREPARED}),
            ActivityStatus.OPEN,
            "manage",
        ),
        Transition(
            "close",
            _("Close the activity"),
            frozenset({ActivityStatus.OPEN}),
            ActivityStatus.CLOSED,
            "manage",
            grave=True,
        ),
    ),
)

DECLARATION = Lifecycle(
    "declaration",
    Status,
    Status.DRAFT,
    (
        Transition(
            "submit",
            _("Submit"),
            frozenset({Status.DRAFT, Status.RETURNED}),
            Status.SUBMITTED,
            "submit",
        ),
        Transition(
            "begin_check",
            _("Begin the formal check"),
            frozenset({Status.SUBMITTED}),
            Status.IN_CHECK,
            "check",
        ),
        Transition(
            "accept",
            _("Accept for evaluation"),
            frozenset({Status.IN_CHECK}),
            Status.ACCEPTED,
            "check",
        ),
        Transition(
            "return",
            _("Return for correction"),
            frozenset({Status.IN_CHECK}),
            Status.RETURNED,
            "check",
            needs_reason=True,
        ),
        Transition(
            "reject",
            _("Reject"),
            frozenset({Status.IN_CHECK}),
            Status.REJECTED,
            "check",
            needs_reason=True,
            grave=True,
        ),
        Transition(
            "withdraw",
            _("Withdraw"),
            frozenset({Status.DRAFT, Status.SUBMITTED, Status.IN_CHECK, Status.RETURNED}),
            Status.WITHDRAWN,
            "withdraw",
            needs_reason=True,
            grave=True,
        ),
    ),
)
