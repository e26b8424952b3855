"""The outbox: side effects are rows first, calls second.

``enqueue`` runs inside the transaction of the change that owes the effect; ``deliver_due``
runs in Celery workers, as many as you like. Delivery is at least once, so a handler must be
safe to repeat. The worker is woken after the commit by a hint and, hint or not, by the clock.
"""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import structlog
from django.db import transaction
from django.db.models import F, Min
from django.db.models.functions import Now

from core.clock import database_now
from core.models import OutboxMessage
from core.wakeup import wake

logger = structlog.get_logger(__name__)

Handler = Callable[[dict[str, Any]], None]

MAX_ATTEMPTS = 12
LEASE = dt.timedelta(minutes=5)  # longer than any handler's time-out
LONGEST_WAIT = dt.timedelta(hours=6)
ADDRESS = re.compile(r"[^\s<>()\[\]{}'\",;:]+@[^\s<>()\[\]{}'\",;:]+")
_handlers: dict[str, Handler] = {}


class Down(Exception):  # noqa: N818 -- it says what is
    """Raised by a handler when nobody answers there: others of its topic would only wait too."""


def register(topic: str, handler: Handler) -> None:
    """Name the function that carries out ``topic``; called once, from an app's ready()."""
    _handlers[topic] = handler


def enqueue(topic: str, payload: dict[str, Any]) -> OutboxMessage:
    """Owe an effect. It exists exactly if the surrounding transaction commits."""
    if topic not in _handlers:
        raise LookupError(f"nobody handles {topic}")
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("enqueue() needs the transaction of the change it reports")
    transaction.on_commit(lambda: wake("core.deliver_outbox"))
    return OutboxMessage.objects.create(topic=topic, payload=payload, available_at=Now())


def oldest_wait() -> float:
    """Return how many seconds the oldest undelivered message has waited; 0 when none does."""
    waiting = OutboxMessage.objects.filter(delivered_at=None, given_up_at=None)
    since = waiting.aggregate(since=Min("created_at"))["since"]
    return (database_now() - since).total_seconds() if since else 0.0


def deliver_due(*, limit: int = 50) -> int:
    """Deliver up to ``limit`` messages and return how many were tried.

    A topic that is down is left alone for the rest of the turn: one foreign server that hangs
    does not hold up the mails.
    """
    down: set[str] = set()
    for tried in range(limit):
        message = _claim(down)
        if message is None:
            return tried
        if isinstance(_deliver(message), Down):
            down.add(message.topic)
    return limit


@transaction.atomic
def _claim(down: set[str]) -> OutboxMessage | None:
    """Lease the oldest due message. If this worker dies, the lease runs out."""
    message = (
        OutboxMessage.objects.select_for_update(skip_locked=True, no_key=True)
        .filter(delivered_at=None, given_up_at=None, available_at__lte=Now())
        .exclude(topic__in=down)
        .order_by("available_at", "id")
        .first()
    )
    if message:
        message.attempts += 1
        message.available_at = database_now() + LEASE
        message.save(update_fields=["attempts", "available_at"])
    return message


def _deliver(message: OutboxMessage) -> Exception | None:
    """Carry out what is owed; return what went wrong."""
    # No transaction is open here: a slow mail server must not hold locks.
    try:
        _handlers[message.topic](message.payload)
    except Exception as error:
        logger.warning("outbox message failed", id=message.pk, topic=message.topic, exc_info=True)
        _put_back(message, error)
        return error
    OutboxMessage.objects.filter(pk=message.pk).update(delivered_at=Now())
    return None


def _put_back(message: OutboxMessage, error: Exception) -> None:
    wait = min(dt.timedelta(seconds=15) * 2**message.attempts, LONGEST_WAIT)
    given_up = message.attempts >= MAX_ATTEMPTS
    OutboxMessage.objects.filter(pk=message.pk).update(
        # A mail server repeats whom it refuses; staff read this.
        last_error=ADDRESS.sub("…", repr(error))[:2000],
        available_at=Now() + wait,
        given_up_at=Now() if given_up else F("given_up_at"),
    )
