"""What is computed in the background, in a worker of its own (queue "compute").

Only that worker loads this module: solver and statistics packages are large, and no page needs
them. Pages ask for a computation by its name (``core.wakeup``) and read what was stored.
"""

from celery import shared_task

from evaluation.figures import computing
from evaluation.figures.asking import COMPUTE


@shared_task(name=COMPUTE)
def figures() -> int:
    """Compute the figures that are owed."""
    return computing.compute_owed()
