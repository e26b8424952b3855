import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from launcher import postgres, valkey
from launcher.layout import is_root, open_state
from launcher.wheels import folder_of
from tests.launcher.scenes import clean_environment, end_all_on


@pytest.fixture(autouse=True, scope="session")
def signals_are_heard() -> None:
    """A run in the background, or under nohup, hands on that it ignores them."""
    for number, heard in (
        (signal.SIGINT, signal.default_int_handler),
        (signal.SIGHUP, signal.SIG_DFL),
    ):
        if signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, heard)


@pytest.fixture(autouse=True)
def servers_of_our_own_lose_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Here servers are killed: their commits wait for the disk, as a person's do."""
    monkeypatch.delenv("PGOPTIONS", raising=False)


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that every user may enter: as root the servers run as somebody else."""
    path = Path(tempfile.mkdtemp(prefix="portal-launcher-"))
    path.chmod(0o711)
    yield path
    end_all_on(path)
    shutil.rmtree(path)


@pytest.fixture(scope="session")
def programs() -> Iterator[Path]:
    """The servers' programs as root needs them, copied once for all tests."""
    path = Path(tempfile.mkdtemp(prefix="portal-programs-"))
    path.chmod(0o711)
    folder_of(path, postgres.PACKAGE, postgres.PARTS, "")
    folder_of(path, valkey.PACKAGE, valkey.PARTS, "")
    yield path / "bin"
    shutil.rmtree(path)


@pytest.fixture
def state(folder: Path, programs: Path) -> Path:
    path = folder / "state"
    open_state(path, root=is_root())
    (path / "bin").symlink_to(programs)
    return path


@pytest.fixture
def outer() -> dict[str, str]:
    """The environment of a person who has set nothing."""
    return clean_environment(os.environ)


@pytest.fixture(name="postgres")
def postgres_of(state: Path) -> postgres.Postgres:
    return postgres.Postgres(state)
