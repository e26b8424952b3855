import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from launcher.processes import (
    NOBODY,
    PROC,
    alive,
    end,
    has_ended,
    spawn,
    users_of,
    wait_for_users_of,
)
from tests.launcher.scenes import eventually, kill, processes_on

SLEEPER = "import sys, time; print('up', flush=True); time.sleep(600)"
DEAF = """
import signal
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("deaf", flush=True)
while True:
    signal.pause()
"""
POOLED = """
import signal, subprocess, sys
signal.signal(signal.SIGTERM, signal.SIG_IGN)
subprocess.Popen([sys.executable, "-c", {sleeper!r}, {folder!r}])
signal.signal(signal.SIGTERM, signal.SIG_DFL)
"""
PARENT = """
import os, subprocess, sys, time
from launcher.processes import spawn
child = spawn([sys.executable, "-c", {sleeper!r}, {folder!r}], environment=os.environ, output=None)
time.sleep(600)
"""


def test_child_dies_with_a_killed_parent(folder: Path) -> None:
    program = PARENT.format(sleeper=SLEEPER, folder=str(folder))
    parent = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE)
    with parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == b"up\n"
        (child,) = (pid for pid in processes_on(folder) if pid != parent.pid)

        parent.kill()

        assert eventually(lambda: not alive(child))


def test_child_of_a_parent_that_is_gone_never_starts(folder: Path) -> None:
    leash = Path(sys.modules["launcher.processes"].__file__ or "").with_name("leash.py")
    nobody_s_child = [sys.executable, str(leash), "15", str(2**22 + 1), "-", "/usr/bin/touch"]

    done = subprocess.run([*nobody_s_child, str(folder / "trace")], check=False)

    assert done.returncode == 112
    assert not (folder / "trace").exists()


def test_ended_child_is_seen_without_being_reaped() -> None:
    child = spawn(["sleep", "600"], environment=os.environ, output=None)
    assert not has_ended(child)

    child.send_signal(signal.SIGKILL)

    assert eventually(lambda: has_ended(child))
    assert (PROC / str(child.pid)).exists()  # a zombie: its id cannot be given away
    assert not alive(child.pid)
    assert child.wait() == -signal.SIGKILL


def test_stubborn_child_is_insisted_on() -> None:
    child = spawn([sys.executable, "-c", DEAF], environment=os.environ, output=subprocess.PIPE)
    with child:
        assert child.stdout is not None
        child.stdout.readline()

        assert not end(child, asking=signal.SIGTERM, grace=0.3)


@pytest.mark.parametrize("grace", [0.3, 20.0])
def test_nothing_a_child_started_outlives_its_end(grace: float, folder: Path) -> None:
    leader = DEAF if grace < 1 else SLEEPER
    program = POOLED.format(sleeper=SLEEPER, folder=str(folder)) + leader
    child = spawn([sys.executable, "-c", program], environment=os.environ, output=subprocess.PIPE)
    with child:
        assert child.stdout is not None
        child.stdout.readline()
        child.stdout.readline()

        assert end(child, asking=signal.SIGTERM, grace=grace) == (grace > 1)

        assert eventually(lambda: not processes_on(folder), 2)


def test_children_are_demoted_when_root_asks_for_it() -> None:
    child = spawn(["id", "-u"], environment=os.environ, output=subprocess.PIPE, demoted=True)
    with child:
        said, _ = child.communicate()

    assert int(said) == (NOBODY if os.geteuid() == 0 else os.geteuid())


def test_orphan_in_a_folder_is_asked_to_end(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    orphan = subprocess.Popen(["sleep", "600"], cwd=folder)
    with orphan:
        assert eventually(lambda: users_of(folder, "sleep") == [orphan.pid])
        assert users_of(folder, "postgres") == []

        wait_for_users_of(folder, "sleep", asking=signal.SIGTERM, leader=None)

        assert orphan.wait() == -signal.SIGTERM
    with pytest.raises(AssertionError):
        kill(os.getppid(), folder)  # the tests' own guard
