"""Says what is wrong with a picture: it is opened, and drawn once, to its last byte."""

import io
import struct
import warnings
from collections.abc import Callable, Iterator

from PIL import Image

from submissions.files.contents.verdicts import Refusal, Word

MOST_PIXELS = 50_000_000  # more than a good camera takes; some 200 MB when drawn
PNG_HEAD = b"\x89PNG\r\n\x1a\n"
PNG_MOVING = b"acTL"
JPEG_HEAD = b"\xff\xd8"
MPF = b"MPF\0"  # the index of several pictures in one file
MP_ENTRIES = 0xB002
MP_ENTRY = 16  # bytes
MOST_PICTURES = 10
SCAN, END = 0xDA, 0xD9
WITHOUT_LENGTH = {0x01, *range(0xD0, 0xD8)}


def check_png(content: bytes) -> None:
    _check(content, "PNG", _end_of_png)


def check_jpeg(content: bytes) -> None:
    _check(content, "JPEG", _end_of_jpeg)


def _check(content: bytes, kind: str, end_of: Callable[[bytes], int]) -> None:
    try:
        end = end_of(content)
    except (IndexError, struct.error):
        raise Refusal(Word.DAMAGED) from None
    # Some cameras fill up their files with zeros.
    if content[end:].strip(b"\0") and not _is_accounted_for(content, end):
        raise Refusal(Word.FOLLOWED)
    try:
        _draw(content, kind)
    except Refusal:
        raise
    except Image.DecompressionBombError:
        raise Refusal(Word.PIXELS) from None
    except MemoryError:
        raise Refusal(Word.COSTLY) from None
    except Exception:  # noqa: BLE001 -- a broken file can break the reader in any way
        raise Refusal(Word.DAMAGED) from None


def _draw(content: bytes, kind: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the number of pixels, which is asked here
        with Image.open(io.BytesIO(content), formats=[kind]) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise Refusal(Word.PIXELS)
            # A JPEG with further pictures is none that moves.
            if kind == "PNG" and getattr(picture, "is_animated", False):
                raise Refusal(Word.MOVING)
            picture.load()


def _end_of_png(content: bytes) -> int:
    """Return where the last chunk ends; each has its length before it."""
    if not content.startswith(PNG_HEAD):
        raise Refusal(Word.DAMAGED)
    at = len(PNG_HEAD)
    while True:
        length, name = struct.unpack_from(">I4s", content, at)
        at += int(length) + 12
        if at > len(content):
            raise Refusal(Word.DAMAGED)
        if name == PNG_MOVING:
            raise Refusal(Word.MOVING)
        if name == b"IEND":
            return at


def _end_of_jpeg(content: bytes) -> int:
    """Return where the picture ends, passing over what its segments hold (a small preview)."""
    if not content.startswith(JPEG_HEAD):
        raise Refusal(Word.DAMAGED)
    at = len(JPEG_HEAD)
    while True:
        if content[at] != 0xFF:
            raise Refusal(Word.DAMAGED)
        marker = content[at + 1]
        if marker == 0xFF:  # filling
            at += 1
        elif marker == END:
            return at + 2
        elif marker in WITHOUT_LENGTH:
            at += 2
        else:
            (length,) = struct.unpack_from(">H", content, at + 2)
            at += 2 + int(length)
            if marker == SCAN:
                at = _end_of_scan(content, at)


def _is_accounted_for(content: bytes, end: int) -> bool:
    """Say whether the rest is the further pictures a telephone stores, and nothing else.

    Its index (CIPA DC-007, the segment "MPF") names where each lies; every one is a whole JPEG
    itself, and between them is nothing but zeros.
    """
    try:
        places = sorted(_further_pictures(content[:end]))
        for start, length in places:
            if start < end or content[end:start].strip(b"\0") or not length:
                return False
            picture = content[start : start + length]
            if len(picture) != length or picture[_end_of_jpeg(picture) :].strip(b"\0"):
                return False
            _draw(picture, "JPEG")
            end = start + length
    except (Refusal, IndexError, KeyError, struct.error):
        return False
    return bool(places) and not content[end:].strip(b"\0")


def _further_pictures(head: bytes) -> Iterator[tuple[int, int]]:
    """Yield where each picture of the index begins and how long it is, but for the first."""
    at = head.find(MPF)
    if at < 0:
        return
    base = at + len(MPF)
    order = {b"II": "<", b"MM": ">"}[head[base : base + 2]]
    (table,) = struct.unpack_from(f"{order}I", head, base + 4)
    (count,) = struct.unpack_from(f"{order}H", head, base + table)
    for number in range(count):
        tag, _kind, size, value = struct.unpack_from(
            f"{order}HHII", head, base + table + 2 + 12 * number
        )
        if tag != MP_ENTRIES or size > MP_ENTRY * MOST_PICTURES:
            continue
        for entry in range(base + value + MP_ENTRY, base + value + size, MP_ENTRY):
            _kinds, length, offset = struct.unpack_from(f"{order}III", head, entry)
            yield base + offset, length


def _end_of_scan(content: bytes, at: int) -> int:
    while True:
        at = content.find(b"\xff", at)
        if at < 0:
            raise Refusal(Word.DAMAGED)
        following = content[at + 1]
        if following != 0 and following not in WITHOUT_LENGTH:
            return at
        at += 2
