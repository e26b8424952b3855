"""The conflicts of interest the demonstration shows."""

import pytest

from demo import accounts, loader, people, ties
from demo.plan import full_plan
from evaluation.models import Case, Connected, Connection, LateConflict, ScoreSheet

pytestmark = pytest.mark.django_db


def test_one_connection_bars_and_one_ended_before_the_rule_looks_back():
    accounts.logins()
    accounts.person(people.CLERK)
    for profile in people.EXPERTS:
        accounts.expert(profile)
    house = accounts.invented_organisation("bluestem", owner=accounts.account(people.OWNER))

    ties.connect()
    ties.connect()

    bound = Connected.objects.filter(organisation_id=house.pk).values_list("user_id", flat=True)
    experts = {one.person.key: one.person for one in people.EXPERTS}
    assert Connection.objects.count() == 2
    assert list(bound) == [accounts.account(experts["e09"]).pk]


def test_one_sheet_is_found_out_late_and_twice_is_once():
    plan = full_plan().only(ties.LATE)

    loader._load(plan, None)
    case = Case.objects.get()
    ties.find_late(plan.items[0], case)

    found = LateConflict.objects.get()
    assert (case.status, found.sheet.generated) == ("scored", True)
    assert ScoreSheet.objects.filter(status="submitted").count() == 4
    assert len(found.result_after["sheets"]) == 4


def test_who_was_found_out_late_scores_nothing_else_of_the_firm():
    others = {"inv-ozone-cells", "inv-polishing-membrane", "inv-quiet-aerator"}
    plan = full_plan().only(ties.LATE, *others)

    loader._load(plan, None)

    excluded = ScoreSheet.objects.get(status="excluded").assignment
    rest = Case.objects.exclude(pk=excluded.case_id)
    assert {one.declaration.organisation_id for one in rest} == {
        excluded.case.declaration.organisation_id
    }
    assert [one.assignments.count() for one in rest] == [5, 5, 5]
    assert not rest.filter(assignments__expert=excluded.expert).exists()
    assert not rest.filter(status__in=("awaiting_assignment", "in_review")).exists()
