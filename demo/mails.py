"""All mail the portal wrote, newest first, a page at a time."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from core.models import StoredMail

PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class Place:
    """The last mail of a page."""

    created_at: dt.datetime
    id: UUID

    def __str__(self) -> str:
        return f"{self.created_at.isoformat()},{self.id}"


def page(before: Place | None) -> tuple[list[StoredMail], Place | None]:
    """Return the mails after that place, and the place to go on from when there are more."""
    rows = StoredMail.objects.order_by("-created_at", "id")
    if before:
        older = Q(created_at__lt=before.created_at)
        rows = rows.filter(older | Q(created_at=before.created_at, id__gt=before.id))
    found = list(rows[: PER_PAGE + 1])
    if len(found) <= PER_PAGE:
        return found, None
    last = found[PER_PAGE - 1]
    return found[:PER_PAGE], Place(last.created_at, last.id)
