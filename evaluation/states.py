"""The lives of a criteria set, an assignment, a score sheet and a case."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from core.lifecycle import Lifecycle, Transition


class DraftStatus(TextChoices):
    """Where a criteria set in the making stands."""

    WRITING = "writing", _("being written")
    PROPOSED = "proposed", _("awaiting the second signature")
    SEALED = "sealed", _("sealed")
    DISCARDED = "discarded", _("discarded")


class ChangeStatus(TextChoices):
    """Where the change of the criteria of an open activity stands."""

    PROPOSED = "proposed", _("awaiting the second signature")
    CONFIRMED = "confirmed", _("confirmed")
    WITHDRAWN = "withdrawn", _("withdrawn")


class AssignmentStatus(TextChoices):
    INVITED = "invited", _("invited")
    ACCEPTED = "accepted", _("accepted")
    DECLINED = "declined", _("declined")
    CANCELLED = "cancelled", _("cancelled")


MOST_FURTHER = 4  # opinions wanted at once beside those that were

# The expert has been asked, or has agreed.
STANDING = frozenset({AssignmentStatus.INVITED, AssignmentStatus.ACCEPTED})


class SheetStatus(TextChoices):
    DRAFT = "draft", _("being written")
    SUBMITTED = "submitted", _("submitted")
    # It was in when a conflict of interest was found; it stays and counts for nothing.
    EXCLUDED = "excluded", _("excluded")


# The expert has done what was asked, whatever became of it.
HANDED_IN = frozenset({SheetStatus.SUBMITTED, SheetStatus.EXCLUDED})


class Recommendation(TextChoices):
    """What an expert advises the panel, in a word."""

    INCLUDE = "include", _("I recommend it for the pool")
    RESERVATIONS = "reservations", _("I recommend it with reservations")
    NOT_INCLUDE = "not_include", _("I do not recommend it")


class CaseStatus(TextChoices):
    """Where the evaluation of one declaration stands, as officers call it."""

    AWAITING = "awaiting_assignment", _("awaiting assignment")
    IN_REVIEW = "in_review", _("in review")
    SCORED = "scored", _("scored")
    DECIDED = "decided", _("decided")
    # Two officers have signed; it waits for the moment of the release, or for CAEPI.
    SIGNED = "signed", _("awaiting the release")
    RELEASED = "released", _("released")
    PUBLICITY = "publicity", _("in publicity")
    CLEARED = "cleared", _("cleared")
    NOT_INCLUDED = "not_included", _("not included")


# What the enterprise reads until the decision is released: no sign of experts, counts or dates.
UNDER_EVALUATION = frozenset(
    {
        CaseStatus.AWAITING,
        CaseStatus.IN_REVIEW,
        CaseStatus.SCORED,
        CaseStatus.DECIDED,
        CaseStatus.SIGNED,
    }
)
# A decision was taken, and nobody outside knows of it.
PENDING = frozenset({CaseStatus.DECIDED, CaseStatus.SIGNED})
RELEASED = frozenset(set(CaseStatus) - UNDER_EVALUATION)
# Before the last sheet of a case is in, no figure of it is shown to anyone.
WITH_FIGURES = frozenset(set(CaseStatus) - {CaseStatus.AWAITING, CaseStatus.IN_REVIEW})

CRITERIA_DRAFT = Lifecycle(
    "criteria draft",
    DraftStatus,
    DraftStatus.WRITING,
    (
        Transition(
            "propose",
            _("Propose for sealing"),
            frozenset({DraftStatus.WRITING}),
            DraftStatus.PROPOSED,
            "edit",
        ),
        Transition(
            "send_back",
            _("Send the draft back"),
            frozenset({DraftStatus.PROPOSED}),
            DraftStatus.WRITING,
            "seal",
            needs_reason=True,
        ),
        Transition(
            "seal",
            _("Sign and seal"),
            frozenset({DraftStatus.PROPOSED}),
            DraftStatus.SEALED,
            "seal",
        ),
        Transition(
            "discard",
            _("Discard the draft"),
            frozenset({DraftStatus.WRITING}),
            DraftStatus.DISCARDED,
            "edit",
            grave=True,
        ),
    ),
)

CRITERIA_CHANGE = Lifecycle(
    "criteria change",
    ChangeStatus,
    ChangeStatus.PROPOSED,
    (
        Transition(
            "confirm",
            _("Confirm the change"),
            frozenset({ChangeStatus.PROPOSED}),
            ChangeStatus.CONFIRMED,
            "confirm",
        ),
        Transition(
            "withdraw",
            _("Withdraw the change"),
            frozenset({ChangeStatus.PROPOSED}),
            ChangeStatus.WITHDRAWN,
            "confirm",
            needs_reason=True,
        ),
    ),
)

ASSIGNMENT = Lifecycle(
    "assignment",
    AssignmentStatus,
    AssignmentStatus.INVITED,
    (
        Transition(
            "accept",
            _("Accept"),
            frozenset({AssignmentStatus.INVITED}),
            AssignmentStatus.ACCEPTED,
            "answer",
        ),
        Transition(
            "decline",
            _("Decline"),
            frozenset({AssignmentStatus.INVITED, AssignmentStatus.ACCEPTED}),
            AssignmentStatus.DECLINED,
            "answer",
            needs_reason=True,
            grave=True,
        ),
        Transition(
            "recuse",
            _("Declare a conflict of interest"),
            frozenset({AssignmentStatus.INVITED, AssignmentStatus.ACCEPTED}),
            AssignmentStatus.DECLINED,
            "answer",
            needs_reason=True,
            grave=True,
        ),
        Transition(
            "cancel",
            _("Cancel the assignment"),
            frozenset({AssignmentStatus.INVITED, AssignmentStatus.ACCEPTED}),
            AssignmentStatus.CANCELLED,
            "manage",
            needs_reason=True,
            grave=True,
        ),
    ),
)

SHEET = Lifecycle(
    "score sheet",
    SheetStatus,
    SheetStatus.DRAFT,
    (
        Transition(
            "submit",
            _("Submit the score sheet"),
            frozenset({SheetStatus.DRAFT}),
            SheetStatus.SUBMITTED,
            "score",
        ),
        Transition(
            "reopen",
            _("Reopen for the expert"),
            frozenset({SheetStatus.SUBMITTED}),
            SheetStatus.DRAFT,
            "reopen",
            needs_reason=True,
        ),
        Transition(
            "exclude",
            _("Exclude for a conflict of interest"),
            frozenset({SheetStatus.SUBMITTED}),
            SheetStatus.EXCLUDED,
            "exclude",
            needs_reason=True,
            grave=True,
        ),
    ),
)

CASE = Lifecycle(
    "case",
    CaseStatus,
    CaseStatus.AWAITING,
    (
        Transition(
            "assign",
            _("Assign experts"),
            frozenset({CaseStatus.AWAITING, CaseStatus.IN_REVIEW}),
            CaseStatus.IN_REVIEW,
            "assign",
        ),
        Transition(
            "complete_review",
            _("All score sheets are in"),
            frozenset({CaseStatus.IN_REVIEW}),
            CaseStatus.SCORED,
            "complete",
            automatic=True,
        ),
        Transition(
            "ask_further",
            _("Ask further experts"),
            frozenset({CaseStatus.SCORED}),
            CaseStatus.IN_REVIEW,
            "ask_further",
            needs_reason=True,
        ),
        Transition(
            "decide", _("Decide"), frozenset({CaseStatus.SCORED}), CaseStatus.DECIDED, "decide"
        ),
        Transition(
            "send_back",
            _("Send the decision back"),
            PENDING,
            CaseStatus.SCORED,
            "release",
            needs_reason=True,
        ),
        Transition(
            "unsettle",
            _("A late conflict sends the decision back"),
            PENDING,
            CaseStatus.SCORED,
            "proceed",
            automatic=True,
        ),
        Transition(
            "release",
            _("Sign the release"),
            frozenset({CaseStatus.DECIDED}),
            CaseStatus.SIGNED,
            "release",
        ),
        Transition(
            "co_release",
            _("Sign for CAEPI"),
            frozenset({CaseStatus.SIGNED}),
            CaseStatus.SIGNED,
            "co_release",
        ),
        Transition(
            "make_known",
            _("Make the decision known"),
            frozenset({CaseStatus.SIGNED}),
            CaseStatus.RELEASED,
            "proceed",
            automatic=True,
        ),
        Transition(
            "begin_publicity",
            _("Begin the publicity"),
            frozenset({CaseStatus.RELEASED}),
            CaseStatus.PUBLICITY,
            "proceed",
            automatic=True,
        ),
        Transition(
            "clear",
            _("End the publicity"),
            frozenset({CaseStatus.PUBLICITY}),
            CaseStatus.CLEARED,
            "proceed",
            automatic=True,
        ),
        Transition(
            "uphold_objection",
            _("An objection is upheld"),
            frozenset({CaseStatus.PUBLICITY}),
            CaseStatus.NOT_INCLUDED,
            "proceed",
            automatic=True,
        ),
        Transition(
            "conclude",
            _("Conclude without inclusion"),
            frozenset({CaseStatus.RELEASED}),
            CaseStatus.NOT_INCLUDED,
            "proceed",
            automatic=True,
        ),
    ),
)
