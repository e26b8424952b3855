"""Who is handed a file, how it is handed out, and the pictures of its pages."""

import hashlib
import io
import uuid
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image
from pypdf import PdfWriter

from accounts.roles import Level
from evaluation.models import Case
from submissions import services
from submissions.files import previews
from submissions.models import Attachment
from tests.builders import accounts, evaluation, hostile_files
from tests.builders import submissions as build
from tests.reading import text
from tests.submissions.browsing import address, owner_client

pytestmark = pytest.mark.django_db


def urls(attachment: Attachment, page: int = 1) -> list[str]:
    """Everywhere something of a file is to be had."""
    return [
        reverse("file", args=[attachment.pk]),
        reverse("file-page", args=[attachment.pk, page]),
        address("attachment-preview", attachment.pk, page),
    ]


def statuses(client: Any, attachment: Attachment) -> set[int]:
    answers = [client.get(url) for url in urls(attachment)]
    for answer in answers:
        answer.getvalue()  # read to the end, a file is closed
    return {answer.status_code for answer in answers}


# Handed out --------------------------------------------------------------------------------


def test_a_file_is_handed_out_as_a_download_only():
    draft = build.draft()
    file = build.attachment(draft, upload=build.pdf('报告 "1".pdf'))

    answer = owner_client(draft).get(reverse("file", args=[file.pk]))

    assert hashlib.sha256(answer.getvalue()).hexdigest() == file.sha256
    assert answer["Content-Disposition"].startswith("attachment;")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
    assert answer["Content-Type"] == "application/pdf"
    assert {"private", "no-store"} <= set(answer["Cache-Control"].split(", "))
    assert answer.wsgi_request.path == f"/files/{file.pk}/"


def test_a_former_address_leads_to_the_file():
    draft = build.draft()
    file = build.attachment(draft)
    former = address("attachment-download", file.pk)

    answer = owner_client(draft).get(former)

    assert (answer.status_code, answer["Location"]) == (301, f"/files/{file.pk}/")
    assert Client().get(former).status_code == 302


def test_unknown_and_lost_files_are_not_found():
    draft = build.draft()
    file, other = build.attachment(draft), Attachment(pk=uuid.uuid4())
    file.file.storage.delete(file.file.name)
    client = owner_client(draft)

    assert statuses(client, file) == {404}
    assert statuses(client, other) == {404}


def test_each_kind_of_person_is_handed_what_is_theirs_to_see():
    draft = build.draft()
    file = build.attachment(draft)
    house = draft.organisation
    owner = accounts.owner_of(house)
    members = {level: accounts.signed_in(accounts.member(level, house)) for level in Level}
    officer = accounts.signed_in(accounts.officer())
    others = [
        accounts.signed_in(one)
        for one in (
            accounts.user(), accounts.member(Level.OWN), accounts.expert_user(),
            accounts.system_administrator(), accounts.auditor(),
        )
    ]  # fmt: skip

    assert {level: statuses(client, file) for level, client in members.items()} == {
        level: {200} for level in Level
    }
    assert [statuses(one, file) for one in (officer, *others)] == [{404}] * (len(others) + 1)
    for url in urls(file):
        assert Client().get(url)["Location"].split("?")[0] == reverse("account_login")

    # Filed: the officer's as well.
    build.take(draft, "submit", owner)
    assert statuses(officer, file) == {200}
    assert [statuses(one, file) for one in others] == [{404}] * len(others)


def test_an_expert_is_handed_the_files_of_the_case_and_no_other():
    draft, elsewhere = build.draft(), build.draft()
    file, other = build.attachment(draft), build.attachment(elsewhere)
    case = _case_of(draft)
    asked = evaluation.assign(case, evaluation.expert())[0]
    expert = accounts.signed_in(asked.expert.user)

    before = statuses(expert, file)
    evaluation.accept(asked)

    assert before == {404}  # not before the assignment is accepted
    assert statuses(expert, file) == {200}
    assert statuses(expert, other) == {404}


def _case_of(draft: Any) -> Case:
    officer = accounts.officer()
    build.take(draft, "submit", accounts.owner_of(draft.organisation))
    for step in ("begin_check", "accept"):
        build.take(draft, step, officer)
    return Case.objects.get(declaration=draft)


def test_a_file_taken_out_of_a_draft_is_nobodys():
    draft = build.draft()
    owner = accounts.owner_of(draft.organisation)
    file = build.attachment(draft)
    services.remove_attachment(file.pk, actor=owner)

    assert statuses(accounts.signed_in(owner), file) == {404}


# Pictures of pages -------------------------------------------------------------------------


def three_pages() -> SimpleUploadedFile:
    writer = PdfWriter()
    for width in (200, 300, 400):
        writer.add_blank_page(width=width, height=200)
    stream = io.BytesIO()
    writer.write(stream)
    return SimpleUploadedFile("three.pdf", stream.getvalue())


def picture(client: Any, file: Attachment, page: int = 1) -> Image.Image:
    answer = client.get(reverse("file-page", args=[file.pk, page]))
    assert answer["Content-Type"] == "image/png"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer["Cache-Control"]
    return Image.open(io.BytesIO(answer.content))


def test_each_page_of_a_pdf_is_drawn_and_named():
    draft = build.draft()
    file = build.attachment(draft, upload=three_pages(), title="Messungen <1>")
    client = owner_client(draft)

    shapes = [picture(client, file, page).size for page in (1, 2, 3)]
    middle = text(client.get(address("attachment-preview", file.pk, 2)))

    assert [round(width / height, 2) for width, height in shapes] == [1, 1.5, 2]
    assert 'alt="Page 2 of 3 of Messungen <1>"' in middle
    for page in (1, 3):
        assert f'href="{address("attachment-preview", file.pk, page)}"' in middle
    first = text(client.get(address("attachment-preview", file.pk, 1)))
    assert ('rel="next"' in first, 'rel="prev"' in first) == (True, False)
    for page in (0, 4, 99):
        assert client.get(reverse("file-page", args=[file.pk, page])).status_code == 404
    assert client.get(address("attachment-preview", file.pk, 0)).status_code == 404


def test_a_link_to_a_page_that_is_not_there_says_so_and_leads_on():
    draft = build.draft()
    file = build.attachment(draft, upload=three_pages(), title="Messungen <1>")

    answer = owner_client(draft).get(address("attachment-preview", file.pk, 4))

    assert answer.status_code == 200
    assert "“Messungen <1>” has 3 pages: it has no page 4." in text(answer)
    assert f'href="{address("attachment-preview", file.pk, 1)}"' in text(answer)
    assert f'href="{reverse("file", args=[file.pk])}"' in text(answer)


def test_of_a_photograph_nothing_is_left_but_its_look():
    notes = Image.Exif()
    notes[0x010E] = "Taken at 39.9042 N, 116.4074 E"
    notes[0x0112] = 6  # turned by a quarter
    stream = io.BytesIO()
    Image.new("RGB", (400, 200), "red").save(stream, "JPEG", exif=notes)
    draft = build.draft()
    upload = SimpleUploadedFile("photo.jpg", stream.getvalue())
    file = build.attachment(draft, upload=upload)

    drawn = picture(owner_client(draft), file)

    assert drawn.size == (200, 400)
    assert drawn.info == {}
    assert dict(drawn.getexif()) == {}


def test_a_page_is_drawn_once_and_kept_until_the_file_goes(
    monkeypatch: Any, django_capture_on_commit_callbacks: Any
):
    draft = build.draft()
    file = build.attachment(draft)
    client = owner_client(draft)
    drawn = picture(client, file).tobytes()
    monkeypatch.setattr(previews, "run", _must_not_be_called)

    assert picture(client, file).tobytes() == drawn
    assert default_storage.listdir(f"previews/{file.sha256}")[1] == ["1"]
    with django_capture_on_commit_callbacks(execute=True):
        services.remove_attachment(file.pk, actor=accounts.owner_of(draft.organisation))
    assert not default_storage.exists(f"previews/{file.sha256}")


def _must_not_be_called(*_args: Any, **_more: Any) -> None:
    raise AssertionError("drawn again")


def test_a_very_large_page_is_drawn_small():
    writer = PdfWriter()
    writer.add_blank_page(width=14_000, height=200)
    stream = io.BytesIO()
    writer.write(stream)
    draft = build.draft()
    file = build.attachment(draft, upload=SimpleUploadedFile("wide.pdf", stream.getvalue()))

    assert picture(owner_client(draft), file).width == 1400


@pytest.mark.parametrize("program", ["raise SystemExit(1)", "import time; time.sleep(9)"])
def test_what_cannot_be_drawn_is_offered_for_download(
    monkeypatch: Any, tmp_path: Any, program: str
):
    broken = tmp_path / "drawer.py"
    broken.write_text(program)
    monkeypatch.setattr(previews, "PROGRAM", broken)
    monkeypatch.setattr(previews, "PATIENCE", 1)
    draft = build.draft()
    file = build.attachment(draft)
    client = owner_client(draft)

    page = text(client.get(address("attachment-preview", file.pk, 1)))

    assert "No preview can be drawn of this file. It can be downloaded." in page
    assert reverse("file", args=[file.pk]) in page
    assert client.get(reverse("file-page", args=[file.pk, 1])).status_code == 404


def test_a_document_has_no_preview_and_none_is_offered():
    draft = build.draft()
    upload = SimpleUploadedFile("a.docx", hostile_files.docx())
    file = build.attachment(draft, upload=upload)
    client = owner_client(draft)

    page = text(client.get(address("attachment-preview", file.pk, 1)))
    section = text(client.get(address("declaration-section", draft.pk, "performance")))

    assert "No preview can be drawn" in page
    assert reverse("file", args=[file.pk]) in section
    assert address("attachment-preview", file.pk, 1) not in section
