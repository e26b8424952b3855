"""Lines on the terminal: prefixed, whole, and never the reason why something stops."""

import contextlib
import sys
import threading
import time
from collections.abc import Iterator

WIDTH = 8
SPINNER = "|/-\\"
REMIND_AFTER = (1.0, 15.0)  # seconds: the first plain line of a long step, then one each

CLEAR_LINE = "\r\033[K"

_lock = threading.Lock()
_spinning = threading.Event()


def say(text: str, name: str = "run") -> None:
    clear = CLEAR_LINE if _spinning.is_set() else ""
    _write(f"{clear}{name:<{WIDTH}}| {text}\n")


def _write(text: str) -> None:
    # The reader may have gone (a closed terminal, `| head`); the services must not care.
    with _lock, contextlib.suppress(OSError, ValueError):
        sys.stdout.write(text)
        sys.stdout.flush()


@contextlib.contextmanager
def step(title: str) -> Iterator[None]:
    """Show that something is going on, and afterwards how long it took.

    A terminal gets a spinner with the seconds, anything else a plain line once the
    step has taken a second.
    """
    began = time.monotonic()
    over = threading.Event()
    show = _spin if sys.stdout.isatty() else _remind
    ticker = threading.Thread(target=show, args=(title, began, over), daemon=True)
    ticker.start()
    outcome = "failed after"
    try:
        yield
        outcome = "done in"
    except KeyboardInterrupt:
        outcome = "stopped after"
        raise
    finally:
        over.set()
        ticker.join()
        say(f"{title}: {outcome} {time.monotonic() - began:.1f} s")


def _spin(title: str, began: float, over: threading.Event) -> None:
    turn = 0
    _spinning.set()
    while not over.wait(0.1):
        turn += 1
        mark = SPINNER[turn % len(SPINNER)]
        _write(f"\r{'run':<{WIDTH}}| {mark} {title} {time.monotonic() - began:.0f} s ")
    _spinning.clear()
    _write(CLEAR_LINE)


def _remind(title: str, began: float, over: threading.Event) -> None:
    first, later = REMIND_AFTER
    if over.wait(first):
        return
    say(f"{title} ...")
    while not over.wait(later):
        say(f"{title} ... {time.monotonic() - began:.0f} s")
