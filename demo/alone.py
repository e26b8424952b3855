"""One at a time: the load is started by the launcher and by hand, and both may be at it."""

import zlib
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

SPACE = 731010  # of the advisory locks of the demonstration


@contextmanager
def alone(what: str) -> Iterator[None]:
    """Wait for whoever does the same in another process. A killed one holds nothing up."""
    key = [SPACE, zlib.crc32(what.encode()) - 2**31]
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_lock(%s, %s)", key)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_unlock(%s, %s)", key)
