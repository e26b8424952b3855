"""Which files are taken, and why the others are not; the hostile ones have a page of their own."""

import hashlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from submissions.files import uploads
from submissions.files.contents import packed
from submissions.files.contents.verdicts import Refusal
from tests.builders import hostile_files as files
from tests.builders.hostile_files import archive, docx, jpeg, png, relation, xlsx
from tests.builders.submissions import pdf

OFFICE = "application/vnd.openxmlformats-officedocument"


def upload(name, content):
    return SimpleUploadedFile(name, content)


def refusal(name, content):
    with pytest.raises(uploads.UploadError) as refused:
        uploads.inspect(upload(name, content))
    assert refused.value.field == "file"
    return str(refused.value)


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("image.png", png(), "image/png"),
        ("image.jpg", jpeg(), "image/jpeg"),
        ("IMAGE.JPEG", jpeg(), "image/jpeg"),
        # Filled up with zeros, as some cameras do; drawn in several passes; with a preview inside.
        ("image.jpg", jpeg() + b"\0" * 512, "image/jpeg"),
        ("image.jpg", jpeg((64, 64), progressive=True), "image/jpeg"),
        ("image.jpg", jpeg((64, 64), exif=b"Exif\0\0" + jpeg()), "image/jpeg"),
        # With a second picture behind the first, as telephones store it.
        ("image.jpg", files.telephone_jpeg(), "image/jpeg"),
        ("image.jpg", files.telephone_jpeg(after=b"\0" * 64), "image/jpeg"),
        ("a.docx", docx(), f"{OFFICE}.wordprocessingml.document"),
        # Links to click on, and the table behind a diagram.
        (
            "a.docx",
            docx(relation("hyperlink", "https://www.example.org/")),
            f"{OFFICE}.wordprocessingml.document",
        ),
        (
            "a.docx",
            docx({"word/embeddings/Microsoft_Excel_Sheet.xlsx": xlsx()}),
            f"{OFFICE}.wordprocessingml.document",
        ),
        ("a.xlsx", xlsx(), f"{OFFICE}.spreadsheetml.sheet"),
        (
            "a.zip",
            archive({"报告/a.pdf": pdf().read(), "报告/": b"", "b.JPG": jpeg(), "c.docx": docx()}),
            "application/zip",
        ),
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


def test_an_archive_is_measured_before_it_is_unpacked(monkeypatch):
    monkeypatch.setattr(packed, "MOST_UNPACKED", 1000)

    with pytest.raises(Refusal) as refused:
        packed.Packed(docx(text="<x>" + "0" * 1600 + "</x>"), 10)

    assert refused.value.verdict.word == "swells"


@pytest.mark.parametrize("name", ["../a", "a/../b", "/a", "C:/a", "a\\b", "a\0b", ".."])
def test_names_that_lead_out_of_an_archive(name):
    assert packed.leaves(name)


@pytest.mark.parametrize("name", ["a..b.pdf", "folder/a.pdf", "报告 (1).pdf"])
def test_names_that_stay_in_an_archive(name):
    assert not packed.leaves(name)


def test_file_above_the_limit_is_refused(settings):
    settings.ATTACHMENT_MAX_BYTES = 100

    assert refusal("a.pdf", b"%PDF" + b"0" * 200) == "The file is larger than 100\xa0bytes."


def test_a_name_in_an_archive_is_told_without_what_deceives():
    said = refusal("a.zip", archive({"a\u202egpj.exe" + "x" * 200: b"MZ"}))

    assert said.startswith("In the archive, agpj.exexxx")
    assert len(said) < 250


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("报告 (1).pdf", "报告 (1).pdf"),
        ("نتائج\u200fالاختبار.pdf", "نتائجالاختبار.pdf"),
        (" a.pdf ", "a.pdf"),
        ("x" * 246 + ".pdf", "x" * 246 + ".pdf"),
    ],
)
def test_name_is_kept_for_people_without_what_does_not_show(sent, kept):
    file = pdf()
    file.__dict__["_name"] = sent

    assert uploads.inspect(file).name == kept


def test_a_wrong_sum_of_a_swollen_text_is_no_way_round():
    assert "damaged" in refusal("a.png", files.png_with_swollen_text())
