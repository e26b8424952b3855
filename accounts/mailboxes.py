"""Mailboxes of people without an account: whose an address is, and one after the other."""

import hashlib

from django.db import connection


def mailbox_of(address: str) -> str:
    """Return an address without what stands behind a plus: it reaches the same person."""
    local, _at, domain = address.partition("@")
    return f"{local.partition('+')[0]}@{domain}"


def one_at_a_time(mailbox: str, space: int) -> None:
    """Let who sends from one mailbox at once be counted one after the other, until the commit.

    ``space``: of the advisory locks, one for each thing that is sent.
    """
    key = int.from_bytes(hashlib.sha256(mailbox.encode()).digest()[:4], signed=True)
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s, %s)", [space, key])
