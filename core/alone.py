"""One runner at a time: the clock asks again while the run before may still be at it."""

import zlib
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

SPACE = 731035  # of the advisory locks of what one at a time does


def key_of(what: str) -> list[int]:
    return [SPACE, zlib.crc32(what.encode()) - 2**31]


@contextmanager
def alone(what: str) -> Iterator[bool]:
    """Say whether nobody else is at it; nobody waits, and one that is killed holds nothing up."""
    key = key_of(what)
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_lock(%s, %s)", key)
        mine = bool(cursor.fetchone()[0])
    try:
        yield mine
    finally:
        if mine:
            with connection.cursor() as cursor:
                cursor.execute("select pg_advisory_unlock(%s, %s)", key)
