"""Signed documents without a database, and the verifier that is handed out, loaded as it is."""

import datetime as dt
import importlib.util
import json
import uuid
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings

from catalog.models import SigningKey, TechnologyVersion
from catalog.trust import credentials, multikey, proofs, verifying
from core.canonical import canonical_json, content_hash

PROGRAM = Path(settings.BASE_DIR) / "static" / "verify" / "verify_record.py"
NOON = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)
PRIVATE = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))

Document = dict[str, Any]


def program() -> Any:
    """Return the downloadable verifier as a module."""
    spec = importlib.util.spec_from_file_location("verify_record", PROGRAM)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


OFFLINE = program()


def public_of(private: Ed25519PrivateKey = PRIVATE) -> str:
    return multikey.of_public_key(private.public_key().public_bytes_raw())


def key(private: Ed25519PrivateKey = PRIVATE, **more: Any) -> SigningKey:
    began = NOON - dt.timedelta(days=1)
    return SigningKey(**{"public_key": public_of(private), "began_at": began, **more})


def content(**more: Any) -> Document:
    """Return a record with all a text can have in it: quotes, lines, Chinese, beyond the BMP."""
    return {
        "schema": "1",
        "number": "GBR-2026-0001",
        "state": "listed",
        "titles": {"en": 'A "membrane"\n\\ filter', "zh-hans": "膜生物反应器𠮷"},
        "applications_count": 12,
        "demonstration": True,
        "first_use_year": None,
        "cases": [],
        "listed_on": "2026-11-23",
        "valid_until": "2031-11-23",
        **more,
    }


def version(**more: Any) -> TechnologyVersion:
    said = content(**more)
    return TechnologyVersion(
        technology_id=uuid.UUID(int=7),
        number=3,
        content=said,
        content_hash=content_hash(said),
        published_at=NOON,
    )


def signed(
    document: Document | None = None, private: Ed25519PrivateKey = PRIVATE, at: dt.datetime = NOON
) -> Document:
    return proofs.signed(
        document or credentials.record(version()),
        private,
        method=credentials.method_of(public_of(private)),
        created=credentials.moment(at),
    )


def delisted(*states: str, at: dt.datetime = NOON, private: Ed25519PrivateKey = PRIVATE) -> bytes:
    """Return the signed list with the technology of ``version`` in it, once for each state."""
    rows = [
        {
            "id": f"urn:uuid:{uuid.UUID(int=7)}",
            "number": "GBR-2026-0001",
            "state": state,
            "since": credentials.moment(at),
        }
        for state in states
    ]
    return canonical_json(signed(credentials.delisted(rows, at=at, days=7), private, at))


def judged(content: bytes, *keys: SigningKey) -> str:
    """Return the problem of a record, "" without one, once both verifiers say the same."""
    document = json.loads(canonical_json(credentials.key_document(keys or [key()])))
    ours = verifying.judge(content, verifying.keys_of(document)).problem
    theirs, _document = OFFLINE.problem_of(content, OFFLINE.keys_of(document))
    assert (ours and ours.value) == theirs
    return theirs or ""
