"""The one clock: the database's. A deadline must not depend on which machine asks."""

import datetime as dt

from django.db import connection


def database_now() -> dt.datetime:
    """Return the database's time, in UTC, as it ticks: not that of the transaction's beginning."""
    with connection.cursor() as cursor:
        cursor.execute("select clock_timestamp()")
        now: dt.datetime = cursor.fetchone()[0]
    return now.astimezone(dt.UTC)
