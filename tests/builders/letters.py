"""Feedback letters in each state, made through the services a person uses."""

from typing import Any

from accounts.models import User
from evaluation.letters import writing
from evaluation.letters.states import LetterStatus
from evaluation.letters.writing import LETTERS
from evaluation.models import Case, FeedbackLetter
from tests.builders import accounts, evaluation

TEXTS = {"advanced": "New in its field.", "economy": "The costs are those of the field."}
OVERALL = "A sound technology."


def begun(case: Case | None = None, *, actor: User | None = None) -> FeedbackLetter:
    return writing.begin(
        (case or evaluation.scored_case(experts_wanted=1)).pk, actor=actor or accounts.officer()
    )


def saved(letter: FeedbackLetter, *, overall: str = OVERALL, **passages: str) -> FeedbackLetter:
    """Save passages by the code of their dimension, as the newest page would."""
    return writing.save(
        letter.pk,
        passages,
        overall=overall,
        actor=accounts.officer(),
        revision=FeedbackLetter.objects.get(pk=letter.pk).revision,
    )


def finished(letter: FeedbackLetter | None = None, /, **given: Any) -> FeedbackLetter:
    """Write a letter and finish it, letting every remark stand."""
    written = saved(letter or begun(), **given)
    confirmed = [one.key for one in writing.remarks_of(written)]
    return LETTERS.perform("finish", written.pk, actor=accounts.officer(), confirmed=confirmed)


def letter(status: str) -> FeedbackLetter:
    """Return a letter in a state, brought there step by step."""
    if status == LetterStatus.WRITING:
        return begun()
    if status == LetterStatus.DISCARDED:
        return LETTERS.perform("discard", begun().pk, actor=accounts.officer())
    made = finished()
    if status == LetterStatus.HANDED_OUT:
        evaluation.decide(made.case)
        evaluation.release(made.case)
    return FeedbackLetter.objects.get(pk=made.pk)
