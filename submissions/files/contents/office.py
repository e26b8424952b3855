"""Says what an Office document (DOCX, XLSX) holds that its reader must not be handed."""

import io
import re
from collections.abc import Callable, Iterator
from typing import Any
from xml.sax import ContentHandler, SAXException

from defusedxml import DefusedXmlException
from defusedxml.sax import parse

from submissions.files.contents.packed import Packed
from submissions.files.contents.verdicts import Refusal, Word

MOST_PARTS = 5000
TYPES = "[Content_Types].xml"
MAIN = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml"}
MACROS = re.compile(r"(vbaproject\.bin|vbadata\.xml)$|/(macrosheets|dialogsheets)/", re.I)
CONTROLS = re.compile(r"/(activex|ctrlprops)/|oleobject", re.I)
INSIDE = re.compile(r"/embeddings/", re.I)
OFFICE_INSIDE = re.compile(r"\.(docx|xlsx)$", re.I)  # the table behind a diagram
MARKUP = re.compile(r"\.(xml|rels|vml)$", re.I)
# A field of a text or a formula that starts a program by "dynamic data exchange".
COMMAND = re.compile(r"\s*DDE(AUTO)?\b", re.I)
DDE_LINK = "ddeLink"
HYPERLINK = "/hyperlink"


def checker(kind: str) -> Callable[[bytes], None]:
    """Return the check of a document of ``kind``."""

    def check(content: bytes) -> None:
        _check(content, kind, deep=False)

    return check


def _check(content: bytes, kind: str, *, deep: bool) -> None:
    packed = Packed(content, MOST_PARTS)
    names = set(packed.names())
    if TYPES not in names or MAIN[kind] not in names:
        raise Refusal(Word.NO_OFFICE)
    for name in names:
        _check_name(name, deep=deep)
    for one in packed.files():
        if MARKUP.search(one.filename):
            _check_markup(packed.read(one), one.filename)
        elif INSIDE.search(one.filename):
            _check(packed.read(one), one.filename.rpartition(".")[2].lower(), deep=True)


def _check_name(name: str, *, deep: bool) -> None:
    if MACROS.search(name):
        raise Refusal(Word.MACROS)
    if CONTROLS.search(f"/{name}"):
        raise Refusal(Word.EMBEDDED)
    if INSIDE.search(f"/{name}") and (deep or not OFFICE_INSIDE.search(name)):
        raise Refusal(Word.EMBEDDED)


def _check_markup(content: bytes, name: str) -> None:
    relations = name.lower().endswith(".rels")
    handler = Markup(relations=relations, types=name == TYPES)
    try:
        parse(io.BytesIO(content), handler, forbid_dtd=True)
    except DefusedXmlException:
        raise Refusal(Word.MARKUP) from None
    except (SAXException, ValueError, LookupError):
        raise Refusal(Word.DAMAGED) from None


class Markup(ContentHandler):
    """Reads one part of a document and stops at what is not taken."""

    def __init__(self, *, relations: bool, types: bool) -> None:
        super().__init__()
        self.relations, self.types = relations, types
        self.command: list[str] | None = None

    def startElement(self, name: str, attrs: Any) -> None:  # noqa: N802 -- as the parser calls it
        tag = name.rpartition(":")[2]
        if self.relations and tag == "Relationship":
            _check_relation(attrs.get("Type", ""), attrs.get("TargetMode", ""))
        elif self.types and "macroenabled" in attrs.get("ContentType", "").lower():
            raise Refusal(Word.MACROS)
        elif tag == "instrText":
            self.command = []
        elif tag == DDE_LINK or (tag == "fldSimple" and any(_commands(attrs))):
            raise Refusal(Word.EXTERNAL)

    def characters(self, content: str) -> None:
        if self.command is not None:
            self.command.append(content)

    def endElement(self, name: str) -> None:  # noqa: N802 -- as the parser calls it
        if self.command is not None and name.endswith("instrText"):
            if COMMAND.match("".join(self.command)):
                raise Refusal(Word.EXTERNAL)
            self.command = None


def _commands(attrs: Any) -> Iterator[str]:
    yield from (value for _name, value in attrs.items() if COMMAND.match(value))


def _check_relation(kind: str, mode: str) -> None:
    """A link one may click on is fine; what is fetched on opening is not."""
    if mode.lower() == "external" and not kind.endswith(HYPERLINK):
        raise Refusal(Word.EXTERNAL)
