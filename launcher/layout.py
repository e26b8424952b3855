"""Where things lie: the repository, its virtual environment, the state folder."""

import hashlib
import os
from collections.abc import Mapping
from pathlib import Path

from launcher.refusal import Refusal

REPO = Path(__file__).resolve().parent.parent
VENV = REPO / ".venv"
VENV_PYTHON = VENV / "bin" / "python"

# Folders of the repository that the portal itself does not run: no table, no static file, no
# page comes from them.
ASIDE = ("tests", "docs", "benchmarks", "launcher")

STATE_VARIABLE = "PORTAL_STATE_DIR"
FOLDERS = (
    *("postgres", "valkey", "uploads", "lake", "bulk", "keys", "signing", "static", "log", "beat"),
)
ROOT_STATE = Path("/var/lib/portal-embedded")
OTHERS_MAY_ENTER = 0o001


def is_root() -> bool:
    return os.geteuid() == 0


def state_folder(environment: Mapping[str, str], *, testing: bool, root: bool) -> Path:
    """Name the folder that holds everything the portal keeps; tests get one of their own.

    PostgreSQL refuses to run as root, and the user it then runs as must be able to reach
    its files: for root the default lies outside the repository, which may be under /root.
    """
    chosen = environment.get(STATE_VARIABLE)
    if chosen:
        folder = Path(chosen).expanduser().absolute()
    elif root:
        folder = ROOT_STATE / hashlib.sha256(str(REPO).encode()).hexdigest()[:10]
    else:
        folder = REPO / ".local"
    return folder.with_name(folder.name + "-test") if testing else folder


def open_state(state: Path, *, root: bool) -> None:
    """Make the state folder and what it holds, or refuse."""
    if root:
        _check_others_may_enter(next(part for part in state.parents if part.is_dir()))
    try:
        state.mkdir(mode=0o711 if root else 0o700, parents=True, exist_ok=True)
        for name in FOLDERS:
            (state / name).mkdir(mode=0o700, exist_ok=True)
        _try_writing(state / ".writable")
    except OSError as error:
        raise Refusal(
            f"the state folder {state} cannot be written ({error.strerror}); make it writable "
            f"for you, or set {STATE_VARIABLE} to a folder of your own."
        ) from error
    if root:
        _check_others_may_enter(state)


def _try_writing(probe: Path) -> None:
    probe.touch()
    probe.unlink(missing_ok=True)


def _check_others_may_enter(lowest: Path) -> None:
    for folder in (lowest, *lowest.parents):
        if not folder.stat().st_mode & OTHERS_MAY_ENTER:
            raise Refusal(
                f"as root, PostgreSQL runs as an unprivileged user who may not enter {folder}; "
                f"set {STATE_VARIABLE} to a folder that every user can enter."
            )
