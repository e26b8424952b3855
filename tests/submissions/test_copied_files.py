"""The bytes of the files of a copied declaration: room, trouble with the storage, nothing left."""

import uuid
from itertools import count

import pytest
from django.core.files.storage import FileSystemStorage, default_storage
from django.db import connection

from core.errors import DomainError
from submissions.models import Declaration
from tests.builders import submissions as build
from tests.reading import text
from tests.submissions.browsing import address, owner_client
from tests.submissions.test_copying import copied, owner

pytestmark = pytest.mark.django_db


@pytest.fixture
def source():
    """A declaration that was filed, with a report."""
    one = build.draft()
    build.attachment(one)
    build.take(one, "submit", owner(one))
    return Declaration.objects.get(pk=one.pk)


def post(client, activity, source, **more):
    values = {
        "organisation": str(source.organisation_id),
        "language": "zh-hans",
        "key": str(uuid.uuid4()),
        "source": str(source.pk),
        **more,
    }
    return client.post(address("declaration-start", activity.code), values, follow=True)


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
