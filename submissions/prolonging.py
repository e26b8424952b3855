"""The closing time of an open activity moves: noted with its reason, told to everyone concerned."""

import datetime as dt
from typing import Any

from accounts.models import User
from accounts.roles import Level
from core import mail
from core.clock import database_now
from core.moments import written
from submissions.models import Activity, ClosingChange, Declaration
from submissions.states import Status

UNCONCERNED = (Status.REJECTED, Status.WITHDRAWN)


def move_closing(activity: Activity, before: dt.datetime, *, reason: str, actor: Any) -> None:
    """Note a change that was just made, and owe the mails; in the transaction that made it."""
    ClosingChange.objects.create(
        activity=activity,
        before=before,
        after=activity.closes_at,
        reason=reason,
        changed_at=database_now(),
        changed_by=actor,
    )
    words = {"before": written(before), "after": written(activity.closes_at), "reason": reason}
    for reader in concerned(activity):
        mail.write(
            "activity_closing_changed",
            to=reader.email,
            language=reader.language,
            context={"activity": activity, "reader": reader, **words},
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
