"""Bring ``.venv`` to what the requirement files say, with pip or, where it works, uv.

Nothing is done when a stamp says that these very files were installed by this very
interpreter. Packages are taken by hash only.
"""

import contextlib
import fcntl
import hashlib
import importlib.util
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from launcher.console import say, step
from launcher.refusal import Refusal, explain
from launcher.steps import finish, show_tail

RUN_FILES = ("requirements.txt",)
# Solver and statistics are large, and no page needs them: they come behind the first page.
COMPUTE_FILES = (*RUN_FILES, "requirements-compute.txt")
TEST_FILES = (*COMPUTE_FILES, "requirements-dev.txt")
ENSUREPIP_MISSING = (
    "Python's venv module is incomplete here (ensurepip is missing); install it "
    "(Debian and Ubuntu: apt install python3-venv) or put uv on the PATH, then start again."
)


@dataclass(frozen=True)
class Installation:
    """A virtual environment in ``repo`` and the files it is made from."""

    repo: Path
    files: Sequence[str]

    @property
    def venv(self) -> Path:
        return self.repo / ".venv"

    @property
    def python(self) -> Path:
        return self.venv / "bin" / "python"

    @property
    def stamp(self) -> Path:
        return self.venv / f".installed-{'-'.join(Path(name).stem for name in self.files)}"

    @property
    def requirements(self) -> list[str]:
        return [part for name in self.files for part in ("-r", str(self.repo / name))]

    def wanted(self) -> str:
        """Fingerprint the files and the interpreter."""
        digest = hashlib.sha256(f"{sys.version} {platform.machine()}".encode())
        for name in self.files:
            digest.update(hashlib.sha256((self.repo / name).read_bytes()).digest())
        return digest.hexdigest()

    def is_current(self) -> bool:
        return (
            self.stamp.exists()
            and self.stamp.read_text() == self.wanted()
            and os.access(self.python, os.X_OK)
        )


def install(repo: Path, files: Sequence[str]) -> None:
    """Install what is missing; two runs on one repository take turns."""
    installation = Installation(repo, files)
    if installation.is_current():
        return
    _check_writable(installation)
    with _turn(repo):
        if not installation.is_current():
            _install(installation)


def _check_writable(installation: Installation) -> None:
    target = installation.venv if installation.venv.exists() else installation.repo
    if not os.access(target, os.W_OK | os.X_OK):
        raise Refusal(
            f"{target} cannot be written, and the requirements go into {installation.venv}; "
            "make it writable for you, or work in a copy of the repository that is yours."
        )


@contextlib.contextmanager
def _turn(repo: Path) -> Iterator[None]:
    """Hold the repository folder: a test run and a run may be started side by side."""
    handle = os.open(repo, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            with step("another run is installing; waiting for it"):
                fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _install(installation: Installation) -> None:
    uv = _working_uv()
    fresh = not _usable(installation.python)
    if uv and _with_uv(installation, uv, fresh=fresh):
        return _sign(installation)
    if fresh or not _has_pip(installation.python):
        _make_venv(installation)
    _with_pip(installation)
    return _sign(installation)


def add(repo: Path, files: Sequence[str]) -> None:
    """Install more beneath a running portal: what is there stays, whatever comes of it."""
    installation = Installation(repo, files)
    if installation.is_current():
        return
    with _turn(repo):
        if installation.is_current():
            return
        uv = _working_uv()
        if not (uv and _with_uv(installation, uv, fresh=False)):
            if not _has_pip(installation.python):
                raise Refusal("uv could not install them, and there is no pip in .venv.")
            _with_pip(installation)
        _sign(installation)


def _sign(installation: Installation) -> None:
    # What was installed for running only is no longer exactly that, and the reverse.
    for old in installation.venv.glob(".installed-*"):
        old.unlink()
    for files in (RUN_FILES, COMPUTE_FILES, TEST_FILES):
        if not set(files) <= set(installation.files):
            continue
        part = Installation(installation.repo, files)
        part.stamp.write_text(part.wanted())


def _usable(python: Path) -> bool:
    """Tell whether the virtual environment there runs and is of this interpreter."""
    code, output = _ask(python, "-c", "import sys; print(sys.version)")
    return code == 0 and output.strip() == sys.version.strip()


def _has_pip(python: Path) -> bool:
    return _ask(python, "-m", "pip", "--version")[0] == 0


def _working_uv() -> str | None:
    """Find uv; a shim may stand on the PATH without the tool behind it."""
    uv = shutil.which("uv")
    return uv if uv and _ask(uv, "--version")[0] == 0 else None


def _ask(*program: str | Path) -> tuple[int, str]:
    try:
        done = subprocess.run(program, capture_output=True, text=True, check=False, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return 1, ""
    return done.returncode, done.stdout


def _base_python() -> str:
    """Name the interpreter behind a virtual environment we may be running in ourselves."""
    return str(getattr(sys, "_base_executable", "") or sys.executable)


def _with_uv(installation: Installation, uv: str, *, fresh: bool) -> bool:
    """Try uv, which is much faster; pip is asked when it fails, for it may be set up elsewhere."""
    options = ["--quiet", "--require-hashes"]
    into = ["--python", str(installation.python)]
    programs = [[uv, "pip", "install", *options, *into, *installation.requirements]]
    if fresh:
        make = [uv, "venv", "--quiet", "--clear", "--python", _base_python()]
        programs.insert(0, [*make, str(installation.venv)])
    with step("installing the requirements into .venv with uv"):
        done = all(finish(program, os.environ)[0] == 0 for program in programs)
    if not done:
        say("uv did not manage; trying pip")
    return done


def _make_venv(installation: Installation) -> None:
    if importlib.util.find_spec("ensurepip") is None:
        raise Refusal(ENSUREPIP_MISSING)
    make = [_base_python(), "-m", "venv", "--clear", str(installation.venv)]
    with step("making .venv"):
        code, output = finish(make, os.environ)
    if code:
        show_tail(output)
        if "ensurepip" in output:
            raise Refusal(ENSUREPIP_MISSING)
        raise explain("the virtual environment .venv could not be made", output)


def _with_pip(installation: Installation) -> None:
    # Modules are compiled when first imported; most of them never are.
    options = ["--require-hashes", "--no-compile", "--quiet", "--no-input"]
    pip = [str(installation.python), "-m", "pip", "install", *options, *installation.requirements]
    with step("installing the requirements into .venv"):
        code, output = finish(pip, {**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1"})
    if code:
        show_tail(output)
        raise explain("pip could not install the requirements", output)
