"""Pages of the figures of an activity of 1,000 declarations

What is measured stands in a transaction that is rolled back: nothing of it stays.
"""

import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext, override_settings
from django.urls import reverse

from benchmarks.report import Rows
from evaluation.figures.bench import flips_of, inputs_of
from evaluation.models import StatisticRun
from tests.builders import accounts, figures

TIMES = 5
PAGES = ("figures", "experts", "bench")


def run(full: bool) -> Rows:
    """Measure with 100 declarations of 30 experts, ``full``: 1,000 of 150; five sheets each."""
    declarations, experts = (1000, 150) if full else (100, 30)
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    chosen = {"STORAGES": {**settings.STORAGES, "staticfiles": plain}}
    with override_settings(ALLOWED_HOSTS=["testserver"], **chosen), transaction.atomic():
        activity = figures.activity(declarations=declarations, experts=experts, each=5)
        rows = _measured(activity, declarations)
        transaction.set_rollback(True)
    return rows


def _measured(activity: Any, declarations: int) -> Rows:
    asked: list[StatisticRun] = []
    rows = [
        _row("ask", declarations, lambda: asked.append(figures.asked(activity, points="75")), 1),
        _row("compute", declarations, lambda: figures.compute_run(asked[0].pk), 1),
    ]
    made = asked[0]
    made.refresh_from_db()
    client = accounts.signed_in(accounts.officer())
    for name in PAGES:
        address = reverse(f"admin:evaluation_statisticrun_{name}", args=[made.pk])
        rows.append(_row(f"page: {name}", declarations, lambda at=address: client.get(at), TIMES))  # type: ignore[misc]  # bound now
    for tried in ({"recommended": "70"}, {"adjusted": True}):
        inputs = inputs_of(made) | tried
        rows.append(
            _row(f"what if: {next(iter(tried))}", declarations,
                 lambda now=inputs: flips_of(made, now), TIMES)  # type: ignore[misc]  # bound now
        )  # fmt: skip
    return rows


def _row(
    what: str, declarations: int, call: Callable[[], Any], times: int
) -> dict[str, str | int | float]:
    took, queries = [], 0
    for _time in range(times):
        with CaptureQueriesContext(connection) as asked:
            began = time.perf_counter()
            call()
            took.append(time.perf_counter() - began)
        queries = len(asked)
    return {
        "what": what,
        "declarations": declarations,
        "ms": round(min(took) * 1000, 1),
        "queries": queries,
    }
