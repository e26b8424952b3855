"""Plans asked for and computed: what they are drawn from, and what comes of it."""

import numpy as np
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core import progress
from core.models import AuditEntry
from evaluation.assignment import solve
from evaluation.models import Case, Expert, PlanInputs
from evaluation.planning import asking, compute, facts, fitting
from evaluation.planning.conflict_pairs import Barred
from evaluation.planning.documents import document, fit_of, kinds_of, problem_of, seal, wanted
from evaluation.workflow import perform_assignment
from submissions.models import Activity
from tests.builders import evaluation as build
from tests.builders import planning, submissions

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
    other = solve.plan(problem_of(given(plan)), plan.seed)

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


def test_an_excluded_sheet_holds_no_seat_and_takes_nothing_of_a_limit(activity):
    case, _other = planning.waiting(activity, 2)
    Case.objects.filter(pk=case.pk).update(experts_wanted=3)
    expert = planning.experts(1, cap=1)[0]
    before = facts.read(activity)
    (asked,) = build.assign(case, expert)
    build.exclude(build.submit(build.accept(asked)))

    found = facts.read(activity)

    assert (set(found.standing), set(found.gone)) == (set(), {(case.pk, expert.pk)})
    assert [one.cap for one in found.columns] == [one.cap for one in before.columns] == [1]


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
    assert once[0] <= 17
