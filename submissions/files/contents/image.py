"""Says what is wrong with a picture: it is opened, and drawn once, to its last byte."""

import io
import struct
import warnings
from collections.abc import Callable

from PIL import Image

from submissions.files.contents.verdicts import Refusal, Word

MOST_PIXELS = 50_000_000  # more than a good camera takes; some 200 MB when drawn
PNG_HEAD = b"\x89PNG\r\n\x1a\n"
PNG_MOVING = b"acTL"
JPEG_HEAD = b"\xff\xd8"
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
    if content[end:].strip(b"\0"):
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
            if getattr(picture, "is_animated", False):
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


def _end_of_scan(content: bytes, at: int) -> int:
    while True:
        at = content.find(b"\xff", at)
        if at < 0:
            raise Refusal(Word.DAMAGED)
        following = content[at + 1]
        if following != 0 and following not in WITHOUT_LENGTH:
            return at
        at += 2
