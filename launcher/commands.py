"""The second half of every command: inside ``.venv``, with signals in hand."""

import os
import sys
from collections.abc import Callable, Mapping
from io import TextIOWrapper
from pathlib import Path

from launcher import checks, demo, front, start
from launcher.console import say
from launcher.interrupts import Interrupts

INTERRUPTED = 130

Command = Callable[[list[str], Path, Mapping[str, str], Interrupts], int]
COMMANDS: dict[str, Command] = {
    "run": start.run,
    "test": checks.test,
    "demo": demo.reset,
    "shell": front.shell,
    "manage": front.manage_command,
    "bench": front.bench,
}


def main(command: str, arguments: list[str], state: Path) -> int:
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a terminal that cannot show 中文
    interrupts = Interrupts()
    interrupts.install()
    try:
        return COMMANDS[command](arguments, state, os.environ.copy(), interrupts)
    except KeyboardInterrupt:
        say("stopped")
        return INTERRUPTED
