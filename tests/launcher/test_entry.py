"""Each way in which ``run.py`` refuses: at once, in one sentence that says what to do."""

import ast
import socket
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from launcher.entry import COMMANDS, USAGE, keep_compiled
from launcher.layout import REPO, VENV, open_state
from launcher.preflight import free_port, take_lock
from launcher.refusal import Refusal, explain
from tests.launcher.scenes import run_py

AS_PYTHON = """
import runpy, sys
sys.version_info = {version}
sys.argv = ["run.py"]
runpy.run_path("run.py", run_name="__main__")
"""


def refusal_of(*arguments: str, **variables: str) -> str:
    done = run_py(*arguments, **variables)
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    return done.stderr.strip()


def test_run_py_can_be_read_by_an_old_python() -> None:
    source = (REPO / "run.py").read_bytes()

    assert source.isascii()
    tree = ast.parse(source, feature_version=(3, 4))
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.JoinedStr | ast.AnnAssign)]


@pytest.mark.parametrize("version", ["(3, 6, 15)", "(3, 10, 13)"])
def test_old_python_is_refused(version: str) -> None:
    program = [sys.executable, "-c", AS_PYTHON.format(version=version)]
    done = subprocess.run(program, cwd=REPO, capture_output=True, text=True, check=False)

    shown = ".".join(version.strip("()").split(", ")[:2])
    assert done.returncode == 1
    assert done.stderr == (
        f"run.py: Python 3.11 or newer is needed and this is {shown}; "
        "start it with a newer one, for example: python3.11 run.py\n"
    )


def test_first_half_needs_nothing_installed() -> None:
    alone = f"import sys; sys.path.insert(0, {str(REPO)!r}); import launcher.entry"
    done = subprocess.run([sys.executable, "-I", "-S", "-c", alone], check=False)

    assert done.returncode == 0


def test_help_names_every_command() -> None:
    done = run_py("help")

    assert done.returncode == 0
    assert done.stdout == USAGE
    assert all(f"run.py {command}" in USAGE for command in COMMANDS if command != "run")


@pytest.mark.parametrize("arguments", [["sing"], ["demo"], ["demo", "--rset"], ["--reset"]])
def test_unknown_command_is_refused_with_the_usage(arguments: list[str]) -> None:
    done = run_py(*arguments)

    assert done.returncode == 2
    first, _, rest = done.stderr.partition("\n")
    assert first == f"run.py: there is no command '{' '.join(arguments)}'; these exist:"
    assert rest.strip() == USAGE.strip()


@pytest.mark.parametrize("port", ["abc", "0", "65536", "-1", "８０"])
def test_port_that_is_none_is_refused(port: str, state: Path) -> None:
    said = refusal_of(PORT=port, PORTAL_STATE_DIR=str(state))

    assert said == f"run.py: PORT is {port!r}; set it to a number from 1 to 65535."


def test_port_in_use_is_refused(state: Path) -> None:
    port = free_port()
    with closing(socket.create_server(("127.0.0.1", port))):
        said = refusal_of(PORT=str(port), PORTAL_STATE_DIR=str(state))

    assert said == (
        f"run.py: port {port} is in use by another program; stop that program, or set PORT to a "
        f"free one, for example: PORT={port + 1} python3 run.py"
    )


def test_unwritable_state_folder_is_refused(folder: Path) -> None:
    (folder / "file").touch()

    said = refusal_of(PORTAL_STATE_DIR=str(folder / "file" / "state"))

    assert said == (
        f"run.py: the state folder {folder}/file/state cannot be written (Not a directory); make "
        "it writable for you, or set PORTAL_STATE_DIR to a folder of your own."
    )


def test_folder_closed_to_others_is_refused_as_root(folder: Path) -> None:
    (folder / "private").mkdir(mode=0o700)

    with pytest.raises(Refusal, match="private; set PORTAL_STATE_DIR to a folder that every user"):
        open_state(folder / "private" / "state", root=True)

    assert list((folder / "private").iterdir()) == []


def test_second_run_on_one_state_folder_is_refused(state: Path) -> None:
    with take_lock(state):
        said = refusal_of(PORTAL_STATE_DIR=str(state))

    assert said == (
        f"run.py: another run already uses {state}; stop it, or set PORTAL_STATE_DIR (and PORT) "
        "to start a second portal beside it."
    )


@pytest.mark.parametrize(
    ("theirs", "kept"),
    [({}, VENV / "compiled"), ({"PYTHONPYCACHEPREFIX": "/var/cache/py"}, Path("/var/cache/py"))],
)
def test_what_is_started_keeps_its_compiled_modules(theirs: dict[str, str], kept: Path) -> None:
    environment = {"PYTHONDONTWRITEBYTECODE": "1", **theirs}

    keep_compiled(environment)

    shown = "import sys; print(sys.dont_write_bytecode, sys.pycache_prefix)"
    said = subprocess.run(
        [sys.executable, "-c", shown], env=environment, capture_output=True, check=True
    )
    assert said.stdout.decode().split() == ["False", str(kept)]


def test_failure_is_told_by_its_last_line() -> None:
    refusal = explain(
        "migrate failed", "Traceback\n  some code\nOperationalError: no such role\n\n"
    )

    assert str(refusal) == (
        "migrate failed (OperationalError: no such role); what it said stands above. "
        "Mend it and start again."
    )


def test_full_disk_is_told_as_such() -> None:
    refusal = explain("pip could not install", "OSError: [Errno 28] No space left on device\nbye")

    assert str(refusal) == (
        "pip could not install: the disk is full; free some space and start again."
    )
