"""Effects that are owed: exactly if the change commits, at least once, by one worker at a time."""

import datetime as dt
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.utils import timezone

from core import outbox
from core.models import OutboxMessage
from tests.builders.core import at_once
from tests.builders.database import database_url

pytestmark = pytest.mark.django_db(transaction=True)
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def delivered(monkeypatch) -> list[int]:
    """Take messages of the topic "note"; what they carried is listed here."""
    seen: list[int] = []
    monkeypatch.setitem(outbox._handlers, "note", lambda payload: seen.append(payload["n"]))
    return seen


def owe(*numbers: int, topic: str = "note") -> list[OutboxMessage]:
    with transaction.atomic():
        return [outbox.enqueue(topic, {"n": number}) for number in numbers]


def make_due() -> None:
    OutboxMessage.objects.filter(delivered_at=None).update(available_at=timezone.now())


def wait_of(message: OutboxMessage) -> float:
    message.refresh_from_db()
    return (message.available_at - timezone.now()).total_seconds()


def test_an_effect_outside_a_transaction_is_refused(delivered):
    with pytest.raises(RuntimeError, match="transaction"):
        outbox.enqueue("note", {})


def test_an_effect_nobody_handles_is_refused():
    with pytest.raises(LookupError, match="nowhere"), transaction.atomic():
        outbox.enqueue("nowhere", {})


def test_what_is_rolled_back_owes_nothing(delivered):
    with pytest.raises(RuntimeError), transaction.atomic():
        outbox.enqueue("note", {"n": 1})
        raise RuntimeError

    assert outbox.deliver_due() == 0
    assert (OutboxMessage.objects.count(), delivered) == (0, [])


def test_messages_are_delivered_once_and_in_order(delivered):
    owe(1, 2)
    owe(3)

    assert outbox.deliver_due() == 3
    assert outbox.deliver_due() == 0
    assert delivered == [1, 2, 3]
    assert OutboxMessage.objects.filter(delivered_at=None).count() == 0


def test_one_turn_takes_no_more_than_its_limit(delivered):
    owe(1, 2, 3)

    assert outbox.deliver_due(limit=2) == 2
    assert delivered == [1, 2]


def test_one_bad_message_does_not_stop_the_others(delivered, monkeypatch):
    def refuse(payload) -> None:
        raise ConnectionError("server away")

    monkeypatch.setitem(outbox._handlers, "bad", refuse)
    (bad,) = owe(1, topic="bad")
    owe(2)

    assert outbox.deliver_due() == 2
    bad.refresh_from_db()
    assert delivered == [2]
    assert (bad.attempts, bad.delivered_at, bad.given_up_at) == (1, None, None)
    assert bad.last_error == "ConnectionError('server away')"


def test_a_failed_message_waits_longer_each_time_and_is_then_given_up(monkeypatch):
    def refuse(payload) -> None:
        raise ConnectionError

    monkeypatch.setitem(outbox._handlers, "note", refuse)
    (message,) = owe(1)
    waits = []
    for _attempt in range(outbox.MAX_ATTEMPTS):
        make_due()
        assert outbox.deliver_due() == 1
        waits.append(wait_of(message))
        assert outbox.deliver_due() == 0

    expected = [min(15 * 2**attempt, 6 * 3600) for attempt in range(1, 13)]
    assert waits == pytest.approx(expected, abs=20)
    assert message.given_up_at is not None
    make_due()
    assert outbox.deliver_due() == 0


def test_a_message_in_hand_is_leased_and_comes_back_when_the_worker_died(delivered, monkeypatch):
    def die(payload) -> None:
        raise KeyboardInterrupt

    monkeypatch.setitem(outbox._handlers, "note", die)
    (message,) = owe(1)
    with pytest.raises(KeyboardInterrupt):
        outbox.deliver_due()

    assert outbox.deliver_due() == 0
    assert wait_of(message) == pytest.approx(outbox.LEASE.total_seconds(), abs=20)

    monkeypatch.setitem(outbox._handlers, "note", lambda payload: delivered.append(payload["n"]))
    make_due()
    assert outbox.deliver_due() == 1
    message.refresh_from_db()
    assert (delivered, message.attempts) == ([1], 2)


def test_no_transaction_is_open_while_a_handler_works(monkeypatch):
    open_transactions = []
    monkeypatch.setitem(
        outbox._handlers,
        "note",
        lambda payload: open_transactions.append(connection.in_atomic_block),
    )
    owe(1)

    outbox.deliver_due()

    assert open_transactions == [False]


def test_four_workers_deliver_each_message_once(delivered):
    owe(*range(60))

    tried = at_once(*[lambda: outbox.deliver_due(limit=100)] * 4)

    assert sum(tried) == 60
    assert sorted(delivered) == list(range(60))
    assert OutboxMessage.objects.filter(attempts=1).exclude(delivered_at=None).count() == 60


KILLED_AFTER_SENDING = """
import os, signal, sys
import django
django.setup()
from core import outbox

def send(payload):
    with open(sys.argv[1], "a") as sent:
        sent.write(f"{payload['n']}\\n")
    os.kill(os.getpid(), signal.SIGKILL)

outbox.register("note", send)
outbox.deliver_due()
"""


def test_a_worker_killed_between_sending_and_noting_sends_again(tmp_path, monkeypatch):
    sent = tmp_path / "sent"
    monkeypatch.setitem(
        outbox._handlers, "note", lambda payload: sent.write_text(sent.read_text() + "1\n")
    )
    (message,) = owe(1)

    killed = subprocess.run(
        [sys.executable, "-c", KILLED_AFTER_SENDING, str(sent)],
        cwd=ROOT,
        env=os.environ
        | {"DATABASE_URL": database_url(), "DJANGO_SETTINGS_MODULE": "pool_portal.settings"},
        timeout=60,
        check=False,
        capture_output=True,
    )

    assert (killed.returncode, sent.read_text()) == (-9, "1\n")
    message.refresh_from_db()
    assert (message.delivered_at, message.attempts) == (None, 1)
    assert message.available_at > timezone.now() + dt.timedelta(minutes=3)
    make_due()
    assert outbox.deliver_due() == 1
    assert sent.read_text() == "1\n1\n"


def test_a_topic_that_is_down_is_asked_once_a_turn_and_holds_up_no_other(delivered, monkeypatch):
    asked: list[int] = []

    def hang(payload):
        asked.append(payload["n"])
        raise outbox.Down("nobody answers")

    monkeypatch.setitem(outbox._handlers, "elsewhere", hang)
    first, second = owe(1, 2, topic="elsewhere")
    owe(3, 4)

    assert outbox.deliver_due() == 3
    assert (asked, delivered) == ([1], [3, 4])
    assert wait_of(first) > 15  # tried, and put back
    assert wait_of(second) <= 0  # not tried: the next turn asks
    assert outbox.deliver_due() == 1
    assert asked == [1, 2]


def test_an_address_a_mail_server_repeats_is_not_kept(monkeypatch):
    def refuse(payload):
        raise ValueError({"wen.yi@example.org": (550, b"<wen.yi@example.org> unknown")})

    monkeypatch.setitem(outbox._handlers, "note", refuse)
    (message,) = owe(1)

    outbox.deliver_due()

    message.refresh_from_db()
    assert message.last_error == "ValueError({'…': (550, b'<…> unknown')})"
