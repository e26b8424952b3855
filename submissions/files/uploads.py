"""Looks into an uploaded file: is it allowed, and is it what its name says?

A file is stored under a name of ours and only ever handed out as a download; here what
could not be opened, or could do harm when opened, is refused with a sentence that says why.
"""

import hashlib
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO, Any

import filetype
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import DomainError
from submissions.files import pdf_contents
from submissions.files.pdf_reading import look_into

Upload = UploadedFile[Any]

HEAD = 8192  # bytes; enough for every signature
MOST_PARTS = 5000
MOST_UNPACKED = 400 * 1024 * 1024
OPEN_XML = "application/vnd.openxmlformats-officedocument"
PDF_REFUSALS = {
    pdf_contents.DAMAGED: gettext_lazy("This PDF cannot be opened: it is damaged or empty."),
    pdf_contents.LOCKED: gettext_lazy(
        "This PDF is encrypted; save it without a password and without protection."
    ),
    pdf_contents.COSTLY: gettext_lazy(
        "This PDF takes too much time or memory to read; print it into a new PDF."
    ),
    pdf_contents.SCRIPT: gettext_lazy("This PDF contains JavaScript; print it into a new PDF."),
    pdf_contents.LAUNCH: gettext_lazy(
        "This PDF contains an action that starts a program; print it into a new PDF."
    ),
    pdf_contents.FILES: gettext_lazy(
        "This PDF has other files inside it; remove them and add each by itself."
    ),
    pdf_contents.FORM: gettext_lazy(
        "This PDF is a dynamic form (XFA), which may hold programs; print it into a new PDF."
    ),
}


class UploadError(DomainError):
    """The file is not taken."""

    def __init__(self, message: str) -> None:
        super().__init__(message, field="file")


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
    name = PurePosixPath((upload.name or "").replace("\\", "/")).name
    extension = PurePosixPath(name).suffix[1:].lower()
    if extension == "jpg":
        extension = "jpeg"
    if extension not in TYPES:
        raise UploadError(_("Only PDF, PNG, JPEG, DOCX and XLSX files are taken."))
    size = upload.size or 0
    if not size:
        raise UploadError(_("The file is empty."))
    if size > settings.ATTACHMENT_MAX_BYTES:
        limit = filesizeformat(settings.ATTACHMENT_MAX_BYTES)
        raise UploadError(_("The file is larger than %(limit)s.") % {"limit": limit})
    media_type, check = TYPES[extension]
    _open_and_check(upload, extension, check)
    return Inspected(_printable(name), extension, media_type, size, _sha256(upload))


def _open_and_check(upload: Upload, extension: str, check: Callable[[Any], None]) -> None:
    stream: IO[bytes] = upload.file  # type: ignore[assignment]  # an upload has one
    stream.seek(0)
    kind = filetype.guess(stream.read(HEAD))
    seen = "jpeg" if kind and kind.extension == "jpg" else kind.extension if kind else ""
    if seen not in _SIGNATURES[extension]:
        raise UploadError(
            _("The name ends in .%(extension)s, but this is no such file.")
            % {"extension": extension}
        )
    stream.seek(0)
    check(stream)
    stream.seek(0)


def _pdf(stream: IO[bytes]) -> None:
    verdict = look_into(stream.read())
    if verdict != pdf_contents.FINE:
        raise UploadError(str(PDF_REFUSALS[verdict]))


def _png(stream: IO[bytes]) -> None:
    stream.seek(-12, 2)
    if stream.read(12)[4:8] != b"IEND":
        raise UploadError(_("This image is damaged: its end is missing."))


def _jpeg(stream: IO[bytes]) -> None:
    stream.seek(-2, 2)
    if stream.read(2) != b"\xff\xd9":
        raise UploadError(_("This image is damaged: its end is missing."))


def _office(part: str) -> Callable[[IO[bytes]], None]:
    """Return the check of an Office file whose main part is ``part``."""

    def check(stream: IO[bytes]) -> None:
        try:
            with zipfile.ZipFile(stream) as archive:
                parts = archive.infolist()
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
            raise UploadError(_("This file cannot be opened: it is damaged.")) from None
        names = {one.filename for one in parts}
        if "[Content_Types].xml" not in names or part not in names:
            raise UploadError(_("This is a ZIP archive, not an Office document."))
        if any(name.lower().endswith("vbaproject.bin") for name in names):
            raise UploadError(_("Documents with macros are not taken; save it without."))
        bomb = len(parts) > MOST_PARTS or sum(one.file_size for one in parts) > MOST_UNPACKED
        locked = any(one.flag_bits & 1 for one in parts)
        if bomb or locked or any(_leaves(name) for name in names):
            raise UploadError(_("This document is packed in a way that is not taken."))

    return check


def _leaves(name: str) -> bool:
    return name.startswith("/") or "\\" in name or ".." in name.split("/")


def _printable(name: str) -> str:
    """Keep the name for people to read; no control or direction marks, not too long."""
    clean = "".join(letter for letter in name if letter.isprintable())
    stem, _dot, extension = clean.rpartition(".")
    return f"{stem[:150]}.{extension}"


def _sha256(upload: Upload) -> str:
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    upload.seek(0)
    return digest.hexdigest()


TYPES: dict[str, tuple[str, Callable[[Any], None]]] = {
    "pdf": ("application/pdf", _pdf),
    "png": ("image/png", _png),
    "jpeg": ("image/jpeg", _jpeg),
    "docx": (f"{OPEN_XML}.wordprocessingml.document", _office("word/document.xml")),
    "xlsx": (f"{OPEN_XML}.spreadsheetml.sheet", _office("xl/workbook.xml")),
}
# What the signature says; an Office file may look like a plain archive at its head.
_SIGNATURES = {
    "pdf": {"pdf"},
    "png": {"png"},
    "jpeg": {"jpeg"},
    "docx": {"docx", "zip"},
    "xlsx": {"xlsx", "zip"},
}
