"""The storage fails midway: what is committed keeps its bytes, the rest can be sent again."""

from typing import Any

import pytest
from django.core.files.storage import FileSystemStorage, default_storage
from django.db import transaction

from core.models import AuditEntry
from submissions import services
from submissions.files import resuming, scanning
from submissions.files.uploads import UploadError
from submissions.models import Attachment
from tests.builders import accounts
from tests.builders import submissions as build
from tests.builders.uploading import begin, part
from tests.reading import text
from tests.submissions.browsing import address, owner_client, section_data
from tests.submissions.test_hostile_uploads import everything_stored

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def draft():
    return build.draft()


def _no_answer(*_args: Any) -> None:
    raise RuntimeError("the storage does not answer")


def test_what_is_committed_keeps_its_bytes_when_tidying_up_fails(draft, monkeypatch):
    content = build.pdf().read()
    client = owner_client(draft)
    url = begin(client, draft, len(content))["Location"]
    part(client, url, 0, content[:50])
    with monkeypatch.context() as down:
        down.setattr(FileSystemStorage, "listdir", _no_answer)

        answer = part(client, url, 50, content[50:])

    assert answer.status_code == 204
    attachment = Attachment.objects.get()
    with attachment.file.open() as stream:
        assert stream.read() == content
    resuming.prune()  # what was left over goes with the next turn
    assert everything_stored() == [attachment.file.name]


def test_a_transaction_that_is_committed_in_spite_of_an_error_keeps_its_bytes(draft, monkeypatch):
    """The line to the database breaks after it has committed: the row stands, so does the file."""
    real = transaction.atomic

    class BrokenAfterCommit(real().__class__):  # type: ignore[misc]  # whatever Django makes
        def __exit__(self, *args: Any) -> None:
            super().__exit__(*args)
            if Attachment.objects.exists():
                raise ConnectionError("after the commit")

    monkeypatch.setattr(transaction, "atomic", lambda *_args: BrokenAfterCommit(None, True, False))
    with pytest.raises(ConnectionError):
        build.attachment(draft)
    monkeypatch.undo()

    assert everything_stored() == [Attachment.objects.get().file.name]


def test_what_is_rolled_back_leaves_no_bytes(draft, monkeypatch):
    def broken(*_args: Any) -> None:
        raise RuntimeError("in the transaction")

    monkeypatch.setattr(scanning, "note_arrival", broken)
    with pytest.raises(RuntimeError):
        build.attachment(draft)

    assert (Attachment.objects.count(), everything_stored()) == (0, [])


def test_a_file_is_taken_away_though_the_storage_does_not_answer(draft, monkeypatch):
    attachment = build.attachment(draft)
    monkeypatch.setattr(FileSystemStorage, "delete", _no_answer)

    services.remove_attachment(attachment.pk, actor=accounts.owner_of(draft.organisation))

    assert AuditEntry.objects.filter(act="declaration.detached").count() == 1
    attachment.refresh_from_db()
    assert attachment.removed_at
    assert default_storage.exists(attachment.file.name)


class Trouble(Exception):  # noqa: N818 -- as the client of a bucket raises, which knows no OSError
    pass


def _trouble(*_args: Any, **_more: Any) -> None:
    raise Trouble


def test_a_bucket_that_fails_is_told_and_nothing_typed_is_lost(draft, monkeypatch):
    monkeypatch.setattr(FileSystemStorage, "_save", _trouble)
    client = owner_client(draft)
    url = address("declaration-section", draft.pk, "performance")
    sent = section_data(draft, "performance", action="attach")
    sent |= {"file-file": build.pdf(), "file-kind": "test_report"}
    key = next(name for name in sent if name.endswith("-condition"))

    answer = client.post(url, {**sent, key: "At 31 °C, as typed"})

    assert answer.status_code == 200
    assert "The file could not be stored just now." in text(answer)
    assert "At 31 °C, as typed" in text(answer)
    assert not Attachment.objects.exists()


@pytest.mark.parametrize("call", ["_save", "_open"])
def test_a_bucket_that_fails_at_a_part_has_it_sent_again(draft, monkeypatch, call):
    content = build.pdf().read()
    client = owner_client(draft)
    url = begin(client, draft, len(content))["Location"]
    part(client, url, 0, content[:50])
    with monkeypatch.context() as down:
        down.setattr(FileSystemStorage, call, _trouble)

        assert part(client, url, 50, content[50:]).status_code == 507

    assert part(client, url, 50, content[50:]).status_code == 204
    assert everything_stored() == [Attachment.objects.get().file.name]


@pytest.mark.parametrize("title", ["a\0b", "a\u202eb", "two\nlines"])
def test_a_title_that_misleads_is_refused(draft, title):
    answer = begin(owner_client(draft), draft, 100, title=title)

    said = "The title holds invisible control characters; please type it anew."
    assert (answer.status_code, answer.json()) == (422, {"refused": said})
    with pytest.raises(UploadError, match="invisible control characters"):
        build.attachment(draft, title=title)
    assert everything_stored() == []
