"""The order of changes is the order of commits, and a change is numbered once."""

import datetime as dt
import threading
from importlib import import_module

import pytest
from django.db import DatabaseError, connection, transaction

from catalog.models import Change, Technology
from catalog.version import version_now
from tests.builders import catalog

MONTH = dt.timedelta(days=30)


@pytest.mark.django_db(transaction=True)
def test_who_commits_first_has_the_lower_number():
    catalog.technology(title="There before")  # with the people and the activity all share
    begun, other_is_done = threading.Event(), threading.Event()

    def slow() -> None:
        with transaction.atomic():
            catalog.technology(title="Begun first")
            begun.set()
            other_is_done.wait(30)
        connection.close()

    thread = threading.Thread(target=slow)
    thread.start()
    begun.wait(30)
    catalog.technology(title="Committed first")
    seen = version_now().change
    other_is_done.set()
    thread.join(30)

    order = [change.technology.title for change in Change.objects.order_by("number")]
    assert order == ["There before", "Committed first", "Begun first"]
    assert list(Change.objects.filter(number__gt=seen).values_list("kind", flat=True)) == ["listed"]


@pytest.mark.django_db
def test_each_step_leaves_a_change_of_its_kind():
    one = catalog.technology()
    for step in ("suspend", "resume", "withdraw"):
        catalog.take(one, step)
    catalog.numbered()

    kinds = Change.objects.order_by("number").values_list("kind", "seq")
    assert list(kinds) == [("listed", 1), ("suspended", 2), ("resumed", 3), ("withdrawn", 4)]
    assert not Change.objects.filter(at=None).exists()


@pytest.mark.django_db
@pytest.mark.parametrize("act", ["update", "delete"])
def test_a_number_is_never_changed(act):
    catalog.technology()
    catalog.numbered()
    change = Change.objects.get()

    with pytest.raises(DatabaseError, match="Cannot update or delete"), transaction.atomic():
        if act == "update":
            Change.objects.filter(pk=change.pk).update(number=0)
        else:
            change.delete()


@pytest.mark.django_db
def test_a_change_is_pending_until_it_is_numbered():
    before = version_now()
    catalog.technology()

    assert version_now() == before._replace(pending=True)
    catalog.numbered()
    assert version_now().change > before.change
    assert not version_now().pending


@pytest.mark.django_db
def test_what_was_listed_before_there_were_changes_is_told_of_its_own_days():
    day = dt.datetime(2024, 3, 1, tzinfo=dt.UTC)
    renewed, gone = catalog.technology(listed_at=day), catalog.technology(listed_at=day + MONTH)
    catalog.take(gone, "suspend")
    Technology.objects.filter(pk=renewed.pk).update(seq=3, changed_at=day + 3 * MONTH)
    Technology.objects.filter(pk=gone.pk).update(changed_at=day + 2 * MONTH)
    catalog.numbered()
    last = version_now().change

    with connection.cursor() as cursor:  # the table as it is when they are written: just made
        cursor.execute("ALTER TABLE catalog_change DISABLE TRIGGER USER")
        cursor.execute("DELETE FROM catalog_change")
        cursor.execute(import_module("catalog.migrations.0005_index").CHANGES)

    assert list(Change.objects.values_list("number", "technology", "kind", "seq", "at")) == [
        (last + 1, renewed.pk, "listed", 3, day),
        (last + 2, gone.pk, "listed", 1, day + MONTH),
        (last + 3, gone.pk, "suspended", 2, day + 2 * MONTH),
    ]
