"""Carrying what is owed to the destinations, by whoever wakes first.

For each destination: take the lease, then batch after batch: log, snapshot, manifest, mark as
done. Every step may be the last one this process takes; the next worker goes on from there.
"""

from collections.abc import Callable
from pathlib import Path

import structlog
from django.conf import settings

from catalog.models import Batch, Delivery, Destination
from catalog.states import DestinationStatus
from catalog.sync import batches, leases, manifest
from catalog.sync.lake import Lake

logger = structlog.get_logger(__name__)

Opener = Callable[[Destination], Lake]


def lake_of(destination: Destination) -> Lake:
    folder = Path(settings.LAKE_DIR) / destination.location
    return Lake(folder, app=f"technology-pool:{destination.pk}")


def drain_all(open_lake: Opener = lake_of) -> int:
    """Deliver to every destination all that is due, and return the number of rows delivered.

    A destination another worker serves, or one whose batch waits after a failure, is passed by.
    """
    active = Destination.objects.filter(status=DestinationStatus.ACTIVE)
    return sum(_drain_alone(destination, open_lake) for destination in active)


def _drain_alone(destination: Destination, open_lake: Opener) -> int:
    try:
        return drain(destination, open_lake)
    except Exception:
        # One that cannot even be looked at must not keep the others waiting.
        logger.exception("destination not served", destination=destination.pk)
        return 0


def drain(destination: Destination, open_lake: Opener = lake_of) -> int:
    lake = open_lake(destination)
    if not _work_left(destination) and manifest.is_present(lake):
        return 0
    lease = leases.take(destination)
    if lease is None:
        return 0
    try:
        return _serve(lease, lake)
    except leases.LeaseLostError:
        # Slow, not dead: somebody else goes on, and has all it takes in the database.
        logger.warning("lease lost", destination=destination.pk)
        return 0
    finally:
        lease.release()


def _work_left(destination: Destination) -> bool:
    owed = Delivery.objects.filter(destination=destination, state__in=Delivery.OUTSTANDING)
    return owed.exists()


def _serve(lease: leases.Lease, lake: Lake) -> int:
    delivered = 0
    while (batch := batches.next_batch(lease)) is not None:
        try:
            _carry_out(batch, lease, lake)
        except leases.LeaseLostError:
            raise
        except Exception as error:
            # Whatever a disk or a table refuses is tried again later.
            logger.warning("batch failed", batch=str(batch), exc_info=True)
            batches.put_back(batch, lease, error)
            return delivered
        delivered += batches.finish(batch, lease)
    if not manifest.is_present(lake):
        manifest.write(lake)
    return delivered


def _carry_out(batch: Batch, lease: leases.Lease, lake: Lake) -> None:
    events = batches.payloads_of(batch)
    lake.append(batch.number, events)
    lease.renew()
    lake.apply(batch.number, events)
    lake.tidy(batch.number)
    lease.renew()
    manifest.write(lake)
