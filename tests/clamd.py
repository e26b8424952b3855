"""A real clamd on a free port, which knows one signature: that of the test file EICAR."""

import os
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

from tests.builders.hostile_files import EICAR

CLAMD = shutil.which("clamd") or shutil.which("clamd", path="/usr/sbin:/usr/local/sbin")
LONGEST_START = 60  # seconds
FOUND_AS = "Portal.Test.EICAR.UNOFFICIAL"


class Clamd:
    """The scanner of one test: it can be killed and started again, at the same address."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = _free_port()
        self.address = f"127.0.0.1:{self.port}"
        self.process: subprocess.Popen[bytes] | None = None
        signatures = folder / "signatures"
        signatures.mkdir()
        (signatures / "portal.ndb").write_text(f"Portal.Test.EICAR:0:*:{EICAR.hex()}\n")
        (folder / "clamd.conf").write_text(
            f"DatabaseDirectory {signatures}\nTCPSocket {self.port}\nTCPAddr 127.0.0.1\n"
            f"Foreground yes\nLogFile {folder}/clamd.log\nLogTime yes\nMaxThreads 2\n"
            f"TemporaryDirectory {folder}\nConcurrentDatabaseReload no\nSelfCheck 36000\n"
        )

    def start(self) -> None:
        assert CLAMD
        log = (self.folder / "out.log").open("ab")
        command = [CLAMD, "--config-file", str(self.folder / "clamd.conf")]
        self.process = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)
        log.close()
        until = time.monotonic() + LONGEST_START
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() > until:
                raise RuntimeError((self.folder / "out.log").read_text())
            time.sleep(0.1)

    def _answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=2) as line:
                line.sendall(b"zPING\0")
                return line.recv(16) == b"PONG\0"
        except OSError:
            return False

    def kill(self) -> None:
        if self.process and self.process.poll() is None:
            os.kill(self.process.pid, signal.SIGKILL)
            self.process.wait(30)

    def pause(self) -> None:
        """Let it hold its connections and say nothing."""
        assert self.process
        os.kill(self.process.pid, signal.SIGSTOP)


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
