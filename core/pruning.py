"""Takes away what is of no use to anyone any more.

Sessions that ended, messages long delivered, and counts of the cache that ran out: Django's
cache in the database deletes those only once it is full.

Apps add their own (``register``): files that were never sent to their end.

Nothing else is ever pruned. What is owed and what was given up stays until somebody looks at
it; deliveries to the platform (``catalog.sync``), acts and mails are records.
"""

import datetime as dt
from collections.abc import Callable
from functools import partial
from typing import Any

from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.cache import caches
from django.core.cache.backends.db import BaseDatabaseCache
from django.db import connection, transaction
from django.db.models import QuerySet
from django.db.models.functions import Now

from core.models import OutboxMessage

BATCH = 500  # rows in one transaction: nobody waits long for a lock
MOST_BATCHES = 100  # in one turn; the next turn goes on
_registered: dict[str, Callable[[], int]] = {}


def register(name: str, take_away: Callable[[], int]) -> None:
    """Let an app take away what is of no use there; it returns how many. Called from ready()."""
    _registered[name] = take_away


def prune() -> dict[str, int]:
    """Delete in small batches, return how many rows of each kind; safe to repeat, and at once.

    What fails stops nothing else; at the end it is raised, so that the task shows it.
    """
    kept = dt.timedelta(days=settings.OUTBOX_KEEP_DAYS)
    ours: dict[str, Callable[[], int]] = {
        "sessions": lambda: delete_rows(Session.objects.filter(expire_date__lt=Now())),
        "outbox": lambda: delete_rows(OutboxMessage.objects.filter(delivered_at__lt=Now() - kept)),
        "cache": lambda: sum(_delete(partial(_delete_counts, one)) for one in _cache_tables()),
    }
    deleted: dict[str, int] = {}
    failed: list[Exception] = []
    for name, take_away in {**ours, **_registered}.items():
        try:
            deleted[name] = take_away()
        except Exception as error:  # noqa: BLE001 -- whatever it is, the others go on; raised below
            failed.append(error)
    if failed:
        raise ExceptionGroup("not everything was pruned", failed)
    return deleted


def _cache_tables() -> list[str]:
    kept = (one for one in caches.all() if isinstance(one, BaseDatabaseCache))
    return sorted({one.cache_model_class._meta.db_table for one in kept})


def delete_rows(rows: QuerySet[Any]) -> int:
    """Delete rows batch by batch; return how many."""
    return _delete(partial(_delete_batch, rows))


def _delete(batch: Callable[[], int]) -> int:
    deleted = 0
    for _turn in range(MOST_BATCHES):
        found = batch()
        deleted += found
        if found < BATCH:
            break
    return deleted


@transaction.atomic
def _delete_batch(rows: QuerySet[Any]) -> int:
    # What another worker is deleting is skipped, not waited for.
    locked = rows.order_by("pk").select_for_update(skip_locked=True, no_key=True)
    keys = list(locked.values_list("pk", flat=True)[:BATCH])
    found: int = rows.model._default_manager.filter(pk__in=keys).delete()[0]
    return found


def _delete_counts(table: str) -> int:
    # No model has this table; Django makes it (createcachetable), quoted as here.
    name = connection.ops.quote_name(table)
    with connection.cursor() as cursor:
        cursor.execute(
            # An array is gathered once; "IN (SELECT … LIMIT …)" may be asked again for every row.
            f"DELETE FROM {name} WHERE cache_key = ANY(ARRAY(SELECT cache_key FROM {name}"  # noqa: S608 -- the name is of the settings
            " WHERE expires < now() ORDER BY cache_key LIMIT %s FOR UPDATE SKIP LOCKED))",
            [BATCH],
        )
        return int(cursor.rowcount)
