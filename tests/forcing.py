"""Moving a row into a state by raw SQL, and what PostgreSQL says to it."""

from typing import Any

from django.db import DatabaseError, connection, transaction

from core.lifecycle import edges
from core.workflow import Workflow


def force(flow: Workflow[Any], pk: Any, state: str) -> None:
    """Move a row along legal edges by raw SQL, for states the builders do not reach."""
    current = flow.model._default_manager.values_list("status", flat=True).get(pk=pk)
    for step in _way(flow, current, state):
        _update(flow, pk, step)


def _way(flow: Workflow[Any], start: str, goal: str) -> list[str]:
    ways: list[list[str]] = [[start]]
    for way in ways:
        if way[-1] == goal:
            return way[1:]
        ways += [[*way, b] for a, b in edges(flow.lifecycle) if a == way[-1] and b not in way]
    raise LookupError(f"{flow.lifecycle.object}: no way from {start} to {goal}")


def _update(flow: Workflow[Any], pk: Any, state: str) -> None:
    meta = flow.model._meta
    with connection.cursor() as cursor:
        cursor.execute(
            f'update "{meta.db_table}" set status = %s where "{meta.pk.column}" = %s',  # noqa: S608 -- names of our own models
            [state, str(pk)],
        )


def sql_accepts(flow: Workflow[Any], pk: Any, state: str) -> bool:
    """Try to set the status by raw SQL, and take it back."""
    try:
        with transaction.atomic():
            _update(flow, pk, state)
            transaction.set_rollback(True)
    except DatabaseError:
        return False
    return True
