"""A PDF is opened before it is believed: what it may hold, and what reading it may cost."""

import re
import time

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from pypdf.generic import TextStringObject

from submissions.files import guarded, uploads
from submissions.files.contents.verdicts import Word
from tests.builders import hostile_pdf
from tests.builders.hostile_pdf import deep_pdf, entry, packed_pdf, pdf_with, script
from tests.builders.submissions import pdf

SCRIPT = "This PDF contains JavaScript; print it into a new PDF."
LAUNCH = "This PDF contains an action that starts a program; print it into a new PDF."
FILES = "This PDF has other files inside it; remove them and add each by itself."
FORM = "This PDF is a dynamic form (XFA), which may hold programs; print it into a new PDF."
LOCKED = "This PDF is encrypted; save it without a password and without protection."
COSTLY = "This PDF takes too much time or memory to read; print it into a new PDF."
DAMAGED = "This PDF cannot be opened: it is damaged or empty."


def refusal(content):
    with pytest.raises(uploads.UploadError) as refused:
        uploads.inspect(SimpleUploadedFile("report.pdf", content))
    assert refused.value.field == "file"
    return str(refused.value)


def link_action(action):
    link = entry(Type="/Annot", Subtype="/Link", Rect=[0, 0, 5, 5], A=action)
    return {"Annots": [link]}


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (pdf_with(root={"OpenAction": script()}), SCRIPT),
        (pdf_with(page={"AA": entry(O=script())}), SCRIPT),
        (pdf_with(page=link_action(script())), SCRIPT),
        (
            pdf_with(root={"Names": entry(JavaScript=entry(Names=["begin", script()]))}),
            SCRIPT,
        ),
        # A player of films may carry a script as well.
        (pdf_with(page=link_action(entry(S="/Rendition", OP=0, JS="app.alert(1)"))), SCRIPT),
        # No page leads there; a reader that mends the file may find it.
        (pdf_with(script()), SCRIPT),
        (pdf_with(page=link_action(entry(S="/Launch", F="setup.exe"))), LAUNCH),
        (
            pdf_with(page=link_action(entry(S="/URI", URI="https://a.example", Next=[script()]))),
            SCRIPT,
        ),
        (hostile_pdf.pdf_with_attached_file(), FILES),
        (
            pdf_with(page={"Annots": [entry(Type="/Annot", Subtype="/FileAttachment")]}),
            FILES,
        ),
        (pdf_with(page={"Annots": [entry(Type="/Annot", Subtype="/RichMedia")]}), FILES),
        (pdf_with(root={"AcroForm": entry(XFA=TextStringObject("<xdp/>"))}), FORM),
        (hostile_pdf.locked_pdf(), LOCKED),
        (hostile_pdf.locked_pdf(user=""), LOCKED),
    ],
)
def test_what_could_do_harm_is_refused_with_the_reason(content, reason):
    assert refusal(content) == reason


def test_a_name_written_in_another_way_is_the_same_name():
    written = pdf_with(root={"OpenAction": entry(S="/Other", JSQQ="app.alert(1)")})

    assert refusal(written.replace(b"/JSQQ", b"/J#53")) == SCRIPT


@pytest.mark.parametrize(
    ("inside", "reason"),
    [
        (b"<</S/JavaScript/JS(app.alert(1))>>", SCRIPT),
        (b"<</S/Launch/F(setup.exe)>>", LAUNCH),
        (b"<</Type/Filespec/EF<</F 99 0 R>>>>", FILES),
    ],
)
def test_what_lies_in_a_stream_of_objects_is_found(inside, reason):
    assert refusal(packed_pdf(b"<</A 1>>", inside)) == reason


def test_a_stream_of_objects_that_is_harmless_is_taken():
    content = packed_pdf(b"<</A 1>>", b"[1 2 3]", b" null")

    found = uploads.inspect(SimpleUploadedFile("report.pdf", content))

    assert (found.media_type, found.size) == ("application/pdf", len(content))


def test_objects_the_library_cannot_read_are_not_passed_over():
    assert refusal(hostile_pdf.pdf_of_streams({10: b""}, 0, 1)) == DAMAGED


@pytest.mark.parametrize(
    "harmless",
    [
        pdf().read(),
        pdf_with(page=link_action(entry(S="/URI", URI="https://www.example.org/"))),
        pdf_with(root={"OpenAction": entry(S="/GoTo", D=[0, "/Fit"])}),
        pdf_with(root={"Title": "How to /JavaScript and /Launch"}),
    ],
)
def test_a_pdf_with_links_and_words_is_taken(harmless):
    assert uploads.inspect(SimpleUploadedFile("a.pdf", harmless)).media_type == "application/pdf"


@pytest.mark.parametrize(
    "content",
    [
        deep_pdf(50_000),
        hostile_pdf.swollen_pdf(90_000_000, streams=1),
        hostile_pdf.swollen_pdf(70_000_000, streams=8),
    ],
    ids=["deep", "one huge stream", "memory"],
)
def test_what_asks_too_much_is_refused_within_seconds(content):
    began = time.monotonic()

    assert refusal(content) == COSTLY

    assert time.monotonic() - began < guarded.PATIENCE + 2


def test_what_takes_too_long_is_refused(monkeypatch):
    content = hostile_pdf.busy_pdf(300_000)
    monkeypatch.setattr(guarded, "PROCESSOR", 1)  # no machine goes through it in a second

    assert refusal(content) == COSTLY


def test_a_reading_that_does_not_end_is_broken_off(monkeypatch):
    monkeypatch.setattr(guarded, "PATIENCE", 0.01)

    assert refusal(pdf().read()) == COSTLY


def test_the_reader_is_told_no_secret(tmp_path):
    program = tmp_path / "spy.py"
    program.write_text("import os, sys; sys.stdout.write(' '.join(sorted(os.environ)))")

    said = guarded.run(program, content=b"", patience=30)

    assert {name for name in said.decode().split() if not re.match("LC_|LANG", name)} == {"PATH"}


@pytest.mark.parametrize("program", ["raise SystemExit(1)", "", "print('[1, 2]')", "print('[')"])
def test_a_reader_that_says_nothing_clear_was_asked_too_much(monkeypatch, tmp_path, program):
    made = tmp_path / "broken.py"
    made.write_text(program)
    monkeypatch.setattr(guarded, "PROGRAM", made)

    assert guarded.look_into("pdf", b"").word is Word.COSTLY
