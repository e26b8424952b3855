"""Empties the tables after a test that committed: what Django's flush does, in a tenth of the time.

The flush truncates a hundred tables, most of them empty, and lays down the vocabulary, the rules
and the permissions anew. Here only tables with rows are emptied, and what is laid down stays as
long as it is what it was; a test that changed it gets the flush.
"""

from collections.abc import Iterable
from typing import Any

from django.db import connection
from django.test import TransactionTestCase
from psycopg2.sql import SQL, Identifier, Literal

_flush = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]  # not in the stubs
_laid_down: dict[str, dict[str, str]] = {}  # of each database: its lasting tables and their sums


def quicken() -> None:
    """Have Django's tests empty the tables this way, where the tests' server lets them."""
    TransactionTestCase._fixture_teardown = _empty  # type: ignore[attr-defined]  # not in the stubs


def _empty(self: TransactionTestCase) -> None:
    name = connection.settings_dict["NAME"]
    known = _laid_down.get(name)
    if known is None or not _is_ours() or _sums(known) != known:
        _flush(self)
        _laid_down[name] = _sums(_with_rows(_tables()))
    elif touched := _with_rows(set(_tables()) - set(known)):
        # As replication does: no trigger keeps a record, no foreign key asks for an order.
        begin = SQL("BEGIN; SET LOCAL session_replication_role = replica; {} COMMIT")
        deletions = [SQL("DELETE FROM {};").format(Identifier(table)) for table in touched]
        with connection.cursor() as cursor:
            cursor.execute(begin.format(SQL(" ").join(deletions)))


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
