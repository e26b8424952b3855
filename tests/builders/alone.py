"""Somebody else who is at it: for what one does at a time."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from core.alone import key_of


@contextmanager
def somebody_else(what: str) -> Iterator[None]:
    """Let another process be the one that does ``what``."""
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("select pg_advisory_lock(%s, %s)", key_of(what))
        yield
        with other.cursor() as cursor:
            cursor.execute("select pg_advisory_unlock(%s, %s)", key_of(what))
    finally:
        other.close()
