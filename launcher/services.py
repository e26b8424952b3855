"""The servers a command needs: brought up here, or those of the run that has them already.

Also the contract with the portal: which variables its processes are given, and whose rights
lie in them.
"""

import contextlib
import os
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from launcher import private_files
from launcher.console import say, step
from launcher.layout import STATE_VARIABLE
from launcher.outside import check_database, check_redis
from launcher.portal_user import hand_over, portal_user
from launcher.postgres import Postgres
from launcher.preflight import Busy, port, take_lock
from launcher.processes import alive
from launcher.refusal import Refusal
from launcher.supervisor import Child, Supervisor
from launcher.valkey import Valkey

SERVICES_FILE = "services.json"
PATIENCE = 180.0  # seconds another run may take to bring its servers up
DATABASE_STAGE, BROKER_STAGE, PORTAL_STAGE = range(3)


@dataclass
class Services:
    """Servers that answer, and how to reach them."""

    state: Path
    database_url: str
    owner_url: str
    redis_url: str
    embedded: bool  # the database is the one we brought
    own_broker: bool
    outer: Mapping[str, str]  # the environment we were started in
    user: int | None = None  # whom the portal's processes run as; nobody: as we do
    borrowed: bool = False
    supervisor: Supervisor = field(default_factory=Supervisor)

    def for_portal(self) -> dict[str, str]:
        """Variables of processes that serve people: no right of the tables' owner among them."""
        variables = {**self.outer, **self._common(), "DATABASE_URL": self.database_url}
        variables.pop("DATABASE_OWNER_URL", None)
        if not self.embedded:  # never inherited: only an embedded database may hold a demo
            variables.pop("PORTAL_EMBEDDED", None)
        return variables

    def for_owner(self) -> dict[str, str]:
        """Variables of what changes tables: migrations and tests."""
        owner = {"DATABASE_URL": self.owner_url, "DATABASE_OWNER_URL": self.owner_url}
        return {**self.for_portal(), **owner}

    def for_commands(self) -> dict[str, str]:
        """Variables of commands a person types: rights as the portal, the owner's at hand."""
        if self.user is not None:
            # As the web's own user, which must not learn the owner's password from a neighbour.
            return self.for_portal()
        return {**self.for_portal(), "DATABASE_OWNER_URL": self.owner_url}

    def _common(self) -> dict[str, str]:
        common = {
            "REDIS_URL": self.redis_url,
            STATE_VARIABLE: str(self.state),
            "PORT": str(port(self.outer)),
            "PYTHONUNBUFFERED": "1",
        }
        if self.embedded:
            common["PORTAL_EMBEDDED"] = "1"
            common["SECRET_KEY"] = self.outer.get("SECRET_KEY") or private_files.secret_key(
                self.state
            )
        return common


@contextlib.contextmanager
def running(state: Path, outer: Mapping[str, str]) -> Iterator[Services]:
    """Hold the state folder and its servers for the time of the block."""
    with contextlib.closing(take_lock(state)):
        forget(state)
        supervisor = Supervisor()
        try:
            services = _bring_up(state, outer, supervisor)
            announce(services)
            yield services
        finally:
            forget(state)
            supervisor.stop()


@contextlib.contextmanager
def at_hand(state: Path, outer: Mapping[str, str]) -> Iterator[Services]:
    """Use the servers of the run that holds the state folder, or bring them up."""
    with contextlib.ExitStack() as stack:
        try:
            services = stack.enter_context(running(state, outer))
        except Busy:
            services = _borrow(state, outer)
        yield services


def _bring_up(state: Path, outer: Mapping[str, str], supervisor: Supervisor) -> Services:
    database_url, owner_url = outer.get("DATABASE_URL", ""), _outer_owner(outer)
    if database_url:
        check_database(database_url)
    else:
        postgres = Postgres(state)
        _supervise(supervisor, postgres, DATABASE_STAGE, "starting PostgreSQL")
        database_url, owner_url = postgres.application_url(), postgres.owner_url()
    redis_url = outer.get("REDIS_URL", "")
    if redis_url:
        check_redis(redis_url)
    else:
        valkey = Valkey(state)
        _supervise(supervisor, valkey, BROKER_STAGE, "starting Valkey")
        redis_url = valkey.url()
    user = portal_user(outer)
    hand_over(state, user)
    return Services(
        state=state,
        user=user,
        database_url=database_url,
        owner_url=owner_url,
        redis_url=redis_url,
        embedded=not outer.get("DATABASE_URL"),
        own_broker=not outer.get("REDIS_URL"),
        outer=outer,
        supervisor=supervisor,
    )


def _outer_owner(outer: Mapping[str, str]) -> str:
    """Return the operator's URL for changing tables; it means nothing without DATABASE_URL."""
    database_url = outer.get("DATABASE_URL", "")
    return database_url and (outer.get("DATABASE_OWNER_URL") or database_url)


def _supervise(supervisor: Supervisor, server: Postgres | Valkey, stage: int, title: str) -> None:
    with step(title):
        process = server.bring_up()
    supervisor.add(
        Child(
            server.name,
            server.restart,
            stage,
            stop_signal=server.stop_signal,
            last_resort=server.last_resort,
            grace=server.grace,
            process=process,
        )
    )


def announce(services: Services, **more: bool) -> None:
    """Tell other commands on this state folder what they may use."""
    content = {
        "pid": os.getpid(),
        "database_url": services.database_url,
        "owner_url": services.owner_url,
        "redis_url": services.redis_url,
        "embedded": services.embedded,
        "own_broker": services.own_broker,
        "user": services.user,
        **more,
    }
    private_files.write_json(services.state / SERVICES_FILE, content)


def forget(state: Path) -> None:
    (state / SERVICES_FILE).unlink(missing_ok=True)


def announced(state: Path) -> dict[str, Any]:
    """Return what a living run announced; a file left by a killed one says nothing."""
    content = private_files.read_json(state / SERVICES_FILE)
    return content if content and alive(content["pid"]) else {}


def _borrow(state: Path, outer: Mapping[str, str]) -> Services:
    content = _wait_for_announcement(state)
    say(f"using the servers of process {content['pid']}")
    own_database, own_redis = outer.get("DATABASE_URL"), outer.get("REDIS_URL")
    return Services(
        state=state,
        user=content.get("user"),
        database_url=own_database or content["database_url"],
        owner_url=_outer_owner(outer) or content["owner_url"],
        redis_url=own_redis or content["redis_url"],
        embedded=content["embedded"] and not own_database,
        own_broker=content["own_broker"] and not own_redis,
        outer=outer,
        borrowed=True,
    )


def _wait_for_announcement(state: Path) -> dict[str, Any]:
    if content := announced(state):
        return content
    until = time.monotonic() + PATIENCE
    with step("waiting for the other run to bring its servers up"):
        while time.monotonic() < until:
            if content := announced(state):
                return content
            time.sleep(0.1)
    raise Refusal(f"the other run on {state} does not bring its servers up; look at its output.")
