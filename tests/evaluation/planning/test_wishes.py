"""With what the form of a plan begins: whoever only presses the button gets a plan."""

import pytest
from django.urls import reverse

from accounts.roles import Level
from accounts.services import add_member
from evaluation.models import AssignmentPlan, Case
from evaluation.planning import compute
from evaluation.planning.wishes import wishes
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
