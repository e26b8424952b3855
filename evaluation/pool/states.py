"""The lives of an expert in the pool and of a nomination to it."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from core.lifecycle import Lifecycle, Transition


class ExpertStatus(TextChoices):
    """Where a person stands with the pool."""

    APPLIED = "applied", _("applied")
    ENROLLED = "enrolled", _("enrolled")
    LAPSED = "lapsed", _("renewal overdue")
    REFUSED = "refused", _("refused")
    REMOVED = "removed", _("removed")
    LEFT = "left", _("left the pool")


class NominationStatus(TextChoices):
    """What became of asking a person whether they would be an expert."""

    INVITED = "invited", _("waits for the person")
    CONSENTED = "consented", _("consented")
    DECLINED = "declined", _("declined")
    WITHDRAWN = "withdrawn", _("withdrawn")
    EXPIRED = "expired", _("not answered in time")


class NominationOutcome(TextChoices):
    """What the first decision on the application was that followed a nomination."""

    APPROVED = "approved", _("taken into the pool")
    REFUSED = "refused", _("refused")
    LEFT = "left", _("took the application back")


class Unasked(TextChoices):
    """Why a person an organisation named got no mail; only officers read it."""

    KNOWN = "known", _("in the pool already, or has applied: not asked")
    ASKED = "asked", _("nominated by somebody else already: not asked")
    DECLINED = "declined", _("declined a short while ago: not asked")


IN_POOL = frozenset({ExpertStatus.ENROLLED, ExpertStatus.LAPSED})
# The profile is kept, and kept up, by the person.
LIVE = IN_POOL | {ExpertStatus.APPLIED}
OUTSIDE = frozenset(set(ExpertStatus) - LIVE)

EXPERT = Lifecycle(
    "expert",
    ExpertStatus,
    ExpertStatus.APPLIED,
    (
        Transition(
            "enrol",
            _("Take into the pool"),
            frozenset({ExpertStatus.APPLIED}),
            ExpertStatus.ENROLLED,
            "decide",
        ),
        Transition(
            "refuse",
            _("Refuse"),
            frozenset({ExpertStatus.APPLIED}),
            ExpertStatus.REFUSED,
            "decide",
            needs_reason=True,
            grave=True,
        ),
        Transition("apply", _("Apply again"), OUTSIDE, ExpertStatus.APPLIED, "apply"),
        Transition("renew", _("Confirm the profile"), IN_POOL, ExpertStatus.ENROLLED, "renew"),
        Transition(
            "lapse",
            _("Let the membership lapse"),
            frozenset({ExpertStatus.ENROLLED}),
            ExpertStatus.LAPSED,
            "proceed",
            automatic=True,
        ),
        Transition(
            "remove",
            _("Remove from the pool"),
            IN_POOL,
            ExpertStatus.REMOVED,
            "remove",
            needs_reason=True,
            grave=True,
        ),
        Transition("leave", _("Leave the pool"), LIVE, ExpertStatus.LEFT, "leave", grave=True),
    ),
)

NOMINATION = Lifecycle(
    "nomination",
    NominationStatus,
    NominationStatus.INVITED,
    (
        Transition(
            "resend",
            _("Send the mail again"),
            frozenset({NominationStatus.INVITED}),
            NominationStatus.INVITED,
            "manage",
        ),
        # Whoever holds the link of the mail answers: no row of the table of rights, but the portal.
        Transition(
            "consent",
            _("Consent"),
            frozenset({NominationStatus.INVITED}),
            NominationStatus.CONSENTED,
            "answer",
        ),
        Transition(
            "decline",
            _("Decline"),
            frozenset({NominationStatus.INVITED}),
            NominationStatus.DECLINED,
            "answer",
        ),
        Transition(
            "withdraw",
            _("Withdraw the nomination"),
            frozenset({NominationStatus.INVITED}),
            NominationStatus.WITHDRAWN,
            "withdraw",
            grave=True,
        ),
        Transition(
            "expire",
            _("End without an answer"),
            frozenset({NominationStatus.INVITED}),
            NominationStatus.EXPIRED,
            "expire",
            automatic=True,
        ),
    ),
)
