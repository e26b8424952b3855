"""The life of a file: has a scanner looked at it? Imports nothing of ours but the engine."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from core.lifecycle import Lifecycle, Transition


class ScanStatus(TextChoices):
    """What is known of malware in a file."""

    NOT_SCANNED = "not_scanned", _("not scanned for malware")
    WAITING = "waiting", _("waiting for the malware scan")
    CLEAN = "clean", _("no malware found")
    FOUND = "found", _("malware found, file deleted")


# Nobody is handed a file in any other state, not even who sent it.
SERVED = frozenset({ScanStatus.NOT_SCANNED, ScanStatus.CLEAN})
UNJUDGED = frozenset({ScanStatus.NOT_SCANNED, ScanStatus.WAITING})

ATTACHMENT = Lifecycle(
    "attachment",
    ScanStatus,
    ScanStatus.NOT_SCANNED,
    (
        Transition("queue", _("Have it scanned"), UNJUDGED, ScanStatus.WAITING, "scan"),
        Transition("clear", _("Release"), UNJUDGED, ScanStatus.CLEAN, "judge", automatic=True),
        Transition(
            "find",
            _("Delete for malware"),
            UNJUDGED,
            ScanStatus.FOUND,
            "judge",
            automatic=True,
            grave=True,
        ),
    ),
)
