"""Two at once at the door of the pool."""

import datetime as dt

import pytest
from django.utils import timezone

from evaluation import nominating
from evaluation.expert_workflow import EXPERTS
from evaluation.models import Assignment, Expert, Nomination
from evaluation.workflow import perform_case
from reference.models import Field
from tests.builders import accounts
from tests.builders import evaluation as build
from tests.evaluation.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_who_applies_twice_at_once_has_applied_once():
    person = accounts.user()

    found = at_once(
        *[lambda: build.applicant(user=person, employer_name="An institute") for _n in range(2)]
    )

    assert found == ["DomainError", "done"]
    assert Expert.objects.get().employments.count() == 1


def test_of_two_officers_who_decide_one_is_too_late():
    expert = build.applicant()
    first, second = accounts.officer(), accounts.officer()

    found = at_once(
        lambda: EXPERTS.perform("enrol", expert.pk, actor=first),
        lambda: EXPERTS.perform("refuse", expert.pk, actor=second, reason="Too early."),
    )

    assert found == ["TransitionError", "done"]
    assert Expert.objects.get().status in {"enrolled", "refused"}


def test_two_people_with_one_link_are_not_both_taken():
    _nomination, token = build.nominated()
    people = [accounts.user(), accounts.user()]
    # A query set is not asked by two threads at once.
    fields = list(Field.objects.filter(code="WAT"))

    def consent(person):
        return lambda: nominating.consent(
            token, actor=person, employment={"name": "An institute"}, fields=fields
        )

    assert at_once(*map(consent, people)) == ["DomainError", "done"]
    assert Expert.objects.count() == 1
    assert Nomination.objects.get().expert == Expert.objects.get()


def test_two_officers_do_not_ask_beyond_what_an_expert_wants():
    expert = build.expert(cap=1)
    cases = [build.case(), build.case()]
    due_at = timezone.now() + dt.timedelta(days=14)

    def assign(case, officer):
        return lambda: perform_case(
            "assign", case.pk, actor=officer, experts=[expert], due_at=due_at
        )

    found = at_once(*(assign(one, accounts.officer()) for one in cases))

    assert found == ["DomainError", "done"]
    assert Assignment.objects.count() == 1
