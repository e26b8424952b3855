"""A file sent in parts: begun, gone on with after the line broke, put together, or given up.

Each part is an object of its own in the storage, so that any process may take the next one. The
row counts the bytes that have come; it is locked only to note a part, never while bytes come in.
"""

import datetime as dt
import hashlib
import hmac
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import IO, Any
from uuid import UUID

import structlog
from django.core.files import File
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from submissions.files import names, placing, uploads
from submissions.files.attaching import MOST_ATTACHMENTS, lay, require_open, require_room, stored
from submissions.files.names import NotNow, UploadError
from submissions.models import Attachment, Declaration, PartialUpload
from submissions.working_copy import locked

logger = structlog.get_logger(__name__)

FOLDER = "uploads"
KEPT = dt.timedelta(hours=48)  # after the last part came
IDLE = dt.timedelta(hours=1)
MOST_OPEN = 20  # of one declaration
MOST_PARTS = 2000
BATCH = 500  # rows deleted in one transaction
IN_MEMORY = 1024 * 1024
BLOCK = 64 * 1024
PATIENCE = 30  # seconds for one part; what came by then is kept
ALGORITHMS = ("sha1", "sha256")


class OffsetConflict(Exception):  # noqa: N818 -- it says what is
    """The part does not begin where the last one ended: somebody was quicker, or it came before."""


class WrongChecksum(Exception):  # noqa: N818 -- it says what is
    """What came is not what was sent."""


@dataclass(frozen=True, slots=True)
class Announced:
    """A file somebody is about to send."""

    section: str
    kind: str
    title: str
    name: str
    size: int


@dataclass(frozen=True, slots=True)
class Checksum:
    algorithm: str
    digest: bytes


@transaction.atomic
def begin(declaration_id: UUID, file: Announced, *, actor: Any) -> PartialUpload:
    """Open a place for a file; refuse at once what would be refused at the end for certain."""
    declaration = locked(declaration_id, actor)
    require_open(declaration, file.kind, file.section)
    name, _extension = uploads.announced(file.name, file.size)
    standing = Attachment.objects.standing().filter(declaration=declaration)
    if standing.count() >= MOST_ATTACHMENTS:
        raise UploadError(_("There are too many files already; remove one first."))
    require_room(declaration, file.size)
    _make_room(declaration)
    return PartialUpload.objects.create(
        declaration=declaration,
        section=file.section,
        kind=file.kind,
        title=names.titled(file.title),
        file_name=name,
        size=file.size,
        begun_by=actor,
    )


def _make_room(declaration: Declaration) -> None:
    """Let one that nobody goes on with give way to a new one."""
    open_ones = PartialUpload.objects.filter(declaration=declaration, attachment=None)
    if open_ones.count() < MOST_OPEN:
        return
    idle = open_ones.filter(touched_at__lt=Now() - IDLE).order_by("touched_at").first()
    if idle is None:
        raise UploadError(_("Too many files are on their way; wait until some have come."))
    _discard([idle.pk])


def append(
    upload: PartialUpload,
    offset: int,
    stream: IO[bytes],
    *,
    actor: Any,
    checksum: Checksum | None = None,
) -> PartialUpload:
    """Add what comes to the end of a file; with the last part it becomes an attachment.

    Raises OffsetConflict, WrongChecksum, UploadError with the reason a whole file is not taken
    (it is deleted then), NotNow when the storage has no room (it stays).
    """
    if offset != upload.offset or upload.attachment_id:
        raise OffsetConflict
    with tempfile.SpooledTemporaryFile(IN_MEMORY) as part:
        size = _receive(stream, part, upload.size - offset, checksum)
        if not size:
            return upload
        name = _put(upload, offset, part)
    try:
        if offset + size == upload.size:
            return _finish(upload, [*upload.parts, name], actor)
        return _note(upload, name, size, actor)
    except OffsetConflict:
        placing.delete(name)
        raise


def _receive(stream: IO[bytes], part: IO[bytes], most: int, checksum: Checksum | None) -> int:
    """Take in what comes; of a line that breaks, what came before, unless it has a checksum."""
    size = 0
    digest = hashlib.new(checksum.algorithm) if checksum else None
    until = time.monotonic() + PATIENCE
    try:
        while size < most and (block := stream.read(min(BLOCK, most - size))):
            part.write(block)
            size += len(block)
            if digest:
                digest.update(block)
            if time.monotonic() > until:
                break
    except OSError:  # the line broke
        logger.info("the line of an upload broke", bytes=size)
    finally:
        stream.close()
    if checksum and digest and not hmac.compare_digest(digest.digest(), checksum.digest):
        raise WrongChecksum
    part.seek(0)
    return size


def _put(upload: PartialUpload, offset: int, part: IO[bytes]) -> str:
    if len(upload.parts) >= MOST_PARTS:
        _discard([upload.pk])
        raise UploadError(_("This file came in too many small parts; please begin again."))
    return placing.put(_folder(upload.pk), f"-{offset:010d}", File(part, name="part"))


def _folder(pk: UUID) -> str:
    return f"{FOLDER}/{pk.hex}"


@transaction.atomic
def _note(upload: PartialUpload, name: str, size: int, actor: Any) -> PartialUpload:
    row = _row(upload, actor)
    row.parts.append(name)
    row.offset += size
    row.touched_at = Now()
    row.save(update_fields=["parts", "offset", "touched_at"])
    return row


def _row(upload: PartialUpload, actor: Any) -> PartialUpload:
    """Lock the row and read it again; OffsetConflict when another part came in between."""
    rows = PartialUpload.objects.select_for_update(of=("self",), no_key=True)
    row = rows.with_right(actor, "edit").filter(pk=upload.pk).first()
    if row is None or row.offset != upload.offset or row.attachment_id:
        raise OffsetConflict
    return row


def _finish(upload: PartialUpload, parts: Sequence[str], actor: Any) -> PartialUpload:
    """Put the parts together and treat the whole as any file that is sent.

    The offset is moved in the transaction that makes the attachment: if this process dies, the
    last part is sent again.
    """
    with tempfile.SpooledTemporaryFile(IN_MEMORY) as whole:
        _put_together(upload, parts, whole)
        file = UploadedFile(whole, name="whole", size=upload.size)
        file.__dict__["_name"] = upload.file_name  # as announced; Django would cut it
        try:
            return _attach(upload, file, actor)
        except NotNow:
            placing.delete(parts[-1])  # it is sent again
            raise
        except UploadError:
            _discard([upload.pk])
            raise


def _put_together(upload: PartialUpload, parts: Sequence[str], whole: IO[bytes]) -> None:
    try:
        with placing.storage_at_work():
            for name in parts:
                with default_storage.open(name) as part:
                    for block in part.chunks(BLOCK):
                        whole.write(block)
    except NotNow:
        placing.delete(parts[-1])  # it is sent again
        raise


def _attach(upload: PartialUpload, whole: Any, actor: Any) -> PartialUpload:
    with stored(whole) as file, transaction.atomic():
        declaration = locked(upload.declaration_id, actor)
        row = _row(upload, actor)
        row.attachment = lay(declaration, file, kind=row.kind, title=row.title, actor=actor)
        row.offset, row.parts, row.touched_at = row.size, [], Now()
        row.save(update_fields=["attachment", "offset", "parts", "touched_at"])
        transaction.on_commit(lambda: _empty_each([row.pk]), robust=True)
    return row


def give_up(upload: PartialUpload) -> None:
    """Delete what came of a file its sender no longer wants to send."""
    _discard([upload.pk])


def _discard(keys: Sequence[UUID]) -> int:
    with transaction.atomic():
        rows = PartialUpload.objects.select_for_update(skip_locked=True, no_key=True)
        found = list(rows.filter(pk__in=keys).values_list("pk", flat=True))
        PartialUpload.objects.filter(pk__in=found).delete()
        transaction.on_commit(lambda: _empty_each(found), robust=True)
    return len(found)


def _empty_each(keys: Sequence[UUID]) -> None:
    """Empty the folder of each; one that cannot be is left to ``prune``, which finds it again."""
    for pk in keys:
        _emptied(_folder(pk))


def _emptied(folder: str) -> None:
    try:
        _empty(folder)
    except Exception:
        logger.exception("parts of a file could not be deleted", folder=folder)


def _empty(folder: str) -> None:
    try:
        _folders, names = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    for name in names:
        default_storage.delete(f"{folder}/{name}")
    default_storage.delete(folder)


def prune() -> int:
    """Delete what nobody went on with for two days, and parts whose row is gone."""
    deleted = sum(iter(_discard_old, 0))
    try:
        folders, _names = default_storage.listdir(FOLDER)
    except FileNotFoundError:
        return deleted
    open_ones = PartialUpload.objects.filter(attachment=None).values_list("pk", flat=True)
    for folder in set(folders) - {pk.hex for pk in open_ones}:
        _emptied(f"{FOLDER}/{folder}")
    return deleted


def _discard_old() -> int:
    old = PartialUpload.objects.filter(touched_at__lt=Now() - KEPT)
    keys = list(old.values_list("pk", flat=True)[:BATCH])
    return _discard(keys) if keys else 0
