"""A load that is killed in the middle: the next one goes on, and nothing is there twice."""

import pytest
from django.db import connection, transaction
from django.utils import timezone

from demo.loader import load
from evaluation.figures import computing
from evaluation.figures.asking import LEASE
from tests.builders import clock
from tests.demo.small import end_state, small_plan

# A claim outlives its worker, and the next one says that it begins again.
BEGUN_AGAIN = ("statistic run.begin", "statistic run", "computing", "computing", None)
# What took longer than the officer waits at the page is told by a mail.
TOLD = (
    "officer@demo.example",
    "The figures of “Demonstration round one: closed and listed” are ready",
)


class Killed(BaseException):
    """The process is gone: nothing of its own runs any more."""


class Killer:
    """Ends the load at a query, as a kill would: what was not committed is gone."""

    def __init__(self, at):
        self.left = at

    def __call__(self, execute, sql, params, many, context):
        self.left -= 1
        if self.left == 0:
            raise Killed
        return execute(sql, params, many, context)


def load_killed_every(queries):
    """Load again and again, each time killed after so many queries; return how often."""
    for kills in range(1000):
        killer = Killer(queries)
        try:
            with connection.execute_wrapper(killer):
                load(small_plan())
        except Killed:
            continue
        return kills
    raise AssertionError("the load never ends")


@pytest.mark.django_db
def test_load_that_is_killed_again_and_again_ends_in_the_same_state():
    with transaction.atomic():
        load(small_plan())
        uninterrupted = end_state()
        transaction.set_rollback(True)

    kills = load_killed_every(613)

    assert kills >= 8
    with clock.stopped(timezone.now() + LEASE):
        computing.compute_owed()  # where a kill left figures half computed, the worker goes on
    ended = end_state()
    del ended["AuditEntry"][BEGUN_AGAIN], ended["StoredMail"][TOLD]
    assert {n: ended[n] - rows for n, rows in uninterrupted.items() if ended[n] != rows} == {}
    assert ended == uninterrupted
