import os
import signal
import subprocess
import sys
import threading
import time
from functools import partial
from pathlib import Path

import pytest

from launcher.front import in_front, variables_for
from launcher.interrupts import Interrupts
from launcher.services import Services
from tests.launcher.scenes import run_py

ASLEEP = "import time; time.sleep(600)"


@pytest.mark.parametrize(("program", "code"), [("raise SystemExit(7)", 7), ("pass", 0)])
def test_exit_code_is_handed_on(program: str, code: int) -> None:
    assert in_front([sys.executable, "-c", program], os.environ, Interrupts()) == code


def test_term_is_passed_on_to_the_program_in_front() -> None:
    interrupts = Interrupts()
    asking = threading.Timer(0.5, lambda: setattr(interrupts, "asked", signal.SIGTERM))
    asking.start()
    began = time.monotonic()

    code = in_front([sys.executable, "-c", ASLEEP], os.environ, interrupts)

    assert code == 128 + signal.SIGTERM
    assert time.monotonic() - began < 20


@pytest.mark.parametrize(
    ("arguments", "role"),
    [
        (["migrate"], "owner"),
        (["grant_application_role", "portal_app"], "owner"),
        (["bench"], "owner"),
        (["lake_verify"], "application"),
        (["shell"], "application"),
        ([], "application"),
    ],
)
def test_only_what_changes_tables_runs_as_their_owner(
    arguments: list[str], role: str, state: Path
) -> None:
    services = Services(state, "application", "owner", "broker", True, True, {})

    assert variables_for(arguments, services)["DATABASE_URL"] == role


def test_term_after_a_ctrl_c_of_the_launcher_alone_still_reaches_the_program() -> None:
    program = """
import os, signal
from launcher.interrupts import Interrupts
interrupts = Interrupts()
interrupts.install()
with interrupts.noted_only():
    os.kill(os.getpid(), signal.SIGINT)
    assert interrupts.asked == signal.SIGINT
    os.kill(os.getpid(), signal.SIGTERM)
    assert interrupts.asked == signal.SIGTERM
raise SystemExit(3)
"""
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 3


def test_interrupts_are_told_once() -> None:
    program = """
import os, signal
from launcher.interrupts import Interrupts
interrupts = Interrupts()
interrupts.install()
with interrupts.noted_only():
    os.kill(os.getpid(), signal.SIGHUP)
    os.kill(os.getpid(), signal.SIGINT)
assert interrupts.asked == signal.SIGHUP
os.kill(os.getpid(), signal.SIGTERM)
fresh = Interrupts()
fresh.install()
try:
    os.kill(os.getpid(), signal.SIGINT)
except KeyboardInterrupt:
    os.kill(os.getpid(), signal.SIGINT)
    raise SystemExit(3)
"""
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 3


def test_a_command_before_the_first_start_lays_the_tables_down(state: Path) -> None:
    count = "from catalog.models import Technology; print(Technology.objects.count())"
    ask = partial(run_py, "manage", "shell", "-v0", "-c", count, PORTAL_STATE_DIR=str(state))

    first, second = ask(), ask()

    assert first.returncode == 0, first.stderr
    assert "0" in first.stdout.splitlines()
    assert "migrating the database" in first.stdout
    assert second.returncode == 0, second.stderr
    assert "0" in second.stdout.splitlines()
    assert "migrating the database" not in second.stdout
