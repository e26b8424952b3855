"""What the sheet of an earlier list means, and every fault in it by line and column."""

import pytest
from django.core.exceptions import ValidationError

from catalog.earlier import sheet
from evaluation import spreadsheets
from evaluation.spreadsheets import SheetError
from tests.catalog.earlier import sheets

pytestmark = pytest.mark.django_db


def read(upload):
    return sheet.entries(spreadsheets.read(upload, longest=sheet.LONGEST, in_lines=True))


def faults(*rows):
    with pytest.raises(ValidationError) as refused:
        read(sheets.xlsx(*rows))
    return refused.value.messages


@pytest.mark.parametrize("write", [sheets.xlsx, sheets.csv])
def test_a_full_line_is_read_in_the_words_of_the_list(write):
    (entry,) = read(write(sheets.FULL))

    assert entry == {
        "place": 2,
        "number": "7",
        "title_en": "Stack filter",
        "title_zh": "烟囱过滤器",
        "holder_en": "Filter Works",
        "holder_zh": "过滤厂",
        "country": "NO",
        "subcategory": "AIR-01",
        "website": "https://filter.example",
        "summary_en": "Catches dust.",
        "summary_zh": "",
        "maturity": "commercial",
        "evidence_grade": "government",
        "cases": [
            {"name": "Oslo works", "country": "NO", "year": 2018, "scale": "40 MW"},
            {"name": "Bergen"},
        ],
        "indicators": [
            {"name": "dust", "as_stated": "≤ 5", "unit_other": "mg/m3", "condition": "dry gas"},
            {"name": "noise", "as_stated": "low"},
        ],
        "source_title": "Report 7",
        "source_url": "https://example.org/7",
        "source_year": 2018,
    }


def test_what_the_list_does_not_state_stays_unsaid():
    (entry,) = read(sheets.xlsx(sheets.LEAST))

    said = {key: value for key, value in entry.items() if value}
    assert said == {
        "place": 2,
        "number": "8",
        "title_zh": "土壤清洗",
        "holder_zh": "土壤公司",
        "country": "CN",
        "subcategory": "SOI-01",
    }


def test_every_fault_is_told_by_line_and_column():
    wrong = list(sheets.FULL)
    wrong[5], wrong[6], wrong[15] = "Atlantis", "", "last year"

    assert faults(sheets.LEAST, wrong) == [
        "Line 3, Country or region: “Atlantis” is not in the list.",
        "Line 3, Sub-category: This is missing.",
        "Line 3, Year of the source: Write the year as in 2009.",
    ]


@pytest.mark.parametrize(
    ("place", "value", "said"),
    [
        (1, "x" * 301, "Line 2, Title in English: At most 300 characters."),
        (3, "www.filter.example", "Line 2, Holder in English: A name contains no web address."),
        (7, "javascript:alert(1)", "Line 2, Website: Enter a valid URL."),
        (9, "sublime", "Line 2, Maturity: “sublime” is not in the list."),
        (10, "hearsay", "Line 2, Evidence: “hearsay” is not in the list."),
        (11, "| NO", "Line 2, Reference cases: Each line begins with a name."),
        (11, "Oslo | Atlantis", "Line 2, Reference cases: “Atlantis” is not in the list."),
        (11, "Oslo | NO | soon", "Line 2, Reference cases: Write the year as in 2009."),
        (12, "a|b|c|d|e", "Line 2, Indicators: At most 4 parts between bars on a line."),
        (12, "x" * 301, "Line 2, Indicators: At most 300 characters."),
        (14, "ftp://example.org", "Line 2, Address of the source: Enter a valid URL."),
    ],
)
def test_a_cell_that_cannot_be_meant_is_refused(place: int, value: str, said: str):
    wrong = list(sheets.FULL)
    wrong[place] = value

    assert faults(wrong) == [said]


def test_a_line_says_who_and_what_in_one_language_at_least():
    assert faults(("8", "", "", "", "", "CN", "SOI-01")) == [
        "Line 2, Title in English: Give it in English or in Chinese.",
        "Line 2, Holder in English: Give it in English or in Chinese.",
    ]


def test_a_summary_without_its_title_is_refused():
    said = faults(("8", "", "土壤清洗", "", "土壤公司", "CN", "SOI-01", "", "Washes soil."))

    assert said == [
        "Line 2, Summary in English: A summary needs the title in the same language.",
    ]


def test_a_number_stands_once():
    said = faults(sheets.FULL, sheets.LEAST, sheets.FULL)

    assert said == ["Line 4, Number: The same number stands in line 2."]


def test_a_heading_nobody_knows_is_refused_with_the_whole_file():
    with pytest.raises(SheetError, match="The heading “Score” is not known"):
        read(sheets.xlsx((1, "99"), heading=("Number", "Score")))
    with pytest.raises(SheetError, match="The column “Country or region” is missing"):
        read(sheets.xlsx((1, "One"), heading=("Number", "Title (English)")))


def test_names_are_read_on_one_line():
    (entry,) = read(sheets.xlsx(("9", "Stack\nfilter", "", "Works", "", "NO", "AIR-01")))

    assert entry["title_en"] == "Stack filter"
