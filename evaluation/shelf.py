"""Files that officers open: looked into and scanned as they come, before anything is stored.

They are not kept back for the scanner, as those of a declaration are, but refused when it does
not answer.
"""

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from typing import IO, Any

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from core.errors import DomainError
from evaluation.models.shelved import ShelvedFile
from submissions.files import placing, scanning, uploads
from submissions.files.states import ScanStatus
from submissions.files.uploads import Inspected, Upload, UploadError

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


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where the files of one kind of row lie, and how many of what size are taken."""

    model: type[ShelvedFile]
    folder: str
    most: int  # files
    most_bytes: int  # of one file
    too_large: str | Promise
    field: str = "attached"  # of the form: a refusal is shown there

    @contextmanager
    def stored(self, sent: Iterable[Upload]) -> Iterator[list[Stored]]:
        """Put files into the storage; they stay if a row came to name them."""
        files = list(sent)
        try:
            seen = [(one, *_looked_at(one)) for one in self._few(files)]
            with ExitStack() as stack:
                yield [stack.enter_context(self._placed(*one)) for one in seen]
        except UploadError as error:
            raise DomainError(error.message, field=self.field) from None

    def require_few(self, count: int) -> None:
        if count > self.most:
            raise DomainError(_("At most %(most)d files.") % {"most": self.most}, field=self.field)

    def _few(self, files: list[Upload]) -> list[Upload]:
        self.require_few(len(files))
        for one in files:
            if (one.size or 0) > self.most_bytes:
                raise UploadError(str(self.too_large))
        return files

    @contextmanager
    def _placed(self, upload: Upload, found: Inspected, status: ScanStatus) -> Iterator[Stored]:
        name = placing.put(self.folder, f".{found.extension}", upload)
        rows = self.model._default_manager.filter(file=name)
        with placing.deleted_unless(rows.all, name):
            yield Stored(found, status, name)
        if not rows.all().exists():  # the same was sent before
            placing.delete(name)

    def named(self) -> Iterator[tuple[str, str]]:
        """Yield name and checksum of every file that must be there."""
        yield from self.model._default_manager.values_list("file", "sha256").iterator()

    def known(self, names: list[str]) -> set[str]:
        rows = self.model._default_manager.filter(file__in=names)
        return set(rows.values_list("file", flat=True))


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


def delete_bytes(names: Iterable[str]) -> None:
    """Delete files whose rows go, once they are gone."""
    for name in names:
        transaction.on_commit(partial(placing.delete, name))
