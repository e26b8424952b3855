"""The storage fails midway: what is committed keeps its bytes, the rest can be sent again."""

from typing import Any

import pytest
from django.core.files.storage import FileSystemStorage, default_storage

from core.models import AuditEntry
from submissions import services
from submissions.files import attaching, resuming
from submissions.models import Attachment
from tests.builders import accounts
from tests.builders import submissions as build
from tests.builders.uploading import begin, part
from tests.submissions.browsing import owner_client
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
    real = attaching.transaction.atomic

    class BrokenAfterCommit(real().__class__):  # type: ignore[misc]  # whatever Django makes
        def __exit__(self, *args: Any) -> None:
            super().__exit__(*args)
            if Attachment.objects.exists():
                raise ConnectionError("after the commit")

    monkeypatch.setattr(
        attaching.transaction, "atomic", lambda *_args: BrokenAfterCommit(None, True, False)
    )
    with pytest.raises(ConnectionError):
        build.attachment(draft)
    monkeypatch.undo()

    assert everything_stored() == [Attachment.objects.get().file.name]


def test_what_is_rolled_back_leaves_no_bytes(draft, monkeypatch):
    def broken(*_args: Any) -> None:
        raise RuntimeError("in the transaction")

    monkeypatch.setattr(attaching.scanning, "note_arrival", broken)
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
