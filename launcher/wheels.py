"""Finding the server programs inside the wheels that bring them."""

import importlib.metadata
import importlib.util
import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from launcher.layout import is_root
from launcher.refusal import Refusal


def folder_of(state: Path, package: str, parts: Sequence[str], variable: str) -> Path:
    """Return the folder under which ``parts`` of a wheel lie for the user who will run them.

    For root that is a copy: the servers run unprivileged, and the virtual environment may
    lie where only root may look. The copy keeps the wheel's layout, for programs find their
    libraries beside them.
    """
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        raise Refusal(f"the wheel {package} is not there for this machine; set {variable}.")
    site = Path(spec.origin).parent.parent
    if not is_root():
        return site
    return _copied(site, state / "bin" / f"{package}-{_version(package)}", parts)


def _version(package: str) -> str:
    return importlib.metadata.version(package.replace("_", "-"))


def _copied(site: Path, target: Path, parts: Sequence[str]) -> Path:
    if target.exists():
        return target
    target.parent.mkdir(exist_ok=True)
    target.parent.chmod(0o755)
    half = target.with_name(f".{target.name}.{os.getpid()}")
    for part in parts:
        if (site / part).exists():
            shutil.copytree(site / part, half / part, symlinks=True)
    _let_everyone_run(half)
    half.rename(target)
    return target


def _let_everyone_run(folder: Path) -> None:
    folder.chmod(0o755)
    for path in folder.rglob("*"):
        if not path.is_symlink():
            runs = path.is_dir() or path.stat().st_mode & 0o100
            path.chmod(0o755 if runs else 0o644)
