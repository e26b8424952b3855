"""The logs of the servers: appended to, shortened when a run begins with a long one."""

from pathlib import Path
from typing import BinaryIO

LONG = 10 * 1024 * 1024


def open_log(path: Path) -> BinaryIO:
    if path.exists() and path.stat().st_size > LONG:
        path.replace(path.with_name(f"{path.name}.1"))
    return path.open("ab")


def text_since(path: Path, begin: int) -> str:
    with path.open("rb") as file:
        file.seek(begin)
        return file.read().decode(errors="replace")
