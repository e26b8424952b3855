"""Looks into an uploaded file: is it allowed, and is it what its name says?

A file is stored under a name of ours and only ever handed out as a download; here what
could not be opened, or could do harm when opened, is refused with a sentence that says why.
"""

import hashlib
from dataclasses import dataclass
from typing import IO, Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from submissions.files import names, sentences
from submissions.files.contents.kinds import OFFICE, extension_of, kind_of
from submissions.files.contents.verdicts import Word
from submissions.files.guarded import look_into
from submissions.files.names import UploadError

__all__ = ["TYPES", "Inspected", "Upload", "UploadError", "inspect"]

Upload = UploadedFile[Any]

OPEN_XML = "application/vnd.openxmlformats-officedocument"
TYPES = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpeg": "image/jpeg",
    "docx": f"{OPEN_XML}.wordprocessingml.document",
    "xlsx": f"{OPEN_XML}.spreadsheetml.sheet",
    "zip": "application/zip",
}
# How Office keeps a document behind a password, and how it kept every document before 2007.
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@dataclass(frozen=True, slots=True)
class Inspected:
    """A file that was looked into."""

    name: str
    extension: str
    media_type: str
    size: int  # bytes
    sha256: str


def inspect(upload: Upload) -> Inspected:
    """Return what the file is; raise UploadError with the reason when it cannot be taken."""
    size = upload.size or 0
    name, extension = announced(upload.name or "", size)
    stream: IO[bytes] = upload.file  # type: ignore[assignment]  # an upload has one
    stream.seek(0)
    content = stream.read()
    _check(content, extension)
    stream.seek(0)
    return Inspected(name, extension, TYPES[extension], size, hashlib.sha256(content).hexdigest())


def announced(sent: str, size: int) -> tuple[str, str]:
    """Return name and kind of a file of which no more than its name and size are known."""
    name = names.checked(sent)
    extension = extension_of(name)
    if extension not in TYPES:
        raise UploadError(_("Only PDF, PNG, JPEG, DOCX, XLSX and ZIP files are taken."))
    if not size:
        raise UploadError(_("The file is empty."))
    if size > settings.ATTACHMENT_MAX_BYTES:
        raise UploadError(sentences.too_large(settings.ATTACHMENT_MAX_BYTES))
    return name, extension


def _check(content: bytes, extension: str) -> None:
    if extension in OFFICE and content.startswith(OLD_OFFICE):
        raise UploadError(
            _("This document is encrypted or of an old kind; save it as DOCX or XLSX, unprotected.")
        )
    if kind_of(content, extension) != extension:
        raise UploadError(
            _("The name ends in .%(extension)s, but this is no such file.")
            % {"extension": extension}
        )
    verdict = look_into(extension, content)
    if verdict.word is not Word.FINE:
        raise UploadError(sentences.sentence(extension, verdict))
