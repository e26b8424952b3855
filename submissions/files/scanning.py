"""What becomes of a file because of malware: taken, refused, kept back, released, deleted."""

import datetime as dt
from typing import IO, Any
from uuid import UUID

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from core import mail, outbox
from core.errors import DomainError, TransitionError
from core.workflow import Act, Step, Workflow
from submissions.files import previews, scanner
from submissions.files.names import UploadError
from submissions.files.states import ATTACHMENT, ScanStatus
from submissions.models import Attachment

TOPIC = "submissions.scan"
ON_ARRIVAL = 10.0  # seconds; who sends a file waits so long for the scanner
LATER = 30.0  # seconds; a worker has more patience, and others wait for it


def look_on_arrival(stream: IO[bytes]) -> ScanStatus:
    """Return in which state a file that just came begins; UploadError when malware is in it."""
    if not scanner.configured():
        return ScanStatus.NOT_SCANNED
    try:
        found = scanner.scan(stream, patience=ON_ARRIVAL)
    except scanner.ScannerDown:
        return ScanStatus.WAITING
    finally:
        stream.seek(0)
    if found:
        said = _("Malware was found in this file (%(name)s); nothing of it was kept.")
        raise UploadError(said % {"name": found})
    return ScanStatus.CLEAN


def note_arrival(attachment: Attachment, status: ScanStatus) -> None:
    """Bring a file that was just stored into the state ``look_on_arrival`` gave."""
    steps = {ScanStatus.WAITING: "queue", ScanStatus.CLEAN: "clear"}
    if status in steps:
        ATTACHMENTS.perform(steps[status], attachment.pk, actor=None)


def note_copy(copy: Attachment, status: ScanStatus, scanned_at: dt.datetime | None) -> None:
    """Say of a copy what is known of the file it was made of; what nobody scanned, is now."""
    if status is ScanStatus.CLEAN:
        ATTACHMENTS.perform("clear", copy.pk, actor=None, scanned_at=scanned_at)
    elif scanner.configured():
        ATTACHMENTS.perform("queue", copy.pk, actor=None)


def scan_waiting(payload: dict[str, Any]) -> None:
    """Scan a file that waits; called by a worker until the scanner answers. Safe to repeat."""
    waiting = Attachment.objects.filter(status=ScanStatus.WAITING)
    attachment = waiting.filter(pk=UUID(payload["attachment"])).first()
    if attachment is None:
        return
    if not scanner.configured():
        raise scanner.ScannerDown("no scanner is set up (CLAMD_ADDRESS)")
    try:
        with attachment.file.open("rb") as stream:
            found = scanner.scan(stream, patience=LATER)
    except FileNotFoundError:
        return  # it was taken away meanwhile
    step = "find" if found else "clear"
    try:
        ATTACHMENTS.perform(step, attachment.pk, actor=None, finding=found)
    except TransitionError:
        return  # another worker was quicker


def scanner_is_there(_attachment: Attachment, _act: Act) -> None:
    """Refuse to keep back a file that nobody would ever scan."""
    if not scanner.configured():
        raise DomainError(_("No malware scanner is set up; see the manual, “Malware”."))


def owe_a_scan(attachment: Attachment, _act: Act) -> None:
    outbox.enqueue(TOPIC, {"attachment": str(attachment.pk)})


def note_clean(attachment: Attachment, act: Act) -> tuple[str, ...]:
    # A copy of a file was looked at when the file was.
    attachment.scanned_at = act.inputs.get("scanned_at") or act.at
    return ("scanned_at",)


def note_found(attachment: Attachment, act: Act) -> tuple[str, ...]:
    """Take the file out of the working copy; a version that names it keeps its row."""
    attachment.scanned_at = act.at
    attachment.finding = str(act.inputs.get("finding", ""))[:200]
    attachment.removed_at = attachment.removed_at or act.at
    act.details.update(finding=attachment.finding, sha256=attachment.sha256)
    return ("scanned_at", "finding", "removed_at")


def delete_bytes(attachment: Attachment, _act: Act) -> None:
    stored, sha256 = str(attachment.file.name), attachment.sha256

    def delete() -> None:
        default_storage.delete(stored)
        previews.forget(sha256)

    transaction.on_commit(delete, robust=True)


def tell_uploader(attachment: Attachment, _act: Act) -> None:
    reader = attachment.uploaded_by
    mail.write(
        "attachment_malware",
        to=reader.email,
        language=reader.language,
        context={"attachment": attachment, "declaration": attachment.declaration, "reader": reader},
    )


ATTACHMENTS: Workflow[Attachment] = Workflow(
    ATTACHMENT,
    Attachment,
    {
        "queue": Step(guards=(scanner_is_there,), after=(owe_a_scan,)),
        "clear": Step(change=note_clean),
        "find": Step(change=note_found, after=(delete_bytes, tell_uploader)),
    },
)
