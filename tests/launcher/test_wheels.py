import os
from pathlib import Path

import pytest

from launcher import wheels
from launcher.postgres import PACKAGE, PARTS
from launcher.processes import NOBODY
from launcher.refusal import Refusal
from launcher.steps import finish


def test_root_gets_a_copy_that_others_can_run(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as as_root:
        as_root.setattr(os, "geteuid", lambda: 0)
        copy = wheels.folder_of(folder, PACKAGE, PARTS, "DATABASE_URL")
        again = wheels.folder_of(folder, PACKAGE, PARTS, "DATABASE_URL")

    assert copy == again
    assert copy.is_relative_to(folder)
    program = [
        str(copy / PARTS[0] / "bin" / "psql"),
        "--version",
    ]  # finds libpq beside it, or fails
    code, said = finish(program, {"PATH": os.defpath}, demoted=True)
    assert (code, said.split()[0]) == (0, "psql")
    assert os.geteuid() != NOBODY


def test_others_run_what_the_wheel_brings(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: NOBODY)

    assert wheels.folder_of(folder, PACKAGE, PARTS, "DATABASE_URL").name == "site-packages"
    assert list(folder.iterdir()) == []


def test_missing_wheel_is_refused(folder: Path) -> None:
    with pytest.raises(Refusal, match=r"wheel no_such_wheel is not there .* set DATABASE_URL"):
        wheels.folder_of(folder, "no_such_wheel", [], "DATABASE_URL")
