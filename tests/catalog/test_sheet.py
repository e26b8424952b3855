"""The sheet of a technology as PDF: what it says, for whom, and what printing may cost."""

import io
import threading
from typing import Any

import pytest
from django.test import Client
from pypdf import PdfReader

from catalog import sheet
from tests.builders import accounts, catalog, earlier
from tests.catalog.addresses import address, queries

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_printed_yet():
    sheet._kept.clear()


def sheet_of(technology, language: str = "en", **headers: str):
    return Client().get(
        address("technology-sheet", technology.pk, language=language), headers=headers
    )


def words(answer) -> str:
    pages = PdfReader(io.BytesIO(answer.content)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def test_the_sheet_says_what_the_page_says():
    technology = catalog.technology(title="Membrane bioreactor", evidence="vendor", country="CN")

    answer = sheet_of(technology)

    said = words(answer)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/pdf"
    assert not answer.cookies
    for told in (
        "Membrane bioreactor",
        technology.number,
        technology.holder.name_en,
        "Treats leachate.",
        "COD removal",
        "98.50",
        "1,250,000",
        "Plant NO",
        "NO 123456",
        "https://example.org/paper",
        "Listing in the pool is not a certification.",
        "This record is a demonstration.",
        "Particulars last confirmed on",
        f"/en/catalogue/{technology.pk}/",
    ):
        assert told in said, told


def test_nothing_private_is_on_the_sheet():
    said = words(sheet_of(catalog.technology()))

    for secret in ("contact@example.org", "Nordmann", "signatory", "score"):
        assert secret not in said


@pytest.mark.parametrize(
    ("language", "says"), [("zh-hans", "入库不构成认证"), ("ar", ""), ("en", "not a certification")]
)
def test_it_is_printed_in_the_language_of_its_address(language, says):
    technology = catalog.technology(title="Membrane bioreactor", title_zh="膜生物反应器")

    answer = sheet_of(technology, language)

    assert answer.status_code == 200
    assert answer["Content-Disposition"].endswith(f'-v1-{language}.pdf"')
    root: Any = PdfReader(io.BytesIO(answer.content)).root_object
    assert root["/Lang"] == language.split("-")[0]
    assert says in words(answer).replace(" ", "") or says in words(answer)


def test_who_has_it_already_is_not_printed_for_again(monkeypatch):
    technology = catalog.technology()
    first = sheet_of(technology)
    monkeypatch.setattr(sheet, "pdf_of", None)  # nothing more is printed

    again = sheet_of(technology, **{"if-none-match": first["ETag"]})

    assert (again.status_code, again.content) == (304, b"")
    assert sheet_of(technology).content == first.content


def test_another_language_and_another_content_are_other_sheets():
    technology = catalog.technology()
    english, chinese = sheet_of(technology), sheet_of(technology, "zh-hans")
    other = sheet_of(catalog.technology())

    assert len({english["ETag"], chinese["ETag"], other["ETag"]}) == 3


def test_while_one_is_printed_the_next_waits_shortly_and_is_asked_to_come_again(monkeypatch):
    monkeypatch.setattr(sheet, "WAIT", 0.05)
    with sheet._printing:
        answer = sheet_of(catalog.technology())

    assert answer.status_code == 503
    assert answer["Retry-After"] == str(sheet.RETRY_AFTER)


def test_one_is_printed_one_waits_and_the_others_are_asked_to_come_again(monkeypatch):
    begun, end = threading.Event(), threading.Event()
    paper: Any = None

    def slow(_paper):
        begun.set()
        end.wait(30)
        return b"%PDF"

    monkeypatch.setattr(sheet, "WAIT", 30)
    monkeypatch.setattr(sheet, "pdf_of", slow)
    jobs = [threading.Thread(target=sheet.printed, args=(paper, name)) for name in "ab"]
    jobs[0].start()
    assert begun.wait(30)
    jobs[1].start()
    while not sheet._next.locked():
        threading.Event().wait(0.005)
    for name in "cd":
        with pytest.raises(sheet.BusyError):
            sheet.printed(paper, name)

    assert list(sheet._kept) == []
    end.set()
    for job in jobs:
        job.join(30)
    assert list(sheet._kept) == ["a", "b"]
    assert sheet.printed(paper, "e") == b"%PDF"


def test_only_the_last_ones_are_kept(monkeypatch):
    paper: Any = None
    monkeypatch.setattr(sheet, "pdf_of", lambda _paper: b"%PDF")
    for number in range(sheet.KEPT + 3):
        sheet.printed(paper, str(number))

    assert len(sheet._kept) == sheet.KEPT
    assert "2" not in sheet._kept
    assert str(sheet.KEPT + 2) in sheet._kept


@pytest.mark.parametrize(("step", "status"), [("suspend", 200), ("withdraw", 410)])
def test_what_is_not_listed_has_no_sheet(step, status):
    technology = catalog.technology(summary="Treats leachate.")
    catalog.take(technology, step)

    answer = sheet_of(technology)

    assert answer.status_code == status
    assert answer["Content-Type"].startswith("text/html")
    assert b"leachate" not in answer.content


def test_the_sheet_says_what_was_evaluated_before_the_portal_and_by_which_list():
    said = words(sheet_of(earlier.technology()))

    for told in (
        *("Evaluation Evaluated before the portal", "Earlier list Technologies of 2019"),
        *("Published by Bureau of the Environment", "Year of the list 2019", "Number in the list"),
    ):
        assert told in said, told
    assert "Evidence" not in said  # the list states no grade
    other = words(sheet_of(catalog.technology(evidence="vendor")))
    assert "Evaluated before the portal" not in other
    assert "Evidence Supplier. The main figures are the supplier’s own." in other


def test_everybody_gets_the_same_sheet():
    technology = catalog.technology()
    path = address("technology-sheet", technology.pk)

    assert accounts.signed_in(accounts.officer()).get(path).content == Client().get(path).content


def test_it_asks_the_database_as_often_for_a_long_record():
    one = queries(address("technology-sheet", catalog.technology().pk))
    long = catalog.technology(title_zh="膜", case_countries=("NO",) * 50)

    assert one == queries(address("technology-sheet", long.pk)) == 3
