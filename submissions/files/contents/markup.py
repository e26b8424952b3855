"""Reads the markup of an Office document, and stops at what is not taken."""

import io
import re
from typing import Any
from urllib.parse import unquote
from xml.sax import ContentHandler, SAXException

import defusedxml.sax
from defusedxml import DefusedXmlException

from submissions.files.contents.verdicts import Refusal, Word

# A field of a text or a formula that starts a program by "dynamic data exchange".
COMMAND = re.compile(r"\s*DDE(AUTO)?\b", re.I)
LOOSE_COMMAND = re.compile(r"\bDDE(AUTO)?\b", re.I)
INSTRUCTIONS = frozenset({"instrText", "delInstrText"})
DDE_LINK = "ddeLink"
# The last word of a relation's type; the document opens what stands behind it.
HYPERLINK = "hyperlink"
PACKAGE = "package"
MACROS = frozenset({"vbaproject", "wordvbadata", "xlmacrosheet", "xlintlmacrosheet", "dialogsheet"})
EMBEDDED = re.compile(
    r"oleobject|control|activexcontrol.*|ctrlprop|attachedtemplate|attachedtoolbars|afchunk"
)
# A table behind a diagram is opened and read itself; a package elsewhere would not be.
TABLE = re.compile(r"(^|/)embeddings/[^/\\]+\.(docx|xlsx)$", re.I)


def parse(content: bytes, handler: ContentHandler) -> None:
    """Read a part to its end; Refusal for what is no markup, or defines entities."""
    try:
        defusedxml.sax.parse(io.BytesIO(content), handler, forbid_dtd=True)
    except DefusedXmlException:
        raise Refusal(Word.MARKUP) from None
    except (SAXException, ValueError, LookupError):
        raise Refusal(Word.DAMAGED) from None


class Types(ContentHandler):
    """What the list of content types says: of parts by name, and of endings."""

    def __init__(self) -> None:
        super().__init__()
        self.overrides: dict[str, str] = {}
        self.defaults: dict[str, str] = {}

    def startElement(self, name: str, attrs: Any) -> None:  # noqa: N802 -- as the parser calls it
        said = attrs.get("ContentType", "")
        tag = name.rpartition(":")[2]
        if tag == "Override":
            self.overrides[unquote(attrs.get("PartName", "")).lower()] = said
        elif tag == "Default":
            self.defaults[attrs.get("Extension", "").lower()] = said


class Field:
    """A field of a text: its instruction, in as many pieces as its writer liked, then a result."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.is_result = False

    def check(self) -> None:
        if COMMAND.match("".join(self.pieces)):
            raise Refusal(Word.EXTERNAL)


class Markup(ContentHandler):
    """Reads one part of a document and stops at what is not taken."""

    def __init__(self, *, relations: bool) -> None:
        super().__init__()
        self.relations = relations
        self.fields: list[Field] = []
        self.loose: list[str] = []  # instructions that stand in no field
        self.in_instruction = False

    def startElement(self, name: str, attrs: Any) -> None:  # noqa: N802 -- as the parser calls it
        tag = name.rpartition(":")[2]
        if self.relations and tag == "Relationship":
            _check_relation(attrs)
        elif tag in INSTRUCTIONS:
            self.in_instruction = True
        elif tag == "fldChar":
            self._turn(_value(attrs, "fldCharType"))
        elif tag == DDE_LINK or (tag == "fldSimple" and _commands(attrs)):
            raise Refusal(Word.EXTERNAL)

    def characters(self, content: str) -> None:
        if self.in_instruction:
            (self.fields[-1].pieces if self.fields else self.loose).append(content)

    def endElement(self, name: str) -> None:  # noqa: N802 -- as the parser calls it
        if name.rpartition(":")[2] in INSTRUCTIONS:
            self.in_instruction = False

    def endDocument(self) -> None:  # noqa: N802 -- as the parser calls it
        for field in self.fields:
            field.check()
        if LOOSE_COMMAND.search("".join(self.loose)):
            raise Refusal(Word.EXTERNAL)

    def _turn(self, kind: str) -> None:
        """A field begins, comes to its result, or ends; fields may stand in each other."""
        if kind == "begin":
            outer = self.fields[-1] if self.fields else None
            if outer and not outer.is_result and not "".join(outer.pieces).strip():
                # What the field does is only known once the inner one is computed.
                raise Refusal(Word.EXTERNAL)
            self.fields.append(Field())
        elif self.fields:
            self.fields[-1].check()
            self.fields[-1].is_result = True
            if kind == "end":
                self.fields.pop()


def _value(attrs: Any, wanted: str) -> str:
    found = (value for name, value in attrs.items() if name.rpartition(":")[2] == wanted)
    return str(next(found, ""))


def _commands(attrs: Any) -> bool:
    return any(COMMAND.match(value) for _name, value in attrs.items())


def _check_relation(attrs: Any) -> None:
    """A link one may click on is fine; what is fetched on opening, or started, is not."""
    kind = attrs.get("Type", "").rpartition("/")[2].strip().lower()
    if attrs.get("TargetMode", "").strip().lower() == "external":
        if kind != HYPERLINK:
            raise Refusal(Word.EXTERNAL)
    elif kind in MACROS:
        raise Refusal(Word.MACROS)
    elif EMBEDDED.fullmatch(kind) or (kind == PACKAGE and not _is_table(attrs)):
        raise Refusal(Word.EMBEDDED)


def _is_table(attrs: Any) -> bool:
    return bool(TABLE.search(unquote(attrs.get("Target", ""))))
