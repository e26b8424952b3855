"""Programs that own the terminal: a shell, a command of manage.py, a test run."""

import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from launcher.interrupts import Interrupts
from launcher.prepare import manage, prepare_if_new
from launcher.processes import end, spawn_in_front
from launcher.services import Services, at_hand

TICK = 0.2
ENDED_BY_SIGNAL = 128  # what a shell adds to the number

# These write into the repository, which is the person's who types them.
REPOSITORY_COMMANDS = (
    *("makemigrations", "squashmigrations", "optimizemigration", "startapp"),
    *("makemessages", "compilemessages", "print_manual"),
)
# These change tables and need their owner; all else runs with the rights of the portal.
# A benchmark lays down a database of its own, as tests do.
OWNER_COMMANDS = (
    *("migrate", "createcachetable", "grant_application_role", "flush", "pgtrigger"),
    "bench",
)


def in_front(
    program: Sequence[str | Path],
    environment: Mapping[str, str],
    interrupts: Interrupts,
    user: int | None = None,
) -> int:
    """Run a program to its end and return its exit code.

    A Ctrl-C reaches it from the terminal by itself; TERM and HUP are passed on.
    """
    with interrupts.noted_only():
        process = spawn_in_front(program, environment, user)
        while True:
            try:
                code = process.wait(TICK)
                break
            except subprocess.TimeoutExpired:
                if interrupts.asked in (signal.SIGTERM, signal.SIGHUP):
                    end(process, asking=signal.SIGTERM, grace=20)
    return code if code >= 0 else ENDED_BY_SIGNAL - code


def shell(
    arguments: list[str], state: Path, outer: Mapping[str, str], interrupts: Interrupts
) -> int:
    return manage_command(["shell", *arguments], state, outer, interrupts)


def manage_command(
    arguments: list[str], state: Path, outer: Mapping[str, str], interrupts: Interrupts
) -> int:
    with at_hand(state, outer) as services:
        if not _of_a_developer(arguments):
            prepare_if_new(services)
        return in_front(
            manage(*arguments),
            variables_for(arguments, services),
            interrupts,
            user_for(arguments, services),
        )


def variables_for(arguments: list[str], services: Services) -> dict[str, str]:
    if arguments and arguments[0] in OWNER_COMMANDS:
        return services.for_owner()
    return services.for_commands()


def user_for(arguments: list[str], services: Services) -> int | None:
    """Return whose rights a command has: what it leaves in the state folder is the portal's."""
    return None if _of_a_developer(arguments) else services.user


def _of_a_developer(arguments: list[str]) -> bool:
    return bool(arguments) and arguments[0] in (*OWNER_COMMANDS, *REPOSITORY_COMMANDS)


def bench(
    arguments: list[str], state: Path, outer: Mapping[str, str], interrupts: Interrupts
) -> int:
    with at_hand(state, outer) as services:
        variables = variables_for(["bench"], services) | {"PYTHONPATH": os.curdir}
        program = [manage()[0], "-m", "benchmarks", *arguments]
        return in_front(program, variables, interrupts)
