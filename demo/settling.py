"""Waits until everything the demonstration owes is delivered, and helps with it."""

import time

from catalog.sync.deliveries import outstanding
from catalog.sync.drain import drain_all
from core import outbox
from core.errors import DomainError
from evaluation.services import end_due_publicity

PATIENCE = 180.0  # seconds
PAUSE = 0.2  # seconds, while a worker delivers what we cannot take from it


def settle(*, patience: float = PATIENCE) -> None:
    """End what publicity is over, send the mails, drain to the platform; worker or no worker."""
    late = time.monotonic() + patience
    while _carried() or outstanding():
        if time.monotonic() > late:
            raise DomainError(
                f"{outstanding()} events are still not delivered after {patience:.0f} seconds."
            )
        if outstanding():
            time.sleep(PAUSE)


def _carried() -> int:
    """Do what is due now and return how much that was."""
    return end_due_publicity() + outbox.deliver_due(limit=500) + drain_all()
