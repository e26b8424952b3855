"""A spreadsheet of people to nominate: what it would do and does, and files that are hostile."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from core.models import StoredMail
from evaluation import spreadsheets
from evaluation.models import Expert, Nomination
from evaluation.pool import importing
from evaluation.spreadsheets import SheetError
from tests.builders import accounts, hostile_files
from tests.builders import evaluation as build
from tests.reading import text

pytestmark = pytest.mark.django_db

ADDRESS = "/en/admin/evaluation/nomination/import/"
HEADING = ("Name*", "E-mail*", "职称", "Fields", "Keywords", "works since", "Languages")
ANNA = (
    "Anna",
    "Anna@example.org",
    "教授",
    "WAT; 大气污染防治",
    "reuse；回用",
    2009,
    "中文, English",
)


def xlsx(*rows):
    book, content = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(content)
    return SimpleUploadedFile("people.xlsx", content.getvalue())


def lines_csv(*rows, encoding="utf-8", name="people.csv"):
    content = "\r\n".join(",".join(str(one) for one in row) for row in rows)
    return SimpleUploadedFile(name, content.encode(encoding))


def plan(upload):
    return importing.plan(spreadsheets.read(upload))


@pytest.fixture
def client():
    return accounts.signed_in(accounts.officer())


def test_the_page_shows_what_would_be_done_and_does_it_after_a_press(client):
    shown = client.post(ADDRESS, {"file": xlsx(HEADING, ANNA, ("", "no address"))})

    page = text(shown)
    assert not Nomination.objects.exists()
    assert "Nominate this person" in page
    assert "Name: This is missing." in page
    assert "E-mail: This is no e-mail address." in page
    client.post(ADDRESS, {"list": shown.context["list"]})

    made = Nomination.objects.get()
    assert (made.name, made.address, made.language, made.status) == (
        "Anna",
        "anna@example.org",
        "en",
        "invited",
    )
    assert made.proposed == {
        "title": "教授",
        "fields": ["WAT", "AIR"],
        "keywords": ["reuse", "回用"],
        "works_since": 2009,
        "languages": ["zh-hans", "en"],
    }
    assert not Expert.objects.exists()
    assert StoredMail.objects.filter(template="expert_nomination").count() == 1


def test_the_same_file_twice_changes_nothing(client):
    first = client.post(ADDRESS, {"file": xlsx(HEADING, ANNA)}).context["list"]
    client.post(ADDRESS, {"list": first})
    client.post(ADDRESS, {"list": first})
    again = client.post(ADDRESS, {"file": xlsx(HEADING, ANNA)})

    assert Nomination.objects.count() == 1
    assert "Nobody would be nominated." in text(again)
    assert "has been nominated already" in text(again)


def test_what_was_shown_to_another_officer_or_was_meddled_with_is_not_taken(client):
    shown = client.post(ADDRESS, {"file": xlsx(HEADING, ANNA)}).context["list"]
    other = accounts.signed_in(accounts.officer())

    for browser, sent in ((other, shown), (client, shown[:-1]), (client, "")):
        answer = browser.post(ADDRESS, {"list": sent}, follow=True)
        assert "This list is too old." in text(answer)
    assert not Nomination.objects.exists()


@pytest.mark.parametrize("who", [accounts.user, accounts.expert_user, accounts.auditor])
def test_nobody_else_imports(who):
    client = accounts.signed_in(who())

    assert client.get(ADDRESS).status_code == 404
    assert client.get(f"{ADDRESS}xlsx/").status_code == 404
    assert client.post(ADDRESS, {"file": xlsx(HEADING, ANNA)}).status_code == 404


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_template_is_what_the_import_reads(client, kind, language):
    answer = client.get(f"/{language}/admin/evaluation/nomination/import/{kind}/")

    if kind == "xlsx":
        (heading,) = load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True)
    else:
        heading = answer.content.decode("utf-8-sig").strip().split(",")
    person = ("Bo", "bo@example.org", *[""] * (len(heading) - 2))
    (line,) = plan(xlsx(heading, person))
    assert line.nominates
    assert ("姓名*" in heading) == (language == "zh-hans")
    assert client.get(f"{ADDRESS}exe/").status_code == 404


def test_each_fault_is_named_with_its_line_and_column():
    known = build.expert()
    (bad, twice, there, again) = plan(
        xlsx(
            HEADING,
            ("B", "b@example.org", "x" * 101, "Magic", "k" * 61, "last year", "Klingon"),
            ("C", "c@example.org"),
            ("D", known.user.email),
            ("E", "C@example.org"),
        )
    )

    assert (bad.number, bad.faults) == (
        2,
        [
            ("Professional title", "At most 100 characters."),
            ("Fields of technology", "“Magic” is not in the list."),
            ("Keywords", "A keyword has at most 60 characters."),
            ("Works in the field since", "Write the year as in 2009."),
            ("Languages", "The language “Klingon” is not known."),
        ],
    )
    assert twice.nominates
    assert there.known == "This person is in the expert pool already, or has applied."
    assert again.faults == [("E-mail", "The same address stands in line 3.")]


def test_a_csv_of_excel_is_read_with_mark_and_semicolons():
    content = "\ufeff姓名;电子邮箱;邮件语言\r\n\r\n安娜;a@example.org;中文\r\n"
    (line,) = plan(SimpleUploadedFile("a.csv", content.encode()))

    assert (line.number, line.name, line.given["language"]) == (3, "安娜", "zh-hans")


BLANK = [("",)] * 400
WIDE = [""] * 18 + ["one more"]


@pytest.mark.parametrize("made", [xlsx, lines_csv])
def test_a_person_far_below_blank_lines_does_not_vanish(made):
    lines = plan(made(("name", "e-mail"), ("A", "a@b.org"), *BLANK, ("B", "b@b.org")))

    assert [(one.number, one.name) for one in lines] == [(2, "A"), (403, "B")]


def test_a_sheet_with_a_cell_in_the_last_line_and_column_is_answered_in_words():
    book, content = Workbook(), io.BytesIO()
    book.active.append(("name", "e-mail"))
    book.active["XFD1048576"] = "x"
    book.save(content)

    with pytest.raises(SheetError, match="Line 1048576 has more than 20 columns"):
        plan(SimpleUploadedFile("people.xlsx", content.getvalue()))


@pytest.mark.parametrize(
    ("upload", "why"),
    [
        (lines_csv(("姓名", "电子邮箱"), ("安", "a@b.org"), encoding="gb18030"), "not in UTF-8"),
        (lines_csv(("name", "e-mail"), ("=HYPERLINK(1)", "a@b.org")), "a formula in line 2"),
        (xlsx(("name", "e-mail"), ("=1+1", "a@b.org")), "a formula in line 2"),
        (lines_csv(("name", "e-mail"), *[("A", "a@b.org")] * 301), "more than 300 lines"),
        (xlsx(("name", "e-mail"), *[("A", "a@b.org")] * 301), "more than 300 lines"),
        (lines_csv(("name", "e-mail")), "no line below the heading"),
        (lines_csv(("name", "shoe size"), ("A", "44")), "“shoe size” is not known"),
        (lines_csv(("name", "姓名"), ("A", "B")), "is there twice"),
        (lines_csv(("name",), ("A",)), "“E-mail” is missing"),
        (lines_csv(("name", "e-mail"), ("x" * 2001, "a@b.org")), "more than 2000 characters"),
        (lines_csv(("name\0", "e-mail"), ("A", "a@b.org")), "cannot be read"),
        (lines_csv(("name", "e-mail"), ('"A', "a@b.org")), "cannot be read"),
        (lines_csv(("name", "e-mail"), name="people.xls"), "Only XLSX and CSV"),
        (SimpleUploadedFile("a.csv", b"x" * (1024 * 1024 + 1)), "larger than 1 MB"),
        (SimpleUploadedFile("a.xlsx", b"no sheet"), "no such file"),
        (SimpleUploadedFile("a.xlsx", hostile_files.xlsx()), "cannot be read"),
        (
            SimpleUploadedFile("a.xlsx", hostile_files.xlsx({"xl/a.xml": hostile_files.ENTITIES})),
            "defines entities",
        ),
        (
            SimpleUploadedFile("a.xlsx", hostile_files.xlsx({"xl/vbaProject.bin": b"x"})),
            "macros",
        ),
        (
            SimpleUploadedFile(
                "a.xlsx", hostile_files.xlsx({"xl/media/a.png": b"\0" * 300_000_000})
            ),
            "far too large",
        ),
        (xlsx(("name", "e-mail"), *BLANK, *[("A", "a@b.org")] * 301), "more than 300 lines"),
        (xlsx(("name", "e-mail"), ("A", "a@b.org", *WIDE)), "Line 2 has more than 20 columns"),
        (lines_csv(("name", "e-mail", *WIDE), ("A", "a@b.org")), "Line 1 has more than 20"),
    ],
    ids=range(22),
)
def test_a_file_that_cannot_be_taken_says_why(upload, why):
    upload.seek(0)

    with pytest.raises(SheetError, match=why):
        plan(upload)


def test_a_refused_file_leaves_the_page_with_the_reason(client):
    answer = client.post(ADDRESS, {"file": SimpleUploadedFile("a.txt", b"name")})

    assert "Only XLSX and CSV files are taken." in text(answer)
    assert reverse("admin:evaluation_nomination_import") == ADDRESS
