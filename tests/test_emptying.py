"""What one test commits, the next does not find; and what was laid down is there again."""

import threading

import pytest
from django.db import DatabaseError, connection, transaction

from core.models import AuditEntry
from reference.models import Unit
from submissions.models import Activity, RuleSet
from tests.builders import submissions as build
from tests.emptying import delete_all

pytestmark = pytest.mark.django_db(transaction=True)

_late: list[threading.Thread] = []


@pytest.mark.parametrize("time", ["first", "again", "and again"])
def test_each_begins_with_what_was_laid_down_and_nothing_else(time):
    assert Activity.objects.count() == 0
    assert AuditEntry.objects.count() == 0
    assert RuleSet.objects.count() > 0
    assert Unit.objects.get(code="%").symbol == "%"

    build.open_activity(titles={"en": time})
    if time == "again":  # what changed of that is laid down anew
        Unit.objects.filter(code="%").update(symbol="per cent")


@pytest.mark.parametrize("time", ["first", "after it"])
def test_a_request_that_is_still_at_work_is_waited_for(time):
    for late in _late:
        late.join(10)
    assert Activity.objects.count() == 0

    if time == "first":
        at_work = threading.Event()
        _late.append(threading.Thread(target=_write_late, args=(at_work,)))
        _late[0].start()
        assert at_work.wait(10)


def _write_late(at_work: threading.Event) -> None:
    try:
        with transaction.atomic():
            build.open_activity()
            at_work.set()
            threading.Event().wait(0.5)  # as long as a slow page; the test is over by now
    finally:
        connection.close()


def test_who_takes_rows_in_another_order_is_let_before():
    build.open_activity()
    has_the_second, failed = threading.Event(), []

    def other() -> None:
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SET LOCAL deadlock_timeout = '60s'")  # so that we are the victim
                cursor.execute("LOCK TABLE core_auditentry IN SHARE MODE")
                has_the_second.set()
                threading.Event().wait(0.3)
                cursor.execute("LOCK TABLE submissions_activity IN SHARE MODE")
        except DatabaseError as reason:
            failed.append(reason)
        finally:
            connection.close()

    thread = threading.Thread(target=other)
    thread.start()
    assert has_the_second.wait(10)

    delete_all(["submissions_activity", "core_auditentry"])

    thread.join(10)
    assert failed == []
    assert Activity.objects.count() == 0
    assert AuditEntry.objects.count() == 0
