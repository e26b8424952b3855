"""The portal's clock, stopped: the one SQL function that every deadline asks."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

TICKING = "SELECT clock_timestamp()"


def stop(at: dt.datetime) -> None:
    """Let the database say that it is ``at``; a test's own transaction forgets it at its end."""
    _replace(f"SELECT timestamptz '{at.isoformat()}'")


def tick() -> None:
    """Let it go on by the machine's own."""
    _replace(TICKING)


def _replace(body: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE OR REPLACE FUNCTION portal_clock() RETURNS timestamptz"
            " LANGUAGE sql VOLATILE AS %s",
            [body],
        )


@contextmanager
def stopped(at: dt.datetime) -> Iterator[None]:
    """Stop the clock where transactions are real, and let it tick again afterwards."""
    stop(at)
    try:
        yield
    finally:
        _replace(TICKING)
