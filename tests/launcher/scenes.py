"""What the launcher's tests share: looking at processes, and proving that they are ours."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from launcher.layout import REPO, is_root
from launcher.processes import PROC, alive

SET_BY_A_RUN = (
    *("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "SECRET_KEY"),
    *("PORTAL_EMBEDDED", "PORTAL_STATE_DIR", "PORT", "PORTAL_LAUNCHER_ENTERED"),
)


as_root_only = pytest.mark.skipif(not is_root(), reason="only root can give files away")


def clean_environment(environment: Mapping[str, str]) -> dict[str, str]:
    return {key: value for key, value in environment.items() if key not in SET_BY_A_RUN}


def run_py(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run run.py as a person would, and return what it said."""
    return subprocess.run(
        [sys.executable, str(REPO / "run.py"), *arguments],
        env=clean_environment(os.environ) | variables,
        capture_output=True,
        text=True,
        check=False,
        timeout=180,
    )


def eventually(holds: Callable[[], object], seconds: float = 15.0) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if holds():
            return True
        time.sleep(0.05)
    return bool(holds())


def processes_on(folder: Path) -> list[int]:
    """List living processes, other than this one, that were started for ``folder``.

    It stands in their command line, their environment or as the place they work in.
    """
    return [
        int(entry.name)
        for entry in PROC.iterdir()
        if entry.name.isdigit()
        and int(entry.name) != os.getpid()
        and _belongs_to(entry, str(folder))
        and alive(int(entry.name))
    ]


def _belongs_to(entry: Path, folder: str) -> bool:
    try:
        told = (entry / "cmdline").read_bytes() + (entry / "environ").read_bytes()
        return folder in told.decode(errors="replace") or folder in str((entry / "cwd").readlink())
    except OSError:
        return False


def kill(pid: int, folder: Path, number: int = signal.SIGKILL) -> None:
    """Send a signal to a process, having made sure that it is one of this test."""
    kill_all([pid], folder, number)


def kill_all(pids: list[int], folder: Path, number: int = signal.SIGKILL) -> None:
    """Send a signal to processes at once: some end by themselves when the first is gone."""
    strangers = set(pids) - set(processes_on(folder))
    assert not strangers, f"{strangers} are no processes of this test"
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)


def end_all_on(folder: Path) -> None:
    """Leave nothing behind when a test fails half-way."""
    for pid in processes_on(folder):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    assert eventually(lambda: not processes_on(folder))


def swap_once_in_place(monkeypatch: pytest.MonkeyPatch, name: str, victim: Path) -> None:
    """Be the folder's owner who puts a link where the launcher has just put a file."""
    in_place = Path.replace

    def then_swapped(half: Path, target: Path) -> Path:
        path = in_place(half, target)
        if path.name == name:
            path.unlink()
            path.symlink_to(victim)
        return path

    monkeypatch.setattr(Path, "replace", then_swapped)
