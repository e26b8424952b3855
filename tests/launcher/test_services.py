"""Who gets which servers, and what becomes of them when their launcher ends."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from launcher import hold, private_files
from launcher.layout import REPO, is_root, open_state
from launcher.postgres import Postgres, connection
from launcher.preflight import Busy, check_free, free_port, take_lock
from launcher.refusal import Refusal
from launcher.services import SERVICES_FILE, Services, announce, announced, at_hand, running
from tests.launcher.scenes import clean_environment, eventually, kill, processes_on


@contextmanager
def holder(state: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds the servers of ``state``; yields once they answer."""
    program = [sys.executable, "-m", "tests.launcher.holder", str(state)]
    process = subprocess.Popen(
        program,
        cwd=REPO,
        env=clean_environment(os.environ),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    with process:
        assert process.stdout is not None
        assert any(line.startswith("ready") for line in process.stdout)
        try:
            yield process
        except BaseException:  # else what failed would be waited for instead of told
            process.terminate()
            raise


def names_of(pids: list[int]) -> set[str]:
    names = set()
    for pid in pids:
        with suppress(FileNotFoundError, ProcessLookupError):  # one of many that just ended
            names.add(Path(f"/proc/{pid}/comm").read_text().strip())
    return names


def test_embedded_servers_and_what_the_portal_is_told(state: Path, outer: dict[str, str]) -> None:
    with running(state, outer | {"PORT": "8123"}) as services:
        told = services.for_portal()

        assert urlsplit(told["DATABASE_URL"]).username == "portal_app"
        assert "DATABASE_OWNER_URL" not in told
        assert told["PORTAL_EMBEDDED"] == "1"
        assert told["PORTAL_STATE_DIR"] == str(state)
        assert told["PORT"] == "8123"
        assert len(told["SECRET_KEY"]) > 50
        assert urlsplit(services.for_owner()["DATABASE_URL"]).username == "portal"
        services.user = None  # whoever it is here: root hands the portal over where it can be read
        assert services.for_commands() == {**told, "DATABASE_OWNER_URL": services.owner_url}
        services.user = 65533
        assert services.for_commands() == told  # a neighbour of the web's may be read by it
        assert (state / SERVICES_FILE).stat().st_mode & 0o777 == 0o600
        assert (state / "keys" / "secret_key").stat().st_mode & 0o777 == 0o600
    assert not (state / SERVICES_FILE).exists()
    assert processes_on(state) == []
    check_free(state)


def test_servers_of_the_operator_are_used(state: Path, outer: dict[str, str]) -> None:
    with running(state, outer) as embedded:
        theirs = outer | {
            "DATABASE_URL": embedded.owner_url,
            "REDIS_URL": embedded.redis_url,
            "PORTAL_EMBEDDED": "1",  # inherited by mistake: a demo must not load there
        }
        other = state.parent / "other"
        open_state(other, root=is_root())
        with running(other, theirs) as services:
            told = services.for_portal()

    assert told["DATABASE_URL"] == services.owner_url == embedded.owner_url
    assert told["REDIS_URL"] == embedded.redis_url
    assert "PORTAL_EMBEDDED" not in told
    assert "SECRET_KEY" not in told
    assert services.supervisor.children == []


@pytest.mark.parametrize(
    ("variable", "url"),
    [
        ("DATABASE_URL", "postgres://portal:secret@127.0.0.1:{port}/portal"),
        ("REDIS_URL", "redis://:secret@127.0.0.1:{port}/0"),
    ],
)
def test_unreachable_server_of_the_operator_is_refused(
    variable: str, url: str, state: Path, outer: dict[str, str]
) -> None:
    theirs = outer | {variable: url.format(port=free_port())}
    said = f"or correct {variable}, or unset it"
    with pytest.raises(Refusal, match=said) as refusal, running(state, theirs):
        pass

    assert "secret" not in str(refusal.value)
    assert processes_on(state) == []


def test_second_command_uses_the_servers_that_run(state: Path, outer: dict[str, str]) -> None:
    with holder(state) as process:
        with pytest.raises(Busy), running(state, outer):
            pass
        with at_hand(state, outer) as services:
            assert services.borrowed
            with connection(services.owner_url) as cursor:
                cursor.execute("SELECT 1")
            assert services.for_portal()["PORTAL_EMBEDDED"] == "1"
        assert names_of(processes_on(state)) >= {"postgres", "valkey-server"}

        process.terminate()

    assert processes_on(state) == []


def test_what_fails_while_servers_are_held_is_told_at_once(state: Path) -> None:
    with pytest.raises(ZeroDivisionError), holder(state):
        raise ZeroDivisionError

    assert processes_on(state) == []


def test_who_has_ended_has_no_name() -> None:
    ended = subprocess.Popen(["true"])
    ended.wait()

    assert names_of([ended.pid, os.getpid()]) == names_of([os.getpid()])


def test_command_brings_servers_up_when_none_run(state: Path, outer: dict[str, str]) -> None:
    with at_hand(state, outer) as services:
        assert not services.borrowed
        assert names_of(processes_on(state)) >= {"postgres", "valkey-server"}

    assert processes_on(state) == []


def test_file_left_by_a_killed_run_says_nothing(state: Path) -> None:
    ended = subprocess.Popen(["true"])
    ended.wait()

    private_files.write_json(state / SERVICES_FILE, {"pid": ended.pid})

    assert announced(state) == {}


def test_killed_launcher_leaves_nothing_behind_and_loses_nothing(
    state: Path, outer: dict[str, str]
) -> None:
    with holder(state) as process:
        url = announced(state)["owner_url"]
        with connection(url) as cursor:
            cursor.execute("CREATE TABLE kept AS SELECT generate_series(1, 100)")
        assert names_of(processes_on(state)) >= {"postgres", "valkey-server"}

        kill(process.pid, state)

        assert eventually(lambda: not processes_on(state), 10)
    assert "database system is shut down" in Postgres(state).log.read_text()
    with running(state, outer) as services, connection(services.owner_url) as cursor:
        cursor.execute("SELECT count(*) FROM kept")
        assert cursor.fetchone() == (100,)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_first_signal_stops_in_order_and_a_second_is_harmless(
    number: signal.Signals, state: Path
) -> None:
    with holder(state) as process:
        process.send_signal(number)
        process.send_signal(number)
        assert process.stdout is not None
        said = process.stdout.read()

    assert process.returncode == 0
    assert said.index("stopping valkey") < said.index("stopping postgres") < said.index("left")
    assert processes_on(state) == []


def test_portal_is_held_still_until_the_lock_goes(state: Path) -> None:
    services = Services(state, "", "", "", True, True, {}, borrowed=True)
    announce(services, portal=True, still=True)
    assert not hold.is_asked(state)

    with hold.held(services):
        assert hold.is_asked(state)

    assert not hold.is_asked(state)


def test_portal_that_does_not_stand_still_is_left_alone(
    state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hold, "PATIENCE", 0.3)
    services = Services(state, "", "", "", True, True, {}, borrowed=True)
    announce(services, portal=True)

    with pytest.raises(Refusal, match="does not stand still; stop it"), hold.held(services):
        pass

    assert not hold.is_asked(state)


def test_lock_goes_with_its_holder(state: Path) -> None:
    with take_lock(state), pytest.raises(Busy):
        check_free(state)

    check_free(state)


def test_no_other_user_can_take_the_locks(state: Path) -> None:
    (state / "lock").touch(mode=0o644)  # of a run before this one
    services = Services(state, "", "", "", True, True, {})

    with take_lock(state), hold.held(services):
        assert (state / "lock").stat().st_mode & 0o777 == 0o600
        assert (state / "hold").stat().st_mode & 0o777 == 0o600

    (state / "hold").chmod(0o644)
    assert not hold.is_asked(state)
    assert (state / "hold").stat().st_mode & 0o777 == 0o600
