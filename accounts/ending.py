"""Sessions of an erased person: worth nothing at once, taken away afterwards by a worker.

What lies in a session can tell who it was, and only reading all of them finds those of a person:
too long for the locks of an erasure. A sign-in that still waits for its second factor, or for
the confirmation of its address, is one too.
"""

from typing import Any

from allauth.account.internal.stagekit import LOGIN_SESSION_KEY
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.utils.crypto import salted_hmac

from accounts.models import User

TOPIC = "accounts.end_sessions"
BATCH = 500


def payload(user: User, addresses: set[str]) -> dict[str, Any]:
    """Say whose sessions go; of the addresses a keyed hash only, for messages are kept a while."""
    return {"account": str(user.pk), "addresses": sorted(map(_hash, addresses))}


def end_sessions(payload: dict[str, Any]) -> None:
    """Delete every session of the person; safe to repeat."""
    addresses = set(payload["addresses"])
    for session in Session.objects.order_by("pk").iterator(chunk_size=BATCH):
        if _tells_of(session.get_decoded(), payload["account"], addresses):
            session.delete()


def _tells_of(data: dict[str, Any], account: str, addresses: set[str]) -> bool:
    waiting = data.get(LOGIN_SESSION_KEY) or {}
    if account in (data.get(SESSION_KEY), waiting.get("user_pk")):
        return True
    return bool(waiting.get("email")) and _hash(waiting["email"]) in addresses


def _hash(address: str) -> str:
    return salted_hmac("accounts.ending", address.lower()).hexdigest()
