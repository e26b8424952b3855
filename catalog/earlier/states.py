"""The life of an earlier list: one officer proposes it, another one releases it."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from core.lifecycle import Lifecycle, Transition


class EarlierStatus(TextChoices):
    DRAFT = "draft", _("being prepared")
    PROPOSED = "proposed", _("waits for the release")
    RELEASED = "released", _("released")


EARLIER_LIST = Lifecycle(
    "earlier list",
    EarlierStatus,
    EarlierStatus.DRAFT,
    (
        Transition(
            "propose",
            _("Propose the release"),
            frozenset({EarlierStatus.DRAFT}),
            EarlierStatus.PROPOSED,
            "propose",
        ),
        Transition(
            "send_back",
            _("Send the list back"),
            frozenset({EarlierStatus.PROPOSED}),
            EarlierStatus.DRAFT,
            "release",
            needs_reason=True,
            grave=True,
        ),
        Transition(
            "release",
            _("Release the list"),
            frozenset({EarlierStatus.PROPOSED}),
            EarlierStatus.RELEASED,
            "release",
        ),
    ),
)
