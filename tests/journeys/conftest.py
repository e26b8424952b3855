"""A real Chromium, a real Celery worker, the portal between them."""

import os
import shutil
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from accounts.models import User
from pool_portal.celery import app as celery_app
from submissions.models import Declaration
from tests.builders import accounts
from tests.builders import submissions as build
from tests.builders.database import database_url
from tests.emptying import end_other_sessions
from tests.journeys.people import As
from tests.journeys.writing import Open
from tests.submissions.browsing import address

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
PATIENCE = 30_000  # milliseconds; what is right comes at once, and a busy machine is not wrong
expect.set_options(timeout=PATIENCE)


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
    yield from _running(tmp_path, "default,sync")


@pytest.fixture
def computing(transactional_db: None, tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A worker that draws plans and computes figures besides."""
    yield from _running(tmp_path, "default,sync,compute", "-I", "evaluation.computing")


def _running(folder: Path, queues: str, *more: str) -> Iterator[subprocess.Popen[bytes]]:
    environment = {
        **os.environ,
        "DATABASE_URL": database_url(),
        "PORTAL_LAKE_DIR": str(django_settings.LAKE_DIR),
        "LOG_LEVEL": "WARNING",
    }
    log = (folder / "worker.log").open("wb")
    command = [sys.executable, "-m", "celery", "-A", "pool_portal", "worker"]
    name = f"journey-{uuid.uuid4().hex}@localhost"
    command += ["--pool", "solo", "-Q", queues, "-n", name, "--without-gossip", *more]
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


@pytest.fixture
def draft(browser: Browser, live_server: Any) -> Declaration:  # first: without Chromium no draft
    return build.draft()


@pytest.fixture
def opened(browser: Browser, live_server: Any, draft: Declaration) -> Iterator[Open]:
    """Give what opens a section of the draft as a person, in a browser of their own."""
    contexts: list[BrowserContext] = []

    def open_section(section: str, person: User | None = None, **more: Any) -> Page:
        person = person or accounts.owner_of(draft.organisation)
        name = django_settings.SESSION_COOKIE_NAME
        session = accounts.signed_in(person).cookies[name].value
        context = browser.new_context(**more)
        contexts.append(context)
        context.add_cookies([{"name": name, "value": session, "url": live_server.url}])
        page = context.new_page()
        page.goto(live_server.url + address("declaration-section", draft.pk, section))
        return page

    yield open_section
    for context in contexts:  # a page that is open goes on asking
        context.close()
    let_the_server_go()


@pytest.fixture
def opened_as(browser: Browser, live_server: Any) -> Iterator[As]:
    """Give what opens an address as a person, in a browser of their own."""
    contexts: list[BrowserContext] = []

    def open_as(person: User, address: str) -> Page:
        name = django_settings.SESSION_COOKIE_NAME
        session = accounts.signed_in(person).cookies[name].value
        context = browser.new_context()
        contexts.append(context)
        context.add_cookies([{"name": name, "value": session, "url": live_server.url}])
        page = context.new_page()
        page.goto(live_server.url + address)
        return page

    yield open_as
    for context in contexts:
        context.close()
    let_the_server_go()


def let_the_server_go() -> None:
    """Let the server's threads go of the database, before it is emptied."""
    end_other_sessions()
