"""What a stranger's file may cost when its pages are drawn: bytes, computing, and for how long."""

import datetime as dt
import io
import os
import random
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from PIL import Image
from pypdf import PdfWriter

from core import pruning
from submissions.files import drawer, previews
from tests.builders import accounts, clock
from tests.builders import submissions as build
from tests.reading import text
from tests.submissions.browsing import address, owner_client

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft():
    return build.draft()


@pytest.fixture
def client(draft):
    return owner_client(draft)


@pytest.fixture
def file(draft):
    return build.attachment(draft)


def page_url(file: Any, number: int = 1) -> str:
    return reverse("file-page", args=[file.pk, number])


def _not_again(*_args: Any, **_more: Any) -> None:
    raise AssertionError("drawn again")


def test_pages_beyond_the_two_hundredth_are_not_drawn(draft, client, monkeypatch):
    writer = PdfWriter()
    for _page in range(201):
        writer.add_blank_page(width=20, height=20)
    stream = io.BytesIO()
    writer.write(stream)
    file = build.attachment(draft, upload=SimpleUploadedFile("a.pdf", stream.getvalue()))

    last = text(client.get(address("attachment-preview", file.pk, 200)))
    monkeypatch.setattr(previews, "run", _not_again)

    assert "Page 200 of 201" in last
    assert "Only the first 200 pages are drawn; the others are in the file." in last
    assert 'rel="next"' not in last
    assert client.get(page_url(file, 201)).status_code == 404
    beyond = client.get(address("attachment-preview", file.pk, 201))
    assert beyond.status_code == 200
    assert "Of page 201 no picture is drawn; it is in the file." in text(beyond)


def test_a_picture_of_noise_is_kept_small(draft, client):
    noise = Image.frombytes("RGB", (1400, 1900), random.Random(1).randbytes(1400 * 1900 * 3))
    stream = io.BytesIO()
    noise.save(stream, "PNG")
    file = build.attachment(draft, upload=SimpleUploadedFile("a.png", stream.getvalue()))

    answer = client.get(page_url(file))

    assert answer["Content-Type"] == "image/jpeg"
    assert len(answer.content) <= drawer.MOST_BYTES
    with Image.open(io.BytesIO(answer.content)) as drawn:
        assert drawn.size == (1400, 1900)


def test_what_cannot_be_drawn_is_not_tried_each_time(file, client, monkeypatch, tmp_path):
    broken = tmp_path / "drawer.py"
    broken.write_text("raise SystemExit(1)")
    with monkeypatch.context() as patched:
        patched.setattr(previews, "PROGRAM", broken)
        assert client.get(page_url(file)).status_code == 404
    monkeypatch.setattr(previews, "run", _not_again)

    assert client.get(page_url(file)).status_code == 404
    assert "No preview can be drawn" in text(client.get(address("attachment-preview", file.pk, 1)))


def test_a_person_has_so_many_pages_drawn_in_an_hour(draft, client, monkeypatch):
    cache.clear()
    monkeypatch.setattr(previews, "MOST_DRAWN", 2)
    files = [build.attachment(draft) for _ in range(3)]
    colleague = accounts.signed_in(accounts.owner_of(draft.organisation))

    assert [client.get(page_url(one)).status_code for one in files] == [200, 200, 429]
    refused = client.get(address("attachment-preview", files[2].pk, 1))
    assert refused.status_code == 429
    assert "Please go on in an hour, or download the file." in text(refused)
    assert reverse("file", args=[files[2].pk]) in text(refused)
    # What is kept costs nothing; it is the person that is counted, not the browser.
    assert client.get(page_url(files[0])).status_code == 200
    assert colleague.get(page_url(files[2])).status_code == 429
    cache.clear()


def test_pictures_go_when_they_are_old(settings):
    old, young, other = "a" + "0" * 63, "a" + "1" * 63, "b" + "2" * 63
    for sha256 in (old, young, other):
        for number in (1, 2):
            default_storage.save(f"previews/{sha256}/{number}", ContentFile(b"x"))
    before = (timezone.now() - previews.KEPT - dt.timedelta(days=1)).timestamp()
    for sha256 in (old, other):
        for number in (1, 2):
            os.utime(default_storage.path(f"previews/{sha256}/{number}"), (before, before))
    ten = timezone.now().astimezone(dt.UTC).replace(hour=10)

    clock.stop(ten)
    assert pruning.prune()["previews"] == 2
    assert sorted(default_storage.listdir("previews")[0]) == sorted([young, other])
    clock.stop(ten.replace(hour=11))
    assert pruning.prune()["previews"] == 2
    assert default_storage.listdir("previews")[0] == [young]


def test_a_picture_half_written_is_drawn_anew(file, client):
    assert client.get(page_url(file)).status_code == 200
    name = f"previews/{file.sha256}/1"
    with default_storage.open(name) as stream:
        whole = stream.read()
    default_storage.delete(name)
    default_storage.save(name, ContentFile(whole[:-20]))

    assert client.get(page_url(file)).content == whole.partition(b"\n")[2]
    with default_storage.open(name) as stream:
        assert stream.read() == whole


def test_a_picture_that_cannot_be_kept_is_shown_and_leaves_nothing(file, client, monkeypatch):
    real = FileSystemStorage._save  # type: ignore[attr-defined]  # as Django has it

    def half(storage: Any, name: str, content: Any) -> str:
        real(storage, name, ContentFile(content.read()[:30]))
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as full:
        full.setattr(FileSystemStorage, "_save", half)
        answer = client.get(page_url(file))

    assert (answer.status_code, answer.content[:4]) == (200, b"\x89PNG")
    assert not default_storage.exists(f"previews/{file.sha256}/1")
