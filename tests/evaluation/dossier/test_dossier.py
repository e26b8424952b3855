"""The declaration with its evidence as one file: what is in it, who has it, when it is gone."""

import datetime as dt
import io
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader, PdfWriter

from accounts import personal
from core.errors import DomainError
from evaluation.dossier import asking, making
from evaluation.models import Case, Dossier
from evaluation.workflow import perform_assignment
from submissions.files.guarded import run
from submissions.models import Attachment
from tests.builders import accounts, clock, hostile_files, hostile_pdf, submissions
from tests.builders import evaluation as build

pytestmark = pytest.mark.django_db


def pdf(*pages):
    """Return a PDF with an empty page for each width given."""
    writer = PdfWriter()
    for width in pages:
        writer.add_blank_page(width=width, height=400)
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()


FILES = (
    ("Report", "report.pdf", pdf(301, 302)),
    ("Photograph", "plant.png", hostile_files.png((60, 40))),
    ("Figures", "figures.xlsx", hostile_files.xlsx()),
)


def sheet_with(*files):
    """Return the sheet of an expert who judges a declaration with these files."""
    draft = submissions.draft(activity=build.activity(experts_wanted=1))
    for title, name, content in files:
        upload = SimpleUploadedFile(name, content)
        submissions.attachment(draft, title=title, upload=upload, kind="other")
    submissions.take(draft, "submit", accounts.owner_of(draft.organisation))
    submissions.take(draft, "begin_check", accounts.officer())
    submissions.take(draft, "accept", accounts.officer())
    case = Case.objects.get(declaration=draft)
    return build.accept(build.assign(case)[0])


@pytest.fixture
def sheet():
    return sheet_with(*FILES)


def expert_of(sheet):
    return sheet.assignment.expert.user


def ask(sheet, language="en"):
    return asking.ask(sheet.pk, actor=expert_of(sheet), language=language)


def made(sheet, language="en"):
    ask(sheet, language)
    assert making.make_due() == 1
    return Dossier.objects.get(pk=sheet.pk)


def claimed() -> Dossier:
    found = making._claim()
    assert found
    return found


def read(dossier):
    with dossier.file.open("rb") as stream:
        return PdfReader(io.BytesIO(stream.read()))


def words(reader, pages=None):
    return " ".join(" ".join(page.extract_text() for page in reader.pages[:pages]).split())


def outline(reader):
    return [(one.title, reader.get_destination_page_number(one) + 1) for one in reader.outline]


# What is in it -------------------------------------------------------------------------------


def test_everything_is_in_one_file_by_its_page_or_attached(sheet):
    dossier = made(sheet)
    reader = read(dossier)
    marks = dict(outline(reader))

    assert list(marks) == ["Contents", "The declaration as filed", "Report", "Photograph"]
    assert (marks["Contents"], marks["The declaration as filed"]) == (1, 2)
    first = marks["Report"]
    assert [float(reader.pages[first - 1 + n].mediabox.width) for n in (0, 1)] == [301.0, 302.0]
    assert marks["Photograph"] == first + 2 == len(reader.pages)
    assert list(reader.attachments) == ["03-figures.xlsx"]
    assert reader.attachments["03-figures.xlsx"] == [FILES[2][2]]
    contents = words(reader, 1)
    assert f"{first}–{first + 1} Report (report.pdf)" in contents
    assert f"{first + 2} Photograph (plant.png)" in contents
    assert "03-figures.xlsx Figures (figures.xlsx) – a kind of file without pages" in contents
    assert (dossier.done, dossier.total, len(dossier.holds)) == (3, 3, 3)
    assert dossier.size == default_storage.size(dossier.file.name)


def test_the_first_page_says_for_whom_and_of_which_version(sheet):
    contents = words(read(made(sheet)), 1)

    name = expert_of(sheet).name
    today = timezone.localdate(timezone.now(), timezone.get_default_timezone())
    assert f"For {name} only, {today.isoformat()}." in contents
    assert sheet.assignment.case.version.content_hash in contents.replace(" ", "")
    assert "Treats leachate" in words(read(Dossier.objects.get()))


def test_it_speaks_the_language_of_the_page(sheet):
    assert read(made(sheet, "zh-hans")).root_object["/Lang"] == "zh-hans"


LIVELY = hostile_pdf.pdf_with(
    root={"OpenAction": hostile_pdf.script()},
    page={"AA": hostile_pdf.entry(O=hostile_pdf.script())},
)


@pytest.mark.parametrize("lively", [LIVELY, hostile_pdf.pdf_with_attached_file()])
def test_what_a_file_does_or_carries_is_left_out(lively):
    said = run(making.PAGES, "15", "pdf", content=lively, patience=30)

    assert said is not None
    count, _line, pages = said.partition(b"\n")
    assert count == b"1"
    assert b"JavaScript" not in pages
    plain = PdfReader(io.BytesIO(pages))
    page = plain.pages[0]
    assert list(plain.attachments) == []
    assert not {"/AA", "/Annots"} & set(page)


@pytest.mark.parametrize(
    "broken", [b"%PDF-1.7\nnothing", hostile_pdf.locked_pdf(), pdf(*[10] * 501)]
)
def test_what_cannot_be_made_pages_of_is_attached_as_it_is(sheet, broken):
    row = Attachment.objects.get(title="Report")
    Path(row.file.path).write_bytes(broken)

    reader = read(made(sheet))

    assert sorted(reader.attachments) == ["01-report.pdf", "03-figures.xlsx"]
    assert reader.attachments["01-report.pdf"] == [broken]
    assert "01-report.pdf Report (report.pdf) – could not be made pages of" in words(reader, 1)
    assert [title for title, _page in outline(reader)][2:] == ["Photograph"]


def test_pieces_that_do_not_go_together_are_attached_all(sheet, tmp_path):
    ask(sheet)
    dossier = claimed()
    found = list(making._evidence(dossier, tmp_path))
    as_they_came = [making._as_it_came(one) for one in found]

    assert [bool(one.on_pages) for one in found] == [True, True, False]
    assert [one.piece.name for one in as_they_came] == [
        "01-report.pdf",
        "02-plant.png",
        "03-figures.xlsx",
    ]
    assert [one.piece.pages for one in as_they_came] == [0, 0, 0]


def test_time_that_is_over_makes_no_more_pages(sheet, monkeypatch):
    monkeypatch.setattr(making, "BUDGET", 0.0)
    ask(sheet)
    dossier = claimed()

    assert making._make(dossier)
    assert len(read(Dossier.objects.get()).attachments) == 3


def test_what_is_held_back_or_too_large_is_named_and_left_out(sheet, monkeypatch):
    Attachment.objects.filter(title="Report").update(status="waiting")
    size = Attachment.objects.get(title="Photograph").size
    monkeypatch.setattr(making, "MOST_BYTES", size)

    dossier = made(sheet)

    contents = words(read(dossier), 1)
    assert "Report (report.pdf) – held back by the malware scan" in contents
    assert "Figures (figures.xlsx) – too large; open it on the scoring desk" in contents
    assert list(read(dossier).attachments) == []
    assert dossier.holds == [str(Attachment.objects.get(title="Photograph").pk)]


def test_a_declaration_without_files_is_one_file_too():
    reader = read(made(sheet_with()))

    assert [title for title, _page in outline(reader)] == ["Contents", "The declaration as filed"]


# Asking ----------------------------------------------------------------------------------------


def test_asked_twice_it_is_made_once(sheet):
    first, second = ask(sheet), ask(sheet)

    assert first.asked_at == second.asked_at
    assert (making.make_due(), making.make_due()) == (1, 0)
    assert ask(sheet).made_at is not None


def test_another_language_is_made_anew_after_a_minute_and_the_former_file_goes(
    sheet, django_capture_on_commit_callbacks
):
    former = made(sheet)
    with pytest.raises(DomainError, match="wait a minute"):
        ask(sheet, "zh-hans")

    clock.stop(former.asked_at + asking.PAUSE)
    with django_capture_on_commit_callbacks(execute=True):
        anew = ask(sheet, "zh-hans")

    assert anew.is_waiting
    assert not default_storage.exists(former.file.name)


def test_who_may_not_ask(sheet):
    owner = accounts.owner_of(sheet.assignment.case.declaration.organisation)
    for person in (accounts.expert_user(), accounts.officer(), owner):
        with pytest.raises(PermissionDenied):
            asking.ask(sheet.pk, actor=person, language="en")


def test_a_file_that_fails_is_said_so_and_can_be_asked_for_again(sheet):
    ask(sheet)
    for row in Attachment.objects.all():
        row.file.delete(save=False)

    assert making.make_due() == 0
    failed = Dossier.objects.get()
    assert failed.failed_at is not None
    clock.stop(failed.asked_at + asking.PAUSE)
    assert ask(sheet).is_waiting


def test_a_worker_that_died_is_followed_by_others_but_not_for_ever(sheet):
    ask(sheet)
    tries = []
    for _n in range(making.MOST_TRIES + 1):
        tries.append(making._claim() is not None)
        assert making._claim() is None  # one is at it
        began = Dossier.objects.get().begun_at
        assert began
        clock.stop(began + making.LEASE + dt.timedelta(seconds=1))

    assert tries == [True, True, True, False]
    assert Dossier.objects.get().failed_at is not None


# Who has it, and when it is gone -----------------------------------------------------------


def address(sheet, name="dossier"):
    return reverse(f"evaluation:{name}", args=[sheet.pk])


def test_the_page_leads_from_nothing_to_the_file(sheet):
    client = accounts.signed_in(expert_of(sheet))
    nothing = client.get(address(sheet)).content.decode()
    asked = client.post(address(sheet))
    waiting = client.get(address(sheet)).content.decode()
    making.make_due()
    ready = client.get(address(sheet)).content.decode()
    file = client.get(address(sheet, "dossier-file"))

    assert "not made yet" in nothing
    assert asked.status_code == 302
    assert "being made" in waiting
    assert address(sheet, "dossier-file") not in waiting
    assert address(sheet, "dossier-file") in ready
    assert file["Content-Type"] == "application/pdf"
    assert file["Content-Disposition"].startswith("attachment; ")
    assert file["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in file["Cache-Control"]
    assert b"".join(file).startswith(b"%PDF-")


def test_the_file_is_for_the_expert_of_the_assignment_alone(sheet):
    made(sheet)
    owner = accounts.owner_of(sheet.assignment.case.declaration.organisation)
    for person in (accounts.expert_user(), accounts.officer(), owner):
        client = accounts.signed_in(person)
        for name in ("dossier", "dossier-file"):
            assert client.get(address(sheet, name)).status_code == 404
        assert client.post(address(sheet)).status_code == 404


def test_the_file_stays_with_a_sealed_sheet(sheet):
    made(sheet)
    build.submit(sheet)

    assert asking.to_hand_out(sheet.pk, expert_of(sheet)) is not None


@pytest.mark.parametrize("step", ["decline", "cancel"])
def test_the_file_goes_with_the_assignment(sheet, step, django_capture_on_commit_callbacks):
    name = made(sheet).file.name
    actor = expert_of(sheet) if step == "decline" else accounts.officer()

    with django_capture_on_commit_callbacks(execute=True):
        perform_assignment(step, sheet.pk, actor=actor, reason="So.")

    assert not Dossier.objects.exists()
    assert not default_storage.exists(name)
    assert accounts.signed_in(expert_of(sheet)).get(address(sheet)).status_code == 404


def test_an_assignment_that_ends_while_it_is_made_leaves_no_file(sheet):
    ask(sheet)
    dossier = claimed()
    perform_assignment("decline", sheet.pk, actor=expert_of(sheet), reason="No time.")

    assert not making._keep(dossier, b"%PDF-", [])
    assert default_storage.listdir(asking.FOLDER)[1] == []


def test_malware_found_later_takes_the_file_back(sheet):
    made(sheet)
    Attachment.objects.filter(title="Photograph").update(status="waiting")
    client = accounts.signed_in(expert_of(sheet))

    assert client.get(address(sheet, "dossier-file")).status_code == 404
    assert "taken back" in client.get(address(sheet)).content.decode()


def test_a_tie_that_is_found_later_closes_it(sheet):
    made(sheet)
    build.involve(expert_of(sheet), sheet.assignment.case)

    assert asking.of(sheet.pk, expert_of(sheet)) is None


def test_pruning_takes_what_is_old_and_what_no_row_names(sheet, django_capture_on_commit_callbacks):
    dossier = made(sheet)
    stray = default_storage.save("dossiers/stray.pdf", ContentFile(b"%PDF-"))
    assert asking.prune() == 0

    clock.stop(dossier.asked_at + asking.KEPT + dt.timedelta(seconds=1))
    with django_capture_on_commit_callbacks(execute=True):
        assert asking.prune() == 2

    assert not default_storage.exists(stray)
    assert not default_storage.exists(dossier.file.name)
    assert not Dossier.objects.exists()


def test_an_erasure_takes_it_along(sheet, django_capture_on_commit_callbacks):
    name = made(sheet).file.name
    erase = {one.name: one.erase for one in personal.records()}["declarations_as_one_file"]

    assert len(personal.export(expert_of(sheet))["declarations_as_one_file"]) == 1
    with django_capture_on_commit_callbacks(execute=True):
        assert erase
        erase(expert_of(sheet))
    assert not default_storage.exists(name)
    assert asking.forget(Q()) == 0
