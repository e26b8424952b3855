"""Takes away what is of no use to anyone any more: sessions that ended, messages long delivered.

Nothing else is ever pruned. What is owed and what was given up stays until somebody looks at
it; deliveries to the platform (``catalog.sync``), acts and mails are records.
"""

import datetime as dt
from typing import Any

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now

from core.models import OutboxMessage

BATCH = 500  # rows in one transaction: nobody waits long for a lock
MOST_BATCHES = 100  # in one turn; the next turn goes on


def prune() -> dict[str, int]:
    """Delete in small batches, return how many rows of each kind; safe to repeat, and at once."""
    kept = dt.timedelta(days=settings.OUTBOX_KEEP_DAYS)
    return {
        "sessions": _delete(Session.objects.filter(expire_date__lt=Now())),
        "outbox": _delete(OutboxMessage.objects.filter(delivered_at__lt=Now() - kept)),
    }


def _delete(rows: QuerySet[Any]) -> int:
    deleted = 0
    for _turn in range(MOST_BATCHES):
        found = _delete_batch(rows)
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
