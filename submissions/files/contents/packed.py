"""Opens a ZIP, whatever it calls itself: what it would unpack to, and where."""

import io
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator

from submissions.files.contents.verdicts import Refusal, Word

MOST_UNPACKED = 200 * 1024 * 1024
MOST_SWELLING = 200  # times; a table of equal rows comes to a hundred
SMALL = 1024 * 1024  # what unpacks to less harms nobody, however tightly it was packed
HEADER = 30  # bytes before the name of each entry
LENGTHS = 26  # where in it the lengths of name and extra field stand
DESCRIBED = 8  # sizes and sum follow the contents of the entry
DESCRIPTORS = {0, 12, 16, 20, 24}  # bytes of these
MOST_EXTRA = 2048  # bytes; Office leaves itself some hundred to grow
EMPTY = 2  # bytes that nothing comes to when packed
DIRECTORY_END = 22
SEPARATE = "/"
METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
UNREADABLE = (
    zipfile.BadZipFile, zlib.error, OSError, ValueError, EOFError, RuntimeError,
)  # fmt: skip


class Packed:
    """The entries of a ZIP that keeps the rules; Refusal for one that does not."""

    def __init__(self, content: bytes, most_entries: int) -> None:
        self.content = content
        try:
            self.archive = zipfile.ZipFile(io.BytesIO(content))
        except UNREADABLE:
            raise Refusal(Word.DAMAGED) from None
        self.entries = self.archive.infolist()
        if len(self.entries) > most_entries:
            raise Refusal(Word.ENTRIES)
        self._check_names()
        self._check_sizes()
        self._check_places()

    def files(self) -> Iterator[zipfile.ZipInfo]:
        yield from (one for one in self.entries if not one.is_dir())

    def names(self) -> list[str]:
        return [one.filename for one in self.files()]

    def read(self, entry: zipfile.ZipInfo) -> bytes:
        """Unpack one; never more of it than the directory said, or it is damaged."""
        try:
            return self.archive.read(entry)
        except MemoryError:
            raise Refusal(Word.COSTLY) from None
        except UNREADABLE:
            raise Refusal(Word.DAMAGED) from None

    def _check_names(self) -> None:
        seen: set[str] = set()
        for one in self.entries:
            if one.flag_bits & 1:
                raise Refusal(Word.LOCKED)
            if leaves(one.orig_filename):
                raise Refusal(Word.LEAVES)
            if stat.S_ISLNK(one.external_attr >> 16):
                raise Refusal(Word.LINK)
            # Two names a reader might take for one: which file it gets is left to chance.
            plain = one.filename.rstrip(SEPARATE).casefold()
            if plain in seen:
                raise Refusal(Word.TWICE)
            seen.add(plain)

    def _check_sizes(self) -> None:
        whole = sum(one.file_size for one in self.entries)
        if whole > MOST_UNPACKED or whole > max(SMALL, MOST_SWELLING * len(self.content)):
            raise Refusal(Word.SWELLS)
        if any(one.compress_type not in METHODS for one in self.entries):
            raise Refusal(Word.DAMAGED)

    def _check_places(self) -> None:
        """Refuse entries that lie over each other, and what belongs to no entry."""
        ordered = sorted(self.entries, key=lambda one: one.header_offset)
        ends = [one.header_offset for one in ordered[1:]] + [self.archive.start_dir]
        for one, end in zip(ordered, ends, strict=True):
            self._check_place(one, end)
        last = self.content.rfind(b"PK\x05\x06")
        if self.archive.comment or last + DIRECTORY_END != len(self.content):
            raise Refusal(Word.FOLLOWED)
        if ordered and ordered[0].header_offset != 0:
            raise Refusal(Word.FOLLOWED)

    def _check_place(self, one: zipfile.ZipInfo, end: int) -> None:
        """Refuse an entry that does not end where the next begins."""
        head = self.content[one.header_offset : one.header_offset + HEADER]
        if len(head) < HEADER:
            raise Refusal(Word.DAMAGED)
        name, extra = struct.unpack_from("<HH", head, LENGTHS)
        gap = end - (one.header_offset + HEADER + name + extra + one.compress_size)
        if gap < 0:
            raise Refusal(Word.SWELLS)
        hidden = one.is_dir() and one.compress_size > EMPTY
        if gap not in (DESCRIPTORS if one.flag_bits & DESCRIBED else {0}) or extra > MOST_EXTRA:
            hidden = True
        if hidden:
            raise Refusal(Word.FOLLOWED)


def leaves(name: str) -> bool:
    """Say whether a name would put a file elsewhere than below where one unpacks."""
    parts = name.split(SEPARATE)
    rooted = name.startswith(SEPARATE) or name[1:2] == ":"
    return rooted or "\\" in name or "\0" in name or ".." in parts
