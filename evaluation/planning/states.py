"""The life of a plan: who shall judge which declaration of an activity."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from core.lifecycle import Lifecycle, Transition


class PlanStatus(TextChoices):
    """Where a plan stands."""

    ASKED = "asked", _("waits to be computed")
    COMPUTING = "computing", _("being computed")
    COMPUTED = "computed", _("computed")
    INFEASIBLE = "infeasible", _("its rules clash")
    FAILED = "failed", _("not computed")
    CANCELLED = "cancelled", _("cancelled")
    PUBLISHED = "published", _("published")
    UNDONE = "undone", _("undone")


AT_WORK = frozenset({PlanStatus.ASKED, PlanStatus.COMPUTING})
# What there are seats of.
DRAWN = frozenset(
    {PlanStatus.COMPUTED, PlanStatus.INFEASIBLE, PlanStatus.PUBLISHED, PlanStatus.UNDONE}
)

PLAN = Lifecycle(
    "assignment plan",
    PlanStatus,
    PlanStatus.ASKED,
    (
        Transition(
            "begin",
            _("Begin to compute"),
            frozenset({PlanStatus.ASKED}),
            PlanStatus.COMPUTING,
            "compute",
            automatic=True,
        ),
        Transition(
            "finish",
            _("Computed"),
            frozenset({PlanStatus.COMPUTING}),
            PlanStatus.COMPUTED,
            "compute",
            automatic=True,
        ),
        Transition(
            "clash",
            _("Rules found to clash"),
            frozenset({PlanStatus.COMPUTING}),
            PlanStatus.INFEASIBLE,
            "compute",
            automatic=True,
        ),
        Transition(
            "fail",
            _("Given up"),
            AT_WORK,
            PlanStatus.FAILED,
            "compute",
            needs_reason=True,
            automatic=True,
        ),
        Transition(
            "cancel",
            _("Cancel the computation"),
            AT_WORK,
            PlanStatus.CANCELLED,
            "cancel",
            grave=True,
        ),
        Transition(
            "publish",
            _("Publish the plan"),
            frozenset({PlanStatus.COMPUTED}),
            PlanStatus.PUBLISHED,
            "publish",
        ),
        Transition(
            "undo",
            _("Undo the plan"),
            frozenset({PlanStatus.PUBLISHED}),
            PlanStatus.UNDONE,
            "undo",
            needs_reason=True,
            grave=True,
        ),
    ),
)
