"""Whose rights web, worker and beat have when root starts the portal.

Not root's, where it can be had: a flaw in them would be a flaw with all rights. Neither those
of the servers: who takes the web over must not get at the files of the database, whose role
for the application may do less than its owner. It can be had when that user may read the
code, which lies where a person put it, perhaps under /root.
"""

import os
import stat
import sysconfig
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from launcher.layout import ASIDE, REPO, VENV, is_root
from launcher.preflight import port

PORTAL_USER = 65533  # needs no entry anywhere; PostgreSQL and Valkey run as another one
WRITTEN = ("uploads", "lake", "bulk", "signing", "static", "beat")
READ = ("manage.py", "pyproject.toml")
FIRST_FREE_PORT = 1024


@dataclass(frozen=True)
class Code:
    """What the portal has to read: its own code, the packages, and Python's library."""

    repo: Path = REPO
    venv: Path = VENV
    library: Path = Path(sysconfig.get_path("stdlib"))

    @property
    def python(self) -> Path:
        return self.venv / "bin" / "python"


def portal_user(outer: Mapping[str, str]) -> int | None:
    """Name the user web, worker and beat run as; nothing when they run as ours."""
    return PORTAL_USER if is_root() and not why_root(outer, Code()) else None


def why_root(outer: Mapping[str, str], code: Code) -> str:
    """Say what keeps the portal from running as a user without rights, and what to do."""
    if port(outer) < FIRST_FREE_PORT:
        return f"only root may listen on port {port(outer)}; set PORT to a number above 1023"
    lake = outer.get("PORTAL_LAKE_DIR", "")
    if lake and not _belongs_to_portal(Path(lake)):
        return f"PORTAL_LAKE_DIR is not theirs; give it away with: chown -R {PORTAL_USER} {lake}"
    hidden = next(_hidden(code), None)
    if hidden is None:
        return ""
    return (
        f"other users may not read {hidden}; put the repository where they may, with a Python "
        "that they may run, or start it as a normal user"
    )


def _belongs_to_portal(folder: Path) -> bool:
    return folder.is_dir() and folder.stat().st_uid == PORTAL_USER


def _hidden(code: Code) -> Iterator[Path]:
    """Yield what the portal has to read and a user without rights may not."""
    program = code.python.resolve()
    for path in (code.repo, program, code.library, code.venv):
        yield from (one for one in reversed(path.parents) if not _open(one, 0o001))
    if not _open(program, 0o005):
        yield program
    for name in READ:
        if not _open(code.repo / name, 0o004):
            yield code.repo / name
    if not _open(code.repo, 0o005):
        yield code.repo
    for folder in (code.venv, *_folders(code.repo)):
        yield from _hidden_below(folder)


def _folders(repo: Path) -> Iterator[Path]:
    for folder in sorted(repo.iterdir()):
        if folder.is_dir() and folder.name not in ASIDE and not folder.name.startswith("."):
            yield folder


def _hidden_below(top: Path) -> Iterator[Path]:
    for place, folders, files in os.walk(top):
        folders[:] = [name for name in folders if name != "__pycache__"]
        folder = Path(place)
        if not _open(folder, 0o005):
            yield folder
        yield from (folder / name for name in files if not _open(folder / name, 0o004))


def _open(path: Path, bits: int) -> bool:
    try:
        return path.stat().st_mode & bits == bits
    except FileNotFoundError:
        return True  # a link that leads nowhere is read by nobody


def hand_over(state: Path, user: int | None) -> None:
    """Let the portal write in its folders, and in what an earlier run as root left in them.

    Only a folder that is root's so far is gone through: nobody else could be in there and
    exchange a file for a link meanwhile. With no user they become root's again.
    """
    if not is_root():
        return
    for name in WRITTEN:
        folder = state / name
        if user is None:
            os.chown(folder, 0, 0, follow_symlinks=False)
        elif folder.lstat().st_uid != user:
            _give_all(folder, user)


def _give_all(top: Path, user: int) -> None:
    for _place, folders, files, handle in os.fwalk(top):
        for name in (*folders, *files):
            facts = os.stat(name, dir_fd=handle, follow_symlinks=False)
            if stat.S_ISDIR(facts.st_mode) or facts.st_nlink == 1:
                os.chown(name, user, user, dir_fd=handle, follow_symlinks=False)
    os.chown(top, user, user, follow_symlinks=False)  # last: until then it is root's alone
