"""Laying a file beside a declaration, and taking it away."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from core.clock import database_now
from core.errors import DomainError
from submissions.files import names, placing, previews, scanning, sentences, uploads
from submissions.files.names import UploadError
from submissions.files.states import ScanStatus
from submissions.files.uploads import Upload
from submissions.models import Attachment, Declaration, PartialUpload
from submissions.unlocking import unlocked_of
from submissions.working_copy import locked, record

MOST_ATTACHMENTS = 40


@dataclass
class Stored:
    """A file that lies in the storage, and what is known of it; ``is_named``: by a row."""

    found: uploads.Inspected
    status: ScanStatus
    name: str
    is_named: bool = False


def attach(
    declaration_id: UUID, upload: Upload, *, kind: str, title: str, actor: Any
) -> Attachment:
    """Lay a file beside a declaration; the same file of the same kind again is the same one."""
    with transaction.atomic():  # nothing costly is done for somebody who may not
        declaration = locked(declaration_id, actor)
        require_open(declaration, kind)
        require_room(declaration, upload.size or 0)
    with stored(upload) as file, transaction.atomic():
        return lay(locked(declaration_id, actor), file, kind=kind, title=title, actor=actor)


@contextmanager
def stored(upload: Upload) -> Iterator[Stored]:
    """Look into a file and put it into the storage; it stays if a row came to name it."""
    found = uploads.inspect(upload)
    status = scanning.look_on_arrival(upload.file)  # type: ignore[arg-type]  # an upload has one
    file = Stored(found, status, placing.put("attachments", f".{found.extension}", upload))
    with placing.deleted_unless(lambda: Attachment.objects.filter(file=file.name), file.name):
        yield file
    if not file.is_named:
        placing.delete(file.name)


def lay(declaration: Declaration, file: Stored, *, kind: str, title: str, actor: Any) -> Attachment:
    """Enter a stored file into a declaration that is locked, in the transaction of its lock."""
    require_open(declaration, kind)
    standing = Attachment.objects.standing().filter(declaration=declaration)
    same: Attachment | None = standing.filter(sha256=file.found.sha256, kind=kind).first()
    if same:
        return same
    if standing.count() >= MOST_ATTACHMENTS:
        raise UploadError(_("There are too many files already; remove one first."))
    attachment = Attachment.objects.create(
        declaration=declaration,
        kind=kind,
        title=names.titled(title) or file.found.name[:200],
        file=file.name,
        file_name=file.found.name,
        media_type=file.found.media_type,
        size=file.found.size,
        sha256=file.found.sha256,
        uploaded_by=actor,
    )
    file.is_named = True
    record(declaration, "attached", actor, attachment=str(attachment.pk), sha256=attachment.sha256)
    scanning.note_arrival(attachment, file.status)
    return attachment


def require_open(declaration: Declaration, kind: str, section: str = "") -> None:
    """Refuse a kind of file that is not asked for there, or that a return left closed."""
    parts = declaration.activity.scheme.load().sections
    asked = {one for part in parts if section in ("", part.key) for one in part.attachments}
    if kind not in asked:
        raise DomainError(_("Choose one of the list."), field="kind")
    unlocked_of(declaration).require_kind(kind)


def require_room(declaration: Declaration, size: int) -> None:
    """Refuse a file when what the organisation has not submitted takes too much of the storage."""
    house = {"declaration__organisation": declaration.organisation_id}
    lying = Attachment.objects.standing().filter(filed_with=None, **house)
    coming = PartialUpload.objects.filter(attachment=None, **house)
    sums = (rows.aggregate(bytes=Sum("size"))["bytes"] or 0 for rows in (lying, coming))
    if sum(sums) + size > settings.UNSUBMITTED_MAX_BYTES:
        raise UploadError(sentences.no_room(settings.UNSUBMITTED_MAX_BYTES))


@transaction.atomic
def remove_attachment(attachment_id: UUID, *, actor: Any) -> Attachment:
    """Take a file away from the working copy; one that a version names is kept in store."""
    attachment = Attachment.objects.get(pk=attachment_id)
    declaration = locked(attachment.declaration_id, actor)
    attachment.refresh_from_db()
    if attachment.removed_at:
        return attachment
    unlocked_of(declaration).require_letting_go(attachment)
    attachment.removed_at = database_now()
    attachment.save(update_fields=["removed_at"])
    record(declaration, "detached", actor, attachment=str(attachment.pk))
    if attachment.filed_with_id is None:
        transaction.on_commit(lambda: _delete_bytes(attachment), robust=True)
    return attachment


def _delete_bytes(attachment: Attachment) -> None:
    default_storage.delete(str(attachment.file.name))
    previews.forget(attachment.sha256)
