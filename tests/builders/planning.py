"""Plans of an activity, made through the services a person uses."""

import datetime as dt
from typing import Any

from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from evaluation.models import Assignment, AssignmentPlan, Case, Expert, Replacement
from evaluation.planning import asking, compute
from evaluation.planning.workflow import perform_plan
from evaluation.workflow import perform_assignment
from submissions.models import Activity
from tests.builders import accounts, evaluation, submissions


def waiting(activity: Activity, number: int = 2) -> list[Case]:
    """Return cases of an activity that wait for experts, in the order of their keys."""
    made = [evaluation.case(activity=activity) for _n in range(number)]
    return sorted(made, key=lambda one: one.pk)


def experts(number: int = 6, **profile: Any) -> list[Expert]:
    """Return experts of the sub-category that declarations here are of."""
    subs = profile.pop("subcategories", ["WAT-01"])
    return [evaluation.expert(subcategories=subs, **profile) for _n in range(number)]


def asked(
    activity: Activity | None = None, *, actor: User | None = None, **wishes: Any
) -> AssignmentPlan:
    """Return a plan that waits to be computed; with declarations and experts if none are given."""
    if activity is None:
        activity = submissions.open_activity()
        waiting(activity)
        experts()
    values = {"name": "First draw", "need": 3, "specialists": 1, **wishes}
    return asking.ask(activity, actor=actor or accounts.officer(), **values)


def drawn(activity: Activity | None = None, **wishes: Any) -> AssignmentPlan:
    """Return a plan the worker has computed."""
    plan = asked(activity, **wishes)
    compute.compute(plan.pk)
    return AssignmentPlan.objects.select_related("activity").get(pk=plan.pk)


def publish(plan: AssignmentPlan, *, actor: User | None = None, days: int = 30) -> AssignmentPlan:
    due_at = timezone.now() + dt.timedelta(days=days)
    return perform_plan("publish", plan.pk, actor=actor or accounts.officer(), due_at=due_at)


def published(activity: Activity | None = None, **wishes: Any) -> AssignmentPlan:
    return publish(drawn(activity, **wishes))


def declined(plan: AssignmentPlan | None = None) -> Replacement:
    """Let one expert of a published plan decline; return what is owed for it."""
    plan = plan or published()
    rows = Assignment.objects.filter(planned__plan=plan).select_related("expert__user")
    one = rows.order_by("pk")[0]
    perform_assignment("decline", one.pk, actor=one.expert.user, reason="No time.")
    return Replacement.objects.get(pk=one.pk)


def address(page: str, *args: Any) -> str:
    """Return the address of an officers' page of a plan."""
    return reverse(f"admin:evaluation_assignmentplan_{page}", args=args)


def spare(plan: AssignmentPlan) -> tuple[Expert, Case]:
    """Return an expert who has no seat at the first declaration, and that declaration."""
    case = Case.objects.get(pk=plan.seats.order_by("case")[0].case_id)
    seated = plan.seats.filter(case=case).values("expert")
    return Expert.objects.exclude(pk__in=seated).order_by("pk")[0], case
