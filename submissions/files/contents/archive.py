"""Says what is wrong with a ZIP of files: each file in it must be one that could come by itself."""

from submissions.files.contents.checks import CHECKS
from submissions.files.contents.kinds import extension_of, kind_of
from submissions.files.contents.packed import Packed
from submissions.files.contents.verdicts import Refusal, Word

MOST_FILES = 100
ARCHIVES = frozenset(
    {"zip", "7z", "rar", "gz", "tgz", "bz2", "xz", "tar", "zst", "jar", "cab", "iso"}
)


def check(content: bytes) -> None:
    """Raise Refusal with the first thing that is wrong, and the file it is in."""
    packed = Packed(content, MOST_FILES)
    if not packed.names():
        raise Refusal(Word.EMPTY)
    for entry in packed.files():
        extension = extension_of(entry.filename)
        if extension in ARCHIVES:
            raise Refusal(Word.NESTED)
        if extension not in CHECKS:
            raise Refusal(Word.STRANGE, member=entry.filename)
        _check_member(packed.read(entry), extension, entry.filename)


def _check_member(content: bytes, extension: str, name: str) -> None:
    seen = kind_of(content, extension)
    if seen != extension:
        raise Refusal(Word.NESTED) if seen == "zip" else Refusal(Word.STRANGE, member=name)
    try:
        CHECKS[extension](content)
    except Refusal as refused:
        raise Refusal(refused.verdict.word, extension, name) from None
