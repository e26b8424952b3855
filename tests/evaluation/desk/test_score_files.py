"""A score sheet is taken along as a spreadsheet, filled in, compared, and saved on a word."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from evaluation.desk import anchors
from evaluation.desk.saving import Given, save_scores, stored_entries
from evaluation.models import Indicator, ScoreSheet
from evaluation.states import CaseStatus
from tests.builders import accounts, submissions
from tests.builders import evaluation as build
from tests.builders.desk import address, filled
from tests.builders.score_files import (
    COMMENT,
    EVIDENCE,
    SCORE,
    WITHOUT,
    carried,
    put,
    row_of,
    send,
    taken,
)
from tests.reading import text, texts

pytestmark = pytest.mark.django_db


@pytest.fixture
def sheet():
    return build.accept(build.an_assignment(build.case(CaseStatus.IN_REVIEW)))


@pytest.fixture
def client(sheet):
    return accounts.signed_in(sheet.assignment.expert.user)


def level():
    return Indicator.objects.get(code="level").pk


def margin():
    return Indicator.objects.get(code="margin").pk


def shown_score(page, pk):
    """Return what the field of a score holds on a page of the desk."""
    field = page.context["form"][f"score-{pk}-value"]
    assert 'type="text"' in str(field)
    return str(field.value())


def test_it_holds_what_is_stored_and_names_the_version(client, sheet):
    given = {level(): Given(95, "=1+1 is no formula.", evidence=("technology.summary",))}
    save_scores(sheet.pk, given, actor=sheet.assignment.expert.user)

    book = taken(client, sheet)

    page = book.worksheets[0]
    assert [row[0].value for row in page.iter_rows()][:3] == [
        "Code",
        "declaration",
        "advanced.level",
    ]
    row = row_of(book, "advanced.level")
    assert [row[n - 1].value for n in (SCORE, COMMENT, EVIDENCE)] == [
        95,
        "=1+1 is no formula.",
        "technology.summary",
    ]
    assert row[COMMENT - 1].data_type == "s"
    version = sheet.assignment.case.version.content_hash
    assert row_of(book, "declaration")[2].value == version
    assert page.max_row == 1 + 1 + 15 + 3


def test_a_filled_file_is_compared_and_saved_on_a_word(client, sheet):
    book = taken(client, sheet)
    put(book, "advanced.level", SCORE, 95)
    put(book, "advanced.level", COMMENT, "It leads.")
    put(book, "advanced.level", EVIDENCE, "technology; technology.summary")
    put(book, "advanced.margin", WITHOUT, "x")
    put(book, "recommendation", COMMENT, "I recommend it for the pool")

    page = send(client, sheet, book)

    assert page.context["wrong"] == []
    assert [(line.stored, line.read) for line in page.context["lines"]] == [
        ("", "95 – It leads.\nTechnology\nTechnology – Summary"),
        ("", "not applicable"),
        ("", "I recommend it for the pool"),
    ]
    assert not sheet.scores.exists()

    client.post(address("scoring-desk", sheet), carried(page) | {"action": "save"})
    score = sheet.scores.get(indicator=level())
    assert (score.value, score.comment) == (95, "It leads.")
    assert [one.get("field") for one in score.evidence] == [None, "summary"]
    assert sheet.scores.get(not_applicable=True).indicator.code == "margin"
    assert ScoreSheet.objects.get(pk=sheet.pk).recommendation == "include"


def test_a_rectangle_on_a_page_comes_back_as_it_was_taken():
    sheet, file = build.sheet_with_file()
    client = accounts.signed_in(sheet.assignment.expert.user)
    drawn = f"file:{file.pk}#page=3&box=0.125,0.300,0.400,0.250"
    more = f"file:{file.pk}#page=12&box=0.000,0.000,1.000,0.500"
    given = {level(): Given(95, "Leads.", evidence=(drawn, "technology.summary"))}
    save_scores(sheet.pk, given, actor=sheet.assignment.expert.user)

    book = taken(client, sheet)
    told = row_of(book, "advanced.level")[EVIDENCE - 1].value
    as_taken = send(client, sheet, book)
    put(book, "advanced.level", EVIDENCE, f"{told}\n{more}")
    page = send(client, sheet, book)
    client.post(address("scoring-desk", sheet), carried(page) | {"action": "save"})

    assert told == f"{drawn}; technology.summary"
    assert (as_taken.context["wrong"], as_taken.context["lines"]) == ([], [])
    (line,) = page.context["lines"]
    parts = "part 12–52 across, 30–55 down", "part 0–100 across, 0–50 down"
    assert line.read == (
        f"95 – Leads.\nTest report, page 3 ({parts[0]}, in per cent)\nTechnology – Summary"
        f"\nTest report, page 12 ({parts[1]}, in per cent)"
    )
    stored = sheet.scores.get().evidence
    assert anchors.texts_of(stored) == (drawn, "technology.summary", more)
    assert stored[2]["box"] == ["0.000", "0.000", "1.000", "0.500"]


def test_a_comment_of_several_lines_comes_back_as_it_was_taken(client, sheet):
    written = "First:  it leads.\n\n  1. in energy,\n\t2. in cost."
    save_scores(sheet.pk, {level(): Given(70, written)}, actor=sheet.assignment.expert.user)

    book = taken(client, sheet)
    as_taken = send(client, sheet, book)
    put(book, "advanced.level", COMMENT, "One.\r\nTwo.\x7f")
    page = send(client, sheet, book)

    assert (as_taken.context["wrong"], as_taken.context["lines"]) == ([], [])
    assert [line.read for line in page.context["lines"]] == ["70 – One.\nTwo."]


@pytest.mark.parametrize(
    ("place", "sentence"),
    [
        ("#page=3&box=0.125,0.300,0.900,0.250", "A part of a page lies within the page."),
        ("#page=13&box=0.1,0.300,0.400,0.250", "The declaration has no such place: “{place}”."),
        (
            "#page=13&box=0.125,0.300,0.400,0.250",
            "“Test report” has 12 pages: it has no page 13.",
        ),
    ],
)
def test_a_rectangle_that_is_none_is_named_with_its_line(place, sentence):
    sheet, file = build.sheet_with_file()
    client = accounts.signed_in(sheet.assignment.expert.user)
    book = taken(client, sheet)
    typed = f"file:{file.pk}{place}"
    put(book, "advanced.level", EVIDENCE, typed)

    page = send(client, sheet, book)

    (wrong,) = page.context["wrong"]
    assert wrong.endswith(sentence.format(place=typed))
    assert f"score-{level()}-evidence" not in carried(page)


def test_a_line_that_stands_twice_is_named_and_stays_as_it_is_stored(client, sheet):
    book = taken(client, sheet)
    put(book, "advanced.level", SCORE, 60)
    put(book, "advanced.margin", SCORE, 70)
    book.worksheets[0].append(["advanced.level", "", "", "", 50])

    page = send(client, sheet, book)

    assert page.context["wrong"] == [
        "“advanced.level” stands in the file twice. Keep one of the lines."
    ]
    assert [(line.stored, line.read) for line in page.context["lines"]] == [("", "70")]


def test_lines_that_cannot_be_taken_are_named_and_the_others_offered(client, sheet):
    book = taken(client, sheet)
    put(book, "advanced.level", SCORE, 101)
    put(book, "advanced.margin", SCORE, 70)
    book.worksheets[0].append(["advanced.nothing", "", "", "", 50])

    page = send(client, sheet, book)

    assert len(page.context["wrong"]) == 2
    assert "There is no indicator “advanced.nothing” in this score sheet." in page.context["wrong"]
    assert [line.read for line in page.context["lines"]] == ["70"]
    assert f"score-{level()}-value" not in carried(page)


NOTHING_ELSE = "There is nothing else in the file that would change what is stored."
THE_SAME = "The file says what is stored already."


def test_what_cannot_be_read_leaves_the_stored_score_alone(client, sheet):
    given = {level(): Given(80, "Good.", evidence=("technology",)), margin(): Given(70)}
    save_scores(sheet.pk, given, actor=sheet.assignment.expert.user)
    before = stored_entries(sheet)
    book = taken(client, sheet)
    put(book, "advanced.level", SCORE, "80,5")
    put(book, "advanced.level", COMMENT, "Better.")
    put(book, "advanced.margin", SCORE, 75)

    page = send(client, sheet, book)

    name = Indicator.objects.get(pk=level()).name
    assert page.context["wrong"] == [f"{name}, “80,5”: Enter a whole number."]
    assert [(line.stored, line.read) for line in page.context["lines"]] == [("70", "75")]
    assert carried(page)[f"score-{level()}-value"] == ["80"]
    assert carried(page)[f"score-{level()}-comment"] == ["Good."]
    answer = client.post(address("scoring-desk", sheet), carried(page) | {"action": "save"})
    assert answer.status_code == 302
    after = stored_entries(ScoreSheet.objects.get(pk=sheet.pk))
    assert after == {**before, str(margin()): Given(75)}
    assert shown_score(client.get(address("scoring-desk", sheet)), level()) == "80"


def test_a_file_with_errors_alone_does_not_claim_to_say_what_is_stored(client, sheet):
    save_scores(sheet.pk, {level(): Given(80)}, actor=sheet.assignment.expert.user)
    book = taken(client, sheet)
    same = text(send(client, sheet, book))
    put(book, "advanced.level", SCORE, "80,5")

    page = text(send(client, sheet, book))

    assert (THE_SAME in same, NOTHING_ELSE in same) == (True, False)
    assert (THE_SAME in page, NOTHING_ELSE in page) == (False, True)
    assert "In these lines nothing changes: what is stored stays." in page
    assert "Save these entries" not in page


def test_a_score_that_cannot_be_read_is_shown_as_it_was_typed(client, sheet):
    save_scores(sheet.pk, {level(): Given(80)}, actor=sheet.assignment.expert.user)

    sent = filled(sheet, **{f"score-{level()}-value": "80,5"})
    answer = client.post(address("scoring-desk", sheet), sent)
    again = client.post(
        address("scoring-desk", sheet),
        filled(sheet, **{f"score-{level()}-value": shown_score(answer, level())}),
    )

    name = Indicator.objects.get(pk=level()).name
    assert shown_score(again, level()) == "80,5"
    assert f"{name} – Enter a whole number." in texts(again, "li")
    assert sheet.scores.get(indicator=level()).value == 80
    assert sheet.scores.get(indicator=margin()).value == 80


def test_evidence_may_be_named_as_pages_print_it():
    sheet, file = build.sheet_with_file()
    client = accounts.signed_in(sheet.assignment.expert.user)
    book = taken(client, sheet)
    put(book, "advanced.level", EVIDENCE, "Performance; technology - SUMMARY\nTest report, page 3")

    page = send(client, sheet, book)

    assert page.context["wrong"] == []
    codes = ["performance", "technology.summary", f"file:{file.pk}#page=3"]
    assert carried(page)[f"score-{level()}-evidence"] == codes


def test_a_name_of_several_places_is_asked_about():
    draft = submissions.draft(activity=build.activity(experts_wanted=1))
    files = [submissions.attachment(draft, title="Report") for _ in range(2)]
    sheet = build.sheet_of(draft)
    client = accounts.signed_in(sheet.assignment.expert.user)
    book = taken(client, sheet)
    put(book, "advanced.level", EVIDENCE, "report")

    page = send(client, sheet, book)

    codes = ", ".join(sorted(f"file:{one.pk}" for one in files))
    name = Indicator.objects.get(pk=level()).name
    assert page.context["wrong"] == [f"{name}: “report” is the name of several places: {codes}."]
    assert page.context["lines"] == []


def test_a_worksheet_lists_the_places():
    sheet, file = build.sheet_with_file()

    book = taken(accounts.signed_in(sheet.assignment.expert.user), sheet)

    assert book.sheetnames == ["scores", "Choices", "Places"]
    rows = [[cell.value for cell in row] for row in book["Places"].iter_rows()]
    assert rows[0] == ["Code", "Place in the declaration", None]
    assert ["technology", "Technology", None] in rows
    assert ["technology.summary", "Technology – Summary", None] in rows
    note = "With “#page=3” behind the code it is page 3 of the file."
    assert [f"file:{file.pk}", "Test report", note] in rows


def test_a_file_of_another_declaration_is_refused(client, sheet):
    other = build.accept(build.an_assignment(build.case(CaseStatus.IN_REVIEW)))
    book = taken(accounts.signed_in(other.assignment.expert.user), other)
    put(book, "declaration", 3, "0" * 64)

    page = send(client, sheet, book)

    assert "no score sheet of this declaration" in page.content.decode()
    assert "lines" not in page.context


def test_what_is_no_spreadsheet_is_refused(client, sheet):
    file = SimpleUploadedFile("scores.xlsx", b"MZ not a spreadsheet")

    page = client.post(address("scoring-file", sheet), {"file": file})

    assert page.context["form"].errors["file"]


def test_a_file_older_than_a_save_lays_both_side_by_side(client, sheet):
    book = taken(client, sheet)
    put(book, "advanced.level", SCORE, 70)
    page = send(client, sheet, book)
    save_scores(sheet.pk, {level(): Given(40)}, actor=sheet.assignment.expert.user)

    sent: dict[str, list[str]] = {}
    for name, value in page.context["carried"]:
        sent.setdefault(name, []).append(value)
    answer = client.post(address("scoring-desk", sheet), sent | {"action": "save"})

    assert answer.status_code == 200
    assert answer.context["desk"].blocks[0].rows[0].stored == Given(40)
    assert sheet.scores.get().value == 40


def test_of_a_submitted_sheet_the_file_can_be_taken_and_none_is_read(client, sheet):
    book = taken(client, sheet)
    put(book, "advanced.level", SCORE, 60)
    build.submit(sheet)

    page = send(client, sheet, book)

    assert "no file is taken any more" in text(page)
    assert "Compare" not in text(page)
    assert "lines" not in page.context


def test_the_sheet_on_paper_shows_all_indicators_and_no_button(client, sheet):
    build.fill(sheet)

    page = client.get(address("scoring-print", sheet))

    text = page.content.decode()
    assert text.count('class="indicator"') == 15
    assert "Because of level." in text
    assert "Technology – Summary" in text
    assert "I recommend it for the pool" in text
    assert 'name="action"' not in text


def test_an_empty_sheet_has_room_to_write_and_generated_scores_say_so(client, sheet):
    empty = client.get(address("scoring-print", sheet)).content.decode()
    save_scores(sheet.pk, {level(): Given(80)}, actor=sheet.assignment.expert.user, generated=True)
    marked = client.get(address("scoring-print", sheet)).content.decode()

    assert empty.count("is-long") == 2 * 15
    assert marked.count("is-long") == 2 * 14
    assert "generated for the demonstration" in marked


def test_nobody_else_takes_or_sends_the_sheet(sheet):
    for person in (accounts.officer(), build.expert().user, accounts.user()):
        client = accounts.signed_in(person)
        for name in ("scoring-print", "scoring-workbook", "scoring-file"):
            assert client.get(address(name, sheet)).status_code in (302, 403, 404)
