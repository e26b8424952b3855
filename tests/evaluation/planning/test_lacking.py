"""A case that lost an expert is among the work of the office until somebody else is asked."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from core import rights
from evaluation import case_page
from evaluation.models import Assignment, AvoidanceRequest, Case, Expert
from evaluation.office import stuck
from evaluation.office.stuck import lacking_experts
from evaluation.planning import reminding, replacing
from evaluation.workflow import perform_assignment
from tests.builders import accounts, planning, reviews, submissions
from tests.builders import connections as make
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


def lacks(case):
    return case in lacking()


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
    case = owed.declined.case
    client = accounts.signed_in(accounts.officer())
    assert lacking() == []
    assert "experts hold a seat" not in page_of(case, client)
    replacing.draw({"declined": str(owed.pk)})

    assert lacking() == [case]  # nobody was left to draw
    assert "2 of 3 experts hold a seat" in page_of(case, client)


def test_a_seat_nobody_owes_is_work_beside_one_that_a_plan_fills():
    activity = submissions.open_activity(experts_wanted=3)
    planning.waiting(activity, 1)
    planning.experts(3)
    owed = planning.declined(planning.published(activity))
    case = owed.declined.case
    assert lacking() == []

    bar_by_tie(unfinished(case)[0])

    assert lacking() == [case]


def bar_by_tie(assignment):
    house = assignment.case.declaration.organisation
    Expert.objects.filter(pk=assignment.expert_id).update(employer=house)


def bar_late(assignment):
    """Let a conflict of the expert be found with another declaration of the organisation."""
    build.exclude(reviews.judged(reviews.next_of(assignment.case), assignment.expert))


def bar_by_review(assignment):
    make.rule("judged")
    before = reviews.next_of(assignment.case)
    reviews.judged(before, assignment.expert)
    Case.objects.filter(pk=assignment.case_id).update(opened_at=timezone.now())


def bar_by_request(assignment, *, by_name=False):
    person, declaration = assignment.expert.user, assignment.case.declaration
    row = AvoidanceRequest.objects.create(
        declaration=declaration,
        named=person.name if by_name else "Somebody of another name",
        reason="At law with them.",
        asked_by=accounts.owner_of(declaration.organisation),
        asked_at=timezone.now(),
    )
    make.decide(row, person=None if by_name else person)


def bar_by_name(assignment):
    bar_by_request(assignment, by_name=True)


def unfinished(case):
    return list(case.assignments.unfinished().order_by("pk"))


def page_of(case, client):
    return text(client.get(reverse("admin:evaluation_case_change", args=[case.pk])))


BARS = [bar_by_tie, bar_late, bar_by_review, bar_by_request, bar_by_name]


@pytest.mark.parametrize("accepted", [False, True])
@pytest.mark.parametrize("bar", BARS)
def test_whose_seat_is_barred_leaves_work_for_an_officer(bar, accepted):
    """They hold no right on it, not even to decline; the page names what is to be cancelled."""
    officer, case = accounts.officer(), build.case()
    asked, other = build.assign(case, actor=officer)
    if accepted:
        build.accept(asked)
    client = accounts.signed_in(officer)
    said = f"{asked.expert} was asked and may not judge this declaration any more"
    assert (lacks(case), said in page_of(case, client)) == (False, False)

    bar(asked)

    person = User.objects.get(pk=asked.expert_id)
    assert rights.held(person, asked, "read", "answer") == set()
    assert lacks(case)
    page = page_of(case, client)
    assert "1 of 2 experts hold a seat" in page
    assert page.count("may not judge this declaration any more") == 1
    assert said in page
    assert reminding._open().filter(case=case).get() == other

    perform_assignment("cancel", asked.pk, actor=officer, reason="A conflict.")

    assert lacks(case)
    assert said not in page_of(case, client)
    build.assign(case, build.expert(), actor=officer)
    assert not lacks(case)
    assert "experts hold a seat" not in page_of(case, client)


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


def test_the_page_asks_twice_however_many_seats_are_barred():
    case, found = build.case(experts_wanted=4), []
    asked = build.assign(case, *(build.expert() for _n in range(4)))
    case = build.reread(case)
    people = case_page.asked(case)
    for some in (asked[:1], asked):
        for one in some:
            bar_by_tie(one)
        with CaptureQueriesContext(connection) as questions:
            said = stuck.of_case(case, people)
        found.append((said["lacking"], len(said["to_cancel"]), len(questions)))

    assert found == [({"have": 3, "wanted": 4}, 1, 2), ({"have": 0, "wanted": 4}, 4, 2)]
