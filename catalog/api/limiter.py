"""How often one may ask: counted in Redis, a minute at a time, for all processes together.

Redis is a hint here too: when it does not answer at once, nobody is counted and everybody is
answered. After a failure it is left alone for some seconds, so that one request in a while waits
for a twentieth of a second, and no other waits at all.
"""

import threading
import time
from functools import lru_cache
from typing import Any, NamedTuple, cast

import redis
import structlog
from django.conf import settings
from redis.backoff import NoBackoff
from redis.retry import Retry

logger = structlog.get_logger("api")

MINUTE = 60
PATIENCE = 0.05  # seconds for connecting, and for each answer
REST = 5.0  # seconds for which Redis is not asked after it failed
# Counting and setting the end are one act: no count is left that never ends, however many ask.
_COUNT = """
    local used = redis.call('INCR', KEYS[1])
    if used == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
    return {used, redis.call('PTTL', KEYS[1])}
"""


_READ = """
    return {tonumber(redis.call('GET', KEYS[1]) or 0), math.max(0, redis.call('PTTL', KEYS[1]))}
"""


class Standing(NamedTuple):
    """How one stands in this minute: how often one may still ask, seconds until it begins anew."""

    left: int
    seconds: int
    over: bool


class Counter:
    """Counts at one Redis; leaves it alone for a while when it fails."""

    def __init__(self, url: str) -> None:
        client = redis.Redis.from_url(
            url,
            socket_timeout=PATIENCE,
            socket_connect_timeout=PATIENCE,
            retry=Retry(NoBackoff(), 0),
            protocol=2,  # fewer words before the first answer
        )
        self._count, self._read = client.register_script(_COUNT), client.register_script(_READ)
        self._resting_until = 0.0
        self._lock = threading.Lock()

    def count(self, key: str, limit: int) -> Standing | None:
        """Count one request; None: it could not be counted, and is answered."""
        return self._standing(self._count, key, limit)

    def standing(self, key: str, limit: int) -> Standing | None:
        """Return how it stands, without counting; over is who may ask no more."""
        found = self._standing(self._read, key, limit)
        return found and found._replace(over=not found.left)

    def _standing(self, script: Any, key: str, limit: int) -> Standing | None:
        if not self._may_ask():
            return None
        try:
            told = script(keys=[f"portal:api:{key}"], args=[MINUTE * 1000])
            used, milliseconds = cast("list[int]", told)
        except (redis.RedisError, OSError) as error:
            self._resting_until = time.monotonic() + REST
            logger.warning("requests are not counted", error=repr(error), seconds=REST)
            return None
        self._resting_until = 0.0
        # Part of a second counts as one: who waits so long is not too early.
        seconds = max(1, -(-milliseconds // 1000))
        return Standing(max(0, limit - used), seconds, used > limit)

    def _may_ask(self) -> bool:
        """Say whether Redis is to be asked; after a failure one at a time tries again."""
        if not self._resting_until:
            return True
        with self._lock:
            if time.monotonic() < self._resting_until:
                return False
            self._resting_until = time.monotonic() + REST
            return True


@lru_cache(maxsize=4)
def _counter(url: str) -> Counter:
    return Counter(url)


def count(key: str, limit: int) -> Standing | None:
    return _counter(settings.REDIS_URL).count(key, limit)


def standing(key: str, limit: int) -> Standing | None:
    return _counter(settings.REDIS_URL).standing(key, limit)


def headers(policy: str, limit: int, standing: Standing) -> dict[str, str]:
    """Return the fields of draft-ietf-httpapi-ratelimit-headers: the quota, and what is left."""
    return {
        "RateLimit-Policy": f'"{policy}";q={limit};w={MINUTE}',
        "RateLimit": f'"{policy}";r={standing.left};t={standing.seconds}',
    }
