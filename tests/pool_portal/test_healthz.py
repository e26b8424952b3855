"""What a watchman is told: that the database answers, and how long the oldest work has waited."""

import datetime as dt

import pytest
from django.db import OperationalError, connection, transaction
from django.utils import timezone

from core import outbox
from core.models import OutboxMessage

pytestmark = pytest.mark.django_db


def owe(*, hours: float, **more):
    with transaction.atomic():
        row = OutboxMessage.objects.create(topic="note", available_at=timezone.now(), **more)
    made = timezone.now() - dt.timedelta(hours=hours)
    OutboxMessage.objects.filter(pk=row.pk).update(created_at=made)


def test_nothing_owed_is_no_wait(client):
    answer = client.get("/healthz")

    assert answer.json() == {"status": "ok", "oldest_seconds": {"outbox": 0.0, "deliveries": 0.0}}
    assert dict(answer.cookies) == {}


def test_the_oldest_message_that_is_still_owed_counts(client):
    owe(hours=1)
    owe(hours=2)
    owe(hours=9, delivered_at=timezone.now())
    owe(hours=9, given_up_at=timezone.now())

    waited = client.get("/healthz").json()["oldest_seconds"]

    assert waited["outbox"] == pytest.approx(7200, abs=30)
    assert waited["outbox"] == pytest.approx(outbox.oldest_wait(), abs=30)
    assert waited["deliveries"] == 0.0


def test_a_database_that_does_not_answer_is_no_health(client):
    client.raise_request_exception = False

    def gone(*_given):
        raise OperationalError("server closed the connection")

    with connection.execute_wrapper(gone):
        answer = client.get("/healthz")

    assert answer.status_code == 500
    assert b"Something failed on our side" in answer.content
    assert b"closed the connection" not in answer.content
