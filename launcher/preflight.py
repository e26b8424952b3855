"""What is checked before anything slow begins."""

import errno
import fcntl
import os
import socket
import time
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import IO

from launcher import private_files
from launcher.refusal import Refusal

HOST = "127.0.0.1"
DEFAULT_PORT = "8000"
PATIENCE = 1.0  # seconds: a portal that was just killed needs moments to let its port go


class Busy(Refusal):
    """Another launcher holds this state folder."""

    def __init__(self, state: Path) -> None:
        super().__init__(
            f"another run already uses {state}; stop it, or set PORTAL_STATE_DIR "
            "(and PORT) to start a second portal beside it."
        )


def take_lock(state: Path) -> IO[str]:
    """Take the state folder for this process; closing the file lets it go, and so does dying."""
    handle = private_files.open_lock(state / "lock")
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        handle.close()
        raise Busy(state) from None
    return handle


def check_free(state: Path) -> None:
    take_lock(state).close()


def port(environment: Mapping[str, str]) -> int:
    """Read PORT; refuse what is no port."""
    text = environment.get("PORT") or DEFAULT_PORT
    if not text.isascii() or not text.isdigit() or not 0 < int(text) < 65536:
        raise Refusal(f"PORT is {text!r}; set it to a number from 1 to 65535.")
    return int(text)


def check_port(number: int, patience: float = PATIENCE) -> None:
    """Refuse when the port cannot be had."""
    until = time.monotonic() + patience
    while problem := port_problem(number):
        if problem == errno.EACCES:
            raise Refusal(f"port {number} needs more rights; set PORT to a number above 1023.")
        if problem != errno.EADDRINUSE:
            raise Refusal(f"port {number} cannot be used ({os.strerror(problem)}); set PORT.")
        if time.monotonic() > until:
            raise Refusal(
                f"port {number} is in use by another program; stop that program, "
                f"or set PORT to a free one, for example: PORT={number + 1} python3 run.py"
            )
        time.sleep(0.2)


def port_problem(number: int) -> int:
    """Return 0 when the port is free, the error number of the system otherwise."""
    with closing(socket.socket()) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, number))
            probe.listen(1)
        except OSError as error:
            return error.errno or errno.EINVAL
    return 0


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind((HOST, 0))
        number: int = probe.getsockname()[1]
        return number
