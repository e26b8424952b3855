"""A plan that waits is asked for again: hints get lost, and workers die."""

from core.wakeup import wake
from evaluation.models import AssignmentPlan
from evaluation.planning.asking import COMPUTE
from evaluation.planning.states import AT_WORK


def wake_if_owed() -> bool:
    """Wake the compute worker while a plan waits or is at work; who computes it is let alone."""
    owed = AssignmentPlan.objects.filter(status__in=AT_WORK).exists()
    if owed:
        wake(COMPUTE)
    return owed
