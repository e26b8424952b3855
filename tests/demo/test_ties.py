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
