"""A real Chromium, a real Celery worker, the portal between them."""

import os
import shutil
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from playwright.sync_api import Browser, sync_playwright

from pool_portal.celery import app as celery_app
from tests.builders.database import database_url

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
LONGEST_START = 40  # seconds


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if not CHROMIUM:
        pytest.skip("no Chromium on this machine: apt install chromium")
    # Playwright keeps an event loop in this thread, which Django takes for an async caller.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        yield chromium
        chromium.close()


@pytest.fixture
def worker(transactional_db: None, tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A Celery worker on the test's database, lake and a broker of its own."""
    environment = {
        **os.environ,
        "DATABASE_URL": database_url(),
        "PORTAL_LAKE_DIR": str(django_settings.LAKE_DIR),
        "LOG_LEVEL": "WARNING",
    }
    log = (tmp_path / "worker.log").open("wb")
    command = [sys.executable, "-m", "celery", "-A", "pool_portal", "worker"]
    name = f"journey-{uuid.uuid4().hex}@localhost"
    command += ["--pool", "solo", "-Q", "default,sync", "-n", name, "--without-gossip"]
    process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    try:
        _wait_until_it_listens(process, name)
        yield process
    finally:
        process.terminate()
        process.wait(30)
        log.close()


def _wait_until_it_listens(process: subprocess.Popen[bytes], name: str) -> None:
    until = time.monotonic() + LONGEST_START
    while time.monotonic() < until:
        if process.poll() is not None:
            pytest.fail(f"the worker ended with {process.returncode}")
        if celery_app.control.ping(destination=[name], timeout=1):
            return
    pytest.fail("the worker did not come up")
