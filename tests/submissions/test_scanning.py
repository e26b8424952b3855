"""Malware: a real clamd says yes, no, or nothing; and who is handed what meanwhile."""

import hashlib
import io
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models.functions import Now
from django.urls import reverse

from core import outbox
from core.errors import DomainError
from core.models import AuditEntry, OutboxMessage, StoredMail
from submissions import services
from submissions.files import scanner, scanning
from submissions.files.states import ScanStatus
from submissions.files.uploads import UploadError
from submissions.models import Attachment
from submissions.states import Status
from tests.builders import accounts, hostile_files
from tests.builders import submissions as build
from tests.clamd import CLAMD, FOUND_AS, Clamd
from tests.reading import text
from tests.submissions.browsing import address, owner_client
from tests.submissions.scanners import scanner_saying
from tests.submissions.test_hostile_uploads import everything_stored

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clamd]:
    if not CLAMD:
        pytest.skip("no clamd on this machine: apt install clamav-daemon")
    clamd = Clamd(tmp_path_factory.mktemp("clamd"))
    clamd.start()
    yield clamd
    clamd.kill()


@pytest.fixture
def clamd(started: Clamd, settings: Any) -> Clamd:
    if started.process is None or started.process.poll() is not None:
        started.start()
    settings.CLAMD_ADDRESS = started.address
    return started


@pytest.fixture
def dead(settings: Any) -> None:
    """An address where nobody listens."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        settings.CLAMD_ADDRESS = f"127.0.0.1:{one.getsockname()[1]}"


def infected() -> SimpleUploadedFile:
    """A PDF that opens, with the test file of all scanners in a remark."""
    content = hostile_files.with_remark(build.pdf().read(), hostile_files.EICAR)
    return SimpleUploadedFile("report.pdf", content)


def deliver_what_waits() -> None:
    """Let the worker come by, as if the time until its next try were over."""
    OutboxMessage.objects.filter(delivered_at=None).update(available_at=Now())
    outbox.deliver_due()


def url_of(attachment: Attachment) -> str:
    return reverse("file", args=[attachment.pk])


# Asked directly ----------------------------------------------------------------------------


def test_the_scanner_says_clean_and_found(clamd: Clamd):
    large = io.BytesIO(b"x" * 5_000_000)

    assert scanner.scan(large, patience=60) == ""
    assert scanner.scan(io.BytesIO(hostile_files.EICAR), patience=60) == FOUND_AS


def test_nobody_at_the_address_is_down(dead: None):
    with pytest.raises(scanner.ScannerDown):
        scanner.scan(io.BytesIO(b"x"), patience=5)


@pytest.mark.parametrize("where", ["/no/such/socket", "nonsense", "127.0.0.1:none"])
def test_an_address_that_is_none_is_down(settings: Any, where: str):
    settings.CLAMD_ADDRESS = where

    with pytest.raises(scanner.ScannerDown):
        scanner.scan(io.BytesIO(b"x"), patience=5)


@pytest.mark.parametrize(
    "answer", [b"stream: Size limit exceeded. ERROR\0", b"", b"x" * 9000, b"stream: OKAY\0"]
)
def test_what_is_no_clear_yes_or_no_is_down(settings: Any, tmp_path: Path, answer: bytes):
    path = tmp_path / "s"
    settings.CLAMD_ADDRESS = str(path)
    with scanner_saying(answer, str(path)), pytest.raises(scanner.ScannerDown):
        scanner.scan(io.BytesIO(b"x"), patience=10)


def test_a_socket_of_unix_is_an_address(settings: Any, tmp_path: Path):
    path = tmp_path / "s"
    settings.CLAMD_ADDRESS = str(path)
    with scanner_saying(b"stream: OK\0", str(path)):
        assert scanner.scan(io.BytesIO(b"x"), patience=10) == ""


# When a file arrives -----------------------------------------------------------------------


def test_without_a_scanner_a_file_is_marked_and_officers_are_told():
    draft = build.draft()
    attachment = build.attachment(draft)
    build.take(draft, "submit", accounts.owner_of(draft.organisation))
    desk = accounts.signed_in(accounts.officer())

    page = text(desk.get(reverse("admin:submissions_declaration_change", args=[draft.pk])))

    assert attachment.status == ScanStatus.NOT_SCANNED
    assert "1 file of this declaration was not scanned for malware." in page
    assert page.count("not scanned for malware") >= 2  # above, and beside the file
    assert "not scanned for malware" in text(
        desk.get(reverse("admin:submissions_attachment_change", args=[attachment.pk]))
    )


def test_a_clean_file_is_taken_and_handed_out(clamd: Clamd):
    draft = build.draft()

    attachment = build.attachment(draft)

    attachment.refresh_from_db()
    assert attachment.status == ScanStatus.CLEAN
    assert attachment.scanned_at is not None
    assert owner_client(draft).get(url_of(attachment)).getvalue().startswith(b"%PDF")


def test_a_file_with_malware_is_refused_and_nothing_is_stored(clamd: Clamd):
    draft = build.draft()
    acts = AuditEntry.objects.count()

    with pytest.raises(UploadError) as refused:
        build.attachment(draft, upload=infected())

    assert str(refused.value) == (
        f"Malware was found in this file ({FOUND_AS}); nothing of it was kept."
    )
    assert not Attachment.objects.exists()
    assert everything_stored() == []
    assert AuditEntry.objects.count() == acts


def test_malware_in_an_archive_is_found(clamd: Clamd):
    packed = hostile_files.archive({"a.pdf": infected().read()})

    with pytest.raises(UploadError, match="Malware was found"):
        build.attachment(build.draft(), upload=SimpleUploadedFile("a.zip", packed))

    assert everything_stored() == []


# Quarantine --------------------------------------------------------------------------------


def test_a_file_is_kept_back_while_the_scanner_is_dead_and_released_when_it_lives(clamd: Clamd):
    draft = build.draft()
    clamd.kill()
    attachment = build.attachment(draft)
    attachment.refresh_from_db()
    people = (
        accounts.owner_of(draft.organisation), accounts.officer(), accounts.system_administrator(),
    )  # fmt: skip

    assert attachment.status == ScanStatus.WAITING
    assert [accounts.signed_in(one).get(url_of(attachment)).status_code for one in people] == [
        404, 404, 404,
    ]  # fmt: skip

    # It may be filed while it waits; then officers see that it waits, and are not handed it.
    build.take(draft, "submit", people[0])
    desk = accounts.signed_in(accounts.officer())
    page = text(desk.get(reverse("admin:submissions_declaration_change", args=[draft.pk])))
    assert "waiting for the malware scan" in page
    assert url_of(attachment) not in page
    assert desk.get(url_of(attachment)).status_code == 404
    assert desk.get(reverse("file-page", args=[attachment.pk, 1])).status_code == 404
    preview = address("attachment-preview", attachment.pk, 1)
    assert desk.get(preview).status_code == 404

    deliver_what_waits()
    attachment.refresh_from_db()
    assert attachment.status == ScanStatus.WAITING  # tried, and to be tried again

    clamd.start()
    deliver_what_waits()

    attachment.refresh_from_db()
    assert attachment.status == ScanStatus.CLEAN
    assert desk.get(url_of(attachment)).getvalue().startswith(b"%PDF")
    assert not OutboxMessage.objects.filter(topic=scanning.TOPIC, delivered_at=None).exists()


def test_a_scanner_that_hangs_is_waited_for_only_so_long(clamd: Clamd, monkeypatch: Any):
    monkeypatch.setattr(scanning, "ON_ARRIVAL", 0.5)
    clamd.pause()
    try:
        attachment = build.attachment(build.draft())
    finally:
        clamd.kill()

    attachment.refresh_from_db()
    assert attachment.status == ScanStatus.WAITING


def test_malware_found_later_deletes_the_file_says_so_and_tells_the_sender(clamd: Clamd):
    draft = build.draft()
    owner = accounts.owner_of(draft.organisation)
    clamd.kill()
    upload = infected()
    digest = hashlib.sha256(upload.read()).hexdigest()
    upload.seek(0)
    attachment = build.attachment(draft, upload=upload)
    build.take(draft, "submit", owner)
    StoredMail.objects.all().delete()

    clamd.start()
    deliver_what_waits()
    scanning.scan_waiting({"attachment": str(attachment.pk)})  # every task may run twice

    attachment.refresh_from_db()
    assert attachment.status == ScanStatus.FOUND
    assert (attachment.finding, attachment.sha256) == (FOUND_AS, digest)
    assert attachment.removed_at is not None
    assert not default_storage.exists(attachment.file.name)
    assert everything_stored() == []
    (mail,) = StoredMail.objects.filter(template="attachment_malware")
    assert (mail.recipient, mail.subject) == (
        owner.email, "Malware was found in the file report.pdf",
    )  # fmt: skip
    assert FOUND_AS in mail.body
    (act,) = AuditEntry.objects.filter(act="attachment.find")
    assert (act.before, act.after, act.details["sha256"]) == ("waiting", "found", digest)
    desk = accounts.signed_in(accounts.officer())
    page = text(desk.get(reverse("admin:submissions_declaration_change", args=[draft.pk])))
    assert "malware found, file deleted" in page
    assert desk.get(url_of(attachment)).status_code == 404


def test_a_file_taken_away_while_it_waits_is_scanned_by_nobody(dead: None):
    draft = build.draft()
    attachment = build.attachment(draft)
    services.remove_attachment(attachment.pk, actor=accounts.owner_of(draft.organisation))

    scanning.scan_waiting({"attachment": str(attachment.pk)})

    attachment.refresh_from_db()
    assert attachment.status == ScanStatus.WAITING


def test_a_file_waits_while_no_scanner_is_set_up(dead: None, settings: Any):
    attachment = build.attachment(build.draft())
    settings.CLAMD_ADDRESS = ""

    with pytest.raises(scanner.ScannerDown, match="CLAMD_ADDRESS"):
        scanning.scan_waiting({"attachment": str(attachment.pk)})


# By hand -----------------------------------------------------------------------------------


def test_an_officer_has_an_old_file_scanned(clamd: Clamd, settings: Any):
    settings.CLAMD_ADDRESS = ""
    draft = build.draft()
    attachment = build.attachment(draft)
    build.take(draft, "submit", accounts.owner_of(draft.organisation))
    desk = accounts.signed_in(accounts.officer())
    step = reverse("admin:submissions_attachment_step", args=[attachment.pk, "queue"])

    assert "No malware scanner is set up" in text(desk.post(step))
    settings.CLAMD_ADDRESS = clamd.address
    assert desk.post(step).status_code == 302
    attachment.refresh_from_db()
    assert attachment.status == ScanStatus.WAITING

    deliver_what_waits()

    attachment.refresh_from_db()
    assert attachment.status == ScanStatus.CLEAN


def test_an_officer_keeps_nothing_back_that_nobody_would_scan():
    draft = build.declaration(Status.DRAFT)
    attachment = build.attachment(draft)
    build.take(draft, "submit", accounts.owner_of(draft.organisation))

    with pytest.raises(DomainError):
        scanning.ATTACHMENTS.perform("queue", attachment.pk, actor=accounts.officer())

    attachment.refresh_from_db()
    assert attachment.status == ScanStatus.NOT_SCANNED
