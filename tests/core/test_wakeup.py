"""A hint never holds up who gives it, whatever the broker does."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
A_THOUSAND_HINTS = """
import json, time
import django
django.setup()
import pool_portal.celery
from core import wakeup

wakeup.wake("core.first")
time.sleep(1)  # the messenger has taken the first and hangs on it
began = time.perf_counter()
for _ in range(1000):
    wakeup.wake("core.deliver_outbox")
print(json.dumps([time.perf_counter() - began, sorted(wakeup._messenger._pending)]))
"""


def give_hints(broker: str) -> tuple[float, list[str]]:
    done = subprocess.run(
        [sys.executable, "-c", A_THOUSAND_HINTS],
        cwd=ROOT,
        env=os.environ | {"REDIS_URL": broker, "DJANGO_SETTINGS_MODULE": "pool_portal.settings"},
        timeout=60,
        check=True,
        capture_output=True,
        text=True,
    )
    seconds, pending = json.loads(done.stdout.splitlines()[-1])
    return seconds, pending


@pytest.fixture
def silent_port() -> Iterator[int]:
    """Listen and never answer, as a hung Redis does."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.fixture
def closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
    return port


def test_a_thousand_hints_to_a_hung_broker_take_no_time_and_become_one(silent_port):
    seconds, pending = give_hints(f"redis://127.0.0.1:{silent_port}/0")

    # A socket that hangs costs seconds each; a set in memory costs microseconds.
    assert seconds < 2
    assert pending == ["core.deliver_outbox"]


def test_hints_to_a_broker_that_is_gone_are_lost_without_harm(closed_port):
    seconds, _pending = give_hints(f"redis://127.0.0.1:{closed_port}/0")

    assert seconds < 2
