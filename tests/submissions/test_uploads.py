"""Which files are taken, and why the others are not."""

import hashlib
import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from submissions.files import uploads
from tests.builders.submissions import pdf

PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00"
    b"\x1f\x15\xc4\x89\x00\x00\x00\x00IEND\xaeB`\x82"
)
PACKED = "This document is packed in a way that is not taken."
UNREADABLE = "This PDF cannot be opened: it is damaged or empty."
OFFICE = "application/vnd.openxmlformats-officedocument"
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01" + b"\x00" * 20 + b"\xff\xd9"


def upload(name, content):
    return SimpleUploadedFile(name, content)


def archive(*names, text=b"<x/>", encrypted=False):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        for name in names:
            packed.writestr(name, text)
    content = stream.getvalue()
    if encrypted:  # the flag in each entry of the directory
        content = content.replace(
            b"PK\x01\x02\x14\x03\x14\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01"
        )
    return content


def docx(*more, **options):
    return archive("[Content_Types].xml", "word/document.xml", *more, **options)


def xlsx():
    return archive("[Content_Types].xml", "xl/workbook.xml")


def refusal(name, content):
    with pytest.raises(uploads.UploadError) as refused:
        uploads.inspect(upload(name, content))
    assert refused.value.field == "file"
    return str(refused.value)


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("image.png", PNG, "image/png"),
        ("image.jpg", JPEG, "image/jpeg"),
        ("IMAGE.JPEG", JPEG, "image/jpeg"),
        (
            "a.docx",
            docx(),
            f"{OFFICE}.wordprocessingml.document",
        ),
        ("a.xlsx", xlsx(), f"{OFFICE}.spreadsheetml.sheet"),
    ],
)
def test_file_is_taken_for_what_it_is(name, content, media_type):
    found = uploads.inspect(upload(name, content))

    assert found.media_type == media_type
    assert found.size == len(content)
    assert found.sha256 == hashlib.sha256(content).hexdigest()


def test_pdf_is_taken_and_can_be_read_again():
    file = pdf()
    content = file.read()

    found = uploads.inspect(file)

    assert (found.media_type, found.extension) == ("application/pdf", "pdf")
    assert file.read() == content


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("setup.exe", b"MZ\x90\x00"),
        ("page.html", b"<script>alert(1)</script>"),
        ("picture.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>"),
        ("feed.xml", b"<?xml version='1.0'?><x/>"),
        ("macro.docm", docx()),
        ("archive.zip", archive("a.txt")),
        ("pdf", b"%PDF-1.7"),
        ("report.pdf.exe", b"MZ"),
        ("", b"x"),
    ],
)
def test_kind_that_is_not_on_the_list_is_refused(name, content):
    file = upload("x", content)
    file.__dict__["_name"] = name  # the browser may send any name

    with pytest.raises(uploads.UploadError, match="Only PDF, PNG, JPEG, DOCX and XLSX"):
        uploads.inspect(file)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("report.pdf", b"MZ\x90\x00\x03" + b"\x00" * 200),
        ("report.pdf", b"<html><body>%PDF-1.4</body></html>"),
        ("report.pdf", PNG),
        ("image.png", JPEG),
        ("image.png", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        ("a.docx", b"plain text"),
        ("a.docx", b"%PDF-1.7 not an archive"),
    ],
)
def test_file_that_is_not_what_its_name_says_is_refused(name, content):
    extension = name.rpartition(".")[2]

    assert refusal(name, content) == f"The name ends in .{extension}, but this is no such file."


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.pdf", b"", "The file is empty."),
        ("a.pdf", b"%PDF-1.7 and nothing else", UNREADABLE),
        ("a.png", PNG[:-12], "This image is damaged: its end is missing."),
        ("a.jpg", JPEG[:-2], "This image is damaged: its end is missing."),
        ("a.docx", archive("notes.txt"), "This is a ZIP archive, not an Office document."),
        ("a.docx", xlsx(), "The name ends in .docx, but this is no such file."),
        (
            "a.xlsx",
            archive("[Content_Types].xml"),
            "This is a ZIP archive, not an Office document.",
        ),
        ("a.docx", docx()[:-30], "This file cannot be opened: it is damaged."),
        (
            "a.docx",
            docx("word/vbaProject.bin"),
            "Documents with macros are not taken; save it without.",
        ),
        ("a.docx", docx("../../etc/passwd"), PACKED),
        ("a.docx", docx("/etc/passwd"), PACKED),
        ("a.docx", docx(*(f"word/{n}" for n in range(5001))), PACKED),
        ("a.docx", docx(encrypted=True), PACKED),
    ],
)
def test_file_that_cannot_be_used_is_refused_with_the_reason(name, content, reason):
    assert refusal(name, content) == reason


def test_bomb_is_refused_without_being_unpacked(monkeypatch):
    monkeypatch.setattr(uploads, "MOST_UNPACKED", 1000)

    assert refusal("a.docx", docx(text=b"0" * 600)) == PACKED


def test_file_above_the_limit_is_refused(settings):
    settings.ATTACHMENT_MAX_BYTES = 100

    assert refusal("a.pdf", b"%PDF" + b"0" * 200) == "The file is larger than 100\xa0bytes."


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("报告 (1).pdf", "报告 (1).pdf"),
        ("..\\..\\evil.pdf", "evil.pdf"),
        ("a\u202efdp.pdf", "afdp.pdf"),
        ("n\r\nX: y.pdf", "nX: y.pdf"),
        ("x" * 300 + ".pdf", "x" * 150 + ".pdf"),
    ],
)
def test_name_is_kept_for_people_without_what_deceives(sent, kept):
    file = pdf()
    file.__dict__["_name"] = sent

    assert uploads.inspect(file).name == kept
