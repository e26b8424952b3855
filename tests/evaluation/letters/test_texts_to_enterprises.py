"""What goes out to an enterprise beside the letter names nobody who was asked to judge."""

from typing import Any

import pytest

from core.errors import DomainError
from evaluation.models import Decision
from evaluation.states import CaseStatus
from evaluation.workflow import perform_case
from tests.builders import accounts
from tests.builders import evaluation as build
from tests.builders import verifications as make

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("field", ["place", "prepare"])
def test_the_appointment_names_nobody_who_was_asked_to_judge(field):
    case = make.scored()
    name = case.assignments.get().expert.user.name

    given: dict[str, Any] = {field: f"With {name}."}
    with pytest.raises(DomainError, match="names a person who was asked to judge") as refused:
        make.arranged(case, **given)

    assert refused.value.field == field


def test_the_statement_names_nobody_and_may_give_figures():
    case = build.scored_case()
    expert = case.assignments.first().expert
    expert.employer_name = "Institute of Membranes"
    expert.save(update_fields=["employer_name"])
    decide: dict[str, Any] = {"actor": accounts.officer(), "outcome": Decision.Outcome.INCLUDED}

    for words, said in (
        (f"{expert.user.name} agrees.", "names a person who was asked to judge"),
        ("The Institute of Membranes agrees.", "names the employer of a person"),
    ):
        with pytest.raises(DomainError, match=said) as refused:
            perform_case("decide", case.pk, statement=words, **decide)
        assert refused.value.field == "statement"
    assert build.reread(case).status == CaseStatus.SCORED
    perform_case("decide", case.pk, statement="Removal at 95 points in time.", **decide)

    assert build.reread(case).status == CaseStatus.DECIDED
