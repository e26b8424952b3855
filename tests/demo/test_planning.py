"""The plan of the demonstration: asked for once, and drawn by whoever computes plans."""

import pytest

from demo import planning
from demo.loader import load
from demo.plan import REVIEW_ROUND, Destiny, Item, Plan
from evaluation.models import AssignmentPlan
from evaluation.planning.compute import compute_all

pytestmark = pytest.mark.django_db


def test_a_plan_waits_for_the_declaration_that_waits_for_experts():
    load(Plan((Item("jp-takakura", REVIEW_ROUND, Destiny.AWAITING),)))
    planning.ask()  # asked again it is there already

    plan = AssignmentPlan.objects.get()
    before = plan.status
    compute_all()

    plan.refresh_from_db()
    assert (before, plan.status) == ("asked", "computed")
    assert plan.seats.count() == 5


def test_where_nothing_waits_there_is_no_plan():
    load(Plan((Item("us-iptd-danang", REVIEW_ROUND, Destiny.SUBMITTED),)))

    assert not AssignmentPlan.objects.exists()
