"""The scoring desk and the check before submitting."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from evaluation.desk.saving import Given, save_scores
from evaluation.models import ScoreSheet
from evaluation.states import CaseStatus, SheetStatus
from submissions.services import save_translation
from tests.builders import accounts, submissions
from tests.builders import evaluation as build
from tests.builders.desk import address, comment, filled, first, value

pytestmark = pytest.mark.django_db


@pytest.fixture
def sheet():
    case = build.case(CaseStatus.IN_REVIEW)
    return build.accept(build.an_assignment(case))


@pytest.fixture
def client(sheet):
    return accounts.signed_in(sheet.assignment.expert.user)


def test_the_desk_shows_the_filed_version_beside_the_criteria(client, sheet):
    page = client.get(address("scoring-desk", sheet))

    desk = page.context["desk"]
    text = page.content.decode()
    assert [block.dimension.code for block in desk.blocks] == [
        "advanced",
        "practicability",
        "economy",
        "maturity",
        "service",
    ]
    assert (desk.total, desk.scored, desk.wanted) == (None, 0, 15)
    assert "Treats leachate with a membrane bioreactor." in text
    assert 'id="section-technology"' in text
    assert 'href="#section-technology"' in text
    assert "It leads internationally" in text


def test_the_desk_speaks_chinese(client, sheet):
    page = client.get(address("scoring-desk", sheet).replace("/en/", "/zh-hans/"))

    text = page.content.decode()
    assert "先进性" in text
    assert "国际领先：" in text


def test_the_version_that_is_judged_is_shown_and_not_the_working_copy(client, sheet):
    declaration = sheet.assignment.case.declaration
    declaration.content["technology"]["summary"] = "Changed behind the back."
    declaration.save(update_fields=["content"])

    text = client.get(address("scoring-desk", sheet)).content.decode()

    assert "Changed behind the back." not in text


def test_what_the_applicant_confirmed_in_the_experts_language_stands_beside(client, sheet):
    declaration = sheet.assignment.case.declaration
    save_translation(
        declaration.pk,
        "zh-hans",
        {"technology.title": "膜生物反应器"},
        actor=accounts.owner_of(declaration.organisation),
        confirm=True,
    )
    url = address("scoring-desk", sheet).replace("/en/", "/zh-hans/")

    desk = client.get(url).context["desk"]
    page = " ".join(client.get(url).content.decode().split())

    assert [(one["language"], one["facts"][0]["value"]) for one in desk.translations] == [
        ("zh-hans", "膜生物反应器")
    ]
    assert '<details class="panel" open>' in page


def test_saving_keeps_all_and_shows_the_figures(client, sheet):
    answer = client.post(address("scoring-desk", sheet), filled(sheet, **{value(first()): "100"}))
    page = client.get(answer.url)

    assert answer.url == address("scoring-desk", sheet) + "?saved=page1"
    assert [str(block.mean) for block in page.context["desk"].blocks] == [
        "88.00",
        "80.00",
        "80.00",
        "80.00",
        "80.00",
    ]
    assert str(page.context["desk"].total) == "82.00"
    assert ScoreSheet.objects.get(pk=sheet.pk).comment == "Sound."


def test_an_extreme_score_is_saved_and_the_comment_asked_for(client, sheet):
    client.post(address("scoring-desk", sheet), filled(sheet, **{value(first()): "95"}))

    blocks = client.get(address("scoring-desk", sheet)).context["desk"].blocks

    wanted = [row.indicator.code for block in blocks for row in block.rows if row.comment_wanted]
    assert wanted == ["level"]


def test_a_score_out_of_range_comes_back_with_all_that_was_typed(client, sheet):
    answer = client.post(
        address("scoring-desk", sheet),
        filled(sheet, **{value(first()): "101", comment(first()): "So good!"}),
    )

    text = answer.content.decode()
    assert "less than or equal to 100" in text
    assert "So good!" in text
    # All else is saved.
    assert sheet.scores.count() == 14
    assert not sheet.scores.filter(indicator=first()).exists()


def test_a_stale_page_shows_both_and_saves_on_the_second_word(client, sheet):
    typed = filled(sheet, **{comment(first()): "Typed here."})
    theirs = {first(): Given(40, "Stored elsewhere.")}
    expert = sheet.assignment.expert.user
    save_scores(sheet.pk, theirs, words={"comment": "Elsewhere."}, actor=expert)

    answer = client.post(address("scoring-desk", sheet), typed)

    text = answer.content.decode()
    for shown in ("Typed here.", "Stored elsewhere.", "Elsewhere.", "Sound."):
        assert shown in text
    assert [row.stored is not None for row in answer.context["desk"].blocks[0].rows] == [
        True,
        False,
        False,
    ]
    assert set(answer.context["aside"]) == {str(first()), "comment"}
    assert answer.context["unsaved"] == ""  # nothing of this is saved by itself: it is a choice
    # All else is saved.
    assert ScoreSheet.objects.get(pk=sheet.pk).comment == "Elsewhere."
    assert sheet.scores.count() == 15

    client.post(
        address("scoring-desk", sheet), typed | {"begun": answer.context["form"]["begun"].value()}
    )
    assert ScoreSheet.objects.get(pk=sheet.pk).comment == "Sound."
    assert sheet.scores.get(indicator=first()).comment == "Typed here."


def test_what_is_missing_is_named_and_leads_there(client, sheet):
    page = client.get(address("scoring-check", sheet))

    assert len(page.context["missing"]) == 16
    link = f"{address('scoring-desk', sheet)}#indicator-{first()}"
    assert link in page.content.decode()
    assert "Submit the score sheet" not in page.content.decode()


def test_save_and_check_leads_to_the_check(client, sheet):
    answer = client.post(address("scoring-desk", sheet), filled(sheet, action="check"))

    assert answer.url == address("scoring-check", sheet) + "?saved=page1"
    assert client.get(answer.url).context["missing"] == []


def test_submitting_seals_the_sheet_and_the_desk_only_shows_it(client, sheet):
    build.fill(sheet)

    answer = client.post(address("scoring-check", sheet))
    page = client.get(answer.url).content.decode()

    assert ScoreSheet.objects.get(pk=sheet.pk).status == SheetStatus.SUBMITTED
    assert "The sheet is sealed" in page
    assert "Because of level." in page
    assert "<textarea" not in page


def test_submitting_with_gaps_is_refused(client, sheet):
    answer = client.post(address("scoring-check", sheet))

    assert "16 entries are missing" in answer.content.decode()
    assert ScoreSheet.objects.get(pk=sheet.pk).status == SheetStatus.DRAFT


def test_a_sealed_sheet_takes_no_save(client, sheet):
    build.submit(sheet)

    answer = client.post(address("scoring-desk", sheet), filled(sheet, **{value(first()): "10"}))

    assert "has been submitted" in answer.content.decode()
    assert set(sheet.scores.values_list("value", flat=True)) == {80}


def test_another_experts_scores_are_nowhere_on_the_desk(client, sheet):
    other = sheet.assignment.case.assignments.exclude(pk=sheet.pk).get()
    other_sheet = build.accept(other)
    save_scores(
        other_sheet.pk,
        {first(): Given(33, "Canary of the other expert.")},
        words={"comment": "Canary overall."},
        actor=other.expert.user,
    )
    before = client.get(address("scoring-desk", sheet)).content.decode()

    assert "Canary" not in before
    assert str(other.expert) not in before


def test_generated_scores_are_marked(client, sheet):
    save_scores(
        sheet.pk, {}, words={"comment": ""}, actor=sheet.assignment.expert.user, generated=True
    )

    for name in ("scoring-desk", "scoring-check"):
        assert (
            "generated for the demonstration" in client.get(address(name, sheet)).content.decode()
        )


def test_the_files_of_the_declaration_open_from_the_desk():
    draft = submissions.draft(activity=build.activity(experts_wanted=1))
    attachment = submissions.attachment(draft)
    owner, officer = accounts.owner_of(draft.organisation), accounts.officer()
    for step, actor in (("submit", owner), ("begin_check", officer), ("accept", officer)):
        submissions.take(draft, step, actor)
    (assignment,) = build.assign(draft.__class__.objects.get(pk=draft.pk).case)
    sheet = build.accept(assignment)
    client = accounts.signed_in(assignment.expert.user)
    download = reverse("file", args=[attachment.pk])

    page = client.get(address("scoring-desk", sheet)).content.decode()

    assert download in page
    assert client.get(download).getvalue().startswith(b"%PDF")


def test_the_desk_costs_the_same_empty_and_full(client, sheet):
    client.get(address("scoring-desk", sheet))
    with CaptureQueriesContext(connection) as empty:
        client.get(address("scoring-desk", sheet))
    build.fill(sheet)

    with CaptureQueriesContext(connection) as full:
        client.get(address("scoring-desk", sheet))

    assert len(empty) == len(full)
