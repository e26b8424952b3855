"""Web servers of one database side by side, and readers that ask them in turns."""

import http.client
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from django.db import connection

from launcher.layout import REPO
from launcher.preflight import free_port

READERS = 4  # at a time
TICKS = 100  # of the clock of a process in a second, on Linux
PATIENCE = 60.0


@dataclass
class Server:
    """One gunicorn with one worker of four threads, as the Procfile has two of."""

    name: str
    port: int
    process: subprocess.Popen[bytes]

    def cpu(self) -> float:
        """Return the seconds of the processor its processes spent."""
        return sum(_cpu_of(pid) for pid in (self.process.pid, *_children(self.process.pid)))


@dataclass
class Heard:
    """What the readers of one page measured, over all rounds."""

    seconds: list[float] = field(default_factory=list)
    wall: float = 0.0
    cpu: float = 0.0

    def row(self) -> dict[str, float]:
        ordered = sorted(self.seconds)
        return {
            "req/s": round(len(ordered) / self.wall, 1),
            "p50 ms": round(statistics.median(ordered) * 1000, 2),
            "p99 ms": round(ordered[int(len(ordered) * 0.99)] * 1000, 2),
            "CPU ms each": round(self.cpu / len(ordered) * 1000, 3),
        }


@contextmanager
def servers(**settings: dict[str, str]) -> Iterator[dict[str, Server]]:
    """Start a server for each name, with these variables; end them afterwards."""
    with ExitStack() as stack:
        yield {name: stack.enter_context(_server(name, more)) for name, more in settings.items()}


@contextmanager
def _server(name: str, more: dict[str, str]) -> Iterator[Server]:
    port = free_port()
    database = urlsplit(os.environ["DATABASE_URL"])
    url = database._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    variables = {**os.environ, "DATABASE_URL": url, "LOG_LEVEL": "WARNING", **more}
    program = [sys.executable, "-m", "gunicorn", "pool_portal.wsgi:application"]
    options = ["--worker-class", "gthread", "--workers", "1", "--threads", "4"]
    options += ["--no-control-socket", "--bind", f"127.0.0.1:{port}", "--log-level", "warning"]
    process = subprocess.Popen([*program, *options], cwd=REPO, env=variables)
    try:
        _wait(port, process)
        yield Server(name, port, process)
    finally:
        process.terminate()
        process.wait()


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and process.poll() is None:
        try:
            reader = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
            reader.request("GET", "/")
            reader.getresponse().read()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit("the server of the benchmark did not answer")


def ask(
    server: Server, paths: list[str], number: int, heard: Heard, readers: int = READERS
) -> None:
    """Let the readers ask for the pages in turn, so often in all.

    Raises SystemExit when a reader got anything but the page: a figure of errors is none.
    """
    spent, began = server.cpu(), time.perf_counter()
    with ThreadPoolExecutor(readers) as pool:
        read = partial(_read, server.port, paths, number // readers)
        asked = [pool.submit(read, place) for place in range(readers)]
    heard.wall += time.perf_counter() - began
    heard.cpu += server.cpu() - spent
    heard.seconds += [seconds for one in asked for seconds in one.result()]


def _read(port: int, paths: list[str], number: int, place: int) -> list[float]:
    seconds = []
    reader = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    for turn in range(number):
        began = time.perf_counter()
        reader.request(
            "GET", paths[(place + turn) % len(paths)], headers={"Accept-Encoding": "gzip"}
        )
        answer = reader.getresponse()
        answer.read()
        seconds.append(time.perf_counter() - began)
        if answer.status != 200:
            raise SystemExit(f"{paths[(place + turn) % len(paths)]}: {answer.status}")
    reader.close()
    return seconds


def _cpu_of(pid: int) -> float:
    try:
        told = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]
    except OSError:
        return 0.0
    return sum(map(int, told)) / TICKS


def _children(pid: int) -> list[int]:
    told = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(child) for child in told.read_text().split()] if told.exists() else []
