"""Pictures of the pages of a file, drawn by the portal and kept for a while.

What a stranger's file costs is bounded: so many pages of it are drawn, so many in an hour for one
person, no picture is larger than the drawer makes it, and each goes some days after it was drawn.
"""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import structlog
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone
from django.utils.translation import gettext as _

from core.clock import database_now
from core.errors import DomainError
from submissions.files.guarded import run
from submissions.models import Attachment

logger = structlog.get_logger(__name__)

PROGRAM = Path(__file__).with_name("drawer.py")
PROCESSOR = 15  # seconds of computing
PATIENCE = 30  # seconds
KINDS = {"application/pdf": "pdf", "image/png": "png", "image/jpeg": "jpeg"}
FOLDER = "previews"
MOST_PAGES = 200  # of one file; who needs the others downloads it
MOST_DRAWN = 400  # in an hour for one person; what is kept costs nothing
HOUR = 3600  # seconds
KEPT = dt.timedelta(days=14)
NONE = b"0\n"  # kept in place of a page that cannot be drawn: nobody tries again at once
# How each kind of picture begins and ends; what does not was cut off.
PICTURES = {
    "image/png": (b"\x89PNG\r\n\x1a\n", b"IEND\xaeB`\x82"),
    "image/jpeg": (b"\xff\xd8", b"\xff\xd9"),
}


class TooMany(DomainError):  # noqa: N818 -- it says what is
    """This person has had so many pages drawn that the machine has other things to do."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page as a picture, and how many there are."""

    number: int
    count: int
    picture: bytes
    media_type: str

    @property
    def last(self) -> int:
        """The last page that is drawn."""
        return min(self.count, MOST_PAGES)

    @property
    def is_cut(self) -> bool:
        return self.last < self.count


def page_of(attachment: Attachment, number: int, *, reader: Any) -> Page | None:
    """Return a page of a file, drawn now or before; None when there is none or it cannot be."""
    kind = KINDS.get(attachment.media_type)
    if kind is None or not 1 <= number <= MOST_PAGES:
        return None
    said = _kept(attachment.sha256, number) or _drawn(attachment, kind, number, reader)
    return None if said == NONE else _page(said, number)


def _page(said: bytes, number: int) -> Page | None:
    """Read what was drawn; None when it is cut off."""
    count, _line, picture = said.partition(b"\n")
    for media_type, (head, tail) in PICTURES.items():
        if picture.startswith(head) and picture.endswith(tail) and count.isdigit():
            return Page(number, int(count), picture, media_type)
    return None


def _name(sha256: str, number: int) -> str:
    return f"{FOLDER}/{sha256}/{number}"


def _kept(sha256: str, number: int) -> bytes:
    """Return what is kept of a page; what was only half written goes."""
    name = _name(sha256, number)
    try:
        with default_storage.open(name) as stream:
            content: bytes = stream.read()
    except FileNotFoundError:
        return b""
    if content == NONE or _page(content, number):
        return content
    default_storage.delete(name)
    return b""


def _drawn(attachment: Attachment, kind: str, number: int, reader: Any) -> bytes:
    _count_drawing(reader)
    with attachment.file.open("rb") as stream:
        content = stream.read()
    said = run(PROGRAM, str(PROCESSOR), kind, str(number), content=content, patience=PATIENCE)
    if not said or _page(said, number) is None:
        said = NONE
    _keep(_name(attachment.sha256, number), said)
    return said


def _count_drawing(reader: Any) -> None:
    key = f"previews:{reader.pk}:{timezone.now():%d%H}"
    drawn = cache.get(key, 0)
    cache.set(key, drawn + 1, HOUR)  # "incr" of a cache in the database forgets the hour
    if drawn >= MOST_DRAWN:
        raise TooMany(
            _("Many pages have been drawn for you. Please go on in an hour, or download the file.")
        )


def _keep(name: str, content: bytes) -> None:
    """Keep a page. One that cannot be kept is shown all the same, and nothing is left of it."""
    stored = name
    try:
        stored = default_storage.save(name, ContentFile(content))
        if stored != name:  # somebody else drew the same page meanwhile
            default_storage.delete(stored)
    except Exception:
        logger.exception("a preview could not be kept", name=name)
        _delete_half(name)


def _delete_half(name: str) -> None:
    try:
        default_storage.delete(name)
    except Exception:
        logger.exception("half a preview is left", name=name)


def forget(sha256: str) -> None:
    """Delete what was drawn of a file."""
    _empty(f"{FOLDER}/{sha256}")


def _empty(folder: str) -> int:
    try:
        _folders, pages = default_storage.listdir(folder)
    except FileNotFoundError:
        return 0
    for page in pages:
        default_storage.delete(f"{folder}/{page}")
    default_storage.delete(folder)
    return len(pages)


def prune() -> int:
    """Delete what was drawn of a file so many days ago; return how many pages.

    Each hour looks at the files of one first letter of their hash, so that no turn asks a storage
    far away about all of them.
    """
    try:
        folders, _names = default_storage.listdir(FOLDER)
    except FileNotFoundError:
        return 0
    now = database_now()
    letter = f"{now.hour % 16:x}"
    return sum(_pruned(f"{FOLDER}/{one}", now - KEPT) for one in folders if one[:1] == letter)


def _pruned(folder: str, before: dt.datetime) -> int:
    try:
        _folders, pages = default_storage.listdir(folder)
        if not pages:
            default_storage.delete(folder)
            return 0
        since = default_storage.get_modified_time(f"{folder}/{pages[0]}")
        return _empty(folder) if since < before else 0
    except Exception:
        logger.exception("previews could not be deleted", folder=folder)
        return 0
