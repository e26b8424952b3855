"""A case that lost an expert is among the work of the office until somebody else is asked."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from evaluation.models import Assignment, Case
from evaluation.office.lacking import lacking_experts
from evaluation.planning import replacing
from evaluation.workflow import perform_assignment
from tests.builders import accounts, planning, submissions
from tests.builders import evaluation as build
from tests.reading import text

pytestmark = pytest.mark.django_db
CASES = reverse("admin:evaluation_case_changelist")


def decline(assignment):
    perform_assignment(
        "decline", assignment.pk, actor=assignment.expert.user, reason="Too much to do."
    )


def lacking():
    return list(lacking_experts(Case.objects.all()).order_by("pk"))


def desk_of(officer):
    answer = accounts.signed_in(officer).get("/en/work/")
    lines = {one.title: (one.url, one.meta) for one in answer.context["desks"][0].items}
    return lines.get("Cases that lack experts")


def test_who_was_asked_by_hand_and_declines_leaves_work_for_an_officer():
    officer, case = accounts.officer(), build.case()
    first, _second = build.assign(case, actor=officer)
    assert (lacking(), desk_of(officer)) == ([], None)

    decline(first)

    page = reverse("admin:evaluation_case_change", args=[case.pk])
    client = accounts.signed_in(officer)
    assert desk_of(officer) == (f"{CASES}?experts=lacking", "1")
    assert "1 of 2 experts hold a seat" in text(client.get(page))
    listed = client.get(f"{CASES}?experts=lacking").context["cl"].result_list
    assert [one.pk for one in listed] == [case.pk]

    build.assign(case, build.expert(), actor=officer)
    assert (lacking(), desk_of(officer)) == ([], None)
    assert "experts hold a seat" not in text(client.get(page))


def test_a_seat_that_a_plan_is_filling_is_no_work_yet():
    activity = submissions.open_activity(experts_wanted=3)
    planning.waiting(activity, 1)
    planning.experts(3)
    plan = planning.published(activity)

    owed = planning.declined(plan)
    assert lacking() == []
    replacing.draw({"declined": str(owed.pk)})

    assert lacking() == [owed.declined.case]  # nobody was left to draw


def test_a_sheet_that_counts_no_more_frees_the_seat():
    case = build.case()
    first, _second = build.assign(case)

    build.exclude(build.submit(build.accept(first)))

    assert lacking() == [case]


def test_a_conflict_takes_the_line_from_an_officer():
    officer, tied, case = accounts.officer(), accounts.officer(), build.case()
    first, _second = build.assign(case, actor=officer)
    build.involve(tied, case)
    decline(first)

    assert (desk_of(tied), desk_of(officer)[1]) == (None, "1")


def test_the_desk_costs_the_same_for_more():
    officer, costs = accounts.officer(), []
    for _n in range(2):
        decline(build.assign(build.case(), actor=officer)[0])
        desk_of(officer)
        with CaptureQueriesContext(connection) as asked:
            desk_of(officer)
        costs.append(len(asked))

    assert costs[0] == costs[1]
    assert Assignment.objects.filter(status="declined").count() == 2
