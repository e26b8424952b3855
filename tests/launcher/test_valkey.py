import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from launcher.processes import NOBODY, Process, end
from launcher.redis_wire import ask
from launcher.valkey import Valkey
from tests.launcher.scenes import as_root_only, kill, swap_once_in_place


@pytest.fixture
def valkey(state: Path) -> Valkey:
    return Valkey(state)


@contextmanager
def served(valkey: Valkey) -> Iterator[Process]:
    process = valkey.bring_up()
    try:
        yield process
    finally:
        end(process, asking=valkey.stop_signal, grace=15)


def test_server_asks_for_a_password_and_throws_nothing_away(valkey: Valkey) -> None:
    with served(valkey):
        assert ask(valkey.url(), "PING") == "+PONG"
        assert ask(valkey.url(), "CONFIG", "GET", "maxmemory-policy") == "*2"
        stranger = f"redis://{valkey.url().rpartition('@')[2]}"
        assert ask(stranger, "PING").startswith("-NOAUTH")
        configuration = (valkey.folder / "valkey.conf").read_text()
    assert {"appendonly yes", "maxmemory-policy noeviction", "bind 127.0.0.1"} <= set(
        configuration.splitlines()
    )
    assert (valkey.folder / "valkey.conf").stat().st_mode & 0o777 == 0o600


def test_messages_outlive_a_killed_server(valkey: Valkey) -> None:
    process = valkey.bring_up()
    assert ask(valkey.url(), "LPUSH", "queue", "message") == ":1"

    kill(process.pid, valkey.folder, signal.SIGKILL)

    with served(valkey):
        assert ask(valkey.url(), "LLEN", "queue") == ":1"
    process.wait()


def test_damaged_file_is_set_aside(valkey: Valkey) -> None:
    with served(valkey):
        ask(valkey.url(), "SET", "key", "value")
    (written,) = (valkey.folder / "appendonlydir").glob("*.incr.aof")
    written.write_bytes(b"*3\r\nnonsense\r\n" + written.read_bytes())

    with served(valkey):
        assert ask(valkey.url(), "PING") == "+PONG"
        assert ask(valkey.url(), "EXISTS", "key") == ":0"
    assert len(list(valkey.folder.glob("damaged-*"))) == 1


def test_nobody_answering_is_no_answer() -> None:
    assert ask("redis://127.0.0.1:1/0", "PING") == ""
    assert ask("unix:///nowhere", "PING") == ""


@as_root_only
def test_links_planted_in_the_folder_give_nothing_away(valkey: Valkey, folder: Path) -> None:
    linked, named = folder / "linked", folder / "named"
    linked.touch()
    named.touch()
    os.chown(valkey.folder, NOBODY, NOBODY)
    (valkey.folder / "link").symlink_to(linked)
    (valkey.folder / "name").hardlink_to(named)

    valkey.prepare()

    assert [linked.stat().st_uid, named.stat().st_uid] == [0, 0]
    assert (valkey.folder / "valkey.conf").stat().st_uid == NOBODY
    assert valkey.folder.stat().st_uid == NOBODY


@as_root_only
def test_configuration_swapped_for_a_link_gives_nothing_away(
    valkey: Valkey, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    victim = folder / "victim"
    victim.touch()
    swap_once_in_place(monkeypatch, "valkey.conf", victim)

    valkey.prepare()

    assert victim.stat().st_uid == 0


@as_root_only
def test_folder_that_is_a_link_gives_nothing_away(valkey: Valkey, folder: Path) -> None:
    victim = folder / "victim"
    victim.mkdir()
    valkey.folder.rmdir()
    valkey.folder.symlink_to(victim)

    valkey.prepare()

    assert victim.stat().st_uid == 0
