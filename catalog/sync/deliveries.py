"""What is owed to the destinations: one row per event and destination, with the change itself."""

import datetime as dt

from django.db import transaction
from django.db.models import Min

from catalog.models import Delivery, Destination, Technology
from catalog.sync import payloads
from core.clock import database_now
from core.wakeup import wake

DRAIN = "catalog.sync.drain"


def announce(technology: Technology, kind: str, *, at: dt.datetime) -> None:
    """Owe an event to every destination, a paused one too, in the transaction of the change.

    The caller holds the lock of the technology's row and has raised ``seq`` under it, so the
    order of events is the order of commits. Nothing here waits for anybody.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("an event is announced in the transaction of the change it reports")
    event = payloads.Event(
        type=kind,
        technology=technology.pk,
        at=at,
        epoch=technology.epoch,
        seq=technology.seq,
        content_hash=technology.content_hash,
        record=technology.content,
    )
    Delivery.objects.bulk_create(
        Delivery(
            destination=destination,
            aggregateid=technology.pk,
            type=kind,
            event_id=event.id,
            payload=payloads.envelope(event),
            epoch=event.epoch,
            seq=event.seq,
            content_hash=event.content_hash,
            schema_version=payloads.SCHEMA_VERSION,
        )
        for destination in Destination.objects.order_by("code")
    )
    transaction.on_commit(lambda: wake(DRAIN))


def oldest_wait() -> float:
    """Return how many seconds the oldest undelivered event has waited; 0 when none does."""
    waiting = Delivery.objects.filter(state__in=Delivery.OUTSTANDING)
    since = waiting.aggregate(since=Min("created_at"))["since"]
    return (database_now() - since).total_seconds() if since else 0.0


def outstanding() -> int:
    """Count what has not arrived yet."""
    return Delivery.objects.filter(state__in=Delivery.OUTSTANDING).count()
