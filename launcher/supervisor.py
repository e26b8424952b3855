"""Keep a few programs running side by side, and end them in the right order."""

import signal
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from launcher.console import say, step
from launcher.processes import Process, end, ends_within, has_ended, reap, send
from launcher.refusal import Refusal

MANY_ENDS = 5
WINDOW = 60.0  # seconds in which MANY_ENDS are too many
LONGEST_BACK_OFF = 8.0


@dataclass
class Child:
    """A program under supervision. Children of a higher stage lean on those of a lower one."""

    name: str
    start: Callable[[], Process]
    stage: int
    stop_signal: int = signal.SIGTERM
    last_resort: int = signal.SIGKILL
    grace: float = 20.0
    once: bool = False  # a job: it may end, and 0 says that it is done
    vital: bool = True  # without it the portal is none
    process: Process | None = None
    due: float | None = None  # when it is to be started again
    ends: deque[float] = field(default_factory=lambda: deque(maxlen=MANY_ENDS))

    def ended_too_often(self, now: float) -> bool:
        return len(self.ends) == MANY_ENDS and now - self.ends[0] < WINDOW

    def back_off(self, now: float) -> float:
        """Seconds to wait before the next start: half a second, doubling while it keeps ending."""
        recent = sum(now - ended < WINDOW for ended in self.ends)
        return min(LONGEST_BACK_OFF, 0.25 * 2.0**recent)


class Supervisor:
    """Starts children, restarts those that end by themselves, stops all."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.children: list[Child] = []
        self._clock = clock

    def add(self, child: Child, delay: float = 0.0) -> None:
        """Take a child in; unless it runs already it is started, now or after a delay."""
        self.children.append(child)
        if child.process is not None:
            return
        if delay:
            child.due = self._clock() + delay
        else:
            self._start(child)

    def _start(self, child: Child) -> None:
        child.due = None
        child.process = child.start()
        if child.process.stdout is not None:
            threading.Thread(target=_pump, args=(child.name, child.process), daemon=True).start()

    def tick(self) -> None:
        """Look at every child once; refuse to go on when one ends again and again."""
        for child in list(self.children):
            if child.process is not None and has_ended(child.process):
                self._after_end(child, child.process)
            elif child.due is not None and self._clock() >= child.due:
                self._start(child)

    def _after_end(self, child: Child, process: Process) -> None:
        code, child.process = reap(process), None
        if child.once and code == 0:
            self.children.remove(child)
            return
        now = self._clock()
        child.ends.append(now)
        if child.ended_too_often(now):
            self._give_up(child, code)
            return
        delay = child.back_off(now)
        child.due = now + delay
        say(f"{child.name} ended by itself ({_spoken(code)}); starting it again in {delay:.1f} s")

    def _give_up(self, child: Child, code: int) -> None:
        sentence = (
            f"{child.name} ended {MANY_ENDS} times within {WINDOW:.0f} s (last: {_spoken(code)}); "
            "its last lines, above or in the state folder's log/, say why."
        )
        self.children.remove(child)
        if child.vital and not child.once:
            raise Refusal(f"giving up: {sentence}")
        say(f"not trying again: {sentence}")

    def stop(self, above: int = -1) -> None:
        """End all children whose stage is higher than ``above``, the highest stage first."""
        leaving = [child for child in self.children if child.stage > above]
        for stage in sorted({child.stage for child in leaving}, reverse=True):
            self._stop_together([child for child in leaving if child.stage == stage])
        self.children = [child for child in self.children if child not in leaving]

    def _stop_together(self, children: list[Child]) -> None:
        running = [child for child in children if child.process is not None]
        if not running:
            return
        with step(f"stopping {', '.join(child.name for child in running)}"):
            for child in running:
                _ask_to_stop(child)
            for child in running:
                _wait_for_stop(child)


def _ask_to_stop(child: Child) -> None:
    if child.process is not None:
        send(child.process, child.stop_signal)


def _wait_for_stop(child: Child) -> None:
    if child.process is None:
        return
    if ends_within(child.process, child.grace):
        reap(child.process)
    else:
        say(f"{child.name} did not stop within {child.grace:.0f} s; insisting")
        end(child.process, asking=child.last_resort, grace=10)
    child.process = None


def _pump(name: str, process: Process) -> None:
    """Pass a child's lines on. Reads to the end whatever happens: a full pipe would stop it."""
    if process.stdout is None:
        return
    with process.stdout as lines:
        for line in lines:
            say(line.decode(errors="replace").rstrip(), name)


def _spoken(code: int) -> str:
    if code < 0:
        return signal.Signals(-code).name
    return f"exit code {code}"
