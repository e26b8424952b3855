"""Experts are reminded of what they have not answered or finished, in one mail, until they have."""

import datetime as dt

import pytest
from django.utils import timezone

from core import reminders
from core.models import StoredMail
from evaluation.models import Assignment
from evaluation.workflow import perform_assignment
from tests.builders import clock, connections, planning, submissions
from tests.builders import evaluation as build

pytestmark = pytest.mark.django_db


def reminded(days, template):
    """Send what is due after so many days; return who was reminded by it, and of how many."""
    StoredMail.objects.filter(template=template).delete()
    clock.stop(timezone.now() + dt.timedelta(days=days))
    reminders.remind()
    clock.tick()
    mails = StoredMail.objects.filter(template=template)
    return {one.recipient: one.subject for one in mails}


@pytest.fixture
def plan():
    activity = submissions.open_activity()
    planning.waiting(activity, 2)
    planning.experts(3)
    return planning.publish(planning.drawn(activity), days=20)


def test_who_has_not_answered_is_reminded_once_of_all_of_it(plan):
    first, *_others = Assignment.objects.select_related("expert__user").order_by("expert", "pk")
    mine = Assignment.objects.filter(expert=first.expert).select_related("expert__user")
    build.accept(mine[0])

    found = [reminded(days, "assignments_unanswered") for days in (1, 3, 3)]

    assert found[0] == found[2] == {}
    assert len(found[1]) == 3
    assert found[1][first.expert.user.email] == "1 invitation to score waits for your answer"
    assert sorted(found[1].values())[1:] == ["2 invitations to score wait for your answer"] * 2
    assert plan.status == "published"


def test_who_has_answered_all_of_it_is_left_alone(plan):
    for one in Assignment.objects.select_related("expert__user"):
        actor = one.expert.user
        perform_assignment("decline", one.pk, actor=actor, reason="No time.")

    assert reminded(3, "assignments_unanswered") == {}
    assert plan.status == "published"


def test_whose_sheets_are_due_is_reminded_before_and_after_until_they_are_in(plan):
    first, *others = Assignment.objects.select_related("expert__user").order_by("pk")
    build.submit(build.accept(first))
    second = others[0]
    build.accept(second)
    email = second.expert.user.email

    found = [reminded(days, "sheets_due") for days in (10, 13, 18, 22, 27)]

    day = timezone.localtime(plan.due_at).strftime("%Y-%m-%d")
    assert found == [
        {},
        {email: f"1 score sheet is due by {day}"},
        {email: f"1 score sheet is due by {day}"},
        {email: "1 score sheet is overdue"},
        {email: "1 score sheet is overdue"},
    ]


def test_who_may_not_judge_any_more_is_not_reminded(plan):
    first, *_others = Assignment.objects.select_related("expert__user").order_by("expert", "pk")
    for one in Assignment.objects.filter(expert=first.expert).select_related("case__declaration"):
        connections.connection(first.expert.user, one.case.declaration.organisation)

    found = reminded(3, "assignments_unanswered")

    assert (len(found), first.expert.user.email in found) == (2, False)
    assert plan.status == "published"
