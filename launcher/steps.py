"""One finite program at a time, with progress, its output kept for when it fails."""

import signal
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from launcher.console import say, step
from launcher.processes import end, spawn
from launcher.refusal import explain

TAIL_LINES = 20


def run_step(
    title: str,
    program: Sequence[str | Path],
    environment: Mapping[str, str],
    failure: str,
    *,
    user: int | None = None,
) -> str:
    """Run a program to its end and return what it wrote; refuse with ``failure`` otherwise."""
    with step(title):
        code, output = finish(program, environment, user=user)
        if code:
            show_tail(output)
            raise explain(failure, output)
    return output


def finish(
    program: Sequence[str | Path],
    environment: Mapping[str, str],
    *,
    demoted: bool = False,
    user: int | None = None,
) -> tuple[int, str]:
    """Run a program and return its exit code and output; it ends when we are interrupted."""
    process = spawn(
        program, environment=environment, output=subprocess.PIPE, demoted=demoted, user=user
    )
    with process:
        try:
            output, _ = process.communicate()
        except BaseException:
            end(process, asking=signal.SIGTERM, grace=10)
            raise
    return process.returncode, output.decode(errors="replace")


def show_tail(output: str) -> None:
    for line in output.splitlines()[-TAIL_LINES:]:
        say(line)
