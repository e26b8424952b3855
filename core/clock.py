"""The one clock: the database's. A deadline must not depend on which machine asks.

PostgreSQL answers by the function ``portal_clock()`` (migration 0003): clock_timestamp(), which
ticks within a transaction. A test replaces that one function, and nothing else.
"""

import datetime as dt

from django.db import connection
from django.db.models import DateTimeField, Func


class PortalNow(Func):
    """The same within a query."""

    function = "portal_clock"
    arity = 0
    output_field = DateTimeField()


def database_now() -> dt.datetime:
    """Return the database's time, in UTC, as it ticks: not that of the transaction's beginning."""
    with connection.cursor() as cursor:
        cursor.execute("select portal_clock()")
        now: dt.datetime = cursor.fetchone()[0]
    return now.astimezone(dt.UTC)
