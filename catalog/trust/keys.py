"""The portal's signing keys: a private half in a file, the public half in a row for ever.

Who signs holds a shared lock until its transaction ends, who rotates waits for all of them: no
signature of the old key comes in after the key was given up. Who rotates asks again and again, and
stands in no queue: whoever signs next would wait behind it, perhaps holding what the first needs.
"""

import datetime as dt
import os
import time
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from django.conf import settings
from django.db import connection, transaction

from catalog.models import SigningKey
from catalog.trust import multikey
from core import audit
from core.clock import database_now
from core.errors import DomainError

_SIGNING_LOCK, _FIRST_LOCK = 731005, 731006
PATIENCE, PAUSE = 60.0, 0.02  # seconds


class KeyMissingError(Exception):
    """The file of the key in use is not there, is not that key, or cannot be written.

    The text says what to do.
    """


def current() -> tuple[SigningKey, Ed25519PrivateKey]:
    """Return the key in use with its private half, making the first; within a transaction."""
    _lock("pg_advisory_xact_lock_shared", _SIGNING_LOCK)
    key = _in_use() or _first()
    return key, private_half(key)


@transaction.atomic
def rotate(*, compromised: str | None = None, public_key: str = "") -> SigningKey:
    """Give up the key in use, or the one named, and return the one that is in use then.

    ``compromised`` says what happened: all that was signed with the key has to be signed anew
    (``catalog.trust.signing.sign_missing``). A key given up before can still be compromised.
    """
    if compromised is not None and not compromised.strip():
        raise DomainError("Say what happened to the key: the reason is empty.")
    _wait_for_who_signs()
    key, now = _named(public_key) if public_key else _in_use(), database_now()
    if key is not None:
        _refuse_idle(key, compromised)
        _give_up(key, now, compromised)
        audit.record(
            "signing key.compromised" if compromised else "signing key.rotated",
            audit.Subject("signing key", str(key.pk)),
            actor=None,
            reason=compromised or "",
            details={"public_key": key.public_key},
        )
    return _in_use() or _begin()


def _wait_for_who_signs() -> None:
    until = time.monotonic() + PATIENCE
    while not _lock("pg_try_advisory_xact_lock", _SIGNING_LOCK):
        if time.monotonic() > until:
            raise DomainError("Records are being signed all the time. Try again later.")
        time.sleep(PAUSE)


def _give_up(key: SigningKey, now: dt.datetime, compromised: str | None) -> None:
    changed: dict[str, Any] = {} if key.ended_at else {"ended_at": now}
    if compromised:
        changed |= {"compromised_at": now, "compromised_because": compromised}
    for name, value in changed.items():
        setattr(key, name, value)
    key.save(update_fields=list(changed))


def private_half(key: SigningKey) -> Ed25519PrivateKey:
    path = _file(key.public_key)
    try:
        private = load_pem_private_key(path.read_bytes(), password=None)
    except (OSError, ValueError) as error:
        raise KeyMissingError(_missing(path)) from error
    if not isinstance(private, Ed25519PrivateKey) or _public(private) != key.public_key:
        raise KeyMissingError(_missing(path))
    return private


def _missing(path: Path) -> str:
    return (
        f"The private half of the signing key in use is not at {path}. Put the file back from "
        "your backup of that folder and run sign_versions. If it is lost, run "
        "rotate_signing_key; if somebody else may have it, run rotate_signing_key "
        "--compromised REASON. Both sign what has no valid signature."
    )


def _in_use() -> SigningKey | None:
    return SigningKey.objects.filter(ended_at=None).first()


def _named(public_key: str) -> SigningKey:
    key = SigningKey.objects.filter(public_key=public_key).first()
    if key is None:
        raise DomainError(f"{public_key} is no key of this portal.")
    return key


def _refuse_idle(key: SigningKey, compromised: str | None) -> None:
    if key.compromised_at is not None:
        raise DomainError("This key is known to be compromised already.")
    if key.ended_at is not None and not compromised:
        raise DomainError("This key is not in use any more.")


def _first() -> SigningKey:
    # Two who publish the first record at once: the second finds the key of the first.
    _lock("pg_advisory_xact_lock", _FIRST_LOCK)
    return _in_use() or _begin()


def _begin() -> SigningKey:
    private = Ed25519PrivateKey.generate()
    public = _public(private)
    path = _file(public)
    try:
        _write(path, private)
    except OSError as error:
        raise KeyMissingError(
            f"A new signing key could not be written to {path.parent}: {error.strerror}. Let the "
            "portal write to that folder, see that the disk has room, and run sign_versions."
        ) from error
    key = SigningKey.objects.create(public_key=public, began_at=database_now())
    audit.record(
        "signing key.begun",
        audit.Subject("signing key", str(key.pk)),
        actor=None,
        details={"public_key": public},
    )
    return key


def _file(public_key: str) -> Path:
    return Path(settings.SIGNING_KEYS_DIR) / f"{public_key}.pem"


def _write(path: Path, private: Ed25519PrivateKey) -> None:
    """Write the file once and only for its owner; it is on the disk before the row is."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        file.flush()
        os.fsync(file.fileno())


def _public(private: Ed25519PrivateKey) -> str:
    raw = private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return multikey.of_public_key(raw)


def _lock(function: str, number: int) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s)", [number])
        return cursor.fetchone()[0]
