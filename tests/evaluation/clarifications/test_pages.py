"""The pages of questions: the expert's, the enterprise's, the officers'."""

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.roles import Level
from evaluation.clarifications import clarifying, pages
from evaluation.clarifications.clarifying import CLARIFICATIONS, end_of
from evaluation.models import Clarification, ScoreSheet
from evaluation.states import CaseStatus
from tests.builders import accounts, clock
from tests.builders import evaluation as build

pytestmark = pytest.mark.django_db


@pytest.fixture
def case():
    return build.case(CaseStatus.IN_REVIEW)


@pytest.fixture
def sheets(case):
    return [build.accept(one) for one in case.assignments.order_by("invited_at", "pk")]


@pytest.fixture
def question(sheets):
    return build.asked(sheets[0], "As designer of A2-7: where was it measured?")


def asking(sheet):
    return reverse("evaluation:clarification-ask", args=[sheet.pk])


def expert(sheet):
    return accounts.signed_in(sheet.assignment.expert.user)


def enterprise(case):
    return reverse("evaluation:clarification-list", args=[case.declaration_id])


def answering(row):
    declaration = row.assignment.case.declaration_id
    return reverse("evaluation:clarification-answer", args=[declaration, row.pk])


def officers(row, step=""):
    name = "admin:evaluation_clarification_" + ("step" if step else "change")
    return reverse(name, args=[row.pk, step] if step else [row.pk])


# The expert ------------------------------------------------------------------------------------


def test_an_expert_asks_about_a_field(sheets):
    client = expert(sheets[0])
    page = client.get(asking(sheets[0]))
    key = page.context["form"]["key"].value()
    sent = {"key": key, "place": "technology.summary", "question": "Where?"}

    answers = [client.post(asking(sheets[0]), sent) for _n in range(2)]  # pressed twice

    assert [one.status_code for one in answers] == [302, 302]
    row = Clarification.objects.get()
    assert (str(row.pk), row.section, row.field, row.question) == (
        key,
        "technology",
        "summary",
        "Where?",
    )


@pytest.mark.parametrize(
    "wrong", [{"question": " "}, {"place": "technology.nothing"}, {"key": "none"}]
)
def test_a_refused_question_keeps_what_was_typed(sheets, wrong):
    typed = {"key": str(uuid.uuid4()), "place": "technology", "question": "A long text", **wrong}

    page = expert(sheets[0]).post(asking(sheets[0]), typed)

    assert page.status_code == 200
    assert typed["question"].strip() in page.content.decode()
    assert not Clarification.objects.exists()


def test_a_question_that_comes_too_late_is_still_on_the_page(sheets):
    build.submit(sheets[0])
    typed = {"key": str(uuid.uuid4()), "place": "", "question": "A long text"}

    page = expert(sheets[0]).post(asking(sheets[0]), typed)

    assert "A long text" in page.content.decode()
    assert "nothing more can be asked" in page.content.decode()


def test_all_experts_read_the_same_but_for_what_is_ones_own(sheets, question):
    other = build.asked(sheets[1], "Mine, not looked at.")
    declined = build.asked(sheets[1], "Out of place.")
    CLARIFICATIONS.perform("decline", declined.pk, actor=accounts.officer(), reason="It is filed.")
    build.pass_on(question, "Where was it measured?")
    build.answer(question, "At the outlet.")

    mine, theirs = (expert(one).get(asking(one)).content.decode() for one in sheets)

    for text in (mine, theirs):
        assert "Where was it measured?" in text
        assert "At the outlet." in text
        assert "Technology – Summary" in text
    assert "designer of A2-7" in mine
    assert "designer of A2-7" not in theirs
    for hidden in (other.question, declined.question, "It is filed."):
        assert hidden not in mine
        assert hidden in theirs
    for sheet, text in zip(reversed(sheets), (mine, theirs), strict=True):
        assert str(sheet.assignment.expert) not in text


def test_a_page_is_for_the_expert_of_the_assignment(sheets):
    assert expert(sheets[1]).get(asking(sheets[0])).status_code == 404
    assert accounts.signed_in(accounts.officer()).get(asking(sheets[0])).status_code == 404


def test_the_desk_is_told_in_two_questions_however_many_there_are(case, sheets, question):
    person = sheets[1].assignment.expert.user
    build.pass_on(question)
    sheet = ScoreSheet.objects.select_related(
        "assignment__case__version__declaration__activity__scheme"
    ).get(pk=sheets[1].pk)

    def cost():
        with CaptureQueriesContext(connection) as asked:
            shown = len(list(pages.on_desk(sheet, person)["clarifications"]))
        return shown, len(asked)

    assert person.roles
    once = cost()
    for _n in range(10):
        build.pass_on(build.asked(sheets[0]))

    assert (once[0], cost()) == (1, (11, once[1]))
    assert once[1] <= 2


# The enterprise ----------------------------------------------------------------------------------


def test_the_enterprise_reads_and_answers(case, question):
    build.pass_on(question, "Where was it measured?")
    client = accounts.signed_in(accounts.owner_of(case.declaration.organisation))

    page = client.get(enterprise(case)).content.decode()
    done = client.post(answering(question), {"answer": "At the outlet."}, follow=True)

    assert "Where was it measured?" in page
    assert "It cannot be changed once it is sent." in page
    assert "no part of the version you filed" in page
    for hidden in (
        "designer",
        "Passed on",
        str(question.assignment.expert),
        str(question.assignment_id),
    ):
        assert hidden not in page
    assert "Waits for your answer" in page
    assert "At the outlet." in done.content.decode()
    assert "Waits for your answer" not in done.content.decode()
    assert "<textarea" not in done.content.decode()


def test_the_home_of_the_declaration_leads_to_the_questions(case, question):
    build.pass_on(question)
    client = accounts.signed_in(accounts.owner_of(case.declaration.organisation))

    page = client.get(reverse("submissions:declaration-detail", args=[case.declaration_id]))

    assert f'href="{enterprise(case)}"' in page.content.decode()
    assert "A question to answer" in page.content.decode()


def test_a_viewer_reads_and_cannot_answer(case, question):
    build.pass_on(question, "Where was it measured?")
    client = accounts.signed_in(accounts.member(Level.VIEW, case.declaration.organisation))

    page = client.get(enterprise(case)).content.decode()

    assert "Where was it measured?" in page
    assert "<textarea" not in page
    assert client.post(answering(question), {"answer": "x"}).status_code == 403
    assert Clarification.objects.get().answer == ""


def test_nothing_is_there_for_strangers_nor_before_it_is_passed_on(case, question):
    owner = accounts.signed_in(accounts.owner_of(case.declaration.organisation))
    stranger = accounts.signed_in(accounts.member(Level.OWN))

    page = owner.get(enterprise(case))

    assert page.status_code == 200
    assert "No question" in page.content.decode()
    assert owner.post(answering(question), {"answer": "x"}).status_code == 404
    build.pass_on(question)
    assert stranger.get(enterprise(case)).status_code == 404
    assert stranger.post(answering(question), {"answer": "x"}).status_code == 404


def test_a_refused_answer_keeps_what_was_typed(case, question):
    passed = build.pass_on(question)
    client = accounts.signed_in(accounts.owner_of(case.declaration.organisation))
    clock.stop(build.end_of_day(passed))

    late = client.post(answering(question), {"answer": "A long text"}).content.decode()

    assert "A long text" in late
    assert "has passed" in late


def test_an_answer_sent_twice_is_one_and_another_ones_is_kept_on_the_page(case, question):
    build.pass_on(question)
    house = case.declaration.organisation
    owner = accounts.signed_in(accounts.owner_of(house))
    editor = accounts.signed_in(accounts.member(Level.EDIT, house))
    sent = {"answer": "At the outlet."}

    twice = [owner.post(answering(question), sent).status_code for _n in range(2)]
    second = editor.post(answering(question), {"answer": "At the inlet."}).content.decode()

    assert twice == [302, 302]
    assert "At the inlet." in second
    assert "not possible in the present state: answered" in second
    assert Clarification.objects.get().answer == "At the outlet."


def test_the_home_of_who_may_answer_leads_to_the_question(case, question):
    house = case.declaration.organisation
    editor = accounts.signed_in(accounts.member(Level.EDIT, house))
    viewer = accounts.signed_in(accounts.member(Level.VIEW, house))

    def leads(client):
        return f'href="{enterprise(case)}"' in client.get(reverse("workplace")).content.decode()

    before = leads(editor)
    build.pass_on(question)
    waiting = (leads(editor), leads(viewer))
    build.answer(question)

    assert (before, waiting, leads(editor)) == (False, (True, False), False)


def test_pages_cost_the_same_for_one_question_and_for_many(case, sheets, question):
    build.pass_on(question)
    readers = (
        (accounts.signed_in(accounts.owner_of(case.declaration.organisation)), enterprise(case)),
        (expert(sheets[1]), asking(sheets[1])),
        (
            accounts.signed_in(accounts.officer()),
            reverse("admin:evaluation_case_change", args=[case.pk]),
        ),
    )

    def cost(client, address):
        client.get(address)
        with CaptureQueriesContext(connection) as asked:
            page = client.get(address)
        return page.status_code, len(asked)

    once = [cost(*one) for one in readers]
    for _n in range(9):
        build.pass_on(build.asked(sheets[0]))
    many = [cost(*one) for one in readers]

    assert [status for status, _number in once] == [200, 200, 200]
    assert many == once


# Officers ----------------------------------------------------------------------------------------


def test_an_officer_passes_on_with_another_wording(question):
    client = accounts.signed_in(accounts.officer())
    page = client.get(officers(question, "pass_on")).content.decode()
    assert "designer of A2-7" in page
    assert str(question.assignment.expert) in page

    day = end_of(clarifying.day_of(question.asked_at)).date()
    sent = {"wording": "Where was it measured?", "due_on": day.isoformat()}
    done = client.post(officers(question, "pass_on"), sent)

    assert done.status_code == 302
    row = Clarification.objects.get()
    assert (row.status, row.wording, row.due_on) == ("passed_on", "Where was it measured?", day)


def test_a_refused_wording_is_not_lost(question):
    client = accounts.signed_in(accounts.officer())

    page = client.post(
        officers(question, "pass_on"), {"wording": "My words", "due_on": "2020-01-01"}
    )

    assert "My words" in page.content.decode()
    assert "This day has passed already." in page.content.decode()


def test_the_case_shows_officers_every_question_with_who_asked(case, sheets, question):
    client = accounts.signed_in(accounts.officer())
    build.asked(sheets[1], "Another.")

    page = client.get(reverse("admin:evaluation_case_change", args=[case.pk])).content.decode()

    assert f'href="{officers(question)}"' in page
    assert "Another." in page
    assert page.count("Technology – Summary") == 2


def test_what_waits_is_work_of_the_office_and_a_tied_officers_not(case, question):
    tied = accounts.officer()
    build.involve(tied, case)
    index = reverse("admin:index")
    words = "Questions of experts to pass on"

    assert words in accounts.signed_in(accounts.officer()).get(index).content.decode()
    assert words not in accounts.signed_in(tied).get(index).content.decode()
    assert accounts.signed_in(tied).get(officers(question)).status_code in {302, 404}
