"""Seconds from `run.py` to the first page, everything installed

A portal of its own on a free port and an empty state folder: started once with no
database yet, then again as on every later day. The figure is the median of the starts.
"""

import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.report import Rows
from launcher.layout import REPO
from launcher.preflight import free_port
from launcher.start import page_answers

PATIENCE = 180.0
LATER_STARTS = {False: 1, True: 5}
NOT_INHERITED = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "SECRET_KEY")


def run(full: bool) -> Rows:
    state = Path(tempfile.mkdtemp(prefix="portal-start-"))
    state.chmod(0o711)  # as root PostgreSQL runs as somebody else, who must get through
    try:
        first = _start_and_stop(state)
        later = [_start_and_stop(state) for _ in range(LATER_STARTS[full])]
    finally:
        shutil.rmtree(state, ignore_errors=True)
    return [_row("first, empty database", [first]), _row("later", later)]


def _row(name: str, measured: list[tuple[float, float]]) -> dict[str, str | int | float]:
    starts, stops = zip(*measured, strict=True)
    return {
        "start": name,
        "times": len(measured),
        "seconds to the first page": round(statistics.median(starts), 2),
        "slowest": round(max(starts), 2),
        "seconds to stop": round(statistics.median(stops), 2),
    }


def _start_and_stop(state: Path) -> tuple[float, float]:
    port = free_port()
    variables = {key: value for key, value in os.environ.items() if key not in NOT_INHERITED}
    variables |= {"PORTAL_STATE_DIR": str(state), "PORT": str(port)}
    began = time.monotonic()
    with (state / "run.log").open("ab") as log:
        program = [sys.executable, "run.py"]
        portal = subprocess.Popen(program, cwd=REPO, env=variables, stdout=log, stderr=log)
    try:
        _wait_for_page(portal, port)
        answered = time.monotonic()
    finally:
        portal.send_signal(signal.SIGTERM)
        portal.wait()
    return answered - began, time.monotonic() - answered


def _wait_for_page(portal: subprocess.Popen[bytes], port: int) -> None:
    until = time.monotonic() + PATIENCE
    while not page_answers(f"http://127.0.0.1:{port}/"):
        if portal.poll() is not None or time.monotonic() > until:
            raise SystemExit(f"run.py did not serve a page (exit code {portal.poll()})")
        time.sleep(0.05)
