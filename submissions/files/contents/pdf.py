"""Says what a PDF holds that a reader must not be handed."""

import io
from collections.abc import Iterator
from typing import Any

from pypdf import PdfReader
from pypdf.errors import LimitReachedError
from pypdf.generic import DictionaryObject, IndirectObject, NullObject

from submissions.files.contents.verdicts import Refusal, Word

# What a dictionary of the file is known by: one of its keys, or the value of one.
KEYS = {
    "/JS": Word.SCRIPT,
    "/JavaScript": Word.SCRIPT,
    "/EF": Word.FILES,
    "/EmbeddedFiles": Word.FILES,
    "/XFA": Word.FORM,
}
VALUES = {
    ("/S", "/JavaScript"): Word.SCRIPT,
    ("/S", "/Launch"): Word.LAUNCH,
    ("/Type", "/EmbeddedFile"): Word.FILES,
    ("/Subtype", "/FileAttachment"): Word.FILES,
    ("/Subtype", "/RichMedia"): Word.FILES,
}


END = b"%%EOF"


def check(content: bytes) -> None:
    """Raise Refusal with what is wrong with a PDF."""
    try:
        reader = PdfReader(io.BytesIO(content))
        if reader.is_encrypted:
            raise Refusal(Word.LOCKED)
        if not len(reader.pages):
            raise Refusal(Word.DAMAGED)
        if danger := next(_dangers(reader), None):
            raise Refusal(danger)
    except Refusal:
        raise
    except (MemoryError, RecursionError, LimitReachedError):
        raise Refusal(Word.COSTLY) from None
    except Exception:  # noqa: BLE001 -- a broken file can break the reader in any way
        raise Refusal(Word.DAMAGED) from None
    if content[content.rfind(END) + len(END) :].strip(b"\0\t\n\f\r "):
        raise Refusal(Word.FOLLOWED)


def _dangers(reader: PdfReader) -> Iterator[Word]:
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
