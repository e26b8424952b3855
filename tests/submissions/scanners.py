"""A program that speaks like clamd and says what a test has it say."""

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

COMMAND = b"zINSTREAM\0"
PATIENCE = 30  # seconds for each file; a file that nobody sends must not stop the run


@contextmanager
def scanner_saying(answer: bytes, address: str, *, times: int = 1) -> Iterator[None]:
    """Answer so many files at a socket of the file system."""
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(address)
        door.listen()
        door.settimeout(PATIENCE)
        heard: list[int] = []
        talker = threading.Thread(target=_say, args=(door, answer, times, heard), daemon=True)
        talker.start()
        yield
        talker.join(PATIENCE * times)
        assert len(heard) == times, "not every file was sent to the scanner"


def _say(door: socket.socket, answer: bytes, times: int, heard: list[int]) -> None:
    """Hear all of it first, as clamd does: who hangs up earlier breaks the sender's pipe."""
    for _time in range(times):
        line, _who = door.accept()
        line.settimeout(PATIENCE)
        with line, line.makefile("rb") as stream:
            heard.append(_hear(stream))
            line.sendall(answer)


def _hear(stream: IO[bytes]) -> int:
    """Read the command and the pieces after it to the empty one; return how many bytes came."""
    assert stream.read(len(COMMAND)) == COMMAND
    size = 0
    while length := struct.unpack("!I", stream.read(4))[0]:
        size += len(stream.read(length))
    return size
