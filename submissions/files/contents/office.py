"""Says what an Office document (DOCX, XLSX) holds that its reader must not be handed.

A part is what the list of content types and the relations make of it, whatever it is called: both
are asked, and a part that is neither markup nor a known medium is not taken.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import PurePosixPath
from urllib.parse import unquote

from submissions.files.contents.markup import Markup, Types, parse
from submissions.files.contents.packed import Packed
from submissions.files.contents.verdicts import Refusal, Word

MOST_PARTS = 5000
TYPES = "[Content_Types].xml"
MAIN = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml"}
MACROS = re.compile(r"(vbaproject\.bin|vbadata\.xml)$|/(macrosheets|dialogsheets)/", re.I)
CONTROLS = re.compile(r"/(activex|ctrlprops)/|oleobject", re.I)
INSIDE = re.compile(r"/embeddings/", re.I)
OFFICE_INSIDE = re.compile(r"\.(docx|xlsx)$", re.I)  # the table behind a diagram
MARKUP = re.compile(r"\.(xml|rels|vml|svg)$", re.I)
MARKUP_TYPE = re.compile(r"[+/]xml\b", re.I)
# Pictures, fonts, what a printer was told, and the empty part that signatures hang on.
MEDIA = re.compile(
    r"\.(png|jpe?g|jpe|jfif|gif|bmp|dib|tiff?|emf|wmf|emz|wmz|ico|wdp|odttf|fntdata)$"
    r"|/printersettings\d*\.bin$|^_xmlsignatures/origin\.sigs$",
    re.I,
)
MACRO_TYPE = re.compile(r"vbaproject|vbadata|macroenabled|macrosheet|dialogsheet", re.I)
EMBEDDED_TYPE = re.compile(r"oleobject|activex|controlproperties", re.I)


def checker(kind: str) -> Callable[[bytes], None]:
    """Return the check of a document of ``kind``."""

    def check(content: bytes) -> None:
        _check(content, kind, deep=False)

    return check


def _check(content: bytes, kind: str, *, deep: bool) -> None:
    packed = Packed(content, MOST_PARTS)
    files = {one.filename: one for one in packed.files()}
    if TYPES not in files or MAIN[kind] not in files:
        raise Refusal(Word.NO_OFFICE)
    for name in files:
        _check_name(name, deep=deep)
    types = Types()
    parse(packed.read(files[TYPES]), types)
    _check_types(types, files)
    for name, one in files.items():
        part = packed.read(one)
        if INSIDE.search(f"/{name}"):
            _check(part, name.rpartition(".")[2].lower(), deep=True)
        elif MARKUP.search(name) or MARKUP_TYPE.search(_type_of(name, types)):
            parse(part, Markup(relations=name.lower().endswith(".rels")))
        elif not MEDIA.search(name):
            raise Refusal(Word.EMBEDDED)


def _check_name(name: str, *, deep: bool) -> None:
    if MACROS.search(name):
        raise Refusal(Word.MACROS)
    if CONTROLS.search(f"/{name}"):
        raise Refusal(Word.EMBEDDED)
    if INSIDE.search(f"/{name}") and (deep or not OFFICE_INSIDE.search(name)):
        raise Refusal(Word.EMBEDDED)


def _check_types(types: Types, names: Iterable[str]) -> None:
    """Ask what every part is said to be; of the kinds by ending, those of a part that is there."""
    endings = {PurePosixPath(name).suffix.removeprefix(".").lower() for name in names}
    for said in _said(types, endings):
        if MACRO_TYPE.search(said):
            raise Refusal(Word.MACROS)
        if EMBEDDED_TYPE.search(said):
            raise Refusal(Word.EMBEDDED)


def _said(types: Types, endings: set[str]) -> Iterator[str]:
    yield from types.overrides.values()
    yield from (said for ending, said in types.defaults.items() if ending in endings)


def _type_of(name: str, types: Types) -> str:
    plain = "/" + unquote(name).lower()
    ending = PurePosixPath(name).suffix.removeprefix(".").lower()
    return types.overrides.get(plain) or types.defaults.get(ending, "")
