import os
import subprocess
import sys
from pathlib import Path

import pytest

from launcher.processes import Process, spawn
from launcher.refusal import Refusal
from launcher.supervisor import Child, Supervisor
from tests.launcher.scenes import eventually, kill, processes_on

TRACED = """
import signal, sys, time
name, trace = sys.argv[1:]
def stop(*_):
    time.sleep(0.2)
    open(trace, "a").write(name + " ")
    sys.exit()
signal.signal(signal.SIGTERM, stop)
print("up", flush=True)
while True:
    time.sleep(1)
"""

# As a worker with its pool: what it starts hears no TERM; whether it does itself, it is told.
WITH_A_POOL = """
import signal, subprocess, sys
hears, folder = sys.argv[1:]
signal.signal(signal.SIGTERM, signal.SIG_IGN)
subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)", folder])
if hears == "hears":
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
open(folder + "/ready", "w").close()
while True:
    signal.pause()
"""


def child_running(name: str, *program: str, stage: int = 2, once: bool = False) -> Child:
    def start() -> Process:
        return spawn(program, environment=os.environ, output=subprocess.PIPE)

    return Child(name, start, stage, once=once)


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def pid_of(child: Child) -> int | None:
    return child.process.pid if child.process else None


def tick_until_ended(supervisor: Supervisor, child: Child) -> None:
    def ended() -> bool:
        supervisor.tick()
        return child.process is None

    assert eventually(ended)


def test_killed_child_is_started_again_after_a_pause(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    clock = Clock()
    supervisor = Supervisor(clock)
    child = child_running("web", sys.executable, "-c", "import time; time.sleep(600)", str(folder))
    supervisor.add(child)
    first = pid_of(child)
    assert first is not None

    kill(first, folder)
    tick_until_ended(supervisor, child)
    supervisor.tick()
    assert pid_of(child) is None

    clock.now += 0.5
    supervisor.tick()
    assert pid_of(child) not in (None, first)
    assert "web ended by itself (SIGKILL); starting it again in 0.5 s" in capsys.readouterr().out
    supervisor.stop()


def test_child_can_be_started_later() -> None:
    clock = Clock()
    supervisor = Supervisor(clock)
    child = child_running("worker", "sleep", "600")

    supervisor.add(child, delay=2.0)
    supervisor.tick()
    assert pid_of(child) is None

    clock.now += 2.0
    supervisor.tick()
    assert pid_of(child) is not None
    supervisor.stop()


def test_child_that_keeps_ending_is_given_up() -> None:
    clock = Clock()
    supervisor = Supervisor(clock)
    child = child_running("worker", "false")
    supervisor.add(child)
    pauses = []

    for _ in range(4):
        tick_until_ended(supervisor, child)
        assert child.due is not None
        pauses.append(child.due - clock.now)
        clock.now = child.due
        supervisor.tick()

    assert pauses == [0.5, 1.0, 2.0, 4.0]
    with pytest.raises(Refusal, match=r"giving up: worker ended 5 times within 60 s \(last: exit"):
        tick_until_ended(supervisor, child)
    supervisor.stop()


def test_what_the_portal_can_do_without_ends_alone(capsys: pytest.CaptureFixture[str]) -> None:
    clock = Clock()
    supervisor = Supervisor(clock)
    child = child_running("compute", "false")
    child.vital = False
    supervisor.add(child)

    for _ in range(4):
        tick_until_ended(supervisor, child)
        assert child.due is not None
        clock.now = child.due
        supervisor.tick()
    tick_until_ended(supervisor, child)

    assert supervisor.children == []
    assert "not trying again: compute ended 5 times within 60 s" in capsys.readouterr().out
    supervisor.stop()


def test_child_that_ends_now_and_then_is_not_given_up() -> None:
    clock = Clock()
    supervisor = Supervisor(clock)
    child = child_running("worker", "false")
    supervisor.add(child)

    for _ in range(8):
        tick_until_ended(supervisor, child)
        clock.now += 61
        supervisor.tick()

    supervisor.stop()


def test_job_that_is_done_is_not_started_again() -> None:
    supervisor = Supervisor()
    supervisor.add(child_running("demo", "true", once=True))

    def done() -> bool:
        supervisor.tick()
        return not supervisor.children

    assert eventually(done)


def test_job_that_keeps_failing_stops_nothing_else(capsys: pytest.CaptureFixture[str]) -> None:
    clock = Clock()
    supervisor = Supervisor(clock)
    supervisor.add(child_running("demo", "false", once=True))

    def given_up() -> bool:
        clock.now += 1
        supervisor.tick()
        return not supervisor.children

    assert eventually(given_up)
    assert "not trying again: demo ended 5 times" in capsys.readouterr().out


def test_children_stop_stage_by_stage_from_above(folder: Path) -> None:
    supervisor = Supervisor()
    trace = folder / "trace"
    for stage, name in enumerate(["postgres", "valkey", "worker"]):
        child = child_running(name, sys.executable, "-c", TRACED, name, str(trace), stage=stage)
        supervisor.add(child)
    wait_until_they_listen(supervisor)

    supervisor.stop(above=1)
    assert trace.read_text().split() == ["worker"]
    assert [child.name for child in supervisor.children] == ["postgres", "valkey"]

    supervisor.stop()
    assert trace.read_text().split() == ["worker", "valkey", "postgres"]


def wait_until_they_listen(supervisor: Supervisor) -> None:
    def caught(pid: int) -> bool:
        with open(f"/proc/{pid}/status") as status:  # noqa: PTH123 -- one line of a pseudo file
            mask = next(line for line in status if line.startswith("SigCgt"))
        return bool(int(mask.split()[1], 16) & 1 << 14)

    pids = [child.process.pid for child in supervisor.children if child.process]
    assert eventually(lambda: all(caught(pid) for pid in pids))


@pytest.mark.parametrize("hears", ["hears", "deaf"])
def test_nothing_a_child_started_outlives_its_stop(hears: str, folder: Path) -> None:
    supervisor = Supervisor()
    child = child_running("worker", sys.executable, "-c", WITH_A_POOL, hears, str(folder))
    child.grace = 0.3 if hears == "deaf" else 20.0
    supervisor.add(child)
    assert eventually(lambda: (folder / "ready").exists())
    assert len(processes_on(folder)) == 2

    supervisor.stop()

    assert eventually(lambda: not processes_on(folder), 2)
