"""Two at once about one question."""

import datetime as dt
import uuid

import pytest

from accounts.roles import Level
from core.models import StoredMail
from evaluation.clarifications.clarifying import CLARIFICATIONS, PATIENCE, ask
from evaluation.models import Clarification
from evaluation.states import CaseStatus
from evaluation.workflow import perform_sheet
from tests.builders import accounts, clock
from tests.builders import evaluation as build
from tests.builders.core import outcomes_of

pytestmark = pytest.mark.django_db(transaction=True)


def answering(row, person, text):
    return lambda: CLARIFICATIONS.perform("answer", row.pk, actor=person, answer=text)


def test_of_two_members_who_answer_one_is_too_late_and_experts_are_told_once():
    row = build.pass_on(build.asked())
    house = row.assignment.case.declaration.organisation
    people = [accounts.owner_of(house), accounts.member(Level.EDIT, house)]

    found = outcomes_of(*(answering(row, one, f"By {one.pk}.") for one in people))

    assert found == ["TransitionError", "done"]
    assert Clarification.objects.get().answer in {f"By {one.pk}." for one in people}
    assert StoredMail.objects.filter(template="clarification_answered").count() == 1


@pytest.mark.parametrize(
    ("after", "state"),
    [
        (-dt.timedelta(microseconds=1), "answered"),
        (dt.timedelta(0), "passed_on"),
        (PATIENCE, "lapsed"),
    ],
)
def test_answer_and_lapse_at_once_end_as_the_moment_says(after, state):
    row = build.pass_on(build.asked())
    owner = accounts.owner_of(row.assignment.case.declaration.organisation)

    with clock.stopped(build.end_of_day(row) + after):
        found = outcomes_of(
            answering(row, owner, "At the outlet."),
            lambda: CLARIFICATIONS.perform("lapse", row.pk, actor=None),
        )

    assert Clarification.objects.get().status == state
    assert found.count("done") == (state != "passed_on")


def test_two_officers_pass_on_and_decline_and_one_is_too_late():
    row = build.asked()
    officer = accounts.officer()

    found = outcomes_of(
        lambda: build.pass_on(row),
        lambda: CLARIFICATIONS.perform("decline", row.pk, actor=officer, reason="No."),
    )

    assert found == ["TransitionError", "done"]


def test_one_press_sent_twice_at_once_is_one_question():
    sheet = build.accept(build.an_assignment(build.case(CaseStatus.IN_REVIEW)))
    key, actor = uuid.uuid4(), sheet.assignment.expert.user

    found = outcomes_of(
        *[lambda: ask(sheet.pk, actor=actor, key=key, question="Why?") for _n in range(2)]
    )

    assert found == ["done", "done"]
    assert Clarification.objects.count() == 1


def test_no_question_slips_in_behind_the_submission():
    sheet = build.fill(build.accept(build.an_assignment(build.case(CaseStatus.IN_REVIEW))))
    actor = sheet.assignment.expert.user

    found = outcomes_of(
        lambda: perform_sheet("submit", sheet.pk, actor=actor),
        lambda: ask(sheet.pk, actor=actor, key=uuid.uuid4(), question="Why?"),
    )

    sheet.refresh_from_db()
    assert sheet.status == "submitted"
    assert found in (["done", "done"], ["TransitionError", "done"])
    assert Clarification.objects.count() == found.count("done") - 1
