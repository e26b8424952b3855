"""Workers that die, sleep or meet: nothing is lost, nothing arrives twice.

The workers are processes of their own; only processes started here are stopped or killed.
"""

import contextlib
import datetime as dt
import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
from deltalake import DeltaTable, QueryBuilder
from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from catalog.models import Batch, Delivery, Destination
from catalog.sync import deliveries, manifest
from catalog.sync.drain import drain_all, lake_of
from catalog.sync.lake import CURRENT, EVENTS
from tests.builders import catalog
from tests.builders.database import database_url

pytestmark = pytest.mark.django_db(transaction=True)

POINTS = (
    "before the log",
    "after the log",
    "before the snapshot",
    "after the snapshot",
    "within the manifest",
    "before done",
)
SOON = 30  # seconds; well below the minute a lease lasts


class Worker:
    """A process of ours, with the database and the lake of the test."""

    def __init__(self, *arguments: str, **environment: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.catalog.draining_worker", *arguments],
            stdout=subprocess.PIPE,
            cwd=settings.BASE_DIR,
            env={
                **os.environ,
                "DJANGO_SETTINGS_MODULE": "pool_portal.settings",
                "DATABASE_URL": database_url(),
                "PORTAL_LAKE_DIR": str(settings.LAKE_DIR),
                "LOG_LEVEL": "CRITICAL",
                **environment,
            },
        )

    def wait_until_it_stops(self) -> None:
        """Return when the worker has stopped itself at its point."""
        _pid, status = os.waitpid(self.process.pid, os.WUNTRACED)
        assert os.WIFSTOPPED(status), "the worker ended before its point"

    def signal(self, number: int) -> None:
        # A child that was not waited for keeps its id: it can be nobody else.
        parent = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()[1]
        assert int(parent) == os.getpid()
        os.kill(self.process.pid, number)

    def kill(self) -> None:
        self.signal(signal.SIGKILL)
        self.process.wait(SOON)

    def result(self) -> dict[str, Any]:
        output, _errors = self.process.communicate(timeout=SOON)
        assert self.process.returncode == 0
        found: dict[str, Any] = json.loads(output)
        return found


@pytest.fixture
def workers() -> Iterator[list[Worker]]:
    """Whatever a test leaves running is ended."""
    started: list[Worker] = []
    yield started
    for worker in started:
        if worker.process.poll() is None:
            worker.kill()
        if worker.process.stdout:
            worker.process.stdout.close()


def start(workers: list[Worker], *arguments: str, **environment: str) -> Worker:
    worker = Worker(*arguments, **environment)
    workers.append(worker)
    return worker


def drain_until_done() -> None:
    """Be the clock: look again until nothing is owed, long before a lease would run out."""
    deadline = time.monotonic() + SOON
    while deliveries.outstanding():
        assert time.monotonic() < deadline, "not delivered in time"
        drain_all()
        time.sleep(0.05)
    drain_all()


def assert_all_there_once() -> None:
    """Ask a reader that knows nothing of the portal, and the portal's own check."""
    folder = lake_of(catalog.platform()).folder
    counts = []
    for name in (EVENTS, CURRENT):
        table = DeltaTable(str(folder / name))
        found = QueryBuilder().register("t", table).execute("SELECT * FROM t").read_all()
        with duckdb.connect() as asked:
            asked.register("lake", found)
            counts += asked.sql("SELECT count(*), count(DISTINCT id) FROM lake").fetchall()
    owed = Delivery.objects.count()
    technologies = Delivery.objects.values("aggregateid").distinct().count()
    assert counts == [(owed, owed), (technologies, technologies)]
    with pytest.raises(SystemExit) as ended:
        call_command("lake_verify")
    assert ended.value.code == 0


def publish_some(number: int = 3) -> None:
    first, *_rest = catalog.technologies(number, announced=True)
    catalog.take(first, "withdraw")


@pytest.mark.parametrize("point", POINTS)
def test_a_worker_killed_at_any_point_loses_nothing_and_repeats_nothing(point, workers):
    publish_some()
    worker = start(workers, "drain", point)
    worker.wait_until_it_stops()
    worker.kill()

    drain_until_done()

    assert_all_there_once()
    assert list(Batch.objects.values_list("number", flat=True)) == [1]


def test_workers_killed_again_and_again_lose_nothing(workers):
    Destination.objects.update(batch_size=1)
    publish_some(12)
    moments = random.Random(20261121)
    for _attempt in range(5):
        worker = start(workers, "drain")
        with contextlib.suppress(subprocess.TimeoutExpired):
            worker.process.wait(1.2 + moments.random() * 0.8)
        if worker.process.poll() is None:
            worker.kill()

    drain_until_done()

    assert_all_there_once()


@pytest.mark.parametrize("point", POINTS)
def test_a_worker_that_slept_through_anothers_work_does_no_harm(point, workers):
    publish_some()
    sleeper = start(workers, "drain", point)
    sleeper.wait_until_it_stops()
    Destination.objects.update(lease_until=timezone.now() - dt.timedelta(seconds=1))
    drain_until_done()
    # The other one has done more by the time it wakes up.
    catalog.take(catalog.technology(announced=True), "suspend")
    drain_until_done()
    lake = lake_of(catalog.platform())
    told = manifest.load(lake)
    versions = [lake.open(name).version() for name in (EVENTS, CURRENT)]

    sleeper.signal(signal.SIGCONT)

    assert sleeper.result() == {"delivered": 0}
    assert [lake.open(name).version() for name in (EVENTS, CURRENT)] == versions
    drain_all()
    assert manifest.load(lake) == told
    assert_all_there_once()


def test_a_sleeping_worker_keeps_its_lease_until_it_runs_out(workers):
    publish_some()
    sleeper = start(workers, "drain", "after the log")
    sleeper.wait_until_it_stops()

    assert drain_all() == 0

    sleeper.signal(signal.SIGCONT)
    assert sleeper.result() == {"delivered": 4}
    assert_all_there_once()


def test_several_workers_at_once_deliver_everything_once(workers):
    Destination.objects.update(batch_size=2)
    publish_some(10)
    together = [start(workers, "drain") for _number in range(3)]

    delivered = [worker.result()["delivered"] for worker in together]
    drain_until_done()

    assert sum(delivered) <= 11
    assert_all_there_once()


def closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def test_without_redis_publishing_is_as_fast_and_the_clock_delivers(workers):
    technology = catalog.technology(announced=True)

    publisher = start(
        workers,
        "publish",
        str(technology.pk),
        REDIS_URL=f"redis://127.0.0.1:{closed_port()}/0",
    )

    assert publisher.result()["seconds"] < 1
    drain_until_done()
    assert_all_there_once()


def test_with_a_hung_redis_publishing_is_as_fast_and_the_clock_delivers(workers):
    technology = catalog.technology(announced=True)
    with socket.socket() as hung:
        # It lets a connection in and never answers.
        hung.bind(("127.0.0.1", 0))
        hung.listen()
        publisher = start(
            workers,
            "publish",
            str(technology.pk),
            REDIS_URL=f"redis://127.0.0.1:{hung.getsockname()[1]}/0",
        )

        assert publisher.result()["seconds"] < 1

    drain_until_done()
    assert_all_there_once()
