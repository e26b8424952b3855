"""Canonical JSON (RFC 8785) and the hash taken of it: SHA-256, everywhere, from the first."""

import hashlib
from typing import Any

import rfc8785


def canonical_json(value: Any) -> bytes:
    """Return the one way to write ``value``: UTF-8, sorted keys, no spaces.

    Numbers that carry meaning are strings by then: a float would be rounded by the
    next reader.
    """
    return rfc8785.dumps(value)


def content_hash(value: Any) -> str:
    """Return the SHA-256 of the canonical JSON of ``value``, 64 hexadecimal digits."""
    return hashlib.sha256(canonical_json(value)).hexdigest()
