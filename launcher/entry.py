"""The first half of every command: understand it, check, install, go on inside ``.venv``.

Knows the standard library only.
"""

import os
import sys
from collections.abc import Mapping, MutableMapping
from pathlib import Path

from launcher import preflight
from launcher.console import say
from launcher.install import COMPUTE_FILES, RUN_FILES, TEST_FILES, install
from launcher.layout import REPO, VENV, VENV_PYTHON, is_root, open_state, state_folder
from launcher.refusal import Refusal

USAGE = """\
python3 run.py                     install, start the portal, print its address and the demo logins
python3 run.py test [ARGUMENTS]    lint, types, architecture, then pytest with these arguments;
                                   always on servers of its own, so it may run beside the portal
python3 run.py demo --reset        rebuild the demo from nothing and leave
python3 run.py shell               a Python shell inside the portal
python3 run.py manage COMMAND ...  any command of manage.py
python3 run.py bench [NAME] [--full]  what lies in benchmarks/
python3 run.py help                this page

DATABASE_URL, REDIS_URL    use these servers instead of bringing some
PORT                       where the portal listens (8000)
PORTAL_STATE_DIR           where everything it keeps lies (.local; as root below /var/lib)
"""
COMMANDS = ("run", "test", "demo", "shell", "manage", "bench")
# What these commands need besides what the portal itself runs on.
WITH_ALL = {"test": TEST_FILES, "bench": COMPUTE_FILES}
ENTERED = "PORTAL_LAUNCHER_ENTERED"  # set across the exec: never run into it a second time


def main(arguments: list[str]) -> int:
    command, rest = (arguments[0], arguments[1:]) if arguments else ("run", [])
    if command in ("help", "-h", "--help"):
        sys.stdout.write(USAGE)
        return 0
    if command not in COMMANDS or (command == "demo" and rest != ["--reset"]):
        typed = " ".join(arguments)
        sys.stderr.write(f"run.py: there is no command {typed!r}; these exist:\n\n{USAGE}")
        return 2
    return guarded(command, rest)


def guarded(command: str, rest: list[str]) -> int:
    """Go on, and turn a refusal into its one sentence."""
    try:
        state = check(command, os.environ)
        install(REPO, WITH_ALL.get(command, RUN_FILES))
        enter_venv([command, *rest])
        # Needs what was installed a line above.
        from launcher import commands  # noqa: PLC0415 -- only inside .venv

        return commands.main(command, rest, state)
    except Refusal as refusal:
        sys.stderr.write(f"run.py: {refusal}\n")
        return 1
    except KeyboardInterrupt:
        say("stopped; start again to go on")
        return 130


def check(command: str, environment: Mapping[str, str]) -> Path:
    """Refuse at once what would fail after a minute; return the state folder."""
    root = is_root()
    state = state_folder(environment, testing=command == "test", root=root)
    open_state(state, root=root)
    if command in ("run", "test"):
        preflight.check_free(state)
    if command == "run":
        preflight.check_port(preflight.port(environment))
    return state


def enter_venv(arguments: list[str]) -> None:
    """Go on as the Python of ``.venv``, with the same process id."""
    keep_compiled(os.environ)
    if Path(sys.prefix).resolve() == VENV.resolve():
        os.environ.pop(ENTERED, None)
        return
    if os.environ.pop(ENTERED, None):
        raise Refusal(f"{VENV_PYTHON} does not lead into {VENV}; delete that folder, start again.")
    os.environ[ENTERED] = "1"
    # argv[0] with its full path: it is how Python finds the virtual environment it is in.
    python = str(VENV_PYTHON)
    os.execv(python, [python, str(REPO / "run.py"), *arguments])  # noqa: S606 -- the same program


def keep_compiled(environment: MutableMapping[str, str]) -> None:
    """Let all that is started keep its compiled modules, and keep them in ``.venv``.

    Without them every start compiles for three seconds what the one before compiled. Who wants
    none beside the sources (PYTHONDONTWRITEBYTECODE) gets none there.
    """
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    environment.setdefault("PYTHONPYCACHEPREFIX", str(VENV / "compiled"))
