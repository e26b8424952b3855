"""Ctrl-C, TERM and HUP: the first asks for a stop, a later one at most insists."""

import contextlib
import signal
from collections.abc import Iterator
from types import FrameType

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Interrupts:
    """Installed once, by the process that owns everything it started."""

    def __init__(self) -> None:
        self.asked: int | None = None
        self._patient = False

    def install(self) -> None:
        for number in SIGNALS:
            # nohup asks us to outlive the terminal by ignoring HUP before we start.
            if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:
                signal.signal(number, self._receive)

    def _receive(self, number: int, _frame: FrameType | None) -> None:
        if self.asked is not None:
            # A Ctrl-C that reached only us ends nothing in front; what insists is passed on.
            if self.asked == signal.SIGINT:
                self.asked = number
            return
        self.asked = number
        if not self._patient:
            raise KeyboardInterrupt

    @contextlib.contextmanager
    def noted_only(self) -> Iterator[None]:
        """Within, a signal interrupts nothing; who waits looks at ``asked``."""
        self._patient = True
        try:
            yield
        finally:
            self._patient = False
