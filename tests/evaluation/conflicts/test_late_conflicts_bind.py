"""A conflict found late counts from then on with the other declarations of the organisation."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Organisation
from core import rights
from core.errors import DomainError
from core.models import StoredMail
from evaluation.conflicts import earlier, found_late, of_officers
from evaluation.conflicts.finding import Kind, conflicts
from evaluation.models import Assignment, LateBar, Replacement
from evaluation.panel import barred, preparing
from evaluation.planning import by_hand, facts, reminding, replacing
from evaluation.planning.by_hand import Edit
from evaluation.planning.conflict_pairs import Barred
from evaluation.states import CaseStatus
from evaluation.workflow import perform_assignment, perform_case
from tests.builders import accounts, clock, planning, procedures, reviews, submissions
from tests.builders import connections as make
from tests.builders import evaluation as build
from tests.builders import panel as panels
from tests.builders import verifications as visits
from tests.builders.joint import PARTNER
from tests.reading import text

pytestmark = pytest.mark.django_db

LABEL = "A conflict of interest was found late, with another declaration of the organisation."
FOUND = "A conflict of interest was found after the expert had scored it."


def sentence(case, *, why="Shares in the applicant."):
    number = case.declaration.number
    return f"Found late in {number} of the same organisation, on {reviews.day()}. {why}"


@pytest.fixture
def officer():
    return accounts.officer()


@pytest.fixture
def client(officer):
    return accounts.signed_in(officer)


@pytest.fixture
def activity():
    return submissions.open_activity()


def found_out(**more):
    """Return a case, and an expert whose sheet on it was excluded."""
    case, expert = build.case(**more), build.expert(subcategories=["WAT-01"])
    build.exclude(reviews.judged(case, expert))
    return case, expert


@pytest.fixture
def first():
    return found_out()


@pytest.fixture
def later(first, activity):
    """The case of another declaration of the same organisation, which waits for experts."""
    return reviews.next_of(first[0], activity=activity)


def bars(case, expert):
    """Say whether the expert is barred; the reasons, the view and the rights must agree."""
    found = [one.kind for one in conflicts(expert, case.declaration)]
    rows = LateBar.objects.filter(user_id=expert.pk, case_id=case.pk)
    assert found == ([Kind.LATE] if rows.exists() else [])
    return bool(found)


# What is found --------------------------------------------------------------------------------


def test_it_bars_from_the_other_declarations_of_the_organisation(first, later, officer):
    case, expert = first

    assert bars(later, expert)
    assert not bars(later, build.expert())
    assert not bars(build.case(), expert)
    assert found_late.told(later.declaration_id, [expert.pk], officer) == {
        expert.pk: [sentence(case)]
    }


def test_it_bars_also_from_what_was_declared_before():
    older = build.case()
    case, expert = found_out(organisation=older.declaration.organisation)

    assert bars(older, expert)
    # Of the declaration itself it is said in other words, and the own sheet stays to be read.
    assert not bars(case, expert)
    sheet = case.assignments.get(expert=expert).sheet
    assert rights.held(expert.user, sheet, "read") == {"read"}


def test_a_twin_of_the_organisation_counts_and_one_abroad_does_not(first):
    case, expert = first
    twin, abroad = build.case(), build.case(organisation=accounts.organisation(country="KZ"))
    same = [one.declaration.organisation_id for one in (case, twin, abroad)]
    Organisation.objects.filter(pk__in=same).update(registration_number="NO 914-778")

    assert bars(twin, expert)
    assert not bars(abroad, expert)


def test_joint_applicants_count_on_either_side(officer):
    case, expert = build.case(), build.expert()
    partner = PARTNER | {"name_en": case.declaration.organisation.name_en}
    jointly = reviews.with_partner(partner)
    build.exclude(reviews.judged(case, expert))
    other = build.expert()
    build.exclude(reviews.judged(jointly, other))

    assert bars(jointly, expert)
    assert bars(case, other)
    (said,) = found_late.told(jointly.declaration_id, [expert.pk], officer)[expert.pk]
    assert said == (
        f"Found late in {case.declaration.number}, which has an applicant or joint applicant in "
        f"common with this declaration, on {reviews.day()}. Shares in the applicant."
    )


@pytest.mark.parametrize(
    ("rule", "barred_then"),
    [({"years": 3}, True), ({"years": 1}, False), ({"bars": False}, False), ({}, True)],
)
def test_the_rule_says_whether_and_how_long(first, later, rule, barred_then):
    make.rule("late", **rule)

    with clock.stopped(timezone.now() + dt.timedelta(days=2 * 366)):
        assert bars(later, first[1]) is barred_then


def test_who_may_not_read_that_case_is_told_neither_its_number_nor_why(first, later):
    _case, expert = first
    tied = accounts.officer()
    build.expert(user=tied, employer=later.declaration.organisation)

    assert found_late.told(later.declaration_id, [expert.pk], tied) == {
        expert.pk: [
            f"Found late in another declaration of the same organisation, on {reviews.day()}."
        ]
    }


def test_rights_are_taken_of_the_expert_and_of_the_officer_one_becomes(first, later):
    _case, expert = first
    make.rule("late", bars=False)
    (asked,) = build.assign(later, expert)
    sheet = build.accept(asked)
    boss = accounts.officer()

    def held():
        return (
            rights.held(expert.user, sheet, "read"),
            rights.can(expert.user, "read", later.declaration),
        )

    free = held()
    make.rule("late")

    assert free == ({"read"}, True)
    assert held() == (set(), False)
    other = found_out_officer(boss)
    assert rights.held(boss, reviews.next_of(other), "read", "assign") == set()
    assert of_officers.tied([boss.pk], reviews.next_of(other).declaration) == {boss.pk: [LABEL]}


def found_out_officer(person):
    case = build.case()
    build.exclude(reviews.judged(case, build.expert(user=person)))
    return case


def test_it_is_asked_in_as_many_questions_for_one_as_for_many(officer):
    case = build.case(experts_wanted=4)
    people = [build.expert() for _n in range(4)]
    for one in people:
        build.exclude(reviews.judged(case, one))
    later = reviews.next_of(case)
    assert officer.roles  # known before: a request asks it once
    costs = []
    for some in (people[:1], people):
        with CaptureQueriesContext(connection) as asked:
            found = earlier.told(later.declaration_id, [one.pk for one in some], officer)
        assert len(found) == len(some)
        costs.append(len(asked))

    assert costs == [3, 3]


# Where experts are chosen ---------------------------------------------------------------------


def test_nobody_asks_by_hand(client, officer, first, later):
    case, expert = first
    address = reverse("admin:evaluation_case_step", args=[later.pk, "assign"])
    field = client.get(address).context["form"].fields["experts"]
    StoredMail.objects.all().delete()

    with pytest.raises(DomainError) as refused:
        perform_case("assign", later.pk, actor=officer, experts=[expert], due_at=None)

    assert dict(field.choices)[str(expert.pk)].endswith(f" · {LABEL} · {sentence(case)}")
    assert field.widget.disabled == {str(expert.pk)}
    assert str(refused.value) == f"{expert} cannot be assigned. {LABEL}"
    assert not StoredMail.objects.exists()


def test_a_plan_leaves_them_out_and_says_why(client, activity, first, later):
    case, expert = first
    planning.experts(3)
    plan = planning.drawn(activity, need=3)
    address = reverse("admin:evaluation_assignmentplan_declaration", args=[plan.pk, later.pk])

    others = {one.name: one for one in client.get(address).context["others"]}

    assert facts.read(activity).barred == {(later.pk, expert.pk): Barred.LATE}
    assert others[str(expert)].why_not == [LABEL, sentence(case)]
    assert others[str(expert)].possible is False
    with pytest.raises(DomainError, match="may not judge"):
        by_hand.effect(plan, [Edit(later.pk, plan.seats.all()[0].expert_id, expert.pk)])


def test_a_replacement_passes_them_over(activity, first, later):
    _case, expert = first
    planning.experts(3)
    plan = planning.published(activity)
    asked = Assignment.objects.filter(planned__plan=plan).order_by("pk")[0]
    perform_assignment("decline", asked.pk, actor=asked.expert.user, reason="No time.")

    replacing.draw({"declined": str(asked.pk)})

    assert Replacement.objects.get(pk=asked.pk).assignment is None
    assert not later.assignments.filter(expert=expert).exists()


def test_who_was_asked_before_is_warned_of_and_not_reminded(client, first, later):
    case, expert = first
    make.rule("late", bars=False)
    build.assign(later, expert)
    free = reminding._open().filter(case=later).count()
    make.rule("late")

    page = text(client.get(reverse("admin:evaluation_case_change", args=[later.pk])))

    assert (free, reminding._open().filter(case=later).count()) == (1, 0)
    assert f"{LABEL} {sentence(case)}" in page


def test_a_sheet_that_counts_already_stops_the_decision(first):
    case, _expert = first
    later = build.case(CaseStatus.SCORED, organisation=case.declaration.organisation)
    sheet = later.assignments.order_by("pk")[0].sheet
    another = reviews.next_of(case)
    build.exclude(reviews.judged(another, sheet.assignment.expert))

    with pytest.raises(DomainError, match=LABEL):
        build.decide(later)

    build.exclude(sheet)
    build.decide(later)


def test_a_panel_leaves_them_out_and_rights_agree(officer, first):
    case, expert = first
    activity = panels.activity()
    later = reviews.next_of(case, activity=activity, status="scored")
    meeting = panels.meeting(cases=0, members=2, of=activity)
    preparing.add_items(meeting.pk, [later.pk], actor=officer)
    panels.sit(meeting, expert, actor=officer)
    item = panels.item_of(meeting)
    preparing.set_lead(meeting.pk, item.pk, panels.chair(meeting).pk, actor=officer)
    meeting = panels.brought(meeting, "announced", officer)
    people = panels.people(meeting)

    assert barred.reasons(item, people) == {expert.pk: [LABEL]}
    assert [rights.can(one.expert.user, "see", item) for one in people] == [True, True, False]


def test_no_defence_or_visit_of_another_declaration(client, first):
    case, expert = first
    activity = procedures.activity(experts_wanted=1, defence="arranged", site_visit="arranged")
    later = build.case(
        CaseStatus.SCORED, activity=activity, organisation=case.declaration.organisation
    )

    label, disabled = offered(client, later, expert)

    assert label.endswith(f" · {LABEL} · {sentence(case)}")
    assert disabled
    with pytest.raises(DomainError, match=f"cannot take part. {LABEL}"):
        visits.arranged(later, experts=[expert])


def test_no_defence_or_visit_of_the_very_declaration_whatever_the_rule(client):
    case = visits.scored(experts_wanted=2)
    sheet = case.assignments.order_by("pk")[0].sheet
    build.exclude(sheet)
    make.rule("late", bars=False)
    StoredMail.objects.all().delete()
    expert = sheet.assignment.expert

    label, disabled = offered(client, case, expert)

    assert label.endswith(f" · {FOUND}")
    assert disabled
    with pytest.raises(DomainError) as refused:
        visits.arranged(case, experts=[expert])
    assert str(refused.value) == f"{expert} cannot take part. {FOUND}"
    assert not StoredMail.objects.exists()


def offered(client, case, expert):
    """Return how an expert stands in the form of an appointment."""
    address = reverse("admin:evaluation_verification_arrange", args=[case.pk])
    field = client.get(address).context["form"].fields["experts"]
    return dict(field.choices)[str(expert.pk)], str(expert.pk) in field.widget.disabled


def test_the_page_of_the_rule_says_what_it_is(client):
    page = text(client.get(reverse("admin:evaluation_conflictrule_change", args=["late"])))

    assert "Found from the score sheets excluded for a conflict of interest" in page
    assert "After the conflict was recorded. Empty: for ever." in page
