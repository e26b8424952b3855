"""What the tests of the engines need: several at once, and something with a life."""

import datetime as dt
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import connection
from django.utils import timezone

from core.errors import DomainError
from submissions.models import Activity, DeclarationScheme


def at_once(*jobs: Callable[[], Any]) -> list[Any]:
    """Run each job in a thread with a connection of its own; return results or exceptions."""
    barrier = Barrier(len(jobs))

    def run(job: Callable[[], Any]) -> Any:
        try:
            barrier.wait(timeout=30)
            return job()
        except Exception as error:  # noqa: BLE001 -- what happened is the result
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(run, jobs))


def outcomes_of(*acts: Callable[[], Any]) -> list[str]:
    """Let acts begin at once; return, in order of the words, "done" or the refusal of each."""
    found = at_once(*acts)
    for one in found:
        if isinstance(one, Exception) and not isinstance(one, DomainError | PermissionDenied):
            raise one
    return sorted(type(one).__name__ if isinstance(one, Exception) else "done" for one in found)


def waiting() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("select pg_stat_clear_snapshot()")
        cursor.execute(
            "select count(*) from pg_stat_activity"
            " where datname = current_database() and wait_event_type = 'Lock'"
        )
        (count,) = cursor.fetchone()
        return bool(count)


def until_it_waits() -> None:
    """Return as soon as somebody waits for a lock of this database."""
    for _turn in range(3000):
        if waiting():
            return
        time.sleep(0.01)
    raise AssertionError("nobody waits")


def something_with_a_life(code: str = "round-1") -> Activity:
    """Return an activity in preparation, made without the services of its app."""
    scheme, _made = DeclarationScheme.objects.get_or_create(
        code="any", version=1, defaults={"names": {"en": "Any"}, "sections": []}
    )
    now = timezone.now()
    return Activity.objects.create(
        code=code,
        titles={"en": "Round"},
        notices={"en": "Notice"},
        scheme=scheme,
        opens_at=now,
        closes_at=now + dt.timedelta(days=30),
    )
