"""Which rows go together: a batch is put down in the database first, then carried out.

So a worker that dies leaves a batch with a number and its rows, and the next one carries out
the very same batch. At most one is open per destination.
"""

import datetime as dt
import random
from typing import Any

from django.db import transaction
from django.db.models import F, Max
from django.db.models.functions import Now

from catalog.models import Batch, Delivery
from catalog.states import DestinationStatus
from catalog.sync.leases import Lease
from core.clock import database_now

FIRST_WAIT = dt.timedelta(seconds=2)
LONGEST_WAIT = dt.timedelta(minutes=15)
LONGEST_ERROR = 2000  # characters


@transaction.atomic
def next_batch(lease: Lease) -> Batch | None:
    """Return the batch to carry out now: the one left open, else a new one, else None.

    None too while an open batch waits to be tried again, and when the destination was paused.
    """
    destination = lease.hold()
    if destination.status == DestinationStatus.PAUSED:
        return None
    left_open = Batch.objects.filter(destination=destination, done_at=None).first()
    if left_open:
        return left_open if left_open.next_at <= database_now() else None
    rows = Delivery.objects.filter(destination=destination, state=Delivery.State.PENDING)
    keys = list(rows.order_by("id").values_list("pk", flat=True)[: destination.batch_size])
    if not keys:
        return None
    last = Batch.objects.filter(destination=destination).aggregate(last=Max("number"))["last"]
    batch = Batch.objects.create(
        destination=destination, number=(last or 0) + 1, next_at=database_now()
    )
    rows.filter(pk__in=keys).update(state=Delivery.State.INFLIGHT, batch=batch)
    return batch


def payloads_of(batch: Batch) -> list[dict[str, Any]]:
    return list(batch.deliveries.order_by("id").values_list("payload", flat=True))


@transaction.atomic
def finish(batch: Batch, lease: Lease) -> int:
    """Mark a batch as arrived and return its number of rows; only the present servant can."""
    lease.hold()
    Batch.objects.filter(pk=batch.pk).update(done_at=Now(), last_error="")
    return batch.deliveries.update(
        state=Delivery.State.DONE,
        attempts=F("attempts") + 1,
        done_at=Now(),
        last_error="",
    )


@transaction.atomic
def put_back(batch: Batch, lease: Lease, error: Exception) -> None:
    """Leave a batch open for a later attempt, and say on each row why."""
    lease.hold()
    why = repr(error)[:LONGEST_ERROR]
    longest = min(LONGEST_WAIT, FIRST_WAIT * 2**batch.attempts)
    # Full jitter: several destinations that failed together do not come back together.
    wait = longest * random.random()  # noqa: S311 -- spreads attempts, guards nothing
    Batch.objects.filter(pk=batch.pk).update(
        attempts=F("attempts") + 1, next_at=database_now() + wait, last_error=why
    )
    batch.deliveries.update(attempts=F("attempts") + 1, last_error=why)
