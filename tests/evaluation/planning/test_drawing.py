"""Plans asked for and computed: what they are drawn from, what comes of it, what is refused."""

import numpy as np
import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.roles import Level
from accounts.services import add_member
from core import progress
from core.errors import DomainError
from core.models import AuditEntry
from evaluation.models import AssignmentPlan, Expert, PlanInputs, PlanSeat
from evaluation.planning import asking, compute, facts, fitting, sweeping
from evaluation.planning.conflict_pairs import Barred
from evaluation.planning.documents import document, fit_of, kinds_of, problem_of, seal, wanted
from evaluation.planning.workflow import perform_plan
from evaluation.workflow import perform_assignment
from submissions.models import Activity
from tests.builders import accounts, planning, submissions
from tests.builders import evaluation as build

pytestmark = pytest.mark.django_db


@pytest.fixture
def activity() -> Activity:
    return submissions.open_activity()


def given(plan):
    return PlanInputs.objects.get(plan=plan).document


def cell(plan, case, expert):
    """Return why a pair was barred when the plan was drawn."""
    document = given(plan)
    row = document["declarations"].index(str(case.pk))
    column = [one["id"] for one in document["experts"]].index(str(expert.pk))
    return document["kinds"][kinds_of(document)[row, column]]


# Drawing ----------------------------------------------------------------------------------


def test_a_plan_gives_every_declaration_its_experts_with_even_loads(activity):
    cases, experts = planning.waiting(activity, 4), planning.experts(6)

    plan = planning.drawn(activity)

    assert plan.status == "computed"
    assert plan.outcome["figures"]["seats"] == plan.outcome["figures"]["filled"] == 12
    assert plan.outcome["missing"] == plan.outcome["clashes"] == []
    by_case = {one.pk: plan.seats.filter(case=one).count() for one in cases}
    by_expert = [plan.seats.filter(expert=one).count() for one in experts]
    assert set(by_case.values()) == {3}
    assert by_expert == [2] * 6
    assert progress.of(asking.progress_name(plan)).finished_at is not None


def test_the_seed_is_drawn_by_the_portal_and_written_down(activity):
    planning.waiting(activity, 1)
    planning.experts(3)

    first, second = planning.asked(activity), planning.asked(activity, name="Second draw")

    assert len(first.seed) == 32
    assert first.seed != second.seed
    entry = AuditEntry.objects.get(act="assignment plan.asked", subject_id=str(first.pk))
    assert entry.details["seed"] == first.seed
    assert (entry.details["need"], entry.details["origin"]) == (3, "drawn")


def test_computed_twice_a_plan_is_the_same_and_stored_once(activity):
    planning.waiting(activity, 3)
    planning.experts(6)
    plan = planning.drawn(activity)
    seats = set(plan.seats.values_list("case", "expert"))

    again = compute.compute(plan.pk)
    other = compute.solve.plan(problem_of(given(plan)), plan.seed)

    assert again is False
    keys = {(other.declarations[row], other.experts[column]) for row, column in other.pairs}
    assert {(str(case), str(expert)) for case, expert in seats} == keys
    assert AuditEntry.objects.filter(act="assignment plan.finish").count() == 1


def test_what_a_plan_was_drawn_from_can_be_read_back_exactly(activity):
    planning.waiting(activity, 2)
    planning.experts(4, keywords=["membrane", "膜"], languages=["en", "zh-hans"])
    plan = planning.drawn(activity)

    now = facts.read(activity)
    fitting_now = fitting.fit(now)
    kept = PlanInputs.objects.get(plan=plan)

    assert kept.document == document(now, fitting_now, wanted(plan))
    assert seal(kept.document) == kept.content_hash
    assert np.array_equal(fit_of(kept.document).values, fitting_now[0].values)
    assert AuditEntry.objects.get(act="assignment plan.finish").details["inputs"] == (
        kept.content_hash
    )


def test_no_word_about_a_person_is_kept_with_a_plan(activity):
    planning.waiting(activity, 1)
    planning.experts(3, keywords=["canary"], name="Canary Jane", employer_name="Canary Works")

    plan = planning.drawn(activity)

    assert "anary" not in str(given(plan)) + str(plan.outcome)


def test_the_terms_of_a_pair(activity):
    (case,) = planning.waiting(activity, 1)
    inside = build.expert(subcategories=["WAT-01"], languages=["en"])
    field_only = build.expert(languages=["zh-hans"])
    stranger = build.expert(field_codes=["AIR"], languages=["en"])

    now = facts.read(activity)
    fit, specialist = fitting.fit(now)

    found = {
        one.expert: [round(float(fit.terms[name][0, place]), 2) for name in fit.terms]
        for place, one in enumerate(now.columns)
    }
    assert found == {
        inside.pk: [1, 0, 1, 0],
        field_only.pk: [0.5, 0, 0, 0],
        stranger.pk: [0, 0, 1, 0],
    }
    assert [bool(one) for one in specialist[0]] == [one.expert == inside.pk for one in now.columns]
    assert case.declaration.language == "en"


def test_past_work_in_the_sub_category_counts(activity):
    worked = build.case()
    expert = build.expert()
    build.submit(build.accept(build.assign(worked, expert)[0]))
    planning.waiting(activity, 1)

    now = facts.read(activity)
    fit, _specialist = fitting.fit(now)

    assert float(fit.terms["past"][0, 0]) == pytest.approx(np.log(2) / np.log(6), abs=1e-6)


# Who may not, who cannot ------------------------------------------------------------------


def test_pairs_with_a_conflict_are_barred_and_told_why(activity):
    cases = planning.waiting(activity, 2)
    employed = build.expert(employer=cases[0].declaration.organisation, subcategories=["WAT-01"])
    namesake = build.expert(
        employer_name=cases[1].declaration.organisation.name_en.upper(), subcategories=["WAT-01"]
    )
    planning.experts(6)

    plan = planning.drawn(activity)

    assert cell(plan, cases[0], employed) == Barred.TIE
    assert cell(plan, cases[1], employed) == ""
    assert cell(plan, cases[1], namesake) == Barred.TIE
    assert not plan.seats.filter(case=cases[0], expert=employed).exists()


def test_who_is_away_or_lapsed_gets_nothing_and_the_own_limit_counts_what_is_open(activity):
    planning.waiting(activity, 4)
    planning.experts(6)
    away, lapsed = planning.experts(2)
    capped = planning.experts(1, cap=2)[0]
    build.away(away)
    Expert.objects.filter(pk=lapsed.pk).update(renewed_until="2026-01-01")
    build.assign(build.case(), capped)

    plan = planning.drawn(activity)

    columns = {one["id"]: one["cap"] for one in given(plan)["experts"]}
    assert str(away.pk) not in columns
    assert str(lapsed.pk) not in columns
    assert columns[str(capped.pk)] == 1
    assert plan.seats.filter(expert=capped).count() <= 1


def test_a_plan_builds_around_who_was_asked_and_passes_over_who_declined(activity):
    (case,) = planning.waiting(activity, 1)
    experts = planning.experts(5)
    stays, leaves = build.assign(case, *experts[:2])
    perform_assignment("decline", leaves.pk, actor=leaves.expert.user, reason="No time.")

    plan = planning.drawn(activity)

    seats = {one.expert_id: one.standing for one in plan.seats.all()}
    assert len(seats) == 3
    assert seats.pop(stays.expert_id) is True
    assert set(seats.values()) == {False}
    assert leaves.expert_id not in seats
    assert cell(plan, case, leaves.expert) == "declined"


def test_two_of_one_organisation_at_most(activity):
    planning.waiting(activity, 1)
    planning.experts(4, employer_name="Institute of One Roof")
    others = planning.experts(1)

    plan = planning.drawn(activity)

    assert plan.status == "computed"
    assert plan.seats.filter(expert=others[0]).exists()


def test_one_with_economics_where_there_is_one(activity):
    planning.waiting(activity, 1)
    planning.experts(4, keywords=["leachate"])
    economist = build.expert(economics=True, field_codes=["AIR"], languages=[])

    plan = planning.drawn(activity)

    assert plan.seats.filter(expert=economist).exists()
    assert plan.outcome["figures"]["with_economist"] == 1


def test_rules_that_clash_are_told_as_the_fewest_of_them(activity):
    planning.waiting(activity, 1)
    planning.experts(1)
    planning.experts(4, subcategories=[])

    plan = planning.drawn(activity, specialists=2)

    assert plan.status == "infeasible"
    (clash,) = plan.outcome["clashes"]
    assert (clash["rules"], clash["required"], clash["available"]) == (["specialist"], 2, 1)
    (missing,) = plan.outcome["missing"]
    assert (missing["rule"], missing["required"], missing["got"]) == ("specialist", 2, 1)
    assert plan.seats.count() == 3


# The worker -------------------------------------------------------------------------------


def test_a_plan_that_was_cancelled_stays_so(activity):
    officer = accounts.officer()
    planning.waiting(activity, 1)
    planning.experts(3)
    plan = planning.asked(activity)
    perform_plan("cancel", plan.pk, actor=officer)

    assert compute.compute(plan.pk) is False
    plan.refresh_from_db()
    assert (plan.status, plan.seats.count()) == ("cancelled", 0)


def test_cancelled_while_it_is_computed_it_stores_nothing(activity):
    planning.waiting(activity, 1)
    planning.experts(3)
    plan = planning.asked(activity)
    perform_plan("begin", plan.pk, actor=None)
    plan.refresh_from_db()
    inputs = compute.read_inputs(plan)
    looking = compute._looking(plan.pk)
    before = looking()
    perform_plan("cancel", plan.pk, actor=accounts.officer())

    with pytest.raises(compute.solve.Cancelled):
        compute._draw(plan, inputs.document)
    drawn = compute.solve.plan(problem_of(inputs.document), plan.seed)
    with pytest.raises(DomainError):
        compute._store(plan, inputs, drawn)

    assert before is False
    assert not PlanSeat.objects.exists()


def test_who_comes_after_a_worker_that_died_goes_on_with_what_it_read(activity):
    planning.waiting(activity, 1)
    planning.experts(3)
    plan = planning.asked(activity)
    perform_plan("begin", plan.pk, actor=None)
    first = compute.read_inputs(plan)
    planning.waiting(activity, 1)

    assert compute.compute_all() == 1

    plan.refresh_from_db()
    assert plan.status == "computed"
    assert plan.seats.count() == 3
    assert PlanInputs.objects.get(plan=plan).content_hash == first.content_hash


def test_a_plan_that_ends_its_worker_again_and_again_is_given_up(activity):
    planning.waiting(activity, 1)
    planning.experts(3)
    plan = planning.asked(activity)
    AssignmentPlan.objects.filter(pk=plan.pk).update(attempts=compute.MOST_ATTEMPTS)

    assert compute.compute(plan.pk) is True

    plan.refresh_from_db()
    assert (plan.status, plan.failure) == (
        "failed",
        "The computation ended 3 times before it was done.",
    )


def test_a_plan_without_anybody_to_ask_fails_in_words(activity):
    planning.waiting(activity, 1)
    (expert,) = planning.experts(1)
    plan = planning.asked(activity)
    build.away(expert)

    compute.compute(plan.pk)

    plan.refresh_from_db()
    assert plan.status == "failed"
    assert plan.failure == "No declaration waits for experts, or nobody can be asked."


def test_the_sweeper_wakes_only_while_a_plan_waits(activity):
    planning.waiting(activity, 1)
    planning.experts(3)
    before = sweeping.wake_if_owed()
    plan = planning.asked(activity)
    waits = sweeping.wake_if_owed()
    compute.compute(plan.pk)

    assert (before, waits, sweeping.wake_if_owed()) == (False, True, False)


# Refusals ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wishes", "field"),
    [
        ({"need": 4}, "need"),
        ({"need": 1}, "need"),
        ({"need": 17}, "need"),
        ({"specialists": 4}, "specialists"),
        ({"price": 10}, "base"),
        ({"cap": 0}, "cap"),
        ({"name": " "}, "name"),
    ],
)
def test_what_cannot_be_asked_for(activity, wishes, field):
    planning.waiting(activity, 1)
    planning.experts(3)

    with pytest.raises(DomainError) as refused:
        planning.asked(activity, **wishes)

    assert refused.value.field == field
    assert not AssignmentPlan.objects.exists()


def test_two_plans_of_one_name_and_a_plan_for_nothing_are_refused(activity):
    with pytest.raises(DomainError, match="No declaration"):
        planning.asked(activity)
    planning.waiting(activity, 1)
    with pytest.raises(DomainError, match="No expert"):
        planning.asked(activity)
    planning.experts(3)
    planning.asked(activity)
    with pytest.raises(DomainError, match="of this name"):
        planning.asked(activity, name="First  draw")


def test_a_base_is_a_plan_of_the_same_activity_that_was_drawn(activity):
    planning.waiting(activity, 1)
    planning.experts(3)
    elsewhere, waits = planning.drawn(), planning.asked(activity, name="Waits")

    for base in (elsewhere, waits):
        with pytest.raises(DomainError, match="same activity"):
            planning.asked(activity, base=base)


def test_nobody_but_an_officer_without_an_interest_asks_for_a_plan(activity):
    (case,) = planning.waiting(activity, 1)
    (expert, *_others) = planning.experts(3)
    involved = accounts.officer()
    add_member(case.declaration.organisation_id, involved, Level.VIEW, actor=None)
    people = (
        expert.user,
        involved,
        accounts.user(),
        accounts.auditor(),
        accounts.system_administrator(),
        accounts.owner_of(case.declaration.organisation),
    )

    for person in people:
        with pytest.raises(PermissionDenied):
            planning.asked(activity, actor=person)
    plan = planning.drawn(activity)
    assert not any(AssignmentPlan.objects.visible_to(one).exists() for one in people)
    assert AssignmentPlan.objects.visible_to(accounts.officer()).get() == plan
    assert not PlanSeat.objects.visible_to(involved).exists()


@pytest.mark.parametrize(
    "change",
    [
        "update evaluation_assignmentplan set seed = 'chosen'",
        "update evaluation_assignmentplan set outcome = '{}'",
        "delete from evaluation_assignmentplan",
        "update evaluation_planinputs set content_hash = ''",
        "delete from evaluation_planseat",
        "update evaluation_planseat set points = 0",
    ],
)
def test_the_database_keeps_a_plan_as_it_was_drawn(activity, change):
    planning.waiting(activity, 1)
    planning.experts(3)
    planning.drawn(activity)

    with (
        pytest.raises(DatabaseError, match="Cannot"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(change)


# Costs ------------------------------------------------------------------------------------


def test_inputs_are_read_in_as_many_questions_for_one_as_for_many(activity):
    def questions():
        with CaptureQueriesContext(connection) as asked:
            now = facts.read(activity)
            fitting.fit(now)
        return len(asked), len(now.rows), len(now.columns)

    planning.waiting(activity, 1)
    planning.experts(1)
    once = questions()
    planning.waiting(activity, 5)
    planning.experts(5)

    assert once[1:] == (1, 1)
    assert questions() == (once[0], 6, 6)
    assert once[0] <= 13
