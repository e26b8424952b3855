"""A program that speaks like clamd and says what a test has it say."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def scanner_saying(answer: bytes, address: str, *, times: int = 1) -> Iterator[None]:
    """Answer so many files at a socket of the file system."""
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(address)
        door.listen()
        talker = threading.Thread(target=_say, args=(door, answer, times))
        talker.start()
        yield
        talker.join()


def _say(door: socket.socket, answer: bytes, times: int) -> None:
    """Hear all of it first, as clamd does: who hangs up earlier breaks the sender's pipe."""
    for _time in range(times):
        line, _who = door.accept()
        heard = b""
        with line:
            while not heard.endswith(b"\0\0\0\0") and (piece := line.recv(4096)):
                heard += piece
            line.sendall(answer)
