"""Files nobody should be handed: each is refused with its sentence, and nothing of it is kept."""

import io
import zipfile
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile

from core.models import AuditEntry
from submissions.files.uploads import UploadError
from submissions.models import Attachment
from tests.builders import hostile_files as files
from tests.builders import hostile_pdf
from tests.builders import submissions as build
from tests.builders.hostile_files import archive, docx, jpeg, png, relation, xlsx
from tests.builders.hostile_pdf import entry, pdf_with, script

pytestmark = pytest.mark.django_db

ONLY = "Only PDF, PNG, JPEG, DOCX, XLSX and ZIP files are taken."
SOMETHING = "Something else stands before, between or after the contents of this file."
AFTER_IMAGE = "Something else follows the end of this image; save it anew and add it again."
AFTER_PDF = "Something else follows the end of this PDF; print it into a new PDF."
BROKEN_IMAGE = "This image cannot be opened: it is damaged."
BROKEN_PDF = "This PDF cannot be opened: it is damaged or empty."
BROKEN = "This file cannot be opened: it is damaged."
SCRIPT = "This PDF contains JavaScript; print it into a new PDF."
EMBEDDED = "Other files or controls (OLE, ActiveX) are embedded in this document; remove them."
MACROS = "Documents with macros are not taken; save it without."
ENTITIES = "This document defines entities in its XML, as no Office program does; save it anew."
FETCHES = (
    "This document fetches a template, a picture or data from elsewhere; save it without links."
)
PIXELS = "This image has more than 50 million pixels; make it smaller."
SWELLS = "Unpacked, this file would be far too large."
LEADS_OUT = "This file holds a name that leads out of it, as an archive that attacks does."
NESTED = "There is an archive inside this archive; put in its files."
STRANGE = "In the archive, {}: In an archive only PDF, PNG, JPEG, DOCX and XLSX files are taken."
UNSEEN = "The name of the file holds invisible control characters; give it another name."
A_PATH = "The name of the file is a path; send it with its name only."
TOO_LONG = "The name of the file is longer than 250 bytes; give it a shorter name."


def no_such(extension: str) -> str:
    return f"The name ends in .{extension}, but this is no such file."


def pdf() -> bytes:
    return bytes(build.pdf().read())


def bomb() -> bytes:
    return archive({"a.pdf": b"%PDF-1.7" + b"\0" * 60_000_000})


HOSTILE: dict[str, tuple[str, Any, str]] = {
    # what it calls itself
    "empty": ("a.pdf", b"", "The file is empty."),
    "program": ("setup.exe", b"MZ\x90\x00", ONLY),
    "page": ("page.html", b"<script>alert(1)</script>", ONLY),
    "drawing with a script": ("a.svg", b"<svg xmlns='a'><script/></svg>", ONLY),
    "macro ending": ("a.docm", docx, ONLY),
    "two endings": ("report.pdf.exe", b"MZ", ONLY),
    "no ending": ("report", pdf, ONLY),
    "NUL in the name": ("a\0.pdf", pdf, UNSEEN),
    "line in the name": ("a\r\nX: y.pdf", pdf, UNSEEN),
    "turned name": ("a\u202efdp.pdf", pdf, UNSEEN),
    "name of 300": ("x" * 296 + ".pdf", pdf, TOO_LONG),
    "Chinese name of 270 bytes": ("报" * 90 + ".pdf", pdf, TOO_LONG),
    "path upwards in the name": ("../../etc/a.pdf", pdf, A_PATH),
    "path of Windows in the name": ("C:\\a\\b.pdf", pdf, A_PATH),
    "only an ending": (" ", pdf, "The file has no name."),
    # not what it calls itself
    "program called PDF": ("a.pdf", b"MZ\x90\x00" + b"\0" * 200, no_such("pdf")),
    "page before a PDF": ("a.pdf", b"<html>%PDF-1.4</html>", no_such("pdf")),
    "drawing called PNG": ("a.png", b"<svg xmlns='a'/>", no_such("png")),
    "JPEG called PNG": ("a.png", jpeg, no_such("png")),
    "XLSX called DOCX": ("a.docx", xlsx, no_such("docx")),
    "ZIP called DOCX": (
        "a.docx", lambda: archive({"a.pdf": pdf()}),
        "This is a ZIP archive, not an Office document.",
    ),
    "old Word": (
        "a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
        "This document is encrypted or of an old kind; save it as DOCX or XLSX, unprotected.",
    ),
    # two kinds at once
    "archive after a PNG": ("a.png", lambda: png() + archive({"a.pdf": pdf()}), no_such("png")),
    "page after a PNG": ("a.png", lambda: png() + b"<script>alert(1)</script>", AFTER_IMAGE),
    "page after a JPEG": ("a.jpg", lambda: jpeg() + b"<?php system($_GET[0]); ?>", AFTER_IMAGE),
    "page after a photograph": (
        "a.jpg", lambda: files.telephone_jpeg(after=b"<script>"), AFTER_IMAGE,
    ),
    "program for a second photograph": (
        "a.jpg", lambda: files.telephone_jpeg(second=b"MZ"), AFTER_IMAGE,
    ),
    "page behind a second photograph": (
        "a.jpg", lambda: files.telephone_jpeg(second=jpeg((2, 2)) + b"<script>"), AFTER_IMAGE,
    ),
    "archive after a PDF": ("a.pdf", lambda: pdf() + archive({"a.js": b"1"}), no_such("pdf")),
    "program after a PDF": ("a.pdf", lambda: pdf() + b"MZ\x90" + b"\1" * 99, AFTER_PDF),
    "program before an archive": (
        "a.zip", lambda: b"MZ\x90\x00" + b"\0" * 60 + archive({"a.pdf": pdf()}), no_such("zip"),
    ),
    "page in the comment of an archive": (
        "a.zip", lambda: _commented(archive({"a.pdf": pdf()}), b"<script>"), SOMETHING,
    ),
    # pictures
    "pixel flood": ("a.png", lambda: files.png_that_says(60_000, 60_000), PIXELS),
    "pixels beyond the cap": ("a.png", lambda: files.png_that_says(8000, 6251), PIXELS),
    "swollen text in a PNG": ("a.png", files.png_with_swollen_text, BROKEN_IMAGE),
    "moving PNG": (
        "a.png", files.moving_png, "This image moves; save one picture of it and add that.",
    ),
    "PNG cut off": ("a.png", lambda: png()[:-12], BROKEN_IMAGE),
    "JPEG cut off": ("a.jpg", lambda: jpeg((64, 64))[:-2], BROKEN_IMAGE),
    "PNG with a wrong sum": ("a.png", lambda: _with_wrong_sum(png((64, 64))), BROKEN_IMAGE),
    # PDF
    "PDF with nothing in it": ("a.pdf", b"%PDF-1.7 and nothing else", BROKEN_PDF),
    "PDF with a script": ("a.pdf", lambda: pdf_with(root={"OpenAction": script()}), SCRIPT),
    "PDF that starts a program": (
        "a.pdf",
        lambda: pdf_with(root={"OpenAction": entry(S="/Launch", F="setup.exe")}),
        "This PDF contains an action that starts a program; print it into a new PDF.",
    ),
    "PDF with a file inside": (
        "a.pdf", hostile_pdf.pdf_with_attached_file,
        "This PDF has other files inside it; remove them and add each by itself.",
    ),
    "encrypted PDF": (
        "a.pdf", hostile_pdf.locked_pdf,
        "This PDF is encrypted; save it without a password and without protection.",
    ),
    "PDF that swells": (
        "a.pdf", lambda: hostile_pdf.swollen_pdf(90_000_000, streams=1),
        "This PDF takes too much time or memory to read; print it into a new PDF.",
    ),
    # Office documents
    "macros": ("a.docx", lambda: docx({"word/vbaProject.bin": b"x"}), MACROS),
    "macros of Excel 4": ("a.xlsx", lambda: xlsx({"xl/macrosheets/sheet1.xml": "<x/>"}), MACROS),
    "macro content type": (
        "a.docx",
        lambda: archive({
            files.TYPES: '<Types><Override ContentType="application/vnd.ms-word.document.'
            'macroEnabled.main+xml"/></Types>',
            "word/document.xml": "<x/>",
        }),
        MACROS,
    ),
    "OLE object": ("a.docx", lambda: docx({"word/embeddings/oleObject1.bin": b"x"}), EMBEDDED),
    "ActiveX": ("a.docx", lambda: docx({"word/activeX/activeX1.xml": "<x/>"}), EMBEDDED),
    "program embedded": ("a.xlsx", lambda: xlsx({"xl/embeddings/a.exe": b"MZ"}), EMBEDDED),
    "macros in an embedded table": (
        "a.docx",
        lambda: docx({"word/embeddings/t.xlsx": xlsx({"xl/vbaProject.bin": b"x"})}),
        MACROS,
    ),
    "billion laughs": ("a.docx", lambda: docx(text=files.ENTITIES), ENTITIES),
    "entity from a file": ("a.docx", lambda: docx({"word/styles.xml": files.OUTSIDE}), ENTITIES),
    "DTD from elsewhere": ("a.xlsx", lambda: xlsx({"xl/a.xml": files.DTD_ELSEWHERE}), ENTITIES),
    "template from elsewhere": (
        "a.docx", lambda: docx(relation("attachedTemplate", "https://a.example/t.dotm")), FETCHES,
    ),
    "picture from elsewhere": (
        "a.docx", lambda: docx(relation("image", "\\\\a.example\\b.png")), FETCHES,
    ),
    "field that starts a program": ("a.docx", lambda: docx(text=files.FIELD), FETCHES),
    "broken XML": ("a.docx", lambda: docx({"word/styles.xml": "<x>"}), BROKEN),
    "DOCX cut off": ("a.docx", lambda: docx()[:-30], BROKEN),
    # archives, and documents as archives
    "zip bomb": ("a.zip", bomb, SWELLS),
    "entries one over the other": ("a.zip", files.overlapping, SWELLS),
    "document bomb": ("a.docx", lambda: docx(text="<x>" + "0" * 50_000_000 + "</x>"), SWELLS),
    "100,000 entries": (
        "a.zip", lambda: archive({f"{n}.pdf": b"" for n in range(100_000)}),
        "There are too many parts in this file.",
    ),
    "path upwards": ("a.zip", lambda: archive({"../../etc/passwd.pdf": pdf()}), LEADS_OUT),
    "absolute path": ("a.zip", lambda: archive({"/etc/passwd.pdf": pdf()}), LEADS_OUT),
    "path of Windows": ("a.zip", lambda: archive({"..\\a.pdf": pdf()}), LEADS_OUT),
    "path upwards in a document": ("a.docx", lambda: docx({"../../a.xml": "<x/>"}), LEADS_OUT),
    "symbolic link": (
        "a.zip", lambda: files.link("a.pdf", "/etc/passwd"),
        "This archive holds a link in place of a file; put in the file itself.",
    ),
    "encrypted archive": (
        "a.zip", lambda: files.encrypted(archive({"a.pdf": pdf()})),
        "This file is encrypted; save it without a password.",
    ),
    "same name twice": (
        "a.zip", lambda: archive({"a.pdf": pdf(), "A.PDF": pdf()}),
        "This file holds two parts of the same name.",
    ),
    "archive in an archive": (
        "a.zip", lambda: archive({"b.zip": archive({"a.pdf": pdf()})}), NESTED,
    ),
    "archive called PDF in an archive": (
        "a.zip", lambda: archive({"a.pdf": archive({"b.pdf": pdf()})}), NESTED,
    ),
    "program in an archive": (
        "a.zip", lambda: archive({"a.pdf": pdf(), "run.exe": b"MZ"}), STRANGE.format("run.exe"),
    ),
    "script in a PDF in an archive": (
        "a.zip", lambda: archive({"ok.png": png(), "b.pdf": pdf_with(script())}),
        f"In the archive, b.pdf: {SCRIPT}",
    ),
    "macros in an archive": (
        "a.zip", lambda: archive({"a.docx": docx({"word/vbaProject.bin": b"x"})}),
        f"In the archive, a.docx: {MACROS}",
    ),
    "no file in an archive": (
        "a.zip", lambda: archive({"a/": b""}), "There is no file in this archive.",
    ),
    "archive with a wrong sum": (
        "a.zip", lambda: _with_another_byte(archive({"a.pdf": pdf()})), BROKEN,
    ),
}  # fmt: skip


def _commented(content: bytes, comment: bytes) -> bytes:
    stream = io.BytesIO(content)
    with zipfile.ZipFile(stream, "a") as packed:
        packed.comment = comment
    return stream.getvalue()


def _with_wrong_sum(content: bytes) -> bytes:
    at = content.index(b"IDAT") + 8
    return content[:at] + bytes([content[at] ^ 255]) + content[at + 1 :]


def _with_another_byte(content: bytes) -> bytes:
    return content[:60] + bytes([content[60] ^ 255]) + content[61:]


def everything_stored(folder: str = "") -> list[str]:
    """List all that lies in the storage, whatever it is."""
    try:
        folders, here = default_storage.listdir(folder)
    except FileNotFoundError:
        return []
    below = [one for name in folders for one in everything_stored(f"{folder}{name}/")]
    return [*(f"{folder}{name}" for name in here), *below]


@pytest.fixture
def draft():
    return build.draft()


def test_there_are_forty_and_more():
    assert len(HOSTILE) >= 40


@pytest.mark.parametrize("which", HOSTILE)
def test_hostile_file_is_refused_with_its_sentence_and_nothing_is_stored(which: str, draft: Any):
    name, made, sentence = HOSTILE[which]
    upload = SimpleUploadedFile("x", made() if callable(made) else made)
    upload.__dict__["_name"] = name  # a browser sends what it likes; Django would tidy it up
    acts = AuditEntry.objects.count()

    with pytest.raises(UploadError) as refused:
        build.attachment(draft, upload=upload)

    assert (str(refused.value), refused.value.field) == (sentence, "file")
    assert not Attachment.objects.exists()
    assert everything_stored() == []
    assert AuditEntry.objects.count() == acts
