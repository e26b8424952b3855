"""A spreadsheet of scores says what may be written, and reads it in the words of people."""

import io

import pytest
from django.utils.translation import override
from openpyxl import load_workbook

from evaluation.desk.saving import Given, save_scores, stored_entries
from evaluation.models import Indicator
from evaluation.states import CaseStatus
from tests.builders import accounts
from tests.builders import evaluation as build
from tests.builders.desk import address, begun
from tests.builders.score_files import COMMENT, SCORE, WITHOUT, carried, put, row_of, send, taken
from tests.reading import texts

pytestmark = pytest.mark.django_db
LEVEL, MARGIN = "advanced.level", "advanced.margin"  # the second need not apply
LABELS = [
    "I recommend it for the pool",
    "I recommend it with reservations",
    "I do not recommend it",
]


@pytest.fixture
def sheet():
    return build.accept(build.an_assignment(build.case(CaseStatus.IN_REVIEW)))


@pytest.fixture
def client(sheet):
    return accounts.signed_in(sheet.assignment.expert.user)


def name_of(code):
    return Indicator.objects.get(code=code).name


def in_chinese(client, sheet):
    in_this = address("scoring-workbook", sheet).replace("/en/", "/zh-hans/")
    with override("en"):  # a page leaves the test with the language it was read in
        return load_workbook(io.BytesIO(client.get(in_this).content))


def rules(book):
    """Return what the spreadsheet offers and refuses by itself, by cells."""
    found = book.worksheets[0].data_validations.dataValidation
    return {str(one.sqref): one for one in found}


def test_the_sheet_offers_what_may_be_written(client, sheet):
    book = taken(client, sheet)

    page, found = book.worksheets[0], rules(book)
    marks = {cells: one for cells, one in found.items() if cells.startswith("F")}
    score, choice = found["E3:E17"], found["G19"]
    assert [row[0].value for row in page["A17:A19"]][1:] == ["comment", "recommendation"]
    assert (score.type, score.formula1, score.formula2) == ("whole", "0", "100")
    assert score.error == "A whole number from 0 to 100"
    assert (choice.type, choice.formula1) == ("list", "'Choices'!$B$3:$B$5")
    assert [row[0].value for row in book["Choices"]["B3:B5"]] == LABELS
    assert {one.formula1: one.error for one in marks.values()} == {
        '"x"': "x, or nothing. Then the score stays empty.",
        '"–"': "This indicator applies to every declaration.",
    }
    may = row_of(book, MARGIN)[0].row
    assert [one.formula1 for cells, one in marks.items() if f"F{may}" in cells.split()] == ['"x"']
    assert len(found) == 4


def test_the_sheet_says_in_words_what_may_be_written(client, sheet):
    save_scores(
        sheet.pk,
        {},
        actor=sheet.assignment.expert.user,
        words={"recommendation": "include", "comment": "include"},
    )

    book = taken(client, sheet)
    row = row_of(book, "recommendation")

    assert row[3].value.splitlines() == ["Write one of these into the column “Comment”:", *LABELS]
    assert (row[6].value, row_of(book, "comment")[6].value) == (LABELS[0], "include")
    assert [[cell.value for cell in line] for line in book["Choices"].iter_rows()] == [
        ["Place in the sheet", "What may be written"],
        ["Your recommendation", None],
        *([None, one] for one in LABELS),
        ["Score", "A whole number from 0 to 100"],
        ["Not applicable (x)", "x, or nothing. Then the score stays empty."],
        [None, "“–” stands where an indicator applies to every declaration: leave it."],
    ]


def test_a_sheet_taken_in_chinese_names_its_choices_so_and_is_read_in_english(client, sheet):
    book = in_chinese(client, sheet)
    labels = [row[0].value for row in book.worksheets[1]["B3:B5"]]
    put(book, "recommendation", COMMENT, labels[1])

    page = send(client, sheet, book)

    assert labels[1] == "有保留地推荐"
    assert rules(book)["G19"].formula1 == f"'{book.sheetnames[1]}'!$B$3:$B$5"
    assert page.context["wrong"] == []
    assert [(line.name, line.read) for line in page.context["lines"]] == [
        ("Your recommendation", "I recommend it with reservations")
    ]
    assert carried(page)["score-recommendation-text"] == ["reservations"]


@pytest.mark.parametrize("typed", ["not_include", " i do  not recommend it. ", LABELS[2]])
def test_a_recommendation_is_read_by_label_and_by_code(client, sheet, typed):
    book = taken(client, sheet)
    put(book, "recommendation", COMMENT, typed)

    page = send(client, sheet, book)

    assert page.context["wrong"] == []
    assert [line.read for line in page.context["lines"]] == ["I do not recommend it"]


def test_a_comment_that_is_the_code_of_a_choice_stays_a_comment(client, sheet):
    book = taken(client, sheet)
    put(book, "comment", COMMENT, "include")

    page = send(client, sheet, book)

    assert [line.read for line in page.context["lines"]] == ["include"]


def test_what_is_no_recommendation_is_answered_with_those_there_are(client, sheet):
    save_scores(
        sheet.pk, {}, actor=sheet.assignment.expert.user, words={"recommendation": "include"}
    )
    book = taken(client, sheet)
    put(book, "recommendation", COMMENT, "Perhaps")
    put(book, "comment", COMMENT, "Sound.")

    page = send(client, sheet, book)

    said = "Your recommendation: “Perhaps” is none of the recommendations: "
    assert page.context["wrong"] == [said + "; ".join(LABELS) + "."]
    assert [(line.name, line.read) for line in page.context["lines"]] == [
        ("Overall comment", "Sound.")
    ]
    assert carried(page)["score-recommendation-text"] == ["include"]


@pytest.mark.parametrize("typed", ["x", "X", "是", "n/a"])
def test_a_mark_where_none_may_be_is_said_and_nothing_else_is_lost(client, sheet, typed):
    save_scores(sheet.pk, {level(): Given(80, "Good.")}, actor=sheet.assignment.expert.user)
    before = stored_entries(sheet)
    book = taken(client, sheet)
    put(book, LEVEL, SCORE, "")
    put(book, LEVEL, WITHOUT, typed)
    put(book, MARGIN, SCORE, 70)

    page = send(client, sheet, book)

    told = f"it cannot be “not applicable” (“{typed}”)."
    sentence = f"{name_of('level')}: this indicator applies to every declaration: {told}"
    assert page.context["wrong"] == [sentence]
    assert sentence in texts(page, "li")
    assert [(line.name, line.read) for line in page.context["lines"]] == [(name_of("margin"), "70")]
    client.post(address("scoring-desk", sheet), carried(page) | {"action": "save"})
    assert stored_entries(sheet) == {**before, str(margin()): Given(70)}


def test_a_mark_that_is_none_is_said(client, sheet):
    book = taken(client, sheet)
    put(book, MARGIN, WITHOUT, "perhaps")

    page = send(client, sheet, book)

    told = "“perhaps” is no mark. Write x where the indicator is not applicable, or nothing."
    assert page.context["wrong"] == [f"{name_of('margin')}: {told}"]
    assert page.context["lines"] == []


@pytest.mark.parametrize("typed", ["", "–", "-", "No", "否"])
def test_no_mark_is_no_mark(client, sheet, typed):
    book = taken(client, sheet)
    for code in (LEVEL, MARGIN):
        put(book, code, SCORE, 70)
        put(book, code, WITHOUT, typed)

    page = send(client, sheet, book)

    assert page.context["wrong"] == []
    assert [line.read for line in page.context["lines"]] == ["70", "70"]


def test_the_heading_of_a_file_taken_in_another_language_is_no_indicator(client, sheet):
    page = send(client, sheet, in_chinese(client, sheet))

    assert (page.context["wrong"], page.context["lines"]) == ([], [])


def test_a_recommendation_saved_by_another_window_is_shown_by_its_label(client, sheet):
    first = begun(sheet)
    save_scores(
        sheet.pk, {}, actor=sheet.assignment.expert.user, words={"recommendation": "include"}
    )
    sent = {"begun": first, "copy": "page2", "score-recommendation-text": "not_include"}

    page = client.post(address("scoring-desk", sheet), {**sent, "action": "save"})

    assert page.context["desk"].stored_words == {"recommendation": LABELS[0]}


def level():
    return Indicator.objects.get(code="level").pk


def margin():
    return Indicator.objects.get(code="margin").pk
