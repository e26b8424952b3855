"""With what the form of a plan begins: whoever only presses the button gets a plan."""

from functools import partial
from uuid import UUID

import pytest
from django.urls import reverse

from accounts.roles import Level
from accounts.services import add_member
from evaluation.conflicts.pairs import Barred
from evaluation.models import AssignmentPlan, Case
from evaluation.planning import compute, facts
from evaluation.planning import wishes as wishing
from evaluation.planning.facts import Column, Facts, Row
from evaluation.planning.wishes import wishes
from submissions.models import Activity
from tests.builders import accounts, planning, submissions

pytestmark = pytest.mark.django_db


@pytest.fixture
def activity():
    made = submissions.open_activity()
    planning.waiting(made)
    return made


def test_where_the_pool_has_them_it_is_the_usual(activity):
    planning.experts(6)

    assert wishes([activity]) == {"need": 5, "specialists": 3}


@pytest.mark.parametrize(
    ("special", "others", "begun"),
    [
        (0, 6, {"need": 5, "specialists": 0}),
        (2, 4, {"need": 5, "specialists": 2}),
        (1, 3, {"need": 3, "specialists": 1}),
        (4, 0, {"need": 3, "specialists": 3}),
    ],
)
def test_no_more_is_wished_than_the_pool_has(activity, special, others, begun):
    planning.experts(special)
    planning.experts(others, subcategories=[])

    assert wishes([activity]) == begun


def test_what_single_experts_take_is_counted(activity):
    planning.experts(3, cap=1)
    planning.experts(6, subcategories=[])

    # Two declarations; three experts of the sub-category who take one each: one for each.
    assert wishes([activity]) == {"need": 5, "specialists": 1}


def test_who_has_a_conflict_is_not_counted(activity):
    house = Case.objects.order_by("pk")[0].declaration.organisation_id
    planning.experts(2)
    for expert in planning.experts(3):
        add_member(house, expert.user, Level.VIEW, actor=None)

    assert wishes([activity])["specialists"] == 2


def test_of_several_activities_it_is_what_each_can_have(activity):
    planning.experts(6, subcategories=[])

    assert wishes([]) == {"need": 5, "specialists": 3}
    assert wishes([submissions.open_activity(), activity]) == {"need": 5, "specialists": 0}


def test_only_the_first_of_them_is_read_pair_by_pair(activity, monkeypatch):
    planning.experts(4)
    others = [submissions.open_activity() for _n in range(3)]
    for one in others:
        planning.waiting(one)
    read: list[Activity] = []
    monkeypatch.setattr(facts, "read", partial(_noted, read, facts.read))

    assert wishes([activity, *others]) == {"need": 3, "specialists": 3}
    assert read == [activity]


def _noted(read, before, activity):
    read.append(activity)
    return before(activity)


def test_barred_pairs_are_counted_once_not_for_each_pair(activity):
    planning.experts(4)
    cases, experts = range(40), range(60)
    looked = 0

    class Name(UUID):
        """A key that counts how often a set or a dictionary asks for it."""

        __slots__ = ()

        def __hash__(self):
            nonlocal looked
            looked += 1
            return super().__hash__()

    def name(number: int) -> UUID:
        return Name(int=number)

    columns = tuple(Column(name(n), True, None, "", False, (), ()) for n in experts)
    rows = tuple(Row(name(n), "", name(n), 1, "en", "", "") for n in cases)
    barred = {(name(n), name(n)): Barred.TIE for n in cases}
    found = Facts(rows, columns, standing=frozenset(), gone=frozenset(), barred=barred)
    able = dict.fromkeys((row.case for row in rows), frozenset(map(name, experts)))
    looked = 0

    assert wishing._most(found, able, 100) == len(experts) - 1
    assert looked < len(cases) * len(experts) / 2


@pytest.mark.parametrize("address", ["", "?activity={}", "?activity=nonsense"])
def test_who_only_presses_the_button_gets_a_plan(activity, address):
    planning.experts(6, subcategories=[])
    client = accounts.signed_in(accounts.officer())
    form = reverse("admin:evaluation_assignmentplan_add")

    fields = client.get(form + address.format(activity.pk)).context["adminform"].form
    typed = {name: fields[name].value() for name in fields.fields}
    sent = {name: value for name, value in typed.items() if value is not None}
    answer = client.post(form, sent | {"activity": activity.pk, "name": "At once"})

    plan = AssignmentPlan.objects.get()
    assert (answer.status_code, plan.need, plan.specialists) == (302, 5, 0)
    assert compute.compute(plan.pk)
    plan.refresh_from_db()
    assert plan.status == "computed"


def test_what_is_asked_once_more_keeps_its_wishes(activity):
    planning.experts(6, subcategories=[])
    client = accounts.signed_in(accounts.officer())
    form = reverse("admin:evaluation_assignmentplan_add")

    page = client.get(form, {"activity": activity.pk, "need": 7, "specialists": 2})

    fields = page.context["adminform"].form
    assert (fields["need"].value(), fields["specialists"].value()) == ("7", "2")
