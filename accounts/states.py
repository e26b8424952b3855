"""The life of an organisation in the portal. Imports nothing of ours but the engine."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from core.lifecycle import Lifecycle, Transition


class OrganisationStatus(TextChoices):
    """Whether an officer has compared the particulars with a register."""

    UNVERIFIED = "unverified", _("not verified")
    VERIFIED = "verified", _("verified")
    REFUSED = "refused", _("verification refused")
    MERGED = "merged", _("merged into another")


# What an officer compares with a register; a change of it opens the question again.
IDENTITY = frozenset({"name_en", "name_zh", "country", "registration_number"})
LIVE = frozenset(set(OrganisationStatus) - {OrganisationStatus.MERGED})

ORGANISATION = Lifecycle(
    "organisation",
    OrganisationStatus,
    OrganisationStatus.UNVERIFIED,
    (
        Transition(
            "verify",
            _("Verify"),
            frozenset({OrganisationStatus.UNVERIFIED}),
            OrganisationStatus.VERIFIED,
            "verify",
        ),
        Transition(
            "refuse",
            _("Refuse the verification"),
            frozenset({OrganisationStatus.UNVERIFIED}),
            OrganisationStatus.REFUSED,
            "verify",
            needs_reason=True,
            grave=True,
        ),
        Transition(
            "take_back",
            _("Take the verification back"),
            frozenset({OrganisationStatus.VERIFIED}),
            OrganisationStatus.UNVERIFIED,
            "verify",
            needs_reason=True,
            grave=True,
        ),
        Transition(
            "reopen",
            _("Verify anew after a change of the particulars"),
            frozenset({OrganisationStatus.VERIFIED, OrganisationStatus.REFUSED}),
            OrganisationStatus.UNVERIFIED,
            "reopen",
            automatic=True,
        ),
        Transition(
            "merge",
            _("Merge into another organisation"),
            LIVE,
            OrganisationStatus.MERGED,
            "merge",
            needs_reason=True,
            grave=True,
        ),
    ),
)
