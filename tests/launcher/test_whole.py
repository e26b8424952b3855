"""``run.py`` as people live with it: started, killed, started again, held still, stopped."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg2

from launcher.hold import held
from launcher.layout import REPO, is_root
from launcher.postgres import connection
from launcher.preflight import free_port
from launcher.services import announced, at_hand
from launcher.start import page_answers
from tests.launcher.scenes import clean_environment, eventually, kill, processes_on

# Seconds. Ten are promised and `run.py bench start` measures them; here other tests run too.
LATER_START = 30.0
PARTS = ("gunicorn", "default,sync", "compute", "beat")  # a word of each command


class Portal:
    """A run.py in a process of its own, with what it said."""

    def __init__(self, state: Path) -> None:
        self.state = state
        self.port = free_port()
        self.log = state / "run.log"
        variables = clean_environment(os.environ)
        variables |= {"PORTAL_STATE_DIR": str(state), "PORT": str(self.port)}
        self.began = time.monotonic()
        with self.log.open("wb") as log:
            program = [sys.executable, "run.py"]
            self.process = subprocess.Popen(
                program, cwd=REPO, env=variables, stdout=log, stderr=log, start_new_session=True
            )

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    def wait_for_page(self) -> float:
        assert eventually(lambda: page_answers(self.address) or self._gave_up(), 180), self.said()
        assert not self._gave_up(), self.said()
        return time.monotonic() - self.began

    def _gave_up(self) -> bool:
        return self.process.poll() is not None

    def wait_for_line(self, text: str) -> None:
        assert eventually(lambda: text in self.said(), 60), self.said()

    def wait_for_all_parts(self) -> None:
        assert eventually(lambda: all(parts_on(self.state, part) for part in PARTS), 60)

    def said(self) -> str:
        return self.log.read_text(errors="replace")

    def leader_of(self, part: str) -> int:
        """Find the process of the portal's part that run.py itself started."""
        (found,) = (pid for pid in parts_on(self.state, part) if parent_of(pid) == self.process.pid)
        return found


@contextmanager
def portal(state: Path) -> Iterator[Portal]:
    started = Portal(state)
    with started.process:
        yield started


def parts_on(state: Path, *parts: str) -> list[int]:
    return [
        pid
        for pid in processes_on(state)
        if any(part in words_of(pid) for part in parts) and "run.py" not in words_of(pid)
    ]


def words_of(pid: int) -> list[str]:
    try:
        command = Path(f"/proc/{pid}/cmdline").read_text()
    except OSError:
        return []
    return [Path(word).name for word in command.split("\0")]


def parent_of(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[1])


def test_a_run_from_first_start_to_last_stop(state: Path) -> None:
    killed_under_writes(state)
    with portal(state) as run:
        seconds = run.wait_for_page()
        assert seconds < LATER_START, run.said()
        assert "migrating" not in run.said()
        run.wait_for_line("Ctrl-C stops it")
        parts_run_as_said(run)
        killed_web_comes_back(run)
        portal_stands_still_while_held(run)
        stopped_by_ctrl_c(run)
    assert processes_on(state) == []


def killed_under_writes(state: Path) -> None:
    """Kill the first run.py while rows are written; nothing stays but every row told of."""
    acknowledged: list[int] = []
    with portal(state) as run:
        run.wait_for_page()
        url = announced(state)["owner_url"]
        with connection(url) as cursor:
            cursor.execute("CREATE TABLE written (number int)")
        writer = threading.Thread(target=write_until_refused, args=(url, acknowledged))
        writer.start()
        run.wait_for_all_parts()
        assert eventually(lambda: len(acknowledged) > 200)

        kill(run.process.pid, state)

        writer.join()
        assert eventually(lambda: not processes_on(state), 20), processes_on(state)
    with at_hand(state, clean_environment(os.environ)) as services:
        assert not services.borrowed
        with connection(services.owner_url) as cursor:
            cursor.execute("SELECT number FROM written")
            assert set(acknowledged) <= {number for (number,) in cursor.fetchall()}


def write_until_refused(url: str, acknowledged: list[int]) -> None:
    try:
        with connection(url) as cursor:
            while True:
                cursor.execute("INSERT INTO written VALUES (%s)", [len(acknowledged)])
                acknowledged.append(len(acknowledged))
    except psycopg2.Error:
        return


def parts_run_as_said(run: Portal) -> None:
    """Root's rights stay with run.py where the code can be read by others; else it says so."""
    run.wait_for_all_parts()
    user = announced(run.state)["user"]
    for part in PARTS:
        assert Path(f"/proc/{run.leader_of(part)}").stat().st_uid == (user or os.geteuid())
    told = "web, worker and beat run as root: " in run.said()
    assert told == (is_root() and user is None)
    assert (run.state / "uploads").stat().st_uid == (user or os.geteuid())


def killed_web_comes_back(run: Portal) -> None:
    first = run.leader_of("gunicorn")
    kill(first, run.state)

    run.wait_for_line("web ended by itself (SIGKILL); starting it again")
    assert eventually(lambda: page_answers(run.address), 60)
    assert run.leader_of("gunicorn") != first


def portal_stands_still_while_held(run: Portal) -> None:
    with at_hand(run.state, clean_environment(os.environ)) as services:
        assert services.borrowed
        with held(services):
            assert parts_on(run.state, *PARTS) == []
            with connection(services.owner_url) as cursor:
                cursor.execute("SELECT 1")
    assert eventually(lambda: page_answers(run.address), 60)


def stopped_by_ctrl_c(run: Portal) -> None:
    run.wait_for_all_parts()
    for _ in range(2):
        os.killpg(run.process.pid, signal.SIGINT)
        time.sleep(0.2)
    assert run.process.wait(60) == 0
    order = [run.said().rindex(f"stopping {name}") for name in ("web", "valkey", "postgres")]
    assert order == sorted(order)
