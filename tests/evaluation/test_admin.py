"""The officers' desk for cases, experts and criteria."""

import datetime as dt
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from accounts.roles import Level
from accounts.services import add_member
from evaluation.desk.saving import save_scores
from evaluation.models import Case, Decision
from evaluation.planning import reminding
from evaluation.pool import attendance
from evaluation.states import AssignmentStatus, CaseStatus
from evaluation.workflow import perform_sheet
from tests.builders import accounts, criteria
from tests.builders import evaluation as build
from tests.reading import text

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer():
    return accounts.officer()


@pytest.fixture
def client(officer):
    return accounts.signed_in(officer)


def page_of(kind, obj):
    return reverse(f"admin:evaluation_{kind}_change", args=[obj.pk])


def step_of(obj, step, kind="case"):
    return reverse(f"admin:evaluation_{kind}_step", args=[obj.pk, step])


KINDS = ("case", "assignment", "scoresheet", "expert", "criteriaset", "activitycriteria")


@pytest.mark.parametrize("kind", KINDS)
def test_the_lists_are_for_officers(client, kind):
    build.case(CaseStatus.PUBLICITY)
    address = reverse(f"admin:evaluation_{kind}_changelist")

    found = [
        one.get(address).status_code
        for one in (
            client,
            accounts.signed_in(build.expert().user),
            accounts.signed_in(accounts.user()),
            accounts.signed_in(accounts.system_administrator()),
            Client(),
        )
    ]

    assert found == [200, 404, 404, 404, 302]


def more_of_everything():
    """Make another case with all that belongs to it."""
    return build.case(CaseStatus.PUBLICITY)


@pytest.mark.parametrize("kind", KINDS)
def test_a_list_costs_the_same_for_one_row_and_for_many(client, kind):
    address = reverse(f"admin:evaluation_{kind}_changelist")
    more_of_everything()
    client.get(address)
    with CaptureQueriesContext(connection) as one:
        client.get(address)
    more_of_everything()
    more_of_everything()

    with CaptureQueriesContext(connection) as many:
        client.get(address)

    assert len(one) == len(many)


def test_the_list_shows_how_many_sheets_are_in(client):
    case = build.case(CaseStatus.IN_REVIEW, experts_wanted=2)
    build.submit(build.accept(build.an_assignment(case)))

    assert "1 / 2" in text(client.get(reverse("admin:evaluation_case_changelist")))


# The page of a case ---------------------------------------------------------------------


def test_before_all_sheets_are_in_the_page_shows_no_figures(client):
    case = build.case(CaseStatus.IN_REVIEW, experts_wanted=2)
    build.submit(build.accept(build.an_assignment(case)), 73)

    page = client.get(page_of("case", case))

    assert page.context["figures"] is None
    assert "73.00" not in text(page)
    assert sorted(state for _one, state in page.context["asked"]) == ["Invited", "Submitted"]


def test_a_scored_case_shows_totals_and_spread_per_dimension_and_expert(client):
    case = build.case(CaseStatus.IN_REVIEW, experts_wanted=2)
    first, second = case.assignments.order_by("invited_at")
    build.submit(build.accept(first), 80)
    build.submit(build.accept(second), 90, economy=50)

    found = client.get(page_of("case", case)).context["figures"]

    economy = found.rows[2]
    assert [one.assignment for one in found.experts] == [first, second]
    assert (economy.by_sheet, economy.mean, economy.deviation) == (
        ["80.00", "50.00"],
        "65.00",
        "21.21",
    )
    assert (found.total.by_sheet, found.total.mean) == (["80.00", "82.00"], "81.00")
    assert (found.total.minimum, found.total.maximum) == ("80.00", "82.00")
    assert (found.verdict, found.method) == ("recommended", "mean-2")


def test_a_dimension_below_its_minimum_is_marked(client):
    case = build.case(CaseStatus.IN_REVIEW, experts_wanted=1)
    (assignment,) = case.assignments.all()
    build.submit(build.accept(assignment), 90, economy=50)

    page = client.get(page_of("case", case))

    assert "below the minimum" in text(page)
    assert page.context["verdict"]["label"] == "Not recommended"


def test_a_conflict_that_came_later_is_shown(client):
    case = build.case(CaseStatus.IN_REVIEW)
    expert = build.an_assignment(case).expert
    add_member(case.declaration.organisation_id, expert.user, Level.VIEW, actor=None)

    assert "acts for the organisation" in text(client.get(page_of("case", case)))


def test_the_page_of_a_case_costs_the_same_for_one_expert_and_for_five(client):
    few, many = build.scored_case(experts_wanted=1), build.scored_case(experts_wanted=5)
    client.get(page_of("case", few))

    with CaptureQueriesContext(connection) as one:
        client.get(page_of("case", few))
    with CaptureQueriesContext(connection) as five:
        client.get(page_of("case", many))

    assert len(one) == len(five)


def test_generated_sheets_are_marked(client):
    case = build.case(CaseStatus.IN_REVIEW, experts_wanted=1)
    sheet = build.accept(case.assignments.get())
    expert = sheet.assignment.expert.user
    save_scores(
        sheet.pk,
        build.full_scores(case),
        words=build.WORDS,
        actor=expert,
        generated=True,
    )
    perform_sheet("submit", sheet.pk, actor=expert)

    for address in (page_of("case", case), page_of("scoresheet", sheet)):
        assert "generated" in text(client.get(address))


def test_a_case_of_ones_own_organisation_is_not_there(client, officer):
    case = build.scored_case()
    add_member(case.declaration.organisation_id, officer, Level.VIEW, actor=None)

    assert client.get(page_of("case", case)).status_code in (302, 404)
    assert client.get(step_of(case, "decide")).status_code == 404
    assert case.declaration.title not in text(
        client.get(reverse("admin:evaluation_case_changelist"))
    )


# Steps ----------------------------------------------------------------------------------


def test_an_officer_assigns_experts_until_a_day(client):
    case = build.case()
    expert, other = build.expert(), build.expert()
    due_on = timezone.localdate() + dt.timedelta(days=14)

    answer = client.post(
        step_of(case, "assign"),
        {"experts": [str(expert.pk), str(other.pk)], "due_on": due_on.isoformat()},
    )

    assert answer["Location"] == page_of("case", case)
    assert build.reread(case).status == CaseStatus.IN_REVIEW
    assert {one.expert for one in case.assignments.all()} == {expert, other}
    (due_at,) = set(case.assignments.values_list("due_at", flat=True))
    assert timezone.localtime(due_at).isoformat() == f"{due_on}T23:59:00+08:00"


def options(page):
    """Return the experts offered: label and whether the box can be ticked, by id."""
    field = page.context["form"]["experts"]
    return {
        str(box.data["value"]): (box.data["label"], "disabled" not in box.data["attrs"])
        for box in field.subwidgets
    }


def test_the_choice_of_experts_shows_load_nearness_and_conflicts(client):
    case = build.case()
    busy = build.expert(name="Busy")
    build.assign(build.case(), busy)
    employed = build.expert(name="Employed", employer=case.declaration.organisation)
    far = build.expert(name="Far", field_codes=["AIR"])

    found = options(client.get(step_of(case, "assign")))

    label, free = found[str(busy.pk)]
    assert ("1 open assignment" in label, "in the field" in label, free) == (True, True, True)
    label, free = found[str(employed.pk)]
    assert ("The organisation is the expert’s employer." in label, free) == (True, False)
    label, free = found[str(far.pk)]
    assert ("another field" in label, free) == (True, True)
    assert list(found) == [str(employed.pk), str(busy.pk), str(far.pk)]


def test_a_disabled_box_that_is_ticked_all_the_same_is_refused_with_the_reason(client):
    case = build.case()
    expert = build.expert(employer=case.declaration.organisation)

    answer = client.post(step_of(case, "assign"), {"experts": [str(expert.pk)]})

    assert "cannot be assigned" in text(answer)
    assert not case.assignments.exists()


def test_experts_asked_without_a_day_are_neither_reminded_nor_late(client):
    case, expert = build.case(), build.expert()
    said = (
        "Until the end of this day, Beijing time. Empty: no day is set. The experts are asked "
        "without one and not reminded of their score sheets, and no sheet counts as missed."
    )

    page = text(client.get(step_of(case, "assign")))
    client.post(step_of(case, "assign"), {"experts": [str(expert.pk)], "due_on": ""})

    one = case.assignments.get()
    build.accept(one)
    always = timezone.now() - dt.timedelta(days=999), timezone.now() + dt.timedelta(days=999)
    assert said in page
    assert one.due_at is None
    assert list(reminding.unfinished(*always)) == []
    assert not attendance.missed().exists()


def test_the_choice_of_experts_costs_the_same_for_one_and_for_many(client):
    case = build.case()
    build.expert()
    client.get(step_of(case, "assign"))
    with CaptureQueriesContext(connection) as one:
        client.get(step_of(case, "assign"))
    for _n in range(3):
        build.expert()

    with CaptureQueriesContext(connection) as many:
        client.get(step_of(case, "assign"))

    assert len(one) == len(many)


def test_an_officer_decides_and_a_second_one_releases(client, officer):
    case = build.scored_case()
    second = accounts.signed_in(accounts.second_officer())
    shown = text(client.get(step_of(case, "decide")))
    client.post(step_of(case, "decide"), {"outcome": "included", "statement": "Sound."})

    own = client.post(step_of(case, "release"), {})
    released = second.post(step_of(case, "release"), {})

    assert "Total: 80.00 points. By the figures: Recommended." in shown
    assert "a second officer releases" in text(own).lower()
    assert released["Location"] == page_of("case", case)
    assert build.reread(case).status == CaseStatus.PUBLICITY
    assert Decision.objects.get(case=case).decided_by == officer


def test_sending_back_wants_a_reason(client):
    case = build.case(CaseStatus.DECIDED)

    refused = client.post(step_of(case, "send_back"), {"reason": ""})
    answer = client.post(step_of(case, "send_back"), {"reason": "Say why."})

    assert (refused.status_code, answer.status_code) == (200, 302)
    assert build.reread(case).status == CaseStatus.SCORED


def test_an_officer_cancels_an_assignment(client):
    case = build.case(CaseStatus.IN_REVIEW)
    assignment = build.an_assignment(case)

    client.post(step_of(assignment, "cancel", "assignment"), {"reason": "Asked by mistake."})

    assignment.refresh_from_db()
    assert assignment.status == AssignmentStatus.CANCELLED


def test_a_draft_of_an_expert_is_not_there_for_officers(client):
    case = build.case(CaseStatus.IN_REVIEW, experts_wanted=1)
    sheet = build.fill(build.accept(build.an_assignment(case)))
    hidden = client.get(page_of("scoresheet", sheet))
    perform_sheet("submit", sheet.pk, actor=sheet.assignment.expert.user)

    assert hidden.status_code == 302  # Django's own "there is none", back to the list
    assert "Because of level." in text(client.get(page_of("scoresheet", sheet)))


@pytest.mark.parametrize("kind", ["case", "scoresheet", "criteriaset"])
def test_nothing_is_added_or_deleted_by_hand(client, kind):
    build.case(CaseStatus.PUBLICITY)

    assert client.get(reverse(f"admin:evaluation_{kind}_add")).status_code == 403


def test_by_what_else_a_case_is_weighed_is_shown_where_there_is_something(client):
    scored = build.scored_case()
    plain = text(client.get(page_of("case", scored)))
    Case.objects.filter(pk=scored.pk).update(weighed_by=criteria.next_version())

    weighed = text(client.get(page_of("case", scored)))

    assert ("Weighed by" in plain, "Weighed by" in weighed) == (False, True)


def test_a_case_writes_its_dates_in_one_way(client):
    case = build.case(CaseStatus.PUBLICITY)

    page = text(client.get(page_of("case", case)))

    assert date_format(timezone.localdate(), "DATE_FORMAT") in page
    assert re.findall(r">[^<]*\d{4}-\d\d-\d\d", page) == []
