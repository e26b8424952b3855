"""Small files only the owner may read: passwords, ports, the secret key."""

import json
import os
import secrets
from pathlib import Path
from typing import IO, Any

PASSWORD_BYTES = 24
SECRET_KEY_BYTES = 64  # Django asks for at least 50 characters


def write(path: Path, text: str, owner: int | None = None) -> None:
    """Replace a file in one move; it is never readable by others, never half there.

    With an ``owner`` it is given away while it is open, not by name: in a folder of that
    owner the name may be a link to any file a moment later.
    """
    half = path.with_name(f".{path.name}.{os.getpid()}")
    half.unlink(missing_ok=True)
    handle = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        if owner is not None:
            os.fchown(handle, owner, owner)
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    half.replace(path)


def write_json(path: Path, content: dict[str, Any]) -> None:
    write(path, json.dumps(content, indent=1))


def read_json(path: Path) -> dict[str, Any]:
    """Return what the file says, nothing when it is not there or half written."""
    try:
        content = json.loads(path.read_text())
    except (FileNotFoundError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def open_lock(path: Path) -> IO[str]:
    """Open a file that is there to be locked: who may only read it could lock it, too."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    if os.fstat(handle).st_mode & 0o077:  # made when others were still let in
        os.fchmod(handle, 0o600)
    return os.fdopen(handle, "r+")


def password() -> str:
    return secrets.token_urlsafe(PASSWORD_BYTES)


def secret_key(state: Path) -> str:
    """Return this portal's secret key, making it the first time."""
    path = state / "keys" / "secret_key"
    if not path.exists():
        write(path, secrets.token_urlsafe(SECRET_KEY_BYTES))
    return path.read_text()
