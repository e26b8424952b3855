"""One worker at a time serves a destination.

The lease is a mark on the destination's row, not a held lock: it costs no open transaction
while files are written. It runs out by the clock, and at once when the worker's connection to
the database has ended (``kill -9``). A worker that was stopped and wakes up later has lost it:
it can mark nothing any more, and the lake itself refuses its write (``catalog.sync.lake``).
"""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from catalog.models import Destination
from catalog.states import DestinationStatus

Values = dict[str, Any]

LENGTH = dt.timedelta(seconds=60)  # longer than any one write takes; renewed before each

# clock_timestamp(), for Now() stands still within a transaction.
_TAKE = """
    UPDATE catalog_destination
       SET lease_token = %(token)s,
           lease_until = clock_timestamp() + %(length)s,
           lease_backend = pg_backend_pid()
     WHERE code = %(code)s
       AND status = %(active)s
       AND (lease_until IS NULL
            OR lease_until < clock_timestamp()
            OR NOT EXISTS (SELECT 1 FROM pg_stat_activity WHERE pid = lease_backend))
"""
_RENEW = """
    UPDATE catalog_destination
       SET lease_until = clock_timestamp() + %(length)s, lease_backend = pg_backend_pid()
     WHERE code = %(code)s AND lease_token = %(token)s
"""


class LeaseLostError(Exception):
    """Somebody else serves the destination by now."""


@dataclass(frozen=True, slots=True)
class Lease:
    destination: Destination
    token: uuid.UUID

    def renew(self) -> None:
        """Go on for another while, or raise when the lease is somebody else's by now."""
        values: Values = {"length": LENGTH, "code": self.destination.pk, "token": self.token}
        with connection.cursor() as cursor:
            cursor.execute(_RENEW, values)
            if cursor.rowcount == 0:
                raise LeaseLostError(self.destination.pk)

    def hold(self) -> Destination:
        """Lock the destination's row for the rest of the transaction, as its present servant."""
        if not transaction.get_connection().in_atomic_block:
            raise RuntimeError("hold() needs a transaction")
        self.renew()
        return Destination.objects.get(pk=self.destination.pk)

    def release(self) -> None:
        Destination.objects.filter(pk=self.destination.pk, lease_token=self.token).update(
            lease_token=None, lease_until=None, lease_backend=None
        )


def take(destination: Destination) -> Lease | None:
    """Take the lease; None when the destination is paused or somebody serves it."""
    token = uuid.uuid4()
    values: Values = {
        "token": token,
        "length": LENGTH,
        "code": destination.pk,
        "active": DestinationStatus.ACTIVE,
    }
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, values)
        return Lease(destination, token) if cursor.rowcount else None
