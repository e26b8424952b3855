"""Public pages kept in the memory of a process, as they were sent: by version and address.

What everybody is shown alike is drawn once for each version of the catalogue, compressed, and
sent again until the catalogue changes: at once in the process that changed it, within
``LOOK_AGAIN`` in the others. There is no cache to lose: a page that is not kept is drawn.
"""

import gzip
import hashlib
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from cachetools import LRUCache
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from catalog.version import version_now

LOOK_AGAIN = 0.5  # seconds
OVERHEAD = 1_000  # bytes of memory beside the text of a page


class Key(NamedTuple):
    """What a page depends on beside the catalogue."""

    scheme: str
    host: str
    path: str
    query: str


@dataclass(frozen=True, slots=True)
class Page:
    """A page as it is sent: its text compressed, and its headers."""

    version: str
    body: bytes  # gzip
    length: int  # of the text
    headers: Mapping[str, str]
    etag: str


class Keeper:
    """The pages of one process; those not asked for the longest go first."""

    def __init__(self, most_bytes: int) -> None:
        self._pages: LRUCache[Key, Page] = LRUCache(
            most_bytes, getsizeof=lambda page: len(page.body) + OVERHEAD
        )
        self._lock = threading.Lock()

    def find(self, key: Key, version: str) -> Page | None:
        with self._lock:
            page = self._pages.get(key)
            if page is not None and page.version != version:
                del self._pages[key]
                return None
            return page

    def keep(self, key: Key, page: Page) -> None:
        with self._lock:
            if len(page.body) + OVERHEAD <= self._pages.maxsize:
                self._pages[key] = page


class _Watch:
    """The version of the catalogue, looked at now and then."""

    def __init__(self) -> None:
        self._version = ""
        self._until = 0.0
        self._looks = 0  # how often it was said that something changed
        self._lock = threading.Lock()

    def version(self) -> str:
        """Return the version pages are of; "" within a transaction that changed something."""
        now = time.monotonic()
        if now < self._until:
            return self._version
        looks = self._looks
        version = version_now()
        if version.pending:
            return ""
        # Of another day a page may say other things: what is new, what has run out.
        seen = f"{version}.{timezone.localdate():%j}"
        with self._lock:
            if looks == self._looks:  # else it may be the version before that change
                self._version, self._until = seen, now + LOOK_AGAIN
        return seen

    def look(self) -> None:
        with self._lock:
            self._looks += 1
            self._until = 0.0


watch = _Watch()


def changed() -> None:
    """Let the pages of this process be drawn anew as soon as this transaction is there."""
    transaction.on_commit(watch.look)


@lru_cache(maxsize=1)
def _keeper(megabytes: int) -> Keeper:
    return Keeper(megabytes * 2**20)


def keeper() -> Keeper | None:
    """Return the pages of this process; None where none are kept (KEPT_PAGES_MB=0)."""
    return _keeper(settings.KEPT_PAGES_MB) if settings.KEPT_PAGES_MB else None


def forget() -> None:
    _keeper.cache_clear()
    watch.look()


def page(version: str, body: bytes, headers: Mapping[str, str]) -> Page:
    # Weak: the same page, compressed or not.
    etag = f'W/"{hashlib.sha256(body).hexdigest()[:24]}"'
    return Page(version, gzip.compress(body, 6, mtime=0), len(body), dict(headers), etag)
