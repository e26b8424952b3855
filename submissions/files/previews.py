"""Pictures of the pages of a file, drawn by the portal and kept until the file goes."""

from dataclasses import dataclass
from pathlib import Path

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from submissions.files.guarded import run
from submissions.models import Attachment

PROGRAM = Path(__file__).with_name("drawer.py")
PROCESSOR = 15  # seconds of computing
PATIENCE = 30  # seconds
KINDS = {"application/pdf": "pdf", "image/png": "png", "image/jpeg": "jpeg"}
FOLDER = "previews"


@dataclass(frozen=True, slots=True)
class Page:
    """One page as a picture, and how many there are."""

    number: int
    count: int
    picture: bytes


def page_of(attachment: Attachment, number: int) -> Page | None:
    """Return a page of a file, drawn now or before; None when there is none or it cannot be."""
    kind = KINDS.get(attachment.media_type)
    if kind is None or number < 1:
        return None
    said = _kept(attachment.sha256, number) or _drawn(attachment, kind, number)
    if not said:
        return None
    count, _line, picture = said.partition(b"\n")
    return Page(number, int(count), picture)


def _name(sha256: str, number: int) -> str:
    return f"{FOLDER}/{sha256}/{number}"


def _kept(sha256: str, number: int) -> bytes:
    try:
        with default_storage.open(_name(sha256, number)) as stream:
            content: bytes = stream.read()
    except FileNotFoundError:
        return b""
    return content


def _drawn(attachment: Attachment, kind: str, number: int) -> bytes | None:
    with attachment.file.open("rb") as stream:
        content = stream.read()
    said = run(PROGRAM, str(PROCESSOR), kind, str(number), content=content, patience=PATIENCE)
    if said:
        _keep(_name(attachment.sha256, number), said)
    return said


def _keep(name: str, content: bytes) -> None:
    stored = default_storage.save(name, ContentFile(content))
    if stored != name:  # somebody else drew the same page meanwhile
        default_storage.delete(stored)


def forget(sha256: str) -> None:
    """Delete what was drawn of a file."""
    folder = f"{FOLDER}/{sha256}"
    try:
        _folders, pages = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    for page in pages:
        default_storage.delete(f"{folder}/{page}")
    default_storage.delete(folder)
