"""What is taken away by the clock, and what is kept for ever."""

import datetime as dt

import pytest
from django.conf import settings as django_settings
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection
from django.utils import timezone

from core import pruning
from core.models import OutboxMessage, StoredMail
from core.tasks import prune
from tests.builders.core import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("clean_cache")]

OTHERS = dict.fromkeys(
    (
        *("dossiers", "objections", "saved texts", "saved searches", "uploads", "previews"),
        "enquiries",
    ),
    0,
)


def session(seconds: float) -> str:
    """Open a session that ends in so many seconds, and return its key."""
    store = SessionStore()
    store["of"] = "somebody"
    store.save()
    ends = timezone.now() + dt.timedelta(seconds=seconds)
    Session.objects.filter(pk=store.session_key).update(expire_date=ends)
    return str(store.session_key)


def ago(days: float | None) -> dt.datetime | None:
    return None if days is None else timezone.now() - dt.timedelta(days=days)


def message(*, delivered: float | None = None, given_up: float | None = None) -> int:
    """Lay down a message that was delivered, or given up, so many days ago."""
    made = timezone.now() - dt.timedelta(days=400)
    row = OutboxMessage.objects.create(
        topic="note",
        available_at=made,
        delivered_at=ago(delivered),
        given_up_at=ago(given_up),
    )
    OutboxMessage.objects.filter(pk=row.pk).update(created_at=made)
    return row.pk


def sessions_left() -> set[str]:
    return set(Session.objects.values_list("pk", flat=True))


def messages_left() -> set[int]:
    return set(OutboxMessage.objects.values_list("pk", flat=True))


def test_sessions_that_ended_go_and_no_other():
    lasting = {session(60), session(3600 * 12)}
    session(-1)
    session(-86400 * 30)

    assert pruning.prune() == {"sessions": 2, "outbox": 0, "cache": 0, **OTHERS}

    assert sessions_left() == lasting


def test_messages_delivered_long_ago_go_and_no_other(settings):
    settings.OUTBOX_KEEP_DAYS = 30
    kept = {
        message(),  # owed for more than a year
        message(given_up=200),  # somebody has to look at it
        message(delivered=1),
        message(delivered=29.99),
    }
    message(delivered=30.01)
    message(delivered=300)

    assert pruning.prune() == {"sessions": 0, "outbox": 2, "cache": 0, **OTHERS}

    assert messages_left() == kept


def counts_left() -> dict[str, dt.datetime]:
    with connection.cursor() as cursor:
        cursor.execute("select cache_key, expires from core_cache")
        return dict(cursor.fetchall())


def test_counts_that_ran_out_go_and_no_other():
    cache.set("lasting", 1, 60)
    cache.set("for-ever", 2, None)
    for number in range(3):
        cache.set(f"over-{number}", number, -1)
    assert len(counts_left()) == 5

    assert pruning.prune() == {"sessions": 0, "outbox": 0, "cache": 3, **OTHERS}

    assert sorted(counts_left()) == [":1:for-ever", ":1:lasting"]
    assert (cache.get("lasting"), cache.get("for-ever")) == (1, 2)


@pytest.fixture(params=["on", "off"])
def plan(request):
    """Let PostgreSQL go about it in one way, then in another: a batch is a batch in both."""
    joins = ("enable_hashjoin", "enable_mergejoin")
    ways = (*joins, "enable_hashagg", "enable_material", "enable_sort")
    with connection.cursor() as cursor:
        for way in ways:
            cursor.execute(f"SET {way} = {request.param}")
    yield
    with connection.cursor() as cursor:
        for way in ways:
            cursor.execute(f"RESET {way}")


def test_counts_go_in_small_batches_and_not_for_ever(monkeypatch, plan):
    monkeypatch.setattr(pruning, "BATCH", 2)
    monkeypatch.setattr(pruning, "MOST_BATCHES", 2)
    for number in range(5):
        cache.set(f"over-{number}", number, -1)

    assert [pruning.prune()["cache"] for _turn in range(3)] == [4, 1, 0]
    assert counts_left() == {}


def test_a_cache_that_is_no_table_is_left_alone(settings):
    cache.set("over", 1, -1)
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

    assert pruning.prune()["cache"] == 0
    assert len(counts_left()) == 1


def test_a_second_turn_finds_nothing_left():
    message(delivered=300)
    session(-1)
    StoredMail.objects.create(recipient="a@example.org", language="en", template="x", subject="x")

    assert prune() == {"sessions": 1, "outbox": 1, "cache": 0, **OTHERS}
    assert prune() == {"sessions": 0, "outbox": 0, "cache": 0, **OTHERS}
    assert StoredMail.objects.count() == 1


@pytest.mark.parametrize(("rows", "queries"), [(4, 8), (5, 8), (6, 11), (7, 12)])
def test_many_rows_go_in_small_batches(monkeypatch, django_assert_num_queries, rows, queries):
    monkeypatch.setattr(pruning, "BATCH", 3)
    for _row in range(rows):
        message(delivered=300)

    # A transaction for each batch: begin, lock, delete, commit. Those for sessions and for saved
    # texts find none, nor do the cache's one statement, that for files on their way, the four for
    # declarations as one file, the two for objections, the four for enquiries, and the two for
    # saved searches.
    with django_assert_num_queries(3 + queries + 1 + 3 + 1 + 4 + 2 + 4 + 2):
        assert pruning.prune()["outbox"] == rows

    assert messages_left() == set()


def test_one_turn_does_not_go_on_for_ever(monkeypatch):
    monkeypatch.setattr(pruning, "BATCH", 2)
    monkeypatch.setattr(pruning, "MOST_BATCHES", 2)
    rows = [message(delivered=300) for _row in range(5)]

    assert pruning.prune()["outbox"] == 4
    assert messages_left() == {rows[-1]}


def test_two_workers_at_once_delete_each_row_once(monkeypatch):
    monkeypatch.setattr(pruning, "BATCH", 7)
    kept = message(delivered=1)
    for _row in range(100):
        message(delivered=300)

    first, second = at_once(pruning.prune, pruning.prune)

    assert first["outbox"] + second["outbox"] <= 100
    assert pruning.prune()["outbox"] == 100 - first["outbox"] - second["outbox"]
    assert messages_left() == {kept}


def test_a_row_another_transaction_holds_is_left_for_later(monkeypatch):
    held, free = message(delivered=300), message(delivered=300)

    def hold_and_prune():
        other = connection.copy()
        with other.cursor() as cursor:
            cursor.execute("begin")
            cursor.execute("select 1 from core_outboxmessage where id = %s for update", [held])
            found = pruning.prune()["outbox"]
            cursor.execute("rollback")
        other.close()
        return found

    assert hold_and_prune() == 1
    assert messages_left() == {held}
    assert free not in messages_left()


def test_the_clock_prunes_every_hour():
    planned = {
        one["schedule"]
        for one in django_settings.CELERY_BEAT_SCHEDULE.values()
        if one["task"] == prune.name
    }

    assert planned == {3600.0}


def test_what_fails_stops_nothing_else_and_is_told(monkeypatch):
    def broken() -> int:
        raise OSError("no disk")

    monkeypatch.setattr(pruning, "_registered", {"broken": broken, "files": lambda: 3})
    ended = session(-1)

    with pytest.raises(ExceptionGroup) as told:
        pruning.prune()

    assert [str(one) for one in told.value.exceptions] == ["no disk"]
    assert not Session.objects.filter(pk=ended).exists()
