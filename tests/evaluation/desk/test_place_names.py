"""A place of the declaration is found by its code and by the names that pages print."""

import pytest
from django.utils import translation

from core.errors import DomainError
from evaluation.desk.page import read
from evaluation.desk.places import PlaceNames
from evaluation.desk.saving import Given, save_scores
from tests.builders import accounts, submissions
from tests.builders import evaluation as build
from tests.builders.score_files import EVIDENCE, row_of, send, taken
from tests.evaluation.desk.test_score_files import level

pytestmark = pytest.mark.django_db
DRAWN = "file:{file}#page=3&box=0.125,0.300,0.400,0.250"


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("technology.summary", "technology.summary"),
        ("Technology.Summary", "technology.summary"),
        ("Technology", "technology"),
        ("TECHNOLOGY - summary", "technology.summary"),
        ("Technology—Summary", "technology.summary"),
        ("Summary", "technology.summary"),
        ("Performance", "performance"),
        ("test report", "file:{file}"),
        ("Test  report, page 3", "file:{file}#page=3"),
        ("test report, PAGE 12 (Middle third)", "file:{file}#page=12&xywh=percent:0,33,100,34"),
        ("Test report，第 3 页", "file:{file}#page=3"),
        (DRAWN, DRAWN),
        # What is the name of nothing is refused later, as it was typed.
        ("Test report, page 0", "Test report, page 0"),
        ("Test report, page 3 (a corner)", "Test report, page 3 (a corner)"),
        ("Nothing of the kind", "Nothing of the kind"),
    ],
)
def test_a_place_is_found_by_what_it_is_called(typed, code):
    sheet, file = build.sheet_with_file()

    found = PlaceNames(sheet.assignment.case.version).text_of(typed.format(file=file.pk))

    assert found == code.format(file=file.pk)


def test_the_chinese_names_are_known_whatever_language_is_read():
    sheet, _file = build.sheet_with_file()
    version = sheet.assignment.case.version
    with translation.override("zh-hans"):
        (section,) = [one for one in read(version) if one.key == "technology"]
        (summary,) = [one["label"] for one in section.facts if one["key"] == "summary"]
    names = PlaceNames(version)

    with translation.override("en"):
        found = [names.text_of(section.label), names.text_of(f"{section.label} – {summary}")]

    assert section.label != "Technology"
    assert found == ["technology", "technology.summary"]


def test_a_name_of_two_files_is_not_guessed():
    draft = submissions.draft(activity=build.activity(experts_wanted=1))
    files = [submissions.attachment(draft, title="Report") for _ in range(2)]
    names = PlaceNames(build.sheet_of(draft).assignment.case.version)
    one, other = sorted(f"file:{file.pk}" for file in files)

    with pytest.raises(DomainError) as caught:
        names.text_of("REPORT")
    with pytest.raises(DomainError) as on_page:
        names.text_of("Report, page 1")

    assert str(caught.value) == f"“REPORT” is the name of several places: {one}, {other}."
    assert f"{one}#page=1, {other}#page=1" in str(on_page.value)


def sheet_with_titles(*titles):
    """Return a sheet on a declaration with files of these titles, and the files."""
    draft = submissions.draft(activity=build.activity(experts_wanted=1))
    files = [
        submissions.attachment(draft, title=title, upload=submissions.pdf(pages=12))
        for title in titles
    ]
    return build.sheet_of(draft), files


def test_a_code_is_the_place_it_is_of_whatever_a_file_is_called():
    sheet, files = sheet_with_titles("technology.summary", "Performance")
    summary, performance = (f"file:{one.pk}" for one in files)
    names = PlaceNames(sheet.assignment.case.version)

    assert names.text_of("technology.summary") == "technology.summary"
    assert names.text_of("performance") == "performance"
    assert names.text_of("technology.summary, page 3") == f"{summary}#page=3"
    for typed, code, file in (
        ("Technology.Summary", "technology.summary", summary),
        ("Performance", "performance", performance),
    ):
        with pytest.raises(DomainError) as caught:
            names.text_of(typed)
        said = f"“{typed}” is the name of several places: {file}, {code}."
        assert str(caught.value) == said


def test_a_spreadsheet_comes_back_unchanged_whatever_a_file_is_called():
    sheet, _files = sheet_with_titles("technology.summary")
    person = sheet.assignment.expert.user
    given = {level(): Given(95, "Leads.", evidence=("technology.summary",))}
    save_scores(sheet.pk, given, actor=person)
    client = accounts.signed_in(person)

    book = taken(client, sheet)
    page = send(client, sheet, book)

    assert row_of(book, "advanced.level")[EVIDENCE - 1].value == "technology.summary"
    assert (page.context["wrong"], page.context["lines"]) == ([], [])


@pytest.mark.parametrize(
    "title",
    ["Report 777777", "777777", "7777777777777", "７７７７７７", "Report 777777 of 7777777"],
)
def test_a_page_is_found_of_a_file_with_a_long_number_in_its_title(title):
    sheet, (file,) = sheet_with_titles(title)
    names = PlaceNames(sheet.assignment.case.version)

    found = [names.text_of(f"{title}{page}") for page in (", page 3", "，第 12 页")]

    assert found == [f"file:{file.pk}#page=3", f"file:{file.pk}#page=12"]
    middle = f"file:{file.pk}#page=12&xywh=percent:0,33,100,34"
    assert names.text_of(f"{title}, page 12 (Middle third)") == middle
    assert names.text_of("Report 5, page 3") == "Report 5, page 3"
