"""Waking a worker after a commit, without the request waiting for the broker.

A hint is put down in memory and a thread of this process carries it to Redis. When Redis is
slow, hung or gone the hint is lost, and the clock (Celery beat) finds the work some seconds
later: what is owed lies in PostgreSQL.
"""

import threading

import structlog
from celery import current_app

logger = structlog.get_logger(__name__)

HINT_LIFE = 30  # seconds; an older hint is of no use, the clock has been there


class _Messenger:
    """One thread, one set of pending hints: a thousand commits make one message."""

    def __init__(self) -> None:
        self._pending: set[str] = set()
        self._ready = threading.Condition()
        self._thread: threading.Thread | None = None

    def put(self, task: str) -> None:
        with self._ready:
            self._pending.add(task)
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="wake-up", daemon=True)
                self._thread.start()
            self._ready.notify()

    def _run(self) -> None:
        while True:
            with self._ready:
                while not self._pending:
                    self._ready.wait()
                task = self._pending.pop()
            try:
                current_app.send_task(task, expires=HINT_LIFE, retry=False)
            except Exception as error:  # noqa: BLE001 -- a lost hint is no fault
                logger.info("wake-up lost; the clock will do it", task=task, error=repr(error))


_messenger = _Messenger()


def wake(task: str) -> None:
    """Ask a worker to run ``task`` soon. Returns at once, whatever the broker does."""
    _messenger.put(task)
