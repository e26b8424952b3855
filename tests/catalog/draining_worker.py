"""A worker process for the tests of kills: drains, stopping itself at the point it is told.

    python -m tests.catalog.draining_worker drain [POINT]
    python -m tests.catalog.draining_worker publish TECHNOLOGY OFFICER

At its point it sends itself SIGSTOP, so whoever started it can kill it there, or let it go on.
It prints one line of JSON when it ends by itself.
"""

import json
import os
import signal
import sys
import time
from collections.abc import Callable
from typing import Any
from unittest.mock import patch
from uuid import UUID

import django

django.setup()

from catalog.sync import batches, drain, manifest  # noqa: E402 -- after setup
from catalog.sync.lake import CURRENT, EVENTS, Lake  # noqa: E402 -- after setup
from catalog.workflow import perform  # noqa: E402 -- after setup

Step = Callable[..., Any]


def stop() -> None:
    os.kill(os.getpid(), signal.SIGSTOP)


def stopping_before(step: Step, *, only: str = "") -> Step:
    def stopped(*args: Any, **kwargs: Any) -> Any:
        # A table opened by a lake ends in its name.
        if not only or args[1].table_uri.rstrip("/").endswith(only):
            stop()
        return step(*args, **kwargs)

    return stopped


def stopping_after(step: Step) -> Step:
    def stopped(*args: Any, **kwargs: Any) -> Any:
        result = step(*args, **kwargs)
        stop()
        return result

    return stopped


def arm(point: str) -> None:
    match point:
        case "before the log":
            patch.object(Lake, "_commit", stopping_before(Lake._commit, only=EVENTS)).start()
        case "after the log":
            patch.object(Lake, "append", stopping_after(Lake.append)).start()
        case "before the snapshot":
            patch.object(Lake, "_commit", stopping_before(Lake._commit, only=CURRENT)).start()
        case "after the snapshot":
            patch.object(Lake, "apply", stopping_after(Lake.apply)).start()
        case "within the manifest":
            # Described already, not in place yet.
            patch.object(manifest, "describe", stopping_after(manifest.describe)).start()
        case "before done":
            patch.object(batches, "finish", stopping_before(batches.finish)).start()
        case _:
            raise SystemExit(f"no such point: {point}")


def main(command: str, *arguments: str) -> dict[str, Any]:
    began = time.perf_counter()
    if command == "publish":
        (technology,) = arguments
        perform("suspend", UUID(technology), actor=None, reason="Because.")
        return {"seconds": time.perf_counter() - began}
    for point in arguments:
        arm(point)
    return {"delivered": drain.drain_all()}


if __name__ == "__main__":
    print(json.dumps(main(*sys.argv[1:])))
