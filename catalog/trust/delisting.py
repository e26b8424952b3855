"""The signed list of what is not listed any more: made when it is asked for, kept while it is true.

It is made anew when a listing changed, and once a day at least, so that whoever fetches it can
rely on it, without a connection, for nearly all of ``DELISTED_FRESH_DAYS``.
"""

from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.db.models import Count, Max, Q, Sum

from catalog.models import SigningKey, Technology
from catalog.states import TechnologyStatus
from catalog.trust import credentials, signing
from core.canonical import canonical_json
from core.clock import database_now

REMADE = 24 * 60 * 60  # seconds


def signed_list() -> bytes:
    """Return the list as canonical JSON; KeyMissingError where it cannot be signed."""
    name = _name()
    known: bytes | None = cache.get(name)
    if known is None:
        known = _made()
        cache.set(name, known, REMADE)
    return known


def _name() -> str:
    """Return what the list is kept as: another name as soon as another technology is in it."""
    gone = ~Q(status=TechnologyStatus.LISTED)
    facts = Technology.objects.filter(gone).aggregate(Count("pk"), Sum("seq"), Max("changed_at"))
    key = SigningKey.objects.filter(ended_at=None).values_list("pk", flat=True).first()
    parts = [*facts.values(), key, settings.DELISTED_FRESH_DAYS, settings.PORTAL_ORIGIN]
    return "delisted:" + ":".join(str(part).replace(" ", "_") for part in parts)


@transaction.atomic
def _made() -> bytes:
    at, days = database_now(), settings.DELISTED_FRESH_DAYS
    document, _key = signing.signed_document(credentials.delisted(_rows(), at=at, days=days))
    return canonical_json(document)


def _rows() -> list[dict[str, Any]]:
    gone = Technology.objects.exclude(status=TechnologyStatus.LISTED).order_by("number")
    return [
        {
            "id": f"urn:uuid:{pk}",
            "number": number,
            "state": status,
            "since": credentials.moment(changed_at),
        }
        for pk, number, status, changed_at in gone.values_list(
            "pk", "number", "status", "changed_at"
        )
    ]
