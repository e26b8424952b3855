"""The signed list of what is not listed any more: made when it is asked for, kept while it is true.

It is made anew when a listing changed, and once a day at least, so that whoever fetches it can
rely on it, without a connection, for nearly all of ``DELISTED_FRESH_DAYS``.
"""

import hashlib
import time
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import transaction

from catalog.models import SigningKey, Technology
from catalog.states import TechnologyStatus
from catalog.trust import credentials, signing
from catalog.version import version_now
from core.canonical import canonical_json
from core.clock import database_now

REMADE = 24 * 60 * 60  # seconds
ENDED = sorted(frozenset(TechnologyStatus) - {TechnologyStatus.LISTED})


def name_now() -> str:
    """Return what the list of now is called: otherwise as soon as the catalogue changes.

    "" within a transaction that changed something: its list is of nobody else's concern.
    """
    version = version_now()
    if version.pending:
        return ""
    key = SigningKey.objects.filter(ended_at=None).values_list("pk", flat=True).first()
    day = int(time.time()) // REMADE
    parts = (version.change, key, settings.DELISTED_FRESH_DAYS, settings.PORTAL_ORIGIN, day)
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:32]


def signed_list(name: str) -> bytes:
    """Return the list of a name as canonical JSON; KeyMissingError where it cannot be signed."""
    known: bytes | None = cache.get(f"delisted:{name}") if name else None
    if known is None:
        known = _made()
        if name:
            cache.set(f"delisted:{name}", known, REMADE)
    return known


@transaction.atomic
def _made() -> bytes:
    at, days = database_now(), settings.DELISTED_FRESH_DAYS
    document, _key = signing.signed_document(credentials.delisted(_rows(), at=at, days=days))
    return canonical_json(document)


def _rows() -> list[dict[str, Any]]:
    gone = Technology.objects.filter(status__in=ENDED).order_by("number")
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
