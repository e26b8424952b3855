"""What is computed in the background, in a worker of its own (queue "compute").

Only that worker loads this module: solver and statistics packages are large, and no page needs
them. Pages ask for a computation by its name (``core.wakeup``) and read what was stored.
"""

from celery import shared_task

from evaluation.figures import asking as figures_asking
from evaluation.figures import computing
from evaluation.planning import asking as plans_asking
from evaluation.planning import compute


@shared_task(name=figures_asking.COMPUTE)
def figures() -> int:
    """Compute the figures that are owed."""
    return computing.compute_owed()


@shared_task(name=plans_asking.COMPUTE, time_limit=280)
def plans() -> int:
    """Draw the plans that are asked for; may run twice, and at once."""
    return compute.compute_all()
