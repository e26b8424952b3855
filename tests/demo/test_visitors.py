"""A load that goes on while visitors are at it: what they did is theirs."""

import pytest

from core import progress
from core.errors import TransitionError
from demo import accounts, judging, people
from demo.loader import load
from demo.progress import NAME
from evaluation.models import Assignment
from evaluation.workflow import perform_assignment, perform_case
from submissions.workflow import perform
from tests.demo.small import declaration, small_plan


def load_again():
    """Load as if the first load had been killed before its very end."""
    progress.begin(NAME, total=1)
    load(small_plan())


@pytest.mark.django_db
def test_declaration_a_visitor_took_in_hand_stays_in_her_hand(loaded):
    one = declaration("ca-ostara-pearl")
    perform("begin_check", one.pk, actor=accounts.account(people.OFFICER))

    load_again()

    assert declaration("ca-ostara-pearl").status == "in_check"


@pytest.mark.django_db
def test_draft_a_visitor_withdrew_stays_withdrawn(loaded):
    one = declaration("inv-tannery-loop")
    perform("withdraw", one.pk, actor=accounts.account(people.OWNER), reason="Not needed.")

    load_again()

    assert declaration("inv-tannery-loop").status == "withdrawn"


@pytest.mark.django_db
def test_decision_a_visitor_released_is_not_decided_again(loaded):
    case = declaration("mx-sistema-bio").case
    perform_case("release", case.pk, actor=accounts.account(people.SECOND_OFFICER))

    load_again()

    case.refresh_from_db()
    assert (case.status, case.decisions.count()) == ("publicity", 1)


@pytest.mark.django_db
def test_invitation_a_visitor_declined_stays_declined(loaded):
    mine = Assignment.objects.get(
        expert__user__email=people.EXPERT.email, case=declaration("gb-aqmesh").case
    )
    reason = "I know the makers."
    perform_assignment("decline", mine.pk, actor=mine.expert.user, reason=reason)

    load_again()

    mine.refresh_from_db()
    assert mine.status == "declined"


@pytest.mark.django_db
def test_publicity_the_worker_ended_first_is_no_fault(loaded):
    case = declaration("nl-nereda").case

    judging._clear(case)

    assert case.status == "cleared"


@pytest.mark.django_db
def test_publicity_that_cannot_be_ended_is_one(loaded):
    case = declaration("jp-takakura").case

    with pytest.raises(TransitionError):
        judging._clear(case)
