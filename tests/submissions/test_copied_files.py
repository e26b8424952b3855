"""The bytes of the files of a copied declaration: room, trouble with the storage, nothing left."""

import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from itertools import count

import pytest
from django.core.files.storage import FileSystemStorage, default_storage
from django.db import connection

from core.errors import DomainError
from submissions import copying
from submissions.models import Declaration
from tests.builders import submissions as build
from tests.reading import text
from tests.submissions.browsing import address, browser, owner_client
from tests.submissions.test_copying import copied, owner, post

pytestmark = pytest.mark.django_db


@pytest.fixture
def source():
    """A declaration that was filed, with a report."""
    one = build.draft()
    build.attachment(one)
    build.take(one, "submit", owner(one))
    return Declaration.objects.get(pk=one.pk)


def stored():
    return set(default_storage.listdir("attachments")[1])


def failing(real, *, at):
    """Return a method of the storage that fails at its n-th call, as a bucket does."""
    calls = count(1)

    def method(*args, **kwargs):
        if next(calls) == at:
            raise RuntimeError("the bucket does not answer")
        return real(*args, **kwargs)

    return method


def test_a_copy_refused_at_the_end_leaves_no_bytes_behind(source):
    key = uuid.uuid4()
    build.draft(activity=build.open_activity(), document={})  # somebody else's
    Declaration.objects.filter(content={}).update(start_key=key)
    before = stored()

    with pytest.raises(DomainError, match="used already"):
        copied(source, key=key)

    assert stored() == before


@pytest.mark.parametrize(("method", "at"), [("_save", 2), ("_open", 2)])
def test_trouble_with_the_storage_is_said_at_the_place_and_nothing_stays(
    source, monkeypatch, method, at
):
    draft = build.draft(organisation=source.organisation, actor=owner(source))
    for _number in range(3):
        build.attachment(draft)
    activity, before = build.open_activity(), stored()
    with monkeypatch.context() as down:
        real = getattr(FileSystemStorage, method)
        down.setattr(FileSystemStorage, method, failing(real, at=at))
        page = post(owner_client(source), activity, draft)

    assert page.context["form"].errors["source"] == [
        "The files could not be copied just now. Please try again in a few minutes."
    ]
    assert stored() == before
    assert not Declaration.objects.filter(copied_from=draft).exists()


def test_a_deletion_that_fails_keeps_no_other_bytes(source, monkeypatch):
    draft = build.draft(organisation=source.organisation, actor=owner(source))
    for _number in range(3):
        build.attachment(draft)
    activity, before = build.open_activity(), stored()
    with monkeypatch.context() as down:
        down.setattr(FileSystemStorage, "_open", failing(vars(FileSystemStorage)["_open"], at=3))
        down.setattr(FileSystemStorage, "delete", failing(FileSystemStorage.delete, at=1))
        with pytest.raises(DomainError, match="could not be copied just now"):
            copied(draft, activity)

    assert len(stored() - before) == 1


def test_without_room_for_the_files_nothing_is_copied_and_the_page_says_so(source, settings):
    activity, before = build.open_activity(), stored()
    settings.UNSUBMITTED_MAX_BYTES = source.attachments.get().size - 1

    page = post(owner_client(source), activity, source)

    (said,) = page.context["form"].errors["source"]
    assert "that are not submitted yet may come to" in said
    assert said in text(page)
    assert stored() == before
    assert not Declaration.objects.filter(copied_from=source).exists()


@pytest.mark.django_db(transaction=True)
def test_no_transaction_is_open_while_bytes_are_written(monkeypatch):
    one = build.draft()
    build.attachment(one)
    activity, person = build.open_activity(), owner(one)
    held = []
    real = vars(FileSystemStorage)["_save"]

    def save(*args, **kwargs):
        held.append(connection.in_atomic_block)
        return real(*args, **kwargs)

    monkeypatch.setattr(FileSystemStorage, "_save", save)

    draft = copied(one, activity, actor=person)

    assert held == [False]
    assert draft.attachments.count() == 1


class Slow:
    """A storage that writes bytes only once it is let: counts, and waits."""

    def __init__(self, monkeypatch):
        self.begun, self.go_on = threading.Semaphore(0), threading.Event()
        self.written = 0
        real = vars(FileSystemStorage)["_save"]

        def save(*args, **kwargs):
            self.written += 1
            self.begun.release()
            assert self.go_on.wait(30)
            return real(*args, **kwargs)

        monkeypatch.setattr(FileSystemStorage, "_save", save)


@pytest.fixture
def committed():
    """A draft with a report, an activity and a person, as other connections see them."""
    one = build.draft()
    build.attachment(one)
    return one, build.open_activity(), owner(one)


def in_a_thread(pool, source, activity, person, key):
    def run():
        try:
            return copied(source, activity, actor=person, key=key)
        finally:
            connection.close()

    return pool.submit(run)


@pytest.mark.django_db(transaction=True)
def test_who_presses_again_while_bytes_are_copied_waits_for_the_one_copy(committed, monkeypatch):
    source, activity, person = committed
    slow, key = Slow(monkeypatch), uuid.uuid4()

    with ThreadPoolExecutor(2) as pool:
        first = in_a_thread(pool, source, activity, person, key)
        assert slow.begun.acquire(timeout=30)
        second = in_a_thread(pool, source, activity, person, key)
        time.sleep(0.3)  # whoever copied once more would have begun
        assert not second.done()
        slow.go_on.set()
        made = {first.result(timeout=30), second.result(timeout=30)}

    assert (len(made), slow.written) == (1, 1)
    assert made.pop().attachments.count() == 1


@pytest.mark.django_db(transaction=True)
def test_who_presses_again_long_before_it_is_done_is_told_and_nothing_is_copied_twice(
    committed, monkeypatch
):
    source, activity, person = committed
    monkeypatch.setattr(copying, "PATIENCE", 0.1)
    slow, key = Slow(monkeypatch), uuid.uuid4()

    with ThreadPoolExecutor(1) as pool:
        first = in_a_thread(pool, source, activity, person, key)
        assert slow.begun.acquire(timeout=30)
        page = post(browser(person), activity, source, key=str(key))
        slow.go_on.set()
        made = first.result(timeout=30)
    again = post(browser(person), activity, source, key=str(key))

    assert page.context["form"].errors["source"] == [
        "This is being copied already. Please press the button once more in a minute."
    ]
    assert again.redirect_chain[-1][0] == address("declaration-detail", made.pk)
    assert slow.written == 1


@pytest.mark.django_db(transaction=True)
def test_two_copies_at_once_do_not_both_take_the_last_room(committed, monkeypatch, settings):
    source, activity, person = committed
    size = source.attachments.get().size
    settings.UNSUBMITTED_MAX_BYTES = 3 * size - 1  # the source lies there too
    slow, before = Slow(monkeypatch), stored()

    with ThreadPoolExecutor(2) as pool:
        runs = [in_a_thread(pool, source, activity, person, uuid.uuid4()) for _tab in range(2)]
        for _tab in runs:
            assert slow.begun.acquire(timeout=30)  # both were let in
        slow.go_on.set()
        refused = [error for one in runs if (error := one.exception(timeout=30))]

    assert [type(error) for error in refused] == [DomainError]
    assert "that are not submitted yet may come to" in str(refused[0])
    assert Declaration.objects.filter(copied_from=source).count() == 1
    assert len(stored() - before) == 1
