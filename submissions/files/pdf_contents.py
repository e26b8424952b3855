"""Says what a PDF holds that a reader must not be handed: a program of its own.

    python -I pdf_contents.py SECONDS < FILE

``submissions.files.pdf_reading`` runs it so, for whoever reads a hostile file may be led to use up
all time and memory, or be taken over; here that ends one small process which knows no
secret. Imports the PDF library only, nothing of the portal.
"""

import io
import resource
import sys
from collections.abc import Iterator
from typing import Any

from pypdf import PdfReader
from pypdf.errors import LimitReachedError
from pypdf.generic import DictionaryObject, IndirectObject, NullObject

FINE, DAMAGED, LOCKED, COSTLY = "fine", "damaged", "locked", "costly"
SCRIPT, LAUNCH, FILES, FORM = "script", "launch", "files", "form"
VERDICTS = frozenset({FINE, DAMAGED, LOCKED, COSTLY, SCRIPT, LAUNCH, FILES, FORM})

MEMORY = 512 * 1024 * 1024

# What a dictionary of the file is known by: one of its keys, or the value of one.
KEYS = {
    "/JS": SCRIPT,
    "/JavaScript": SCRIPT,
    "/EF": FILES,
    "/EmbeddedFiles": FILES,
    "/XFA": FORM,
}
VALUES = {
    ("/S", "/JavaScript"): SCRIPT,
    ("/S", "/Launch"): LAUNCH,
    ("/Type", "/EmbeddedFile"): FILES,
    ("/Subtype", "/FileAttachment"): FILES,
    ("/Subtype", "/RichMedia"): FILES,
}


def verdict(content: bytes) -> str:
    """Return in one word what is wrong with a PDF, or that nothing is."""
    try:
        reader = PdfReader(io.BytesIO(content))
        if reader.is_encrypted:
            return LOCKED
        if not len(reader.pages):
            return DAMAGED
        return next(_dangers(reader), FINE)
    except (MemoryError, RecursionError, LimitReachedError):
        return COSTLY
    except Exception:  # noqa: BLE001 -- a broken file can break the reader in any way
        return DAMAGED


def _dangers(reader: PdfReader) -> Iterator[str]:
    for one in _dictionaries(reader):
        yield from (KEYS[key] for key in one if key in KEYS)
        for (key, value), danger in VALUES.items():
            if key in one and str(one[key]) == value:
                yield danger


def _dictionaries(reader: PdfReader) -> Iterator[DictionaryObject]:
    """Yield every dictionary of the file, also those no page leads to, those in streams of objects.

    With a list of one's own instead of recursion: a file may be nested as deep as it likes.
    """
    todo: list[Any] = [reader.trailer, *_listed(reader)]
    seen: set[tuple[int, int]] = set()
    while todo:
        one = todo.pop()
        if isinstance(one, IndirectObject):
            place = (one.idnum, one.generation)
            if place in seen:
                continue
            seen.add(place)
            one = _resolved(reader, one)
        if isinstance(one, DictionaryObject):
            yield one
            todo.extend(dict.values(one))
        elif isinstance(one, list):
            todo.extend(list.__iter__(one))


def _listed(reader: PdfReader) -> Iterator[IndirectObject]:
    for generation, places in reader.xref.items():
        yield from (IndirectObject(number, generation, reader) for number in list(places))
    yield from (IndirectObject(number, 0, reader) for number in list(reader.xref_objStm))


def _resolved(reader: PdfReader, reference: IndirectObject) -> Any:
    found = reader.get_object(reference)
    packed = reference.generation == 0 and reference.idnum in reader.xref_objStm
    missing = found is None or isinstance(found, NullObject)
    if packed and missing and not _is_null(reader, reference):
        # The library passes over a stream of objects it cannot read; another reader might not.
        raise ValueError(f"object {reference.idnum} is listed and cannot be read")
    return found


def _is_null(reader: PdfReader, reference: IndirectObject) -> bool:
    """Say whether a stream of objects really holds ``null`` for this one (ISO 32000-1, 7.5.7)."""
    number, index = reader.xref_objStm[reference.idnum]
    stream: Any = reader.get_object(IndirectObject(number, 0, reader))
    content, first = stream.get_data(), int(stream["/First"])
    listed = content[:first].split()
    if int(listed[2 * index]) != reference.idnum:
        return False
    return bool(content[first + int(listed[2 * index + 1]) :].lstrip().startswith(b"null"))


def _limit(kind: int, wanted: int) -> None:
    _soft, hard = resource.getrlimit(kind)
    value = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    resource.setrlimit(kind, (value, value))


def main(processor: int) -> None:
    _limit(resource.RLIMIT_CPU, processor)
    _limit(resource.RLIMIT_AS, MEMORY)
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_FSIZE, 0)
    sys.stdout.write(verdict(sys.stdin.buffer.read()))


if __name__ == "__main__":
    main(int(sys.argv[1]))
