"""``run.py``: the whole portal, until somebody stops it."""

import http.client
import subprocess
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO

from launcher import hold
from launcher.console import say
from launcher.install import COMPUTE_FILES, add
from launcher.interrupts import Interrupts
from launcher.layout import REPO, VENV_PYTHON, is_root
from launcher.portal_user import Code, why_root
from launcher.preflight import HOST, port
from launcher.prepare import manage, prepare
from launcher.processes import Process, spawn
from launcher.refusal import Refusal
from launcher.services import PORTAL_STAGE, Services, announce, running
from launcher.steps import finish, show_tail
from launcher.supervisor import Child

TICK = 0.1
# A line for each task would push the logins off the screen.
QUIET = ("worker", "compute", "beat", "demo")
SERVER_ERROR = 500
FIRST_PAGE_PATIENCE = 60.0
AFTER_WEB = 2.0  # seconds in which the first page has the processor to itself
WORKER_GRACE = 60.0  # seconds for the tasks that were begun
GUNICORN = [
    *("pool_portal.wsgi:application", "--worker-class", "gthread", "--no-control-socket"),
    *("--workers", "2", "--threads", "4", "--preload", "--graceful-timeout", "10"),
]
# Without its banner, and without what it warns of at each start: that it runs as root, which
# is said once where it must, or as a user without an entry, which is meant.
CELERY = [
    *("-W", "ignore:::celery.platforms", "-W", "ignore:::celery.apps.worker"),
    *("-m", "celery", "-q", "-A", "pool_portal"),
]
# A worker of its own: it alone loads solver and statistics, and keeps nobody waiting.
COMPUTER = [
    *("worker", "-c", "1", "-Q", "compute", "-I", "evaluation.computing"),
    *("--without-gossip", "--without-mingle"),
]
WORKER = ["worker", "-c", "2", "-Q", "default,sync", "--without-gossip", "--without-mingle"]


def run(
    _arguments: list[str], state: Path, outer: Mapping[str, str], interrupts: Interrupts
) -> int:
    with running(state, outer) as services:
        if is_root() and services.user is None:
            say(f"web, worker and beat run as root: {why_root(outer, Code())}.")
        prepare(services)
        with interrupts.noted_only():
            Portal(services).serve(interrupts)
    return 0


def web(number: int) -> list[str]:
    return [str(VENV_PYTHON), "-m", "gunicorn", *GUNICORN, "--bind", f"{HOST}:{number}"]


def worker() -> list[str]:
    return [str(VENV_PYTHON), *CELERY, *WORKER, "--loglevel", "INFO"]


def computer() -> list[str]:
    return [str(VENV_PYTHON), *CELERY, *COMPUTER, "--loglevel", "INFO"]


def beat(state: Path) -> list[str]:
    schedule = str(state / "beat" / "schedule")
    options = ["--pidfile", "", "--schedule", schedule, "--loglevel", "WARNING"]
    return [str(VENV_PYTHON), *CELERY, "beat", *options]


def portal_child(
    services: Services,
    name: str,
    program: list[str],
    *,
    grace: float = 20.0,
    once: bool = False,
    vital: bool = True,
) -> Child:
    """Describe a process of the portal."""
    variables = services.for_portal()
    if name in QUIET:
        variables.setdefault("LOG_LEVEL", "WARNING")

    def start() -> Process:
        return spawn(program, environment=variables, output=subprocess.PIPE, user=services.user)

    return Child(name, start, PORTAL_STAGE, grace=grace, once=once, vital=vital)


class Portal:
    """Web, worker and beat above their servers."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._supervisor = services.supervisor
        self._address = f"http://{HOST}:{port(services.outer)}/"
        self._answered = threading.Event()
        self._computes = threading.Event()
        self._computing = False
        self._still = False

    def serve(self, interrupts: Interrupts) -> None:
        announce(self._services, portal=True)
        self._start()
        self._watch_first_page()
        introduced = False
        while interrupts.asked is None:
            self._supervisor.tick()
            self._stand_still_if_asked()
            if self._answered.is_set() and not introduced:
                introduced = True
                self._introduce()
            self._compute_when_possible()
            time.sleep(TICK)
        say("stopping")

    def _start(self) -> None:
        services = self._services
        for name, program, grace, delay in (
            ("web", web(port(services.outer)), 20.0, 0.0),
            ("worker", worker(), WORKER_GRACE, AFTER_WEB),
            ("beat", beat(services.state), 10.0, AFTER_WEB),
        ):
            self._supervisor.add(portal_child(services, name, program, grace=grace), delay)

    def _compute_when_possible(self) -> None:
        if not self._computes.is_set() or self._still or self._computing:
            return
        self._computing = True  # once: given up for ending again and again, it stays away
        child = portal_child(self._services, "compute", computer(), grace=WORKER_GRACE, vital=False)
        self._supervisor.add(child)

    def _watch_first_page(self) -> None:
        # A thread, so that waiting for the page delays neither restarts nor a Ctrl-C.
        watch = threading.Thread(
            target=wait_for_page, args=(self._address, self._answered.set), daemon=True
        )
        watch.start()

    def _introduce(self) -> None:
        say(f"the portal is at {self._address}")
        if self._services.embedded:
            self._print_logins()
            program = manage("load_demo")
            self._supervisor.add(portal_child(self._services, "demo", program, once=True))
        say("Ctrl-C stops it")
        threading.Thread(target=bring_computing, args=(self._computes.set,), daemon=True).start()

    def _print_logins(self) -> None:
        services = self._services
        code, output = finish(manage("demo_logins"), services.for_portal(), user=services.user)
        if code:
            say("the demo logins cannot be shown:")
            show_tail(output)
            return
        for line in output.splitlines():
            say(line)

    def _stand_still_if_asked(self) -> None:
        asked = hold.is_asked(self._services.state)
        if asked and not self._still:
            say("another command asks the portal to stand still")
            self._supervisor.stop(above=PORTAL_STAGE - 1)
            self._computing = False
            announce(self._services, portal=True, still=True)
        elif self._still and not asked:
            announce(self._services, portal=True)
            say("going on")
            self._start()
        self._still = asked


def bring_computing(done: Callable[[], None]) -> None:
    """Install what plans and statistics need, and call ``done``; without it all else goes on."""
    try:
        add(REPO, COMPUTE_FILES)
    except (Refusal, OSError) as refusal:
        say(f"plans and statistics are not worked out in this run: {refusal}")
    else:
        done()


def wait_for_page(address: str, done: Callable[[], None]) -> None:
    """Call ``done`` once the first page answers; say so when it takes too long."""
    late = time.monotonic() + FIRST_PAGE_PATIENCE
    told = False
    while not page_answers(address):
        if time.monotonic() > late and not told:
            told = True
            say(f"{address} does not answer yet; the lines of web above say why")
        time.sleep(0.1)
    done()


class _NotElsewhere(urllib.request.HTTPRedirectHandler):
    """Follow to the page of the reader's language, not to the https of a production set-up."""

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: http.client.HTTPMessage,
        newurl: str,
    ) -> urllib.request.Request | None:
        if not newurl.startswith(f"http://{HOST}:"):
            return None
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def page_answers(address: str) -> bool:
    """Tell whether a page comes; "no" of the portal itself (a host it does not know) counts."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _NotElsewhere)
    try:
        with opener.open(address, timeout=10):
            return True
    except urllib.error.HTTPError as answer:
        answer.close()
        return answer.code < SERVER_ERROR
    except (OSError, http.client.HTTPException):
        return False
