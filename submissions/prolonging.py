"""The closing of an open activity moves: noted with its reason, told to everyone concerned.

The closing is the time and the grace after it: both decide what is taken. What is owed is one
message, whatever the number of readers; a worker writes the mails, so that no officer waits for
them and no submission for the officer.
"""

import datetime as dt
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction

from accounts.models import User
from accounts.roles import Level
from core import mail, outbox
from core.clock import database_now
from core.moments import written
from submissions.models import Activity, ClosingChange, Declaration
from submissions.states import Status

TOPIC = "submissions.closing_moved"
TEMPLATE = "activity_closing_changed"
BATCH = 100  # mails written in one transaction
UNCONCERNED = (Status.REJECTED, Status.WITHDRAWN)


_effects: list[Callable[[Activity], None]] = []


def then(effect: Callable[[Activity], None]) -> None:
    """Let a higher app refuse a closing by what it announced; called once, from its ready()."""
    _effects.append(effect)


def ask_whether_it_moves(activity: Activity) -> None:
    """Raise DomainError where a higher app announced dates that the new closing passes."""
    for effect in _effects:
        effect(activity)


def move_closing(
    activity: Activity, before: tuple[dt.datetime, int], *, reason: str, actor: Any
) -> None:
    """Note a change that was just made, from a time and minutes of grace, and owe the mails."""
    closes_at, grace = before
    change = ClosingChange.objects.create(
        activity=activity,
        before=closes_at,
        after=activity.closes_at,
        grace_before=grace,
        grace_after=activity.grace_minutes,
        reason=reason,
        changed_at=database_now(),
        changed_by=actor,
    )
    outbox.enqueue(TOPIC, {"change": str(change.pk)})


def tell(payload: dict[str, Any]) -> None:
    """Write the mails of a change; called again, only those that were not written yet."""
    change = ClosingChange.objects.select_related("activity").get(pk=UUID(payload["change"]))
    everyone = concerned(change.activity)
    for start in range(0, len(everyone), BATCH):
        readers = everyone[start : start + BATCH]
        with transaction.atomic():
            known = mail.written_of(uuid5(change.pk, str(one.pk)) for one in readers)
            for reader in readers:
                key = uuid5(change.pk, str(reader.pk))
                if key not in known:
                    _write(change, reader, key)


def _write(change: ClosingChange, reader: User, key: UUID) -> None:
    mail.write(
        TEMPLATE,
        to=reader.email,
        language=reader.language,
        context={
            "activity": change.activity,
            "reader": reader,
            "change": change,
            "before": written(change.before),
            "after": written(change.after),
        },
        key=key,
    )


def concerned(activity: Activity) -> list[User]:
    """Return who edits or owns a declaration there, each once, however many they have."""
    declaring = Declaration.objects.filter(activity=activity).exclude(status__in=UNCONCERNED)
    return list(
        User.objects.filter(
            is_active=True,
            memberships__level__in=(Level.EDIT, Level.OWN),
            memberships__organisation__in=declaring.values("organisation"),
        )
        .distinct()
        .order_by("joined_at", "pk")
    )
