"""The embedded PostgreSQL, with the traps that were once fallen into."""

import os
import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2
import pytest

from launcher import private_files
from launcher.postgres import Postgres, connection, drop_database
from launcher.processes import NOBODY, PROC, Process, end, users_of
from launcher.refusal import Refusal
from tests.launcher.scenes import as_root_only, eventually, kill_all, swap_once_in_place

WRITERS = 4
ACKNOWLEDGED_BEFORE_THE_KILL = 400


@contextmanager
def served(postgres: Postgres) -> Iterator[Process]:
    process = postgres.bring_up()
    try:
        yield process
    finally:
        end(process, asking=postgres.stop_signal, grace=30)


def value_of(url: str, query: str) -> object:
    with connection(url) as cursor:
        cursor.execute(query)
        row = cursor.fetchone()
    return row and row[0]


def test_cluster_is_made_as_the_portal_needs_it(postgres: Postgres) -> None:
    with served(postgres) as process:
        url = postgres.owner_url()
        value_of(url, "CREATE EXTENSION pg_trgm; SELECT 1")

        # Under LC_CTYPE=C both are empty, and every search in Chinese finds nothing.
        assert value_of(url, "SELECT show_trgm('水') <> '{}'") is True
        assert value_of(url, "SELECT show_trgm('تقنية') <> '{}'") is True
        assert value_of(url, "SELECT 'ÉTÉ' ILIKE 'été'") is True
        for setting, value in [("fsync", "on"), ("data_checksums", "on"), ("timezone", "UTC")]:
            assert value_of(url, f"SHOW {setting}") == value
        assert value_of(url, "SHOW listen_addresses") == "127.0.0.1"
        owner = (PROC / str(process.pid)).stat().st_uid
        assert owner == (NOBODY if os.geteuid() == 0 else os.geteuid())


def test_roles_are_told_apart(postgres: Postgres) -> None:
    with served(postgres):
        value_of(postgres.owner_url(), "CREATE TABLE kept (id int); SELECT 1")
        url = postgres.application_url()

        assert value_of(url, "SELECT current_user") == "portal_app"
        assert value_of(url, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user") is False
        for refused in ("DROP TABLE kept", "SELECT * FROM kept", "CREATE TABLE own (id int)"):
            with pytest.raises(psycopg2.errors.InsufficientPrivilege):
                value_of(url, refused)
        with pytest.raises(psycopg2.OperationalError, match="password authentication failed"):
            value_of(url.replace(urlsplit(url).password or "", "wrong"), "SELECT 1")


def test_no_acknowledged_row_is_lost_when_the_server_is_killed(postgres: Postgres) -> None:
    process = postgres.bring_up()
    url = postgres.owner_url()
    value_of(url, "CREATE TABLE written (writer int, number int); SELECT 1")
    acknowledged: list[tuple[int, int]] = []
    writers = [
        threading.Thread(target=write_until_refused, args=(url, number, acknowledged))
        for number in range(WRITERS)
    ]
    for writer in writers:
        writer.start()
    assert eventually(lambda: len(acknowledged) > ACKNOWLEDGED_BEFORE_THE_KILL)

    kill_all(users_of(postgres.data, "postgres"), postgres.data)
    for writer in writers:
        writer.join()

    # Not reaped: to PostgreSQL's own tools this zombie is a running server.
    assert process.returncode is None
    with served(postgres), connection(url) as cursor:
        cursor.execute("SELECT writer, number FROM written")
        kept = set(cursor.fetchall())
    process.wait()
    assert set(acknowledged) - kept == set()
    assert len(acknowledged) == len(set(acknowledged))


def write_until_refused(url: str, writer: int, acknowledged: list[tuple[int, int]]) -> None:
    number = 0
    try:
        with connection(url) as cursor:
            while True:
                cursor.execute("INSERT INTO written VALUES (%s, %s)", [writer, number])
                acknowledged.append((writer, number))
                number += 1
    except psycopg2.Error:
        return


def test_file_of_a_stranger_s_process_does_not_stop_a_start(postgres: Postgres) -> None:
    with served(postgres):
        stale = (postgres.data / "postmaster.pid").read_text()
    rest = stale.partition("\n")[2]
    # After a crash and a reboot the number may be anybody's: here, this test's.
    (postgres.data / "postmaster.pid").write_text(f"{os.getpid()}\n{rest}")

    with served(postgres):
        assert value_of(postgres.owner_url(), "SELECT 1") == 1


def test_live_orphan_is_ended_before_a_start(postgres: Postgres) -> None:
    orphan = postgres.bring_up()

    with served(postgres) as process:
        assert orphan.wait() == 0
        assert process.pid != orphan.pid
        assert value_of(postgres.owner_url(), "SELECT 1") == 1


def test_port_is_kept_while_it_is_free(postgres: Postgres, state: Path) -> None:
    with served(postgres):
        first = urlsplit(postgres.owner_url()).port
    again = Postgres(state)
    again.prepare()
    assert urlsplit(again.owner_url()).port == first

    with closing(socket.create_server(("127.0.0.1", first or 0))), served(again):
        assert urlsplit(again.owner_url()).port != first
        assert value_of(again.owner_url(), "SELECT 1") == 1


def test_first_start_that_was_cut_short_is_begun_anew(postgres: Postgres) -> None:
    half = postgres.home / "data.new"
    half.mkdir()
    (half / "PG_VERSION").write_text("1\n")

    with served(postgres):
        assert value_of(postgres.owner_url(), "SELECT 1") == 1


def test_database_without_its_passwords_is_never_overwritten(state: Path) -> None:
    (state / "postgres" / "data").mkdir()

    with pytest.raises(Refusal, match="passwords is gone; bring that file back, or move"):
        Postgres(state)


def test_data_of_another_version_is_refused(postgres: Postgres) -> None:
    postgres.data.mkdir()
    (postgres.data / "PG_VERSION").write_text("15\n")

    with pytest.raises(Refusal, match=r"made by PostgreSQL 15, this is postgres \(PostgreSQL\) 18"):
        postgres.prepare()


def test_server_that_cannot_start_says_why(postgres: Postgres) -> None:
    with served(postgres):
        pass
    (postgres.data / "postgresql.auto.conf").write_text("shared_buffers = 'plenty'\n")

    with pytest.raises(Refusal, match=r"PostgreSQL ended while starting .*contains errors"):
        postgres.bring_up()


def test_dropping_the_database_puts_everybody_out(postgres: Postgres) -> None:
    with served(postgres):
        url = postgres.owner_url()
        value_of(url, "CREATE TABLE old (id int); SELECT 1")
        with connection(url) as somebody:
            drop_database(url)

            assert value_of(url, "SELECT to_regclass('old')") is None
            with pytest.raises(psycopg2.OperationalError):
                somebody.execute("SELECT 1")


def test_passwords_are_for_the_owner_only(postgres: Postgres, state: Path) -> None:
    postgres.prepare()

    path = state / "keys" / "postgres.json"
    assert path.stat().st_mode & 0o777 == 0o600
    assert set(private_files.read_json(path)) == {"port", "owner_password", "application_password"}
    assert not (postgres.home / "password").exists()


def test_stop_signal_is_a_fast_shutdown(postgres: Postgres) -> None:
    process = postgres.bring_up()
    with connection(postgres.owner_url()):  # a session that would delay a smart one for ever
        assert end(process, asking=postgres.stop_signal, grace=20)

    assert process.returncode == 0
    assert postgres.stop_signal == signal.SIGINT
    assert "database system is shut down" in postgres.log.read_text()


@as_root_only
def test_password_file_swapped_for_a_link_gives_nothing_away(
    postgres: Postgres, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    victim = folder / "victim"
    victim.touch(mode=0o600)
    swap_once_in_place(monkeypatch, "password", victim)

    with pytest.raises(Refusal, match=r"could not make its data folder .*Permission denied"):
        postgres.prepare()

    assert victim.stat().st_uid == 0


@as_root_only
def test_home_that_is_a_link_gives_nothing_away(postgres: Postgres, folder: Path) -> None:
    victim = folder / "victim"
    victim.mkdir(mode=0o700)
    postgres.home.rmdir()
    postgres.home.symlink_to(victim)

    with pytest.raises(Refusal, match=r"could not make its data folder .*Permission denied"):
        postgres.prepare()

    assert victim.stat().st_uid == 0
