"""A limit per expert that cannot be kept, because more was asked before, is told of."""

import pytest
from django.urls import reverse

from evaluation.models import Expert
from evaluation.planning.documents import over_limits
from tests.builders import accounts, planning
from tests.builders import evaluation as build
from tests.reading import text, texts

pytestmark = pytest.mark.django_db
ASKED = "was asked about 2 of these declarations before the plan was drawn"


@pytest.fixture
def busy(activity):
    """Return an expert who was asked about two declarations of the activity already."""
    cases = planning.waiting(activity, 2)
    planning.experts(4)
    one = build.expert(subcategories=["WAT-01"])
    for case in cases:
        build.assign(case, one)
    return one


def page_of(plan):
    client = accounts.signed_in(accounts.officer())
    return client.get(reverse("admin:evaluation_assignmentplan_change", args=[plan.pk]))


def test_the_limit_of_the_plan(activity, busy):
    plan = planning.drawn(activity, cap=1)

    page = page_of(plan)

    said = f"{busy} {ASKED}, 1 more than the limit of this plan (1)."
    assert page.context["outcome"]["over"] == [said]
    assert said in texts(page, "li")
    assert "Limits that are not kept" in texts(page, "h3")
    assert over_limits(plan.inputs.document) == [(str(busy.pk), 2, 1)]
    assert plan.seats.filter(expert=busy).count() == 2


def test_the_own_limit(activity, busy):
    Expert.objects.filter(pk=busy.pk).update(cap=1)

    page = page_of(planning.drawn(activity, cap=5))

    assert page.context["outcome"]["over"] == [
        f"{busy} {ASKED}, 1 more than their own limit leaves room for (1)."
    ]


def test_who_cannot_be_asked_any_more_is_told_of_too(activity, busy):
    build.away(busy)

    page = page_of(planning.drawn(activity, cap=1))

    assert page.context["outcome"]["over"] == [
        f"{busy} {ASKED}, 1 more than the limit of this plan (1)."
    ]


def test_limits_that_are_kept_are_not_spoken_of(activity, busy):
    plan = planning.drawn(activity, cap=2)

    page = page_of(plan)

    assert page.context["outcome"]["over"] == []
    assert "Limits that are not kept" not in text(page)
    assert [one for one in plan.inputs.document["experts"] if "limit" in one] == []


def test_need_that_falls_short_of_limits_is_a_clash_that_names_them(activity):
    planning.waiting(activity, 2)
    planning.experts(4)

    page = page_of(planning.drawn(activity, cap=1))

    (clash,) = page.context["outcome"]["clashes"]
    assert "the most declarations an expert takes" in clash
    assert "6 seats are asked for, 4 can be filled." in clash
    assert page.context["outcome"]["over"] == []


def test_two_plans_beside_each_other_say_it(activity, busy):
    one, other = planning.drawn(activity, cap=1), planning.drawn(activity, name="Other")
    client = accounts.signed_in(accounts.officer())
    address = reverse("admin:evaluation_assignmentplan_compare", args=[one.pk])

    page = client.get(address, {"other": str(other.pk)})

    assert (page.context["before"]["over"], page.context["after"]["over"]) == (
        [f"{busy} {ASKED}, 1 more than the limit of this plan (1)."],
        [],
    )
    assert "Limits that are not kept" in texts(page, "th")
