"""A question to the enterprise: asked, passed on or declined, answered or not; who is told what."""

import datetime as dt
import uuid

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction

from accounts import personal
from accounts.roles import Level
from core.errors import DomainError, TransitionError
from core.models import AuditEntry, StoredMail
from evaluation.clarifications import clarifying
from evaluation.clarifications.clarifying import CLARIFICATIONS, ask, lapse_due
from evaluation.clarifications.places import words_of
from evaluation.clarifications.states import SHOWN
from evaluation.models import Clarification
from evaluation.states import CaseStatus
from evaluation.workflow import perform_assignment
from submissions import standing
from submissions.models import Declaration
from tests.builders import accounts, clock
from tests.builders import evaluation as build

pytestmark = pytest.mark.django_db


@pytest.fixture
def case():
    return build.case(CaseStatus.IN_REVIEW, experts_wanted=3)


@pytest.fixture
def sheets(case):
    """Those of three experts who accepted."""
    return [build.accept(one) for one in case.assignments.order_by("invited_at", "pk")]


@pytest.fixture
def question(sheets):
    return build.asked(sheets[0], "As designer of A2-7: where was it measured?")


def expert_of(sheet):
    return sheet.assignment.expert.user


def mails(template):
    return StoredMail.objects.filter(template=template)


def recipients(template):
    return sorted(mails(template).values_list("recipient", flat=True))


def sees(person, row):
    return Clarification.objects.with_right(person, "see").filter(pk=row.pk).exists()


# Asking -----------------------------------------------------------------------------------


def test_an_expert_asks_and_the_officers_are_told_without_a_name(sheets):
    officer, tied = accounts.officer(), accounts.officer()
    build.involve(tied, sheets[0].assignment.case)
    made = build.asked(sheets[0], "  Where was it measured? ")

    assert (made.status, made.section, made.field) == ("asked", "technology", "summary")
    assert made.question == "Where was it measured?"
    assert officer.email in recipients("clarification_asked")
    assert tied.email not in recipients("clarification_asked")
    text = "".join(mails("clarification_asked").values_list("body", flat=True))
    assert str(sheets[0].assignment.expert) not in text
    assert "measured" not in text
    act = AuditEntry.objects.get(act="clarification.asked")
    assert (act.actor, act.subject_id, act.details) == (expert_of(sheets[0]), str(made.pk), {})


def test_one_press_sent_twice_is_one_question(sheets):
    key = uuid.uuid4()

    first, second = (build.asked(sheets[0], key=key) for _n in range(2))

    assert first == second
    assert Clarification.objects.count() == 1
    with pytest.raises(DomainError, match="once more"):
        build.asked(sheets[1], key=key)


@pytest.mark.parametrize("question", ["", "  \n ", "x" * (clarifying.LONGEST + 1)])
def test_a_question_has_words_and_an_end(sheets, question):
    with pytest.raises(DomainError) as refused:
        build.asked(sheets[0], question)

    assert refused.value.field == "question"


def test_nobody_asks_without_end(sheets, monkeypatch):
    monkeypatch.setattr(clarifying, "MOST_ASKED", 2)
    build.asked(sheets[0])
    build.asked(sheets[0])

    with pytest.raises(DomainError, match="as many questions"):
        build.asked(sheets[0])
    build.asked(sheets[1])


def test_who_may_not_ask(sheets):
    build.submit(sheets[0])
    with pytest.raises(TransitionError, match="submitted"):
        build.asked(sheets[0])

    owner = accounts.owner_of(sheets[1].assignment.case.declaration.organisation)
    for person in (expert_of(sheets[0]), accounts.expert_user(), accounts.officer(), owner):
        with pytest.raises(PermissionDenied):
            ask(sheets[1].pk, actor=person, key=uuid.uuid4(), question="Why?")


def test_nothing_is_asked_after_the_review(case, sheets):
    for sheet in sheets:
        build.submit(sheet)
    with pytest.raises(TransitionError):
        build.asked(sheets[0])


# Passing on, declining -----------------------------------------------------------------------


def test_an_officer_rewords_and_the_original_stays(question):
    passed = build.pass_on(question, "Where was it measured?", days=5)

    assert passed.wording == "Where was it measured?"
    assert passed.question == "As designer of A2-7: where was it measured?"
    assert passed.passed_on_at
    assert passed.due_on == clarifying.day_of(passed.passed_on_at) + dt.timedelta(days=5)
    act = AuditEntry.objects.get(act="clarification.pass_on")
    assert act.details == {"due_on": passed.due_on.isoformat(), "reworded": True}


def test_the_enterprise_is_mailed_the_wording_and_no_sign_of_who_asked(case, question):
    viewer = accounts.member(Level.VIEW, case.declaration.organisation)
    owner = accounts.owner_of(case.declaration.organisation)
    build.pass_on(question, "Where was it measured?")

    mail = mails("clarification_passed_on").get()
    assert mail.recipient == owner.email != viewer.email
    assert "Where was it measured?" in mail.body
    assert f"/declarations/{case.declaration_id}/questions/" in mail.body
    for hidden in ("designer", str(question.assignment.expert), str(question.assignment_id)):
        assert hidden not in mail.subject + mail.body


@pytest.mark.parametrize(
    ("wording", "days", "field"),
    [(" ", 7, "wording"), ("Why?", -1, "due_on"), ("Why?", 91, "due_on"), ("Why?", None, "due_on")],
)
def test_what_is_passed_on_is_whole(question, wording, days, field):
    today = clarifying.day_of(question.asked_at)
    due_on = None if days is None else today + dt.timedelta(days=days)

    with pytest.raises(DomainError) as refused:
        CLARIFICATIONS.perform(
            "pass_on", question.pk, actor=accounts.officer(), wording=wording, due_on=due_on
        )

    assert refused.value.field == field
    assert Clarification.objects.get().status == "asked"


def test_nothing_is_passed_on_after_the_review(case, sheets, question):
    for sheet in sheets:
        build.submit(sheet)

    with pytest.raises(DomainError, match="complete"):
        build.pass_on(question)


def test_what_is_declined_is_told_to_who_asked_and_to_nobody_else(case, sheets, question):
    CLARIFICATIONS.perform("decline", question.pk, actor=accounts.officer(), reason="It is filed.")

    question.refresh_from_db()
    assert (question.status, question.reason) == ("declined", "It is filed.")
    assert recipients("clarification_declined") == [expert_of(sheets[0]).email]
    assert "It is filed." in mails("clarification_declined").get().body
    owner = accounts.owner_of(case.declaration.organisation)
    assert [sees(one, question) for one in (expert_of(sheets[0]), expert_of(sheets[1]), owner)] == [
        True,
        False,
        False,
    ]
    assert not StoredMail.objects.filter(recipient=owner.email, template__startswith="clar")


# Answering --------------------------------------------------------------------------------------


def test_the_answer_goes_to_every_expert_of_the_case(sheets, question):
    build.submit(sheets[1])
    build.pass_on(question)
    answered = build.answer(question, " At the outlet. ")

    assert (answered.status, answered.answer) == ("answered", "At the outlet.")
    assert recipients("clarification_answered") == sorted(expert_of(one).email for one in sheets)
    bodies = {one.recipient: one.body for one in mails("clarification_answered")}
    said = "Your score sheet is in and stays as it is."
    assert [said in bodies[expert_of(one).email] for one in sheets] == [False, True, False]
    assert "outlet" not in "".join(bodies.values())
    sheets[1].refresh_from_db()
    assert sheets[1].status == "submitted"


def test_a_mail_is_in_the_language_of_its_reader(sheets, question):
    reader = expert_of(sheets[2])
    reader.language = "zh-hans"
    reader.save(update_fields=["language"])
    build.pass_on(question)
    build.answer(question)

    assert mails("clarification_answered").get(recipient=reader.email).language == "zh-hans"
    assert "/zh-hans/" in mails("clarification_answered").get(recipient=reader.email).body


def test_who_declined_the_assignment_is_told_nothing(sheets, question):
    perform_assignment("decline", sheets[2].pk, actor=expert_of(sheets[2]), reason="No time.")
    build.pass_on(question)
    build.answer(question)

    assert expert_of(sheets[2]).email not in recipients("clarification_answered")
    assert not sees(expert_of(sheets[2]), question)


def test_an_answer_is_given_once_and_stays(case, question):
    build.pass_on(question)
    build.answer(question)

    with pytest.raises(TransitionError):
        build.answer(question, "Elsewhere.")
    for change in ({"answer": "Elsewhere."}, {"wording": "x"}, {"question": "x"}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Clarification.objects.filter(pk=question.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        Clarification.objects.filter(pk=question.pk).delete()
    declaration = Declaration.objects.get(pk=case.declaration_id)
    assert declaration.version == case.version
    assert declaration.versions.count() == 1


def test_who_may_answer_and_who_only_reads(case, question):
    build.pass_on(question)
    house = case.declaration.organisation
    viewer, editor = accounts.member(Level.VIEW, house), accounts.member(Level.EDIT, house)
    others = (viewer, accounts.member(Level.OWN), accounts.officer(), expert_of(question))

    assert sees(viewer, question)
    for person in others:
        with pytest.raises(PermissionDenied):
            CLARIFICATIONS.perform("answer", question.pk, actor=person, answer="x")
    for empty in ("", "  "):
        with pytest.raises(DomainError) as refused:
            CLARIFICATIONS.perform("answer", question.pk, actor=editor, answer=empty)
        assert refused.value.field == "answer"
    assert CLARIFICATIONS.perform("answer", question.pk, actor=editor, answer="x").answer == "x"


def test_a_tied_officer_comes_in_by_no_door(case, question):
    build.pass_on(question)
    officer = accounts.officer()
    build.involve(officer, case)  # as a viewer of the organisation

    assert sees(officer, question)  # as everybody of the house
    assert not Clarification.objects.visible_to(officer).exists()
    with pytest.raises(PermissionDenied):
        CLARIFICATIONS.perform("decline", question.pk, actor=officer, reason="x")


def test_an_officer_who_scores_does_not_read_who_asked(case, question):
    officer = accounts.officer()
    build.accept(build.assign(case, build.expert(user=officer))[0])

    assert not Clarification.objects.visible_to(officer).exists()
    assert not sees(officer, question)  # not passed on yet
    build.pass_on(question)
    assert sees(officer, question)
    assert not Clarification.objects.visible_to(officer).exists()


# The day --------------------------------------------------------------------------------------


def test_the_last_moment_of_the_day_is_in_time_and_the_next_is_not(question):
    passed = build.pass_on(question)
    end = build.end_of_day(passed)
    assert end.isoformat().endswith("T00:00:00+08:00")

    clock.stop(end)
    with pytest.raises(DomainError, match="has passed"):
        build.answer(question)
    clock.stop(end - dt.timedelta(microseconds=1))
    assert build.answer(question).status == "answered"


def test_it_lapses_some_minutes_after_its_day_so_that_no_answer_is_overtaken(sheets, question):
    end = build.end_of_day(build.pass_on(question))
    clock.stop(end + clarifying.PATIENCE - dt.timedelta(seconds=1))
    early = lapse_due()
    with pytest.raises(DomainError, match="still time"):
        CLARIFICATIONS.perform("lapse", question.pk, actor=None)
    clock.stop(end + clarifying.PATIENCE)

    assert (early, lapse_due(), lapse_due()) == (0, 1, 0)
    question.refresh_from_db()
    assert (question.status, question.answer) == ("lapsed", "")
    assert recipients("clarification_lapsed") == [expert_of(sheets[0]).email]
    with pytest.raises(TransitionError):
        build.answer(question)


# What else tells of it -----------------------------------------------------------------------


def story(case):
    declaration = Declaration.objects.get(pk=case.declaration_id)
    return standing.of([declaration])[declaration.pk]


def test_the_enterprise_reads_nothing_before_a_question_is_passed_on(case, sheets, question):
    before = story(case)
    other = build.asked(sheets[1])
    CLARIFICATIONS.perform("decline", other.pk, actor=accounts.officer(), reason="No.")
    assert (str(before.label), before.pages, before.events) == ("Under evaluation", (), ())
    assert story(case) == before

    build.pass_on(question)
    waiting = story(case)
    assert (str(waiting.label), waiting.tone) == ("A question to answer", "warning")
    assert [str(one.title) for one in waiting.events] == ["Question asked"]
    assert [one.url for one in waiting.pages] == [
        f"/en/evaluation/declarations/{case.declaration_id}/questions/"
    ]

    build.answer(question)
    done = story(case)
    assert str(done.label) == "Under evaluation"
    assert [str(one.title) for one in done.events] == ["Question asked", "Question answered"]


def test_the_questions_stay_to_be_read_after_the_decision(case, sheets, question):
    build.pass_on(question)
    build.answer(question)
    for sheet in sheets:
        build.submit(sheet)
    build.decide(case)
    build.release(case)

    assert str(story(case).label) == "In publicity"
    shown = [str(one.label) for one in story(case).pages]
    assert shown == ["The decision and the feedback", "Questions about the declaration"]


def test_the_part_is_named_in_words(question):
    assert words_of(question) == "Technology – Summary"
    question.section = question.field = ""
    assert words_of(question) == "The declaration as a whole"


def test_an_experts_file_holds_what_was_asked(question, sheets):
    mine = personal.export(expert_of(sheets[0]))["clarifications"]

    assert [row["question"] for row in mine] == [question.question]
    assert personal.export(expert_of(sheets[1]))["clarifications"] == []


def test_what_is_shown_is_what_was_passed_on():
    assert sorted(SHOWN) == ["answered", "lapsed", "passed_on"]
