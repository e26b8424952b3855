"""The lives of an activity and of a declaration. Imports nothing of ours but the engine."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from core.lifecycle import Lifecycle, Transition


class ActivityStatus(TextChoices):
    PREPARED = "prepared", _("in preparation")
    OPEN = "open", _("open")
    CLOSED = "closed", _("closed")
    CONCLUDED = "concluded", _("concluded")


class RecommendationStatus(TextChoices):
    NAMED = "named", _("unit named")
    ASKED = "asked", _("unit asked")
    RECOMMENDED = "recommended", _("recommended by the unit")
    NOT_RECOMMENDED = "not_recommended", _("not recommended by the unit")
    WAIVED = "waived", _("waived by an officer")


class JointStatus(TextChoices):
    ASKED = "asked", _("asked to confirm")
    CONFIRMED = "confirmed", _("confirmed")
    DECLINED = "declined", _("not confirmed")
    WAIVED = "waived", _("waived by an officer")
    SUPERSEDED = "superseded", _("overtaken by a newer version")


class Status(TextChoices):
    """Where a declaration stands, as officers call it."""

    DRAFT = "draft", _("draft")
    SUBMITTED = "submitted", _("submitted")
    IN_CHECK = "in_check", _("in formal check")
    RETURNED = "returned", _("returned for correction")
    ACCEPTED = "accepted", _("accepted for evaluation")
    REJECTED = "rejected", _("rejected")
    CONTESTED = "contested", _("rejection contested")
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
        Transition(
            "run_out",
            _("Close by the clock"),
            frozenset({ActivityStatus.OPEN}),
            ActivityStatus.CLOSED,
            "run_out",
            automatic=True,
        ),
        Transition(
            "conclude",
            _("Conclude the activity"),
            frozenset({ActivityStatus.CLOSED}),
            ActivityStatus.CONCLUDED,
            "manage",
        ),
    ),
)

RECOMMENDATION = Lifecycle(
    "recommendation",
    RecommendationStatus,
    RecommendationStatus.NAMED,
    (
        Transition(
            "ask",
            _("Ask the unit"),
            frozenset({RecommendationStatus.NAMED}),
            RecommendationStatus.ASKED,
            "ask",
            automatic=True,
        ),
        # Whoever holds the link of the mail answers: no row of the table of rights, but the portal.
        Transition(
            "recommend",
            _("Recommend"),
            frozenset({RecommendationStatus.ASKED}),
            RecommendationStatus.RECOMMENDED,
            "answer",
        ),
        Transition(
            "decline",
            _("Do not recommend"),
            frozenset({RecommendationStatus.ASKED}),
            RecommendationStatus.NOT_RECOMMENDED,
            "answer",
            grave=True,
        ),
        Transition(
            "waive",
            _("Waive the recommendation"),
            frozenset({RecommendationStatus.ASKED}),
            RecommendationStatus.WAIVED,
            "waive",
            needs_reason=True,
            grave=True,
        ),
    ),
)

JOINT = Lifecycle(
    "joint confirmation",
    JointStatus,
    JointStatus.ASKED,
    (
        Transition(
            "resend",
            _("Send the mail again"),
            frozenset({JointStatus.ASKED}),
            JointStatus.ASKED,
            "resend",
        ),
        # Whoever holds the link of the mail answers: no row of the table of rights, but the portal.
        Transition(
            "confirm",
            _("Confirm"),
            frozenset({JointStatus.ASKED}),
            JointStatus.CONFIRMED,
            "answer",
        ),
        Transition(
            "decline",
            _("Do not confirm"),
            frozenset({JointStatus.ASKED}),
            JointStatus.DECLINED,
            "answer",
            grave=True,
        ),
        Transition(
            "waive",
            _("Waive the confirmation"),
            frozenset({JointStatus.ASKED, JointStatus.DECLINED}),
            JointStatus.WAIVED,
            "waive",
            needs_reason=True,
            grave=True,
        ),
        Transition(
            "supersede",
            _("Ask about a newer version"),
            frozenset({JointStatus.ASKED}),
            JointStatus.SUPERSEDED,
            "supersede",
            automatic=True,
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
            "contest",
            _("Contest the rejection"),
            frozenset({Status.REJECTED}),
            Status.CONTESTED,
            "contest",
            needs_reason=True,
        ),
        Transition(
            "give_time",
            _("Give more time"),
            frozenset({Status.RETURNED}),
            Status.RETURNED,
            "give_time",
            needs_reason=True,
        ),
        # By another officer than the one who rejected: the table of rights bars that one.
        Transition(
            "reopen",
            _("Check once more"),
            frozenset({Status.CONTESTED}),
            Status.IN_CHECK,
            "hear",
            needs_reason=True,
        ),
        Transition(
            "uphold",
            _("Uphold the rejection"),
            frozenset({Status.CONTESTED}),
            Status.REJECTED,
            "hear",
            needs_reason=True,
            grave=True,
        ),
        Transition(
            "withdraw",
            _("Withdraw"),
            frozenset(
                {
                    Status.DRAFT,
                    Status.SUBMITTED,
                    Status.IN_CHECK,
                    Status.RETURNED,
                    Status.CONTESTED,
                }
            ),
            Status.WITHDRAWN,
            "withdraw",
            needs_reason=True,
            grave=True,
        ),
    ),
)
