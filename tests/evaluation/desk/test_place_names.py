"""A place of the declaration is found by its code and by the names that pages print."""

import pytest
from django.utils import translation

from core.errors import DomainError
from evaluation.desk.page import read
from evaluation.desk.places import PlaceNames
from tests.builders import evaluation as build
from tests.builders import submissions

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
