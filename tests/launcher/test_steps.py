import os
import sys

import pytest

from launcher.refusal import Refusal
from launcher.steps import TAIL_LINES, run_step

FAILING = "for number in range(100): print('line', number)\nraise SystemExit('no such table')"


def test_failed_step_shows_the_end_of_its_output(capsys: pytest.CaptureFixture[str]) -> None:
    program = [sys.executable, "-u", "-c", FAILING]

    with pytest.raises(Refusal) as refusal:
        run_step("migrating the database", program, os.environ, "migrating failed")

    assert str(refusal.value) == (
        "migrating failed (no such table); what it said stands above. Mend it and start again."
    )
    shown = [line.partition("| ")[2] for line in capsys.readouterr().out.splitlines()]
    assert shown[: TAIL_LINES - 1] == [f"line {number}" for number in range(81, 100)]
    assert shown[TAIL_LINES - 1] == "no such table"
    assert shown[TAIL_LINES].startswith("migrating the database: failed after ")


def test_step_that_takes_long_says_so(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("launcher.console.REMIND_AFTER", (0.1, 0.2))

    said = run_step("copying", ["sleep", "0.6"], os.environ, "copying failed")

    assert said == ""
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "run     | copying ..."
    assert lines[1].startswith("run     | copying ... ")
    assert lines[-1].startswith("run     | copying: done in ")
