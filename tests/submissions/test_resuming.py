"""Files sent in parts: the protocol, who may, what is refused, and two who send at once."""

import base64
import hashlib
import io
import uuid
from typing import Any

import pytest
from django.core.files.storage import FileSystemStorage, default_storage, storages
from django.db.models import F
from django.test import Client
from django.urls import reverse

from accounts.roles import Level
from core.models import AuditEntry
from core.tasks import prune
from submissions.files import resuming
from submissions.models import Attachment, PartialUpload
from tests.builders import accounts
from tests.builders import submissions as build
from tests.builders.core import at_once
from tests.builders.hostile_files import with_remark
from tests.builders.storages import Objects
from tests.builders.uploading import PART, TUS, begin, part, where
from tests.submissions.browsing import owner_client
from tests.submissions.test_hostile_uploads import everything_stored

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def draft():
    return build.draft()


@pytest.fixture
def client(draft):
    return owner_client(draft)


def sent(client: Any, draft: Any, content: bytes, cuts: list[int], **told: str) -> str:
    """Send a file in parts that end at ``cuts``, and return its address."""
    url = str(begin(client, draft, len(content), **told)["Location"])
    for start, end in zip([0, *cuts], [*cuts, len(content)], strict=True):
        answer = part(client, url, start, content[start:end])
        assert (answer.status_code, answer.content) == (204, b"")
        assert answer["Upload-Offset"] == str(end)
    return url


# The protocol ------------------------------------------------------------------------------


def test_a_file_in_parts_becomes_an_attachment_with_the_same_bytes(client, draft):
    content = build.pdf(pages=3).read()

    url = sent(client, draft, content, [10, 300], title="Measured in June")

    attachment = Attachment.objects.get()
    assert attachment.sha256 == hashlib.sha256(content).hexdigest()
    assert (attachment.title, attachment.kind, attachment.file_name) == (
        "Measured in June", "test_report", "report.pdf",
    )  # fmt: skip
    assert client.get(reverse("file", args=[attachment.pk])).getvalue() == content
    # Whoever missed the last answer learns that all has come; no part is left over.
    standing = where(client, url)
    assert (standing["Upload-Offset"], standing["Upload-Length"]) == (str(len(content)),) * 2
    assert everything_stored() == [attachment.file.name]
    acts = AuditEntry.objects.filter(act="declaration.attached")
    assert acts.count() == 1


def test_parts_of_some_size_are_put_together_as_well(client, draft):
    content = with_remark(build.pdf().read(), b"x" * 5_000_000)

    sent(client, draft, content, [2_500_000, 2_500_001])

    assert Attachment.objects.get().sha256 == hashlib.sha256(content).hexdigest()


def test_the_server_says_how_far_a_file_has_come(client, draft):
    content = build.pdf().read()
    url = begin(client, draft, len(content))["Location"]
    part(client, url, 0, content[:99])

    standing = where(client, url)

    assert standing.status_code == 200
    assert (standing["Upload-Offset"], standing["Upload-Length"]) == ("99", str(len(content)))
    assert "no-store" in standing["Cache-Control"]
    assert standing["Tus-Resumable"] == "1.0.0"
    assert standing["Upload-Expires"].endswith(" GMT")
    assert not Attachment.objects.exists()


def test_the_server_says_what_it_can(client, draft, settings):
    answer = client.options(reverse("submissions:uploads", args=[draft.pk]))

    assert answer.status_code == 204
    assert answer["Tus-Version"] == "1.0.0"
    assert answer["Tus-Extension"] == "creation,termination,checksum,expiration"
    assert answer["Tus-Max-Size"] == str(settings.ATTACHMENT_MAX_BYTES)


def test_another_version_of_the_protocol_is_refused(client, draft):
    answer = client.post(
        reverse("submissions:uploads", args=[draft.pk]), headers={"Tus-Resumable": "0.2.2"}
    )

    assert (answer.status_code, answer["Tus-Version"]) == (412, "1.0.0")


@pytest.mark.parametrize("offset", [0, 11, 200])
def test_a_part_that_does_not_begin_at_the_end_is_a_conflict(client, draft, offset):
    content = build.pdf().read()
    url = begin(client, draft, len(content))["Location"]
    part(client, url, 0, content[:10])

    assert part(client, url, offset, content[offset : offset + 5]).status_code == 409
    assert where(client, url)["Upload-Offset"] == "10"
    assert len(everything_stored()) == 1


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Upload-Offset": "-1"}, 400),
        ({"Upload-Offset": "one"}, 400),
        ({"Upload-Offset": ""}, 400),
        ({"Upload-Checksum": "md5 AAAA"}, 400),
        ({"Upload-Checksum": "sha1 ***"}, 400),
        ({"Tus-Resumable": ""}, 412),
    ],
)
def test_a_part_out_of_the_protocol_is_refused(client, draft, headers, status):
    url = begin(client, draft, 100)["Location"]

    assert part(client, url, 0, b"x", **headers).status_code == status
    assert everything_stored() == []


def test_a_part_of_another_type_or_longer_than_announced_is_refused(client, draft):
    url = begin(client, draft, 4)["Location"]
    headers = {**TUS, "Upload-Offset": "0"}
    answer = client.patch(url, b"x", content_type="application/octet-stream", headers=headers)

    assert answer.status_code == 415
    assert part(client, url, 0, b"12345").status_code == 413
    assert client.post(url, headers=TUS).status_code == 405
    assert everything_stored() == []


def test_a_part_with_a_wrong_checksum_is_not_kept(client, draft):
    url = begin(client, draft, 100)["Location"]
    right, wrong = (
        "sha1 " + base64.b64encode(hashlib.sha1(one).digest()).decode()  # noqa: S324 -- of the protocol
        for one in (b"ten bytes.", b"other")
    )

    assert part(client, url, 0, b"ten bytes.", **{"Upload-Checksum": wrong}).status_code == 460
    assert everything_stored() == []
    assert part(client, url, 0, b"ten bytes.", **{"Upload-Checksum": right}).status_code == 204


def test_old_methods_do_where_a_proxy_lets_no_other_through(client, draft):
    content = build.pdf().read()
    url = begin(client, draft, len(content))["Location"]
    headers = {**TUS, "Upload-Offset": "0", "X-HTTP-Method-Override": "PATCH"}

    assert client.post(url, content, content_type=PART, headers=headers).status_code == 204
    assert Attachment.objects.get().size == len(content)


def test_a_file_given_up_is_gone(client, draft):
    url = begin(client, draft, 100)["Location"]
    part(client, url, 0, b"%PDF")

    assert client.delete(url, headers=TUS).status_code == 204
    assert everything_stored() == []
    assert where(client, url).status_code == 404


def test_of_a_line_that_breaks_what_came_before_is_kept(draft):
    class Broken(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            if self.tell() >= 70_000:
                raise OSError("the line broke")
            return super().read(size)

    owner = accounts.owner_of(draft.organisation)
    file = resuming.Announced("performance", "test_report", "", "a.pdf", 200_000)
    upload = resuming.begin(draft.pk, file, actor=owner)

    grown = resuming.append(upload, 0, Broken(b"x" * 200_000), actor=owner)

    assert 65_536 <= grown.offset < 200_000
    assert default_storage.size(grown.parts[0]) == grown.offset


# What is refused ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("told", "size", "sentence"),
    [
        ({"filename": "a.exe"}, 9, "Only PDF, PNG, JPEG, DOCX, XLSX and ZIP files are taken."),
        (
            {"filename": "a\0.pdf"}, 9,
            "The name of the file holds invisible control characters; give it another name.",
        ),
        (
            {"filename": "x" * 296 + ".pdf"}, 9,
            "The name of the file is longer than 250 bytes; give it a shorter name.",
        ),
        (
            {"filename": "../a.pdf"}, 9,
            "The name of the file is a path; send it with its name only.",
        ),
        ({"filename": ""}, 9, "The file has no name."),
        ({}, 0, "The file is empty."),
        ({}, 21 * 1024 * 1024, "The file is larger than 20.0\xa0MB."),
        ({"kind": "virus"}, 9, "Choose one of the list."),
        ({"kind": "flow_diagram"}, 9, "Choose one of the list."),
        ({"section": "applicant"}, 9, "Choose one of the list."),
    ],
)  # fmt: skip
def test_what_would_be_refused_is_refused_at_the_beginning(client, draft, told, size, sentence):
    answer = begin(client, draft, size, **told)

    assert (answer.status_code, answer.json()) == (422, {"refused": sentence})
    assert not PartialUpload.objects.exists()


def test_a_refusal_is_in_the_language_of_the_page(client, draft):
    url = reverse("submissions:uploads", args=[draft.pk]).replace("/en/", "/zh-hans/")

    assert client.options(url).status_code == 204
    assert client.delete(url).status_code == 405


def test_a_file_refused_at_the_end_leaves_nothing(client, draft):
    content = b"MZ" + b"\0" * 500
    url = begin(client, draft, len(content))["Location"]
    part(client, url, 0, content[:200])

    answer = part(client, url, 200, content[200:])

    said = "The name ends in .pdf, but this is no such file."
    assert (answer.status_code, answer.json()) == (422, {"refused": said})
    assert everything_stored() == []
    assert not PartialUpload.objects.exists()
    assert where(client, url).status_code == 404


def test_no_more_than_so_many_are_on_their_way(client, draft, monkeypatch):
    monkeypatch.setattr(resuming, "MOST_OPEN", 2)
    first = begin(client, draft, 10)["Location"]
    part(client, first, 0, b"%PDF")
    begin(client, draft, 11)

    refused = begin(client, draft, 12)

    assert refused.json() == {
        "refused": "Too many files are on their way; wait until some have come."
    }
    # One that nobody went on with for an hour gives way.
    aged = PartialUpload.objects.filter(size=10)
    aged.update(touched_at=F("touched_at") - resuming.IDLE * 2)
    assert begin(client, draft, 12).status_code == 201
    assert where(client, first).status_code == 404
    assert everything_stored() == []


def test_a_full_storage_is_told_and_nothing_is_lost(client, draft, settings, monkeypatch):
    content = build.pdf().read()
    url = begin(client, draft, len(content))["Location"]
    part(client, url, 0, content[:50])
    with monkeypatch.context() as full:
        full.setattr(FileSystemStorage, "_save", _no_room)

        answer = part(client, url, 50, content[50:])

    assert answer.status_code == 507
    assert "could not be stored just now" in answer.json()["refused"]
    assert where(client, url)["Upload-Offset"] == "50"
    assert part(client, url, 50, content[50:]).status_code == 204
    assert Attachment.objects.get().sha256 == hashlib.sha256(content).hexdigest()


def _no_room(*_args: Any) -> None:
    raise OSError(28, "No space left on device")


# Who may -----------------------------------------------------------------------------------


def test_only_who_sends_a_file_and_may_edit_goes_on_with_it(client, draft):
    url = begin(client, draft, 100)["Location"]
    colleague = accounts.signed_in(accounts.member(Level.EDIT, draft.organisation))
    others = {
        "colleague": colleague,
        "viewer": accounts.signed_in(accounts.member(Level.VIEW, draft.organisation)),
        "stranger": accounts.signed_in(accounts.user()),
        "officer": accounts.signed_in(accounts.officer()),
    }

    for other in others.values():
        assert where(other, url).status_code == 404
        assert part(other, url, 0, b"x").status_code == 404
        assert other.delete(url, headers=TUS).status_code == 404
    assert {who for who, other in others.items() if begin(other, draft, 9).status_code == 201} == {
        "colleague"
    }
    assert Client().head(url, headers=TUS).status_code == 401
    # At an address of another declaration it is not there either.
    elsewhere = url.replace(str(draft.pk), str(uuid.uuid4()))
    assert where(client, elsewhere).status_code == 404
    assert everything_stored() == []


def test_nothing_is_added_once_the_declaration_is_filed(client, draft):
    content = build.pdf().read()
    url = begin(client, draft, len(content))["Location"]
    build.take(draft, "submit", accounts.owner_of(draft.organisation))

    assert part(client, url, 0, content).status_code == 404
    answer = begin(client, draft, 9)
    assert (answer.status_code, answer.json()) == (
        422, {"refused": "This declaration cannot be changed in its present state."},
    )  # fmt: skip
    assert not Attachment.objects.exists()


def test_a_part_without_the_token_of_the_page_is_refused(draft):
    careful = Client(enforce_csrf_checks=True)
    careful.force_login(accounts.owner_of(draft.organisation))

    assert begin(careful, draft, 100).status_code == 403
    url = begin(owner_client(draft), draft, 100)["Location"]
    assert part(careful, url, 0, b"x").status_code == 403
    assert careful.delete(url, headers=TUS).status_code == 403


# At once, and afterwards -------------------------------------------------------------------


def test_of_two_equal_parts_at_once_one_wins(draft):
    content = build.pdf(pages=5).read()
    url = begin(owner_client(draft), draft, len(content))["Location"]

    def send() -> int:
        return int(part(owner_client(draft), url, 0, content[:300]).status_code)

    assert sorted(at_once(send, send, send)) == [204, 409, 409]
    assert len(everything_stored()) == 1
    assert PartialUpload.objects.get().offset == 300


def test_of_two_last_parts_at_once_one_makes_the_attachment(draft):
    content = build.pdf(pages=5).read()
    url = begin(owner_client(draft), draft, len(content))["Location"]
    part(owner_client(draft), url, 0, content[:300])

    def send() -> int:
        return int(part(owner_client(draft), url, 300, content[300:]).status_code)

    assert sorted(at_once(send, send)) == [204, 409]
    assert everything_stored() == [Attachment.objects.get().file.name]


def test_parts_lie_in_a_storage_that_has_no_folders(draft, settings):
    """Any process takes the next part: nothing is kept on the machine that took the last one."""
    settings.STORAGES = {
        **settings.STORAGES, "default": {"BACKEND": "tests.builders.storages.Objects"},
    }  # fmt: skip
    content = build.pdf().read()

    sent(owner_client(draft), draft, content, [50, 51])

    attachment = Attachment.objects.get()
    assert isinstance(storages["default"], Objects)
    assert everything_stored() == [attachment.file.name]
    with attachment.file.open() as stream:
        assert stream.read() == content
    preview = owner_client(draft).get(reverse("file-page", args=[attachment.pk, 1]))
    assert preview.content.startswith(b"\x89PNG")


def test_what_nobody_goes_on_with_goes_after_two_days(client, draft):
    old, young = (begin(client, draft, size)["Location"] for size in (100, 101))
    for url in (old, young):
        part(client, url, 0, b"%PDF")
    PartialUpload.objects.filter(size=100).update(touched_at=F("touched_at") - resuming.KEPT)
    default_storage.save(f"uploads/{uuid.uuid4().hex}/0-a", io.BytesIO(b"left by a process"))

    assert prune()["uploads"] == 1
    assert where(client, old).status_code == 404
    assert where(client, young)["Upload-Offset"] == "4"
    assert (len(everything_stored()), prune()["uploads"]) == (1, 0)
