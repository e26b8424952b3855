"""The officers' pages of a plan once it is drawn: published, undone, out of date, replaced."""

import pytest
from django.urls import reverse

from evaluation.models import Assignment, Expert
from evaluation.planning import replacing
from evaluation.planning.workflow import perform_plan
from tests.builders import accounts, planning
from tests.builders import evaluation as build
from tests.reading import text

pytestmark = pytest.mark.django_db


def test_publishing_and_undoing_on_the_page(client, plan):
    step = reverse("admin:evaluation_assignmentplan_step", args=[plan.pk, "publish"])
    undo = reverse("admin:evaluation_assignmentplan_step", args=[plan.pk, "undo"])

    asked = text(client.get(step))
    client.post(step, {"due_on": "2099-12-31"})
    plan.refresh_from_db()
    published = plan.status
    client.post(undo, {"reason": "Too early."})
    plan.refresh_from_db()

    assert plan.seed in asked
    assert "Nothing." in asked
    assert published == "published"
    assert plan.status == "undone"
    assert "Nobody." in text(client.get(planning.address("change", plan.pk)))


def test_a_plan_published_without_a_day_asks_without_one_and_says_so_before(client, plan):
    step = reverse("admin:evaluation_assignmentplan_step", args=[plan.pk, "publish"])

    asked = text(client.get(step))
    client.post(step, {"due_on": ""})

    said = (
        "Until the end of this day, Beijing time. Empty: no day is set. The experts are asked "
        "without one and not reminded of their score sheets, and no sheet counts as missed."
    )
    assert said in asked
    assert set(Assignment.objects.values_list("due_at", flat=True)) == {None}


def test_a_plan_out_of_date_says_so_on_its_page(client, plan):
    build.away(Expert.objects.get(pk=plan.seats.all()[0].expert_id))

    page = text(client.get(planning.address("change", plan.pk)))

    assert "1 expert of this plan cannot be asked any more." in page
    assert "It cannot be published like this." in page


def test_replacements_are_listed_with_who_was_drawn(client, activity):
    planning.waiting(activity, 1)
    planning.experts(4)
    owed = planning.declined(planning.published(activity))
    replacing.draw({"declined": str(owed.pk)})
    owed.refresh_from_db()

    page = text(client.get(reverse("admin:evaluation_replacement_change", args=[owed.pk])))

    assert str(owed.assignment.expert) in page
    assert "1 of 1" in page


def test_a_replacement_that_an_undone_plan_owed_says_so(client, activity):
    planning.waiting(activity, 1)
    planning.experts(4)
    plan = planning.published(activity)
    owed = planning.declined(plan)
    perform_plan("undo", plan.pk, actor=accounts.officer(), reason="Too early.")
    replacing.draw({"declined": str(owed.pk)})

    page = text(client.get(reverse("admin:evaluation_replacement_change", args=[owed.pk])))

    assert "nobody: the plan was undone" in page


def test_a_replacement_for_an_excluded_sheet_says_so(client, activity):
    planning.waiting(activity, 1)
    planning.experts(4)
    plan = planning.published(activity)
    asked = Assignment.objects.filter(planned__plan=plan).order_by("pk")[0]
    build.exclude(build.submit(build.accept(asked)))

    page = text(client.get(reverse("admin:evaluation_replacement_change", args=[asked.pk])))

    assert "the score sheet was excluded" in page
    assert "is being drawn" in page
