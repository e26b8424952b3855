"""Who else has a page of this declaration open: so that two do not write one text unawares."""

import datetime as dt
from typing import Any

from django.db.models.functions import Now

from accounts.models import User
from submissions.models import Declaration, Presence
from submissions.reading import place

# The page tells of itself every 20 seconds; who was silent for three turns is gone.
GONE_AFTER = dt.timedelta(seconds=60)


def note_presence(declaration: Declaration, section: str, person: User) -> None:
    """Note that ``person`` has the page of ``section`` open now."""
    Presence.objects.bulk_create(
        [Presence(declaration=declaration, person=person, section=section, seen_at=Now())],
        update_conflicts=True,
        unique_fields=["declaration", "person"],
        update_fields=["section", "seen_at"],
    )


def colleagues(declaration: Declaration, person: User) -> list[dict[str, Any]]:
    """Name the others who have a page open, and which: ``{"name", "section", "place"}``."""
    rows = Presence.objects.filter(declaration=declaration, seen_at__gt=Now() - GONE_AFTER)
    scheme = declaration.activity.scheme.load()
    return [
        {"name": name, "section": section, "place": place(scheme, section)}
        for name, section in rows.exclude(person=person)
        .order_by("person__name", "pk")
        .values_list("person__name", "section")
    ]
