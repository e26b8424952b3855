"""A line that brings a part of a file so slowly that it would keep a thread of eight for hours.

The server reads from a socket that waits for ever. A timer ends the reading: what came is kept,
and whoever sends goes on from there. (A front server that buffers spares us all of it.)
"""

import contextlib
import io
import socket
import threading
from typing import IO, cast

from django.http import HttpRequest

from submissions.files.resuming import PATIENCE

SOCKET = "gunicorn.socket"  # where the server puts it


def hurried(request: HttpRequest, seconds: float = PATIENCE) -> IO[bytes]:
    """Return the body of a request, which ends after so many seconds; close it when it is read."""
    return cast("IO[bytes]", _Body(request, seconds))


class _Body(io.RawIOBase):
    def __init__(self, request: HttpRequest, seconds: float) -> None:
        super().__init__()
        self.request = request
        self.timer: threading.Timer | None = None
        line: socket.socket | None = request.META.get(SOCKET)
        if line is not None:
            self.timer = threading.Timer(seconds, _end, [line])
            self.timer.daemon = True
            self.timer.start()

    def read(self, size: int = -1) -> bytes:
        return self.request.read(size)

    def close(self) -> None:
        if self.timer:
            self.timer.cancel()
        super().close()


def _end(line: socket.socket) -> None:
    """Read no more from it: a reader that waits gets the end; the answer is still sent."""
    with contextlib.suppress(OSError):  # it broke meanwhile
        line.shutdown(socket.SHUT_RD)
