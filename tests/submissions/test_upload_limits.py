"""What sending files may take of the portal: its storage, its threads; and what is tidied up."""

import io
import socket
import threading
from typing import Any

import pytest
from django.core.files.storage import FileSystemStorage, default_storage
from django.db.models import F
from django.test import RequestFactory

from submissions.files import attaching, resuming
from submissions.files.uploads import UploadError
from submissions.models import PartialUpload
from submissions.views import slow_lines
from tests.builders import accounts
from tests.builders import submissions as build
from tests.builders.uploading import begin
from tests.submissions.browsing import owner_client
from tests.submissions.test_hostile_uploads import everything_stored

pytestmark = pytest.mark.django_db

NO_ROOM = (
    "The files of your organisation that are not submitted yet may come to 3.9\xa0KB; "
    "submit or remove some first."
)


@pytest.fixture
def draft():
    return build.draft()


def announced(draft: Any, size: int) -> PartialUpload:
    file = resuming.Announced("performance", "test_report", "", "a.pdf", size)
    return resuming.begin(draft.pk, file, actor=accounts.owner_of(draft.organisation))


# Room --------------------------------------------------------------------------------------


def test_what_is_not_submitted_may_take_so_much_of_the_storage(draft, settings):
    settings.UNSUBMITTED_MAX_BYTES = 4000
    twin = build.draft(activity=draft.activity, organisation=draft.organisation)
    size = build.attachment(draft).size  # some 600 bytes
    announced(twin, 4000 - size - 100)

    for send in (lambda: announced(draft, 101), lambda: build.attachment(twin)):
        with pytest.raises(UploadError) as refused:
            send()
        assert str(refused.value) == NO_ROOM
    answer = begin(owner_client(draft), draft, 101)
    assert (answer.status_code, answer.json()) == (422, {"refused": NO_ROOM})
    announced(draft, 100)
    # Another organisation has room of its own.
    assert announced(build.draft(activity=draft.activity), 4000)


def test_what_is_submitted_or_removed_makes_room(draft, settings):
    owner = accounts.owner_of(draft.organisation)
    removed, filed = build.attachment(draft), build.attachment(draft)
    settings.UNSUBMITTED_MAX_BYTES = removed.size + filed.size
    twin = build.draft(activity=draft.activity, organisation=draft.organisation)
    with pytest.raises(UploadError):
        announced(twin, 10)

    attaching.remove_attachment(removed.pk, actor=owner)
    announced(twin, removed.size)
    build.take(draft, "submit", owner)

    announced(twin, filed.size)


# Slow lines --------------------------------------------------------------------------------


def test_a_part_is_waited_for_only_so_long_and_what_came_is_kept(draft, monkeypatch):
    monkeypatch.setattr(resuming, "PATIENCE", -1)  # over after the first block
    upload = announced(draft, 200_000)
    owner = accounts.owner_of(draft.organisation)

    grown = resuming.append(upload, 0, io.BytesIO(b"x" * 200_000), actor=owner)

    assert grown.offset == resuming.BLOCK
    assert resuming.append(grown, grown.offset, io.BytesIO(b"y"), actor=owner).offset == 65_537


def test_a_line_that_brings_nothing_more_ends_and_its_answer_can_be_sent():
    ours, theirs = socket.socketpair()
    with ours, theirs, ours.makefile("rb") as stream:
        request = RequestFactory().patch("/", b"")
        request.META["gunicorn.socket"] = ours
        request._stream = stream  # as the server reads from its socket
        theirs.sendall(b"came")
        body = slow_lines.hurried(request, seconds=0.2)

        assert body.read(100) == b"came"  # would wait for ever for the other 96
        body.close()
        ours.sendall(b"answer")
        assert theirs.recv(6) == b"answer"


def test_a_part_that_came_in_time_leaves_the_line_as_it_is():
    ours, theirs = socket.socketpair()
    with ours, theirs:
        request = RequestFactory().patch("/", b"all of it")
        request.META["gunicorn.socket"] = ours
        before = threading.active_count()
        body = slow_lines.hurried(request, seconds=60)

        assert body.read(9) == b"all of it"
        timer = body.timer  # type: ignore[attr-defined]  # ours
        body.close()
        timer.join(10)
        assert threading.active_count() == before
        theirs.sendall(b"next")
        assert ours.recv(4) == b"next"


# Tidied up ---------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_a_folder_that_cannot_be_emptied_stands_in_the_way_of_no_other(draft, monkeypatch):
    monkeypatch.setattr(resuming, "BATCH", 2)
    uploads = [announced(draft, 100 + number) for number in range(5)]
    owner = accounts.owner_of(draft.organisation)
    for one in uploads:
        resuming.append(one, 0, io.BytesIO(b"%PDF"), actor=owner)
    PartialUpload.objects.update(touched_at=F("touched_at") - resuming.KEPT)
    stuck = [f"uploads/{one.pk.hex}" for one in uploads[:2]]
    real = FileSystemStorage.delete

    def delete(storage: Any, name: str) -> None:
        if name.startswith(tuple(stuck)):
            raise OSError("the storage does not answer")
        real(storage, name)

    with monkeypatch.context() as down:
        down.setattr(FileSystemStorage, "delete", delete)

        assert resuming.prune() == 5

    assert {one.rpartition("/")[0] for one in everything_stored()} == set(stuck)
    assert resuming.prune() == 0
    assert everything_stored() == []
    assert not default_storage.exists(stuck[0])
