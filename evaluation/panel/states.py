"""The lives of a panel meeting and of the items on its agenda, and what its members say."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.lifecycle import Lifecycle, Transition


class MeetingStatus(TextChoices):
    PREPARED = "prepared", _("being prepared")
    ANNOUNCED = "announced", _("announced")
    IN_SESSION = "in_session", _("in session")
    CLOSED = "closed", pgettext_lazy("of a meeting", "closed")
    CANCELLED = "cancelled", _("cancelled")


# Members read the papers; before, agenda and members are not fixed, after, it is over.
WITH_PAPERS = frozenset({MeetingStatus.ANNOUNCED, MeetingStatus.IN_SESSION})
KNOWN_TO_MEMBERS = WITH_PAPERS | {MeetingStatus.CLOSED}
# A declaration is on one agenda at a time.
NOT_OVER = WITH_PAPERS | {MeetingStatus.PREPARED}


class ItemStatus(TextChoices):
    WAITING = "waiting", _("not voted on")
    VOTING = "voting", _("the vote is open")
    VOTED = "voted", _("voted on")


class Choice(TextChoices):
    """What a member of the panel may say in a vote."""

    INCLUDE = "include", _("include")
    NOT_INCLUDE = "not_include", _("do not include")
    DEFER = "defer", _("defer")
    ABSTAIN = "abstain", _("abstain")


class Proposal(TextChoices):
    """What a vote comes to."""

    INCLUDE = "include", _("include")
    NOT_INCLUDE = "not_include", _("do not include")
    DEFER = "defer", _("defer")
    NONE = "none", _("no proposal")


class Seat(TextChoices):
    CHAIR = "chair", _("chair")
    MEMBER = "member", _("member")


class Presence(TextChoices):
    """Whether a member attends."""

    UNKNOWN = "", _("not noted")
    PRESENT = "present", _("present")
    LEFT = "left", _("left")
    EXCUSED = "excused", _("excused")


MEETING = Lifecycle(
    "panel meeting",
    MeetingStatus,
    MeetingStatus.PREPARED,
    (
        Transition(
            "announce",
            _("Announce the meeting"),
            frozenset({MeetingStatus.PREPARED}),
            MeetingStatus.ANNOUNCED,
            "edit",
        ),
        Transition(
            "take_back",
            _("Take the announcement back"),
            frozenset({MeetingStatus.ANNOUNCED}),
            MeetingStatus.PREPARED,
            "run",
            needs_reason=True,
        ),
        Transition(
            "open",
            _("Open the meeting"),
            frozenset({MeetingStatus.ANNOUNCED}),
            MeetingStatus.IN_SESSION,
            "run",
        ),
        Transition(
            "close",
            _("Close the meeting and seal the minutes"),
            frozenset({MeetingStatus.IN_SESSION}),
            MeetingStatus.CLOSED,
            "run",
        ),
        Transition(
            "cancel",
            _("Cancel the meeting"),
            frozenset({MeetingStatus.PREPARED, MeetingStatus.ANNOUNCED}),
            MeetingStatus.CANCELLED,
            "cancel",
            needs_reason=True,
            grave=True,
        ),
    ),
)

ITEM = Lifecycle(
    "panel item",
    ItemStatus,
    ItemStatus.WAITING,
    (
        Transition(
            "open_vote",
            _("Open the vote"),
            frozenset({ItemStatus.WAITING}),
            ItemStatus.VOTING,
            "run",
        ),
        Transition(
            "close_vote",
            _("Close the vote"),
            frozenset({ItemStatus.VOTING}),
            ItemStatus.VOTED,
            "run",
        ),
        # Somebody voted who has a conflict, or the chair sees that something went wrong.
        Transition(
            "repeat_vote",
            _("Annul the vote"),
            frozenset({ItemStatus.VOTING, ItemStatus.VOTED}),
            ItemStatus.WAITING,
            "run",
            needs_reason=True,
            grave=True,
        ),
    ),
)
