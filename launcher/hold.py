"""Asking a running portal to stand still for a while, as rebuilding the demo needs.

Who asks holds a lock on a file; the launcher that runs the portal sees it, stops web, worker
and beat, says so in the services file, and starts them again when the lock is gone. A lock
and not a message, because it also goes when its holder is killed.
"""

import contextlib
import fcntl
import time
from collections.abc import Iterator
from pathlib import Path

from launcher import private_files
from launcher.console import step
from launcher.refusal import Refusal
from launcher.services import Services, announced

PATIENCE = 90.0  # seconds: the worker finishes what it has begun


def _path(state: Path) -> Path:
    return state / "hold"


@contextlib.contextmanager
def held(services: Services) -> Iterator[None]:
    """Within, no process of the portal runs on this state folder; only its servers do."""
    with private_files.open_lock(_path(services.state)) as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        if services.borrowed:
            _wait_until_still(services.state)
        yield


def _wait_until_still(state: Path) -> None:
    until = time.monotonic() + PATIENCE
    with step("waiting for the running portal to stand still"):
        while time.monotonic() < until:
            facts = announced(state)
            if not facts.get("portal") or facts.get("still"):
                return
            time.sleep(0.1)
    raise Refusal("the running portal does not stand still; stop it, then try again.")


def is_asked(state: Path) -> bool:
    """Tell whether somebody holds the portal still."""
    path = _path(state)
    if not path.exists():
        return False
    with private_files.open_lock(path) as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False
