"""The desk while one works at it: saving by itself, evidence, what is due next."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from evaluation.desk.saving import Given, save_scores
from evaluation.models import ScoreSheet
from evaluation.states import CaseStatus
from tests.builders import accounts
from tests.builders import evaluation as build
from tests.builders.desk import address, begun, comment, filled, first, value

pytestmark = pytest.mark.django_db


@pytest.fixture
def sheet():
    case = build.case(CaseStatus.IN_REVIEW)
    return build.accept(build.an_assignment(case))


@pytest.fixture
def client(sheet):
    return accounts.signed_in(sheet.assignment.expert.user)


# While one types -----------------------------------------------------------------------


def autosave(client, sheet, *changed, **sent):
    data = {"copy": "page1", "changed": changed, **sent}
    if "begun" not in data:
        data["begun"] = begun(sheet)
    return client.post(address("scoring-autosave", sheet), data)


def test_what_is_typed_saves_itself(client, sheet):
    told = autosave(
        client,
        sheet,
        str(first()),
        "remark",
        **{
            value(first()): "70",
            comment(first()): "So far.",
            "score-remark-text": "Between us.",
        },
    ).json()

    assert told["saved"] == sorted([str(first()), "remark"])
    assert set(told["marks"]) == {str(first()), "remark"}
    assert (told["remarks"], told["aside"]) == ([], [])
    stored = sheet.scores.get()
    assert (stored.value, stored.comment) == (70, "So far.")
    assert ScoreSheet.objects.get(pk=sheet.pk).remark == "Between us."


def test_what_cannot_be_read_is_told_at_its_place_and_the_rest_saved(client, sheet):
    told = autosave(
        client,
        sheet,
        str(first()),
        "comment",
        **{
            value(first()): "101",
            "score-comment-text": "Kept.",
        },
    ).json()

    assert told["saved"] == ["comment"]
    assert [one["at"] for one in told["remarks"]] == [f"div_id_{value(first())}"]
    assert not sheet.scores.exists()


def test_what_another_window_saved_is_told_and_not_gone_over(client, sheet):
    old = begun(sheet)
    save_scores(sheet.pk, {first(): Given(40, "Theirs.")}, actor=sheet.assignment.expert.user)

    for _time in range(2):  # and whatever is typed elsewhere sends it along again
        told = autosave(client, sheet, str(first()), begun=old, **{value(first()): "70"}).json()

    assert (told["saved"], told["marks"]) == ([], {})
    (remark,) = told["remarks"]
    assert remark["at"] == f"div_id_{value(first())}"
    assert "40 – Theirs." in remark["text"]
    assert sheet.scores.get().value == 40


def test_an_entry_another_window_cleared_is_shown_beside_what_was_typed(client, sheet):
    expert = sheet.assignment.expert.user
    save_scores(sheet.pk, {first(): Given(40)}, actor=expert)
    typed = filled(sheet, **{value(first()): "70"})
    save_scores(sheet.pk, {first(): Given()}, actor=expert)

    page = client.post(address("scoring-desk", sheet), typed)

    assert page.context["desk"].blocks[0].rows[0].stored == Given()
    assert "Stored now" in page.content.decode()


def test_line_ends_make_no_difference(client, sheet):
    expert = sheet.assignment.expert.user
    save_scores(sheet.pk, {first(): Given(70, "One.\nTwo.")}, actor=expert)
    typed = filled(sheet, **{value(first()): "70", comment(first()): "One.\r\nTwo."})
    save_scores(sheet.pk, {first(): Given(70, "Newer.")}, actor=expert)

    client.post(address("scoring-desk", sheet), typed)

    assert sheet.scores.get(indicator=first()).comment == "Newer."


def test_a_page_that_does_not_say_what_it_was_begun_from_saves_nothing(client, sheet):
    endless = "1:" + "a" * 50_000

    told = autosave(client, sheet, str(first()), begun=endless, **{value(first()): "70"})
    page = client.post(address("scoring-desk", sheet), filled(sheet, begun=endless))

    assert (told.status_code, page.status_code) == (409, 400)
    assert "Load the page anew." in page.content.decode()
    assert not sheet.scores.exists()


def test_what_was_typed_after_the_sealing_is_not_shown_as_sealed(client, sheet):
    typed = filled(sheet, **{value(first()): "10"})
    build.submit(sheet)

    page = client.post(address("scoring-desk", sheet), typed)

    assert page.status_code == 409
    assert page.context["form"][value(first())].value() == 80
    assert "has been submitted" in page.content.decode()


def test_a_sealed_sheet_says_so_to_the_page_that_still_saves(client, sheet):
    build.submit(sheet)

    answer = autosave(client, sheet, str(first()), **{value(first()): "10"})

    assert answer.status_code == 409
    assert "has been submitted" in answer.json()["refused"]


def test_nobody_else_saves_into_the_sheet(sheet):
    for person in (accounts.officer(), build.expert().user, accounts.user()):
        answer = autosave(accounts.signed_in(person), sheet, "comment")
        assert answer.status_code in (403, 404)
    assert ScoreSheet.objects.get(pk=sheet.pk).revision == 0


def test_an_autosave_costs_the_same_for_one_entry_and_for_all(client, sheet):
    everything = {key: one for key, one in filled(sheet).items() if key.startswith("score-")}
    names = {key.split("-")[1] for key in everything}
    autosave(client, sheet, str(first()), **{value(first()): "10"})
    now, level = {"begun": begun(sheet)}, first()

    with CaptureQueriesContext(connection) as one:
        autosave(client, sheet, str(level), **now, **{value(level): "70"})
    with CaptureQueriesContext(connection) as all_of_them:
        autosave(client, sheet, *names, **now, **everything)

    assert len(one) == len(all_of_them) == 16


def test_what_a_browser_kept_is_put_back_and_not_saved(client, sheet):
    page = client.post(
        address("scoring-desk", sheet), filled(sheet, action="retype", **{value(first()): "33"})
    )

    assert page.context["form"][value(first())].value() == "33"
    assert str(first()) in page.context["unsaved"].split()
    assert not sheet.scores.exists()


# Evidence --------------------------------------------------------------------------------


def test_evidence_is_named_and_taken_away_without_a_script(client, sheet):
    desk = address("scoring-desk", sheet)

    opened = client.post(desk, filled(sheet, action=f"cite:{first()}"))
    assert opened.context["citing"] == first()
    assert 'name="place"' in opened.content.decode()

    choice = {"action": f"add:{first()}", "place": "technology.summary", "page": "", "part": ""}
    client.post(desk, filled(sheet) | choice)
    shown = client.get(desk).context["desk"].blocks[0].rows[0].evidence
    assert [(one.text, one.url) for one in shown] == [
        ("technology.summary", "#at-technology.summary")
    ]
    assert 'id="at-technology.summary"' in client.get(desk).content.decode()

    named = {f"score-{first()}-evidence": ["technology.summary"]}
    client.post(desk, filled(sheet, action=f"drop:{first()}:technology.summary") | named)
    assert client.get(desk).context["desk"].blocks[0].rows[0].evidence == []
    assert sheet.scores.get(indicator=first()).value == 80


def test_a_choice_without_a_place_comes_back_with_all_that_was_typed(client, sheet):
    typed = filled(sheet, action=f"add:{first()}", place="", **{comment(first()): "Typed."})

    page = client.post(address("scoring-desk", sheet), typed)

    assert "Choose a place." in page.content.decode()
    assert "Typed." in page.content.decode()
    assert page.context["citing"] == first()


@pytest.mark.parametrize("text", ["technology.nothing", "x#page=a", "file:abc#page=3", "<b>"])
def test_what_is_no_place_is_refused_at_its_indicator_and_the_rest_saved(client, sheet, text):
    named = {f"score-{first()}-evidence": [text]}

    told = autosave(
        client, sheet, str(first()), "remark", **named, **{"score-remark-text": "Kept."}
    )
    page = client.post(address("scoring-desk", sheet), filled(sheet) | named)

    assert told.json()["saved"] == ["remark"]
    assert told.json()["remarks"][0]["at"] == f"div_id_score-{first()}-evidence"
    assert "has no such place" in page.content.decode()
    assert sheet.scores.count() == 14


def test_an_eleventh_place_is_told_and_the_rest_saved(client, sheet):
    many = {f"score-{first()}-evidence": [f"technology.x{n}" for n in range(11)]}

    told = autosave(client, sheet, str(first()), "remark", **many, **{"score-remark-text": "Kept."})

    assert told.json()["saved"] == ["remark"]
    assert "at most 10 places" in told.json()["remarks"][0]["text"]


def test_enter_in_the_choice_of_a_place_names_it(client, sheet):
    choice = {"action": "save", "citing": str(first()), "place": "technology.summary"}

    client.post(address("scoring-desk", sheet), filled(sheet) | choice)

    assert sheet.scores.get(indicator=first()).evidence[0]["field"] == "summary"


# What is due next ------------------------------------------------------------------------


def test_save_and_next_goes_round_in_the_order_of_the_due_dates(client, sheet):
    expert = sheet.assignment.expert
    due = sheet.assignment.due_at
    others = [build.accept(build.assign(build.case(), expert)[0]) for _n in range(2)]
    for other, days in zip(others, (3, -3), strict=True):
        other.assignment.due_at = due + dt.timedelta(days=days)
        other.assignment.save(update_fields=["due_at"])
    late, early = others
    seen = [sheet]
    for _n in range(3):
        answer = client.post(address("scoring-desk", seen[-1]), filled(seen[-1], action="next"))
        (following,) = [one for one in (sheet, late, early) if str(one.pk) in answer.url]
        seen.append(following)

    assert seen == [sheet, late, early, sheet]


def test_after_the_last_one_the_list_is_shown(client, sheet):
    answer = client.post(address("scoring-desk", sheet), filled(sheet, action="next"), follow=True)

    assert answer.redirect_chain[-1][0] == reverse("evaluation:work-list")
    assert "Nothing else waits for you." in answer.content.decode()


def test_the_due_date_stands_there_with_its_zone(client, sheet):
    text = client.get(address("scoring-desk", sheet)).content.decode()

    assert "(UTC+08:00)" in text
