"""Whatever is connected with whatever: the condition and the reasons agree."""

import datetime as dt
import random

import pytest
from django.utils import timezone

from accounts.models import Organisation
from evaluation.conflicts.finding import conflicts
from evaluation.models import Tie
from tests.builders import accounts, submissions
from tests.builders import connections as make
from tests.builders import evaluation as build

pytestmark = pytest.mark.django_db


def tied_to(person):
    ties = Tie.objects.filter(user_id=person.pk)
    return Organisation.objects.filter(pk__in=ties.values("organisation_id"))


def numbered(organisation, number):
    Organisation.objects.filter(pk=organisation.pk).update(registration_number=number)
    organisation.refresh_from_db()
    return organisation


def years_ago(years):
    return timezone.localdate() - dt.timedelta(days=366 * years)


@pytest.mark.parametrize("seed", range(12))
def test_the_condition_and_the_reasons_say_the_same_of_any_graph(seed):
    """Six houses, some of one number or one name; edges of every shape between them and people."""
    dice = random.Random(seed)
    houses = [accounts.organisation(name_en=f"House {n // 2 if n > 3 else n}") for n in range(6)]
    for house in houses:
        numbered(house, f"NO {dice.randint(1, 4)}")
    experts = [build.expert(employer=dice.choice([None, *houses])) for _n in range(3)]
    for _n in range(dice.randint(2, 7)):
        one, other = dice.sample(experts, 2)
        near, far = dice.sample(houses, 2)
        ended = dice.choice([None, years_ago(4), years_ago(6)])
        shape = dice.choice(["entry", "name", "people", "houses"])
        if shape == "houses":
            make.group(near, far, ended_on=ended)
        elif shape == "people":
            make.connection(one.user, kind="co_inventor", other_person=other.user, ended_on=ended)
        else:
            where = {"organisation": near} if shape == "entry" else {"organisation_name": far.name}
            make.connection(one.user, kind="joint_project", ended_on=ended, **where)

    declared = [submissions.draft(organisation=one) for one in houses]

    for expert in experts:
        tied = set(tied_to(expert.user))
        found = {one.organisation for one in declared if conflicts(expert, one)}
        assert found == tied
