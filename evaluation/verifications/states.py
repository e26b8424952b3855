"""The life of a defence or an on-site verification: arranged, then reported or cancelled."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from core.lifecycle import Lifecycle, Transition


class VerificationStatus(TextChoices):
    ARRANGED = "arranged", _("arranged")
    REPORTED = "reported", _("reported")
    CANCELLED = "cancelled", _("cancelled")


class Kind(TextChoices):
    """What is held; the names are those of the fields of the procedure."""

    DEFENCE = "defence", _("defence")
    SITE_VISIT = "site_visit", _("on-site verification")


class Answer(TextChoices):
    """What the enterprise says to the appointment, once."""

    AGREED = "agreed", _("The date suits us.")
    ANOTHER = "another", _("Please name another date.")


class Result(TextChoices):
    """What was found of one point."""

    CONFIRMED = "confirmed", _("confirmed")
    NOT_CONFIRMED = "not_confirmed", _("not confirmed")
    NOT_SEEN = "not_seen", _("not seen")


VERIFICATION = Lifecycle(
    "verification",
    VerificationStatus,
    VerificationStatus.ARRANGED,
    (
        Transition(
            "answer",
            _("Answer to the appointment"),
            frozenset({VerificationStatus.ARRANGED}),
            VerificationStatus.ARRANGED,
            "answer",
        ),
        Transition(
            "report",
            _("Hand in the report"),
            frozenset({VerificationStatus.ARRANGED}),
            VerificationStatus.REPORTED,
            "report",
        ),
        Transition(
            "cancel",
            _("Cancel the appointment"),
            frozenset({VerificationStatus.ARRANGED}),
            VerificationStatus.CANCELLED,
            "report",
            needs_reason=True,
            grave=True,
        ),
    ),
)
