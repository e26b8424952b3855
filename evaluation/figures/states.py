"""The life of a run of the figures of an activity."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from core.lifecycle import Lifecycle, Transition


class RunStatus(TextChoices):
    """Where the figures of an activity stand."""

    ASKED = "asked", _("asked for")
    COMPUTING = "computing", _("being computed")
    COMPUTED = "computed", _("computed")
    FAILED = "failed", _("failed")
    CANCELLED = "cancelled", _("cancelled")


UNFINISHED = frozenset({RunStatus.ASKED, RunStatus.COMPUTING})
FINISHED = frozenset(set(RunStatus) - UNFINISHED)

STATISTIC_RUN = Lifecycle(
    "statistic run",
    RunStatus,
    RunStatus.ASKED,
    (
        # Also what a worker began and did not end: the next one begins it anew.
        Transition(
            "begin",
            _("Begin to compute"),
            UNFINISHED,
            RunStatus.COMPUTING,
            "compute",
            automatic=True,
        ),
        Transition(
            "finish",
            _("Keep the figures"),
            frozenset({RunStatus.COMPUTING}),
            RunStatus.COMPUTED,
            "compute",
            automatic=True,
        ),
        Transition(
            "fail",
            _("Give up"),
            frozenset({RunStatus.COMPUTING}),
            RunStatus.FAILED,
            "compute",
            needs_reason=True,
            automatic=True,
        ),
        Transition(
            "cancel",
            _("Cancel the computation"),
            UNFINISHED,
            RunStatus.CANCELLED,
            "cancel",
            grave=True,
        ),
    ),
)
