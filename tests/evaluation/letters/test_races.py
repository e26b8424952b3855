"""Two at once about one letter."""

import pytest

from evaluation.letters import writing
from evaluation.letters.writing import LETTERS
from evaluation.models import FeedbackLetter
from evaluation.states import CaseStatus
from tests.builders import accounts
from tests.builders import evaluation as build
from tests.builders import letters as make
from tests.builders.core import outcomes_of

pytestmark = pytest.mark.django_db(transaction=True)


def saving(letter, officer, text):
    return lambda: writing.save(letter.pk, {}, overall=text, actor=officer, revision=0)


def test_of_two_who_save_one_is_told_and_one_text_is_stored():
    letter, people = make.begun(), [accounts.officer(), accounts.second_officer()]

    found = outcomes_of(*(saving(letter, one, f"By {one.pk}.") for one in people))

    letter.refresh_from_db()
    assert found == ["StaleRevision", "done"]
    assert letter.overall == f"By {letter.saved_by_id}."
    assert letter.revision == 1


def test_two_who_begin_at_once_write_one_letter():
    case = build.scored_case(experts_wanted=1)
    people = [accounts.officer(), accounts.second_officer()]

    assert outcomes_of(*(lambda o=one: writing.begin(case.pk, actor=o) for one in people)) == [
        "done",
        "done",
    ]
    assert FeedbackLetter.objects.count() == 1


def test_a_letter_begun_as_the_decision_is_released_holds_it_up_or_comes_too_late():
    case = build.case(CaseStatus.DECIDED, experts_wanted=1)
    officer, second = accounts.officer(), accounts.second_officer()

    found = outcomes_of(
        lambda: writing.begin(case.pk, actor=officer), lambda: build.release(case, actor=second)
    )

    begun = FeedbackLetter.objects.filter(status="writing").exists()
    released = build.reread(case).status == CaseStatus.PUBLICITY
    assert found in (["DomainError", "done"], ["TransitionError", "done"])
    assert begun is not released


def test_a_letter_reopened_as_the_decision_is_released_is_handed_out_or_holds_it_up():
    letter = make.finished()
    build.decide(letter.case)
    officer, second = accounts.officer(), accounts.second_officer()

    outcomes_of(
        lambda: LETTERS.perform("reopen", letter.pk, actor=officer),
        lambda: build.release(letter.case, actor=second),
    )

    letter.refresh_from_db()
    released = build.reread(letter.case).status == CaseStatus.PUBLICITY
    assert (letter.status, released) in {("handed_out", True), ("writing", False)}
