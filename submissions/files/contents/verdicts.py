"""The words in which a reader says what is wrong with a file, and in which part of it."""

from dataclasses import dataclass
from enum import StrEnum


class Word(StrEnum):
    """What can be said of a file; ``submissions.files.sentences`` says it to people."""

    FINE = "fine"
    DAMAGED = "damaged"
    LOCKED = "locked"
    COSTLY = "costly"
    FOLLOWED = "followed"  # something stands after its end, or it is two kinds of file at once
    # PDF
    SCRIPT = "script"
    LAUNCH = "launch"
    FILES = "files"
    FORM = "form"
    # images
    PIXELS = "pixels"
    MOVING = "moving"
    # archives, and the Office documents that are such
    EMPTY = "empty"
    ENTRIES = "entries"
    SWELLS = "swells"
    LEAVES = "leaves"
    LINK = "link"
    TWICE = "twice"
    NESTED = "nested"
    STRANGE = "strange"
    NO_OFFICE = "no_office"
    MACROS = "macros"
    EMBEDDED = "embedded"
    EXTERNAL = "external"
    MARKUP = "markup"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is wrong with a file; ``kind`` and ``member`` name the part of an archive it is in."""

    word: Word
    kind: str = ""
    member: str = ""


class Refusal(Exception):  # noqa: N818 -- it carries a verdict up to who asked
    """Ends the reading of a file: this is wrong with it."""

    def __init__(self, word: Word, kind: str = "", member: str = "") -> None:
        super().__init__(word)
        self.verdict = Verdict(word, kind, member)
