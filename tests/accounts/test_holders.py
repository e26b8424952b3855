"""Who is told: the officers who hold a right on a row, and what finding them costs."""

import pytest

from accounts.holders import officers_with
from evaluation.states import CaseStatus
from tests.builders import accounts, evaluation

pytestmark = pytest.mark.django_db


def test_officers_are_found_with_one_question_for_each_and_two_for_all(
    django_assert_num_queries,
):
    case = evaluation.case(CaseStatus.AWAITING)
    barred = accounts.officer()
    evaluation.involve(barred, case)
    accounts.auditor()
    before = officers_with("read", case)
    for _n in range(3):
        accounts.officer()

    with django_assert_num_queries(2 + len(before) + 1 + 3):
        found = officers_with("read", case)

    assert len(found) == len(before) + 3
    assert barred not in found
    assert all(one.roles == {"officer"} for one in found)
