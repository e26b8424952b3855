"""Office documents and archives that hide what they hold: by another name, in pieces, in a gap."""

import io
import struct
import zipfile
from typing import Any

import docx as word
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from submissions.files import uploads
from submissions.files.uploads import UploadError
from tests.builders import hostile_files as files
from tests.builders.hostile_files import archive, docx, png, relation, xlsx
from tests.submissions.test_hostile_uploads import (
    BROKEN,
    EMBEDDED,
    ENTITIES,
    FETCHES,
    MACROS,
    SOMETHING,
    SWELLS,
)

RELATIONS = "word/_rels/document.xml.rels"


def inside(kind: str, target: str = "media/image1.png") -> bytes:
    return docx({"word/media/image1.png": png(), **relation(kind, target, "Internal")})


def typed(*said: str, **parts: Any) -> bytes:
    """Return a document whose list of content types says so."""
    entries = {files.TYPES: f"<Types>{''.join(said)}</Types>", "word/document.xml": "<x/>"}
    return archive({**entries, **parts})


def override(part: str, kind: str) -> str:
    return f'<Override PartName="/{part}" ContentType="application/{kind}"/>'


def default(ending: str, kind: str) -> str:
    return f'<Default Extension="{ending}" ContentType="application/{kind}"/>'


def text(*runs: str) -> bytes:
    return docx(text=f'<w:document xmlns:w="urn:w"><w:p>{"".join(runs)}</w:p></w:document>')


def field(*pieces: str, result: str = "") -> str:
    inner = "".join(
        one if one.startswith("<") else f"<w:r><w:instrText>{one}</w:instrText></w:r>"
        for one in pieces
    )
    return f"{mark('begin')}{inner}{mark('separate')}<w:r><w:t>{result}</w:t></w:r>{mark('end')}"


def mark(kind: str) -> str:
    return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'


def with_gap(content: bytes, hidden: bytes) -> bytes:
    """Put bytes between the first and the second entry of an archive, as no entry's content."""
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        second, start = packed.infolist()[1].header_offset, packed.start_dir
    directory = bytearray(content[start:])
    at = 0
    while directory[at : at + 4] == b"PK\x01\x02":
        (offset,) = struct.unpack_from("<I", directory, at + 42)
        struct.pack_into("<I", directory, at + 42, offset + (len(hidden) if offset else 0))
        name, extra, comment = struct.unpack_from("<HHH", directory, at + 28)
        at += 46 + name + extra + comment
    struct.pack_into("<I", directory, at + 16, start + len(hidden))
    return content[:second] + hidden + content[second:start] + bytes(directory)


def with_extra(length: int) -> bytes:
    stream = io.BytesIO()
    info = zipfile.ZipInfo("a.png")
    info.extra = struct.pack("<HH", 0xA220, length - 4) + b"\0" * (length - 4)
    with zipfile.ZipFile(stream, "w") as packed:
        packed.writestr(info, png())
    return stream.getvalue()


def with_another_byte(name: str) -> bytes:
    content = bytearray(docx({name: bytes(range(256))}))
    content[content.index(name.encode()) + len(name) + 40] ^= 255
    return bytes(content)


def streamed(entries: dict[str, bytes]) -> bytes:
    """Return an archive written to a line: sizes and sums stand after the contents."""

    class Line(io.RawIOBase):
        def __init__(self) -> None:
            super().__init__()
            self.sent = b""

        def writable(self) -> bool:
            return True

        def write(self, piece: Any) -> int:
            self.sent += bytes(piece)
            return len(piece)

    line = Line()
    with zipfile.ZipFile(line, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in entries.items():
            packed.writestr(name, content)
    return line.sent


OLE = "vnd.openxmlformats-officedocument.oleObject"
MAIN_TYPE = "vnd.openxmlformats-officedocument.wordprocessingml.header+xml"
HOSTILE: dict[str, tuple[str, bytes, str]] = {
    # a part is what a relation makes of it
    "OLE object by another name": ("a.docx", inside("oleObject"), EMBEDDED),
    "macros by another name": ("a.docx", inside("vbaProject"), MACROS),
    "ActiveX by another name": ("a.docx", inside("activeXControlBinary"), EMBEDDED),
    "control by another name": ("a.docx", inside("control"), EMBEDDED),
    "form control by another name": ("a.docx", inside("ctrlProp"), EMBEDDED),
    "package by another name": ("a.docx", inside("package"), EMBEDDED),
    "package that climbs": ("a.docx", inside("package", "embeddings/../media/a.xlsx"), EMBEDDED),
    "template inside": ("a.docx", inside("attachedTemplate"), EMBEDDED),
    "page taken in on opening": ("a.docx", inside("aFChunk"), EMBEDDED),
    "relation in capitals": ("a.docx", inside("OLEOBJECT"), EMBEDDED),
    # or its content type
    "macros by content type": (
        "a.docx", typed(override("word/media/a.png", "vnd.ms-office.vbaProject")), MACROS,
    ),
    "OLE by content type": ("a.docx", typed(override("word/media/a.png", OLE)), EMBEDDED),
    "ActiveX by content type": (
        "a.docx", typed(override("word/x.xml", "vnd.ms-office.activeX+xml")), EMBEDDED,
    ),
    "OLE by ending": (
        "a.docx", typed(default("png", OLE), **{"word/media/a.png": png()}), EMBEDDED,
    ),
    # neither markup nor a medium
    "program among the pictures": ("a.docx", docx({"word/media/run.exe": b"MZ"}), EMBEDDED),
    "program without ending": ("a.xlsx", xlsx({"xl/media/run": b"MZ"}), EMBEDDED),
    "unknown data": ("a.docx", docx({"word/h.dat": files.ENTITIES}), EMBEDDED),
    # markup by another name
    "entities by another name": (
        "a.docx", typed(override("word/h.dat", MAIN_TYPE), **{"word/h.dat": files.ENTITIES}),
        ENTITIES,
    ),
    "entities called a picture": (
        "a.docx", typed(override("word/H%2Epng", MAIN_TYPE), **{"word/h.png": files.ENTITIES}),
        ENTITIES,
    ),
    "entities by ending": (
        "a.docx", typed(default("BIN", "xml"), **{"word/h.bin": files.OUTSIDE}), ENTITIES,
    ),
    "drawing with entities": ("a.docx", docx({"word/media/a.svg": files.ENTITIES}), ENTITIES),
    "list of types with entities": (
        "a.docx", archive({files.TYPES: files.ENTITIES, "word/document.xml": "<x/>"}), ENTITIES,
    ),
    # a command in pieces
    "command in two runs": ("a.docx", text(field("DD", r"EAUTO c:\x.exe")), FETCHES),
    "command behind blanks": ("a.docx", text(field(" ", "\n dde", " x y")), FETCHES),
    "command in an inner field": ("a.docx", text(field("IF 1 ", field("DDE", "AUTO x"))), FETCHES),
    "command after an inner field": ("a.docx", text(field("PAGE"), field("DDE", " x")), FETCHES),
    "command that is computed": ("a.docx", text(field(field("QUOTE 68 68 69"))), FETCHES),
    "command in a field without end": (
        "a.docx", text(mark("begin"), "<w:instrText>DDE x</w:instrText>"), FETCHES,
    ),
    "command in no field, in pieces": (
        "a.docx",
        text("<w:instrText>DD</w:instrText>", "<w:instrText>EAUTO x</w:instrText>"),
        FETCHES,
    ),
    "command that was crossed out": (
        "a.docx",
        text(mark("begin"), "<w:delInstrText>DDEAUTO x</w:delInstrText>", mark("end")),
        FETCHES,
    ),
    # what no entry of an archive accounts for
    "gap in an archive": (
        "a.zip", with_gap(archive({"a.png": png(), "b.png": png()}), b"MZ" * 50), SOMETHING,
    ),
    "gap in a document": ("a.docx", with_gap(docx(), b"MZ" * 50), SOMETHING),
    "folder with contents": ("a.zip", archive({"a.png": png(), "b/": b"MZ" * 50}), SOMETHING),
    "swollen extra field": ("a.zip", with_extra(5000), SOMETHING),
    "medium with a wrong sum": ("a.docx", with_another_byte("word/media/a.bmp"), BROKEN),
    "entries one over the other": ("a.zip", files.overlapping(), SWELLS),
}  # fmt: skip
HONEST = {
    "table behind a diagram": docx({
        "word/embeddings/Microsoft_Excel_Sheet.xlsx": xlsx(),
        "word/charts/_rels/chart1.xml.rels": relation(
            "package", "../embeddings/Microsoft_Excel_Sheet.xlsx", "Internal"
        )[RELATIONS],
    }),
    "pictures, fonts, customs": docx({
        "word/media/image1.PNG": png(),
        "word/media/image2.emf": b"\1\0\0\0",
        "word/media/image3.svg": "<svg/>",
        "word/fonts/font1.odttf": b"\1",
        "customXml/item1.xml": "<x/>",
        "docProps/thumbnail.jpeg": b"\xff\xd8",
        "_xmlsignatures/origin.sigs": b"",
    }),
    "core properties of .NET": typed(
        default("psmdcp", "vnd.openxmlformats-package.core-properties+xml"),
        **{"package/services/metadata/core-properties/1f.psmdcp": "<x/>"},
    ),
    "kind named that is not there": typed(default("bin", OLE)),
    "numbers of pages and a table of contents": text(
        field(" TOC \\o ", result="1"), field("PAGE"), field("IF ", field("PAGE"), " = 1 a b"),
        "<w:t>DDEAUTO is a word here</w:t>",
    ),
    "archive written to a line": streamed(
        {files.TYPES: b"<Types/>", "word/document.xml": b"<x/>"}
    ),
}  # fmt: skip


def seen(name: str, content: bytes) -> uploads.Inspected:
    return uploads.inspect(SimpleUploadedFile(name, content))


@pytest.mark.parametrize("which", HOSTILE)
def test_what_is_hidden_is_refused_with_its_sentence(which: str):
    name, content, sentence = HOSTILE[which]

    with pytest.raises(UploadError) as refused:
        seen(name, content)

    assert str(refused.value) == sentence


@pytest.mark.parametrize("which", HONEST)
def test_honest_documents_are_taken(which: str):
    assert seen("a.docx", HONEST[which]).extension == "docx"


def test_a_workbook_with_what_its_printer_was_told_is_taken():
    content = xlsx({"xl/printerSettings/printerSettings1.bin": b"\0"})

    assert seen("a.xlsx", content).extension == "xlsx"


def test_an_archive_with_room_to_grow_is_taken():
    assert seen("a.zip", with_extra(600)).extension == "zip"
    assert seen("a.zip", streamed({"a.png": png(), "b.png": png()})).extension == "zip"


def test_a_document_of_a_text_program_is_taken():
    document = word.Document()
    document.add_heading("Report")
    document.add_picture(io.BytesIO(png((40, 40))))
    document.add_table(rows=2, cols=2)
    stream = io.BytesIO()
    document.save(stream)

    assert seen("a.docx", stream.getvalue()).extension == "docx"
