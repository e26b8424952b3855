"""Starting programs that cannot outlive us, and looking at those that run.

Fork from the main thread only: the kernel sends the death signal when the *thread* that
started the child ends, not when the process does.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Protocol

from launcher.layout import REPO, is_root
from launcher.refusal import Refusal

LEASH = Path(__file__).with_name("leash.py")
NOBODY = 65534
PROC = Path("/proc")
INSISTING = 10.0  # seconds after the second signal

Process = subprocess.Popen[bytes]
Output = int | IO[bytes] | None


def server_user() -> int | None:
    """Name the user the servers are demoted to; nothing when they run as ours."""
    return NOBODY if is_root() else None


def give_to_servers(folder: Path) -> None:
    """Let the servers write in a folder: only itself, as what lies in it is made by them."""
    user = server_user()
    if user is not None:
        os.chown(folder, user, user, follow_symlinks=False)


def spawn(
    program: Sequence[str | Path],
    *,
    environment: Mapping[str, str],
    output: Output,
    death_signal: int = signal.SIGTERM,
    demoted: bool = False,
    user: int | None = None,
) -> Process:
    """Start a program in a session of its own: a Ctrl-C at the terminal is ours to pass on.

    ``demoted`` makes it one of the servers, ``user`` gives it the rights of that one.
    """
    return subprocess.Popen(
        _leashed(program, death_signal, server_user() if demoted else user),
        env=_of(environment, user),
        cwd="/" if demoted else REPO,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )


def spawn_in_front(
    program: Sequence[str | Path], environment: Mapping[str, str], user: int | None = None
) -> Process:
    """Start a program that owns the terminal: a shell, a test run."""
    return subprocess.Popen(
        _leashed(program, signal.SIGTERM, user), env=_of(environment, user), cwd=REPO
    )


def _of(environment: Mapping[str, str], user: int | None) -> dict[str, str]:
    # Root's home is closed to others: a program that looks into it would fail.
    return dict(environment) if user is None else {**environment, "HOME": "/"}


def _leashed(
    program: Sequence[str | Path], death_signal: int, user: int | None = None
) -> list[str]:
    owner = "-" if user is None else str(user)
    parent = str(os.getpid())
    leash = [sys.executable, "-I", "-S", str(LEASH), str(int(death_signal)), parent, owner]
    name, *arguments = map(str, program)
    return [*leash, shutil.which(name) or name, *arguments]


def end(process: Process, *, asking: int, grace: float, then: int = signal.SIGKILL) -> bool:
    """Ask a process to end, insist after ``grace`` seconds; tell whether asking was enough.

    Nothing of its group stays either way.
    """
    send(process, asking)
    willing = ends_within(process, grace)
    if not willing:
        send(process, then)
        ends_within(process, INSISTING)
    reap(process)
    return willing


def send(process: Process, number: int) -> None:
    """Send a signal, unlike ``Popen.send_signal`` without reaping who ended just before."""
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(process.pid, number)


def ends_within(process: Process, seconds: float) -> bool:
    """Wait until it ended, without reaping it; tell whether it did in time."""
    until = time.monotonic() + seconds
    while not has_ended(process):
        if time.monotonic() >= until:
            return False
        time.sleep(0.02)
    return True


def reap(process: Process) -> int:
    """Return the exit code, having killed what is left of the group: later nobody could.

    Until it is reaped the process's id is the group's; then it may become a stranger's.
    """
    if process.returncode is None:
        kill_group(process.pid)
    return process.wait()


class Server(Protocol):
    """How a server wants to be ended."""

    stop_signal: int
    grace: float
    last_resort: int


@contextlib.contextmanager
def ended_when_interrupted(process: Process, server: Server) -> Iterator[None]:
    """Within, nobody else knows of the process yet: it must not stay behind."""
    try:
        yield
    except BaseException:
        end(process, asking=server.stop_signal, grace=server.grace, then=server.last_resort)
        raise


def kill_group(leader: int) -> None:
    """Kill what is left of a session we started. Only while its leader is not yet reaped."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGKILL)


def has_ended(process: Process) -> bool:
    """Tell whether our child ended, without reaping it, so that its id stays its own."""
    if process.returncode is not None:
        return True
    try:
        flags = os.WEXITED | os.WNOHANG | os.WNOWAIT
        return os.waitid(os.P_PID, process.pid, flags) is not None
    except ChildProcessError:
        return True


def alive(pid: int) -> bool:
    """Tell whether a process runs; a zombie, ended and not yet reaped, does not."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return _state(pid) != "Z"


def _state(pid: int) -> str:
    try:
        return (PROC / str(pid) / "stat").read_text().rsplit(")", 1)[1].split()[0]
    except (OSError, IndexError):
        return "?"  # no /proc here, or just gone


def users_of(folder: Path, program: str) -> list[int]:
    """List the living processes of ``program`` that work in ``folder``."""
    real = str(folder.resolve())
    return [
        int(entry.name)
        for entry in (PROC.iterdir() if PROC.is_dir() else ())
        if entry.name.isdigit()
        and _link(entry / "cwd") == real
        and Path(_link(entry / "exe").removesuffix(" (deleted)")).name == program
    ]


def _link(path: Path) -> str:
    try:
        return str(path.readlink())
    except OSError:
        return ""  # a zombie, another user's process, or just gone


def wait_for_users_of(folder: Path, program: str, *, asking: int, leader: int | None) -> None:
    """Wait until nobody works in ``folder``; we hold the lock, so they are orphans of ours.

    The kernel has told them to end when their launcher died and most need moments only.
    Where that did not work, ``leader`` (or else all) is asked after some seconds.
    """
    began, asked = time.monotonic(), False
    while left := users_of(folder, program):
        waited = time.monotonic() - began
        if waited > 3 and not asked:
            asked = True
            for pid in [leader] if leader in left and leader else left:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, asking)
        if waited > 60:
            raise Refusal(f"processes {left} still use {folder} and do not end; end them first.")
        time.sleep(0.05)
