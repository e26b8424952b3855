"""Which kind of file something is: by its name, and by its first bytes."""

import zipfile
from io import BytesIO

import filetype

PACKED = frozenset({"docx", "xlsx", "zip"})
OFFICE = frozenset({"docx", "xlsx"})
HEAD = 8192  # bytes; enough for every signature
ALIASES = {"jpg": "jpeg"}
SEEN_AS = {"jpg": "jpeg", "apng": "png"}  # that it moves is told by the reader
SEVERAL = "several"


def extension_of(name: str) -> str:
    """Return the ending of a name, each kind by one spelling; empty when it has none."""
    _stem, dot, ending = name.rpartition("/")[2].rpartition(".")
    extension = ending.lower() if dot else ""
    return ALIASES.get(extension, extension)


def kind_of(content: bytes, extension: str) -> str:
    """Return what the first bytes say; ``extension`` where an Office file only shows as a ZIP."""
    seen = filetype.guess(content[:HEAD])
    kind = SEEN_AS.get(seen.extension, seen.extension) if seen else ""
    if kind == "zip" and extension in OFFICE:
        return extension
    # One file that is two: whoever opens it decides which.
    if kind not in PACKED and zipfile.is_zipfile(BytesIO(content)):
        return SEVERAL
    return kind
