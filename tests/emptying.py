"""Empties the tables after a test that committed: what Django's flush does, in a tenth of the time.

The flush truncates a hundred tables, most of them empty, and lays down the vocabulary, the rules
and the permissions anew. Here only tables with rows are emptied, and what is laid down stays as
long as it is what it was; a test that changed it gets the flush.

A page that was open, or a thread, may still be at work when its test is over. It is waited for; and
should it take rows in another order than we do, it is let before and the emptying begins anew.
"""

import time
from collections.abc import Iterable
from typing import Any

from django.db import OperationalError, connection, transaction
from django.test import TransactionTestCase
from psycopg2.sql import SQL, Identifier, Literal

_flush = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]  # not in the stubs
PATIENCE = 20.0  # seconds others of the test may take to end what they are at
ATTEMPTS = 5  # a deadlock takes PostgreSQL a second to see, and there are few at work
_laid_down: dict[str, dict[str, str]] = {}  # of each database: its lasting tables and their sums


def quicken() -> None:
    """Have Django's tests empty the tables this way, where the tests' server lets them."""
    TransactionTestCase._fixture_teardown = _empty  # type: ignore[attr-defined]  # not in the stubs


def _empty(self: TransactionTestCase) -> None:
    name = connection.settings_dict["NAME"]
    _wait_for_others()
    known = _laid_down.get(name)
    if known is None or not _is_ours() or _sums(known) != known:
        _flush(self)
        _laid_down[name] = _sums(_with_rows(_tables()))
    elif touched := _with_rows(set(_tables()) - set(known)):
        delete_all(touched)


def delete_all(tables: Iterable[str]) -> None:
    """Delete every row of the tables, again where someone else's locks stand against ours."""
    # As replication does: no trigger keeps a record, no foreign key asks for an order.
    unwatched = "SET LOCAL session_replication_role = replica"
    deletions = [SQL("DELETE FROM {};").format(Identifier(table)) for table in tables]
    for attempt in range(1, ATTEMPTS + 1):
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(unwatched)
                cursor.execute(SQL(" ").join(deletions))
        except OperationalError:
            if attempt == ATTEMPTS:
                raise
        else:
            return


def end_other_sessions() -> None:
    """End what others hold of this database, and wait until they are gone: it is thrown away."""
    others = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT pg_terminate_backend(pid) {others}")
            if not cursor.fetchall():
                return
        time.sleep(0.05)


def _wait_for_others() -> None:
    """Wait until nobody else is inside a transaction of this database, or patience ends."""
    until = time.monotonic() + PATIENCE
    asked = (
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
        " AND pid <> pg_backend_pid() AND backend_type = 'client backend' AND state <> 'idle'"
    )
    while time.monotonic() < until:
        with connection.cursor() as cursor:
            cursor.execute(asked)
            if cursor.fetchone() == (0,):
                return
        time.sleep(0.05)


def _is_ours() -> bool:
    """Say whether triggers may be passed over: only a superuser may."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        return bool(cursor.fetchone() == (True,))


def _tables() -> list[str]:
    return sorted(connection.introspection.django_table_names(only_existing=False))


def _with_rows(tables: Iterable[str]) -> list[str]:
    asked = SQL("SELECT {} WHERE EXISTS (SELECT FROM {})")
    return [table for (table,) in _of_each(asked, tables)]


def _sums(tables: Iterable[str]) -> dict[str, str]:
    """Return for each table what changes when any of its rows does."""
    asked = SQL("SELECT {}, concat(count(*), '/', sum(hashtextextended(t::text, 0))) FROM {} t")
    return dict(_of_each(asked, tables))


def _of_each(asked: SQL, tables: Iterable[str]) -> list[Any]:
    parts = [asked.format(Literal(table), Identifier(table)) for table in tables]
    with connection.cursor() as cursor:
        cursor.execute(SQL(" UNION ALL ").join(parts))
        return list(cursor.fetchall())
