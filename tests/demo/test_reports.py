"""The expert one signs in as has a file whose pages can be cited."""

import io
from contextlib import suppress

import pytest
from django.urls import reverse
from pypdf import PdfReader

from accounts.models import User
from core.errors import DomainError
from demo import people, records, reports
from demo.loader import load
from demo.plan import Destiny, Plan, full_plan
from evaluation.models import Case, ScoreSheet
from submissions.models import Attachment
from tests.builders import accounts, submissions
from tests.submissions.scanners import scanner_saying

MINE = next(one for one in full_plan().items if one.technology == reports.REPORTED)


def test_it_is_of_an_invented_technology_and_every_page_says_so():
    pages = PdfReader(io.BytesIO(reports.report())).pages

    assert MINE.technology in records.invented()
    assert MINE.destiny == Destiny.SCORING
    assert len(pages) == 4
    assert [reports.MARK in page.extract_text() for page in pages] == [True] * 4


@pytest.mark.django_db
def test_the_expert_cites_a_page_of_it_on_a_half_written_sheet():
    load(Plan((MINE,), experts_wanted=3))
    expert = User.objects.get(email=people.EXPERT.email)

    case = Case.objects.get(declaration__start_key=MINE.key)
    sheet = ScoreSheet.objects.get(assignment__case=case, assignment__expert__user=expert)
    (file,) = case.version.content["attachments"]

    assert (sheet.status, sheet.scores.count()) == ("draft", 7)
    assert (file["title"], file["kind"]) == (reports.TITLE, reports.KIND)
    client = accounts.signed_in(expert)
    check = reverse("evaluation:scoring-evidence", args=[sheet.pk])
    answers = [
        client.get(check, {"place": f"file:{file['id']}", "page": page, "part": ""}).json()
        for page in (4, 5)
    ]
    sentence = f"“{reports.TITLE}” has 4 pages: it has no page 5."
    assert answers == [{"refused": {}}, {"refused": {"page": sentence}}]
    picture = client.get(reverse("file-page", args=[file["id"], 4]))
    assert (picture.status_code, picture["Content-Type"]) == (200, "image/png")


@pytest.mark.django_db
def test_a_second_load_lays_no_second_file_beside():
    plan = Plan((MINE,), experts_wanted=3)
    load(plan)
    before = list(Attachment.objects.values_list("pk", "sha256", "status"))
    declaration = Case.objects.get().declaration

    reports.lay_beside(MINE, declaration, accounts.user())

    assert list(Attachment.objects.values_list("pk", "sha256", "status")) == before
    assert len(before) == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("said", "kept"),
    [(b"stream: OK\0", ["clean"]), (b"stream: Eicar-Test-Signature FOUND\0", [])],
)
def test_it_goes_through_the_scanner_like_every_upload(settings, tmp_path, said, kept):
    draft = submissions.draft()
    settings.CLAMD_ADDRESS = str(tmp_path / "clamd")
    member = accounts.owner_of(draft.organisation)

    with scanner_saying(said, settings.CLAMD_ADDRESS), suppress(DomainError):
        reports.lay_beside(MINE, draft, member)

    assert list(Attachment.objects.values_list("status", flat=True)) == kept
