"""Asks clamd whether a file holds malware.

A client of our own, for the protocol is five lines and the packages that speak it have not been
kept for years. The file goes over the connection (INSTREAM): clamd need not see our storage.
"""

import socket
import struct
import time
from typing import IO

from django.conf import settings

from core import outbox

COMMAND = b"zINSTREAM\0"
PIECE = 64 * 1024  # bytes
MOST_SAID = 4096


class ScannerDown(outbox.Down):
    """The scanner does not answer, answers too late, or does not say yes or no."""


def configured() -> bool:
    return bool(settings.CLAMD_ADDRESS)


def scan(stream: IO[bytes], *, patience: float) -> str:
    """Return the name of what was found, or nothing. ``patience``: seconds for all of it."""
    until = time.monotonic() + patience
    try:
        with _connection(settings.CLAMD_ADDRESS, patience) as line:
            _send(line, stream, until)
            said = _hear(line, until)
    except (OSError, ValueError) as error:
        raise ScannerDown(repr(error)) from error
    if said.endswith(" FOUND"):
        return said.removeprefix("stream: ").removesuffix(" FOUND")
    if said != "stream: OK":
        raise ScannerDown(said)
    return ""


def _connection(address: str, patience: float) -> socket.socket:
    if not address.startswith("/"):
        host, _colon, port = address.rpartition(":")
        return socket.create_connection((host.strip("[]"), int(port)), timeout=patience)
    line = socket.socket(socket.AF_UNIX)
    try:
        line.settimeout(patience)
        line.connect(address)
    except OSError:
        line.close()
        raise
    return line


def _send(line: socket.socket, stream: IO[bytes], until: float) -> None:
    line.sendall(COMMAND)
    while piece := stream.read(PIECE):
        line.settimeout(_left(until))
        line.sendall(struct.pack(">I", len(piece)) + piece)
    line.sendall(struct.pack(">I", 0))


def _hear(line: socket.socket, until: float) -> str:
    said = b""
    while not said.endswith(b"\0"):
        line.settimeout(_left(until))
        more = line.recv(MOST_SAID)
        if not more or len(said) > MOST_SAID:
            raise ConnectionError("the scanner hung up")
        said += more
    return said.rstrip(b"\0").decode(errors="replace").strip()


def _left(until: float) -> float:
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError("the scanner is too slow")
    return left
