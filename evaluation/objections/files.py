"""The files of an objection: looked into and scanned as they come, before anything is stored.

An officer opens them, so they are not kept back but refused when the scanner does not answer.
"""

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from typing import IO, Any

from django.db import transaction
from django.utils.translation import gettext as _

from core.errors import DomainError
from evaluation.models import ObjectionFile
from submissions.files import placing, scanning, uploads
from submissions.files.states import ScanStatus
from submissions.files.uploads import Inspected, Upload, UploadError

FOLDER = "objections"
MOST_FILES = 3
MOST_BYTES = 10 * 1024 * 1024  # of one file
KINDS = ("pdf", "png", "jpeg")


@dataclass(frozen=True, slots=True)
class Stored:
    """A file that lies in the storage, and what is known of it."""

    found: Inspected
    status: ScanStatus
    name: str

    @property
    def sha256(self) -> str:
        return self.found.sha256

    def columns(self) -> dict[str, Any]:
        return {
            "file": self.name,
            "file_name": self.found.name,
            "media_type": self.found.media_type,
            "size": self.found.size,
            "sha256": self.found.sha256,
            "scan": self.status,
        }


@contextmanager
def stored(sent: Iterable[Upload]) -> Iterator[list[Stored]]:
    """Put files into the storage; they stay if a row came to name them."""
    files = list(sent)
    try:
        seen = [(one, *_looked_at(one)) for one in _few(files)]
        with ExitStack() as stack:
            yield [stack.enter_context(_placed(*one)) for one in seen]
    except UploadError as error:
        raise DomainError(error.message, field="attached") from None


def _few(files: list[Upload]) -> list[Upload]:
    if len(files) > MOST_FILES:
        raise UploadError(_("At most %(most)d files.") % {"most": MOST_FILES})
    for one in files:
        if (one.size or 0) > MOST_BYTES:
            raise UploadError(_("A file of an objection is no larger than 10 MB."))
    return files


def _looked_at(upload: Upload) -> tuple[Inspected, ScanStatus]:
    _name, extension = uploads.announced(upload.name or "", upload.size or 0)
    if extension not in KINDS:
        raise UploadError(_("Only PDF, PNG and JPEG files are taken here."))
    found = uploads.inspect(upload)
    stream: IO[bytes] = upload.file  # type: ignore[assignment]  # an upload has one
    status = scanning.look_on_arrival(stream)
    if status is ScanStatus.WAITING:
        raise UploadError(
            _("The malware scanner does not answer. Please try again in a few minutes.")
        )
    return found, status


@contextmanager
def _placed(upload: Upload, found: Inspected, status: ScanStatus) -> Iterator[Stored]:
    name = placing.put(FOLDER, f".{found.extension}", upload)
    with placing.deleted_unless(lambda: ObjectionFile.objects.filter(file=name), name):
        yield Stored(found, status, name)
    if not ObjectionFile.objects.filter(file=name).exists():  # the same was sent before
        placing.delete(name)


def delete_bytes(names: Iterable[str]) -> None:
    """Delete files whose rows go, once they are gone."""
    for name in names:
        transaction.on_commit(partial(placing.delete, name))


def named() -> Iterator[tuple[str, str]]:
    """Yield name and checksum of every file that must be there."""
    yield from ObjectionFile.objects.values_list("file", "sha256").iterator()


def known(names: list[str]) -> set[str]:
    return set(ObjectionFile.objects.filter(file__in=names).values_list("file", flat=True))
