"""Who sees what of an evaluation, in which state: written from the design, not from the table."""

import pytest

from accounts.roles import Level, Role
from accounts.services import add_member, revoke_role
from core import rights
from evaluation.models import (
    ActivityCriteria,
    Assignment,
    Case,
    CriteriaSet,
    Decision,
    Expert,
    ScoreSheet,
)
from evaluation.states import CaseStatus
from evaluation.workflow import perform_assignment, perform_case
from submissions.models import Attachment, Declaration
from tests.builders import accounts, submissions
from tests.builders import evaluation as build

pytestmark = pytest.mark.django_db

OF_THE_CASE = (Case, Assignment, ScoreSheet, Decision)


def visible(person, *models):
    """Return how many rows of each kind the person sees."""
    return [rights.visible(m.objects.all(), person).count() for m in models or OF_THE_CASE]


def owner_of(case):
    return accounts.owner_of(case.declaration.organisation)


@pytest.mark.parametrize(
    "status", [CaseStatus.AWAITING, CaseStatus.IN_REVIEW, CaseStatus.SCORED, CaseStatus.DECIDED]
)
def test_the_enterprise_sees_nothing_before_the_release(status):
    assert visible(owner_of(build.case(status))) == [0, 0, 0, 0]


@pytest.mark.parametrize(
    "status", [CaseStatus.PUBLICITY, CaseStatus.CLEARED, CaseStatus.NOT_INCLUDED]
)
def test_the_enterprise_sees_its_decision_after_the_release_and_nothing_else(status):
    case = build.case(status)
    build.case(status)  # another one's

    assert visible(owner_of(case)) == [0, 0, 0, 1]


def test_a_decision_that_was_sent_back_is_never_the_enterprises():
    case = build.case(CaseStatus.DECIDED)
    perform_case("send_back", case.pk, actor=accounts.officer(), reason="Say why.")
    build.decide(case)
    build.release(case)

    (seen,) = Decision.objects.visible_to(owner_of(case))

    assert seen.sent_back_at is None


def test_strangers_and_administrators_see_nothing():
    build.case(CaseStatus.PUBLICITY)

    for person in (accounts.user(), accounts.system_administrator(), accounts.auditor()):
        assert visible(person) == [0, 0, 0, 0]


def test_an_officer_sees_sheets_after_they_were_submitted_and_no_drafts():
    case = build.case(CaseStatus.IN_REVIEW)
    draft, given = (build.accept(one) for one in case.assignments.all())
    build.fill(draft)
    build.submit(given)

    assert list(ScoreSheet.objects.visible_to(accounts.officer())) == [given]


def test_an_officer_of_the_declaring_organisation_sees_nothing_of_the_case():
    case = build.case(CaseStatus.PUBLICITY)
    officer = accounts.officer()
    before = visible(officer)
    add_member(case.declaration.organisation_id, officer, Level.VIEW, actor=None)

    # As a member she reads the released decision, as anyone of the enterprise does.
    assert (before, visible(officer)) == ([1, 2, 2, 1], [0, 0, 0, 1])
    assert not rights.can(officer, "read", case)


def test_an_officer_employed_by_the_declaring_organisation_sees_nothing_either():
    case = build.case(CaseStatus.SCORED)
    officer = accounts.officer()
    build.expert(user=officer, employer=case.declaration.organisation)

    assert visible(officer, *OF_THE_CASE, Declaration) == [0, 0, 0, 0, 0]


def test_an_officer_who_scores_a_case_is_an_expert_on_it_and_no_officer():
    case = build.case(experts_wanted=2)
    both = accounts.officer()
    mine, other = build.assign(case, build.expert(user=both), build.expert())
    build.submit(build.accept(other))
    build.accept(mine)

    assert visible(both) == [0, 1, 1, 0]


# Experts --------------------------------------------------------------------------------


def test_an_expert_sees_her_assignment_and_her_sheet_only():
    case = build.case(CaseStatus.IN_REVIEW)
    mine, other = case.assignments.all()
    sheet = build.accept(mine)
    build.submit(build.accept(other))

    expert = mine.expert.user
    assert list(Assignment.objects.visible_to(expert)) == [mine]
    assert list(ScoreSheet.objects.visible_to(expert)) == [sheet]
    assert visible(expert, Case, Decision, Expert, CriteriaSet, ActivityCriteria) == [0] * 5


def reads(expert, case):
    """Say whether the expert reads the declaration and its files."""
    declaration = Declaration.objects.visible_to(expert.user).filter(pk=case.declaration_id)
    files = Attachment.objects.visible_to(expert.user).filter(declaration=case.declaration_id)
    return declaration.exists(), files.exists()


@pytest.fixture
def case_with_file():
    draft = submissions.draft(activity=build.activity(experts_wanted=1))
    submissions.attachment(draft)
    owner, officer = accounts.owner_of(draft.organisation), accounts.officer()
    for step, actor in (("submit", owner), ("begin_check", officer), ("accept", officer)):
        submissions.take(draft, step, actor)
    return Case.objects.get(declaration=draft)


def test_the_declaration_is_open_to_an_expert_only_while_she_has_accepted(case_with_file):
    (assignment,) = build.assign(case_with_file, build.expert())
    expert = assignment.expert
    found = {"invited": reads(expert, case_with_file)}

    build.accept(assignment)
    found["accepted"] = reads(expert, case_with_file)
    perform_assignment("decline", assignment.pk, actor=expert.user, reason="No time.")
    found["declined"] = reads(expert, case_with_file)

    assert found == {
        "invited": (False, False),
        "accepted": (True, True),
        "declined": (False, False),
    }


def test_another_expert_does_not_read_the_declaration(case_with_file):
    build.assign(case_with_file, build.expert())

    assert reads(build.expert(), case_with_file) == (False, False)


def test_a_conflict_that_comes_later_takes_everything_away(case_with_file):
    (assignment,) = build.assign(case_with_file, build.expert())
    build.accept(assignment)
    organisation = case_with_file.declaration.organisation

    assignment.expert.employer_name = organisation.name_en
    assignment.expert.save()

    assert reads(assignment.expert, case_with_file) == (False, False)
    assert visible(assignment.expert.user, Assignment, ScoreSheet) == [0, 0]


def test_who_is_no_expert_any_more_reads_nothing(case_with_file):
    (assignment,) = build.assign(case_with_file, build.expert())
    build.accept(assignment)
    user = assignment.expert.user

    revoke_role(user, Role.EXPERT, actor=None)

    assert reads(assignment.expert, case_with_file) == (False, False)
    assert visible(user, Assignment, ScoreSheet) == [0, 0]


def test_an_expert_edits_nothing_of_the_declaration(case_with_file):
    (assignment,) = build.assign(case_with_file, build.expert())
    build.accept(assignment)

    held = {
        right
        for right in ("read", "edit", "submit", "withdraw", "check")
        if rights.can(assignment.expert.user, right, case_with_file.declaration)
    }

    assert held == {"read"}


# The public -----------------------------------------------------------------------------


def test_everyone_may_see_the_notice_of_what_is_in_publicity_and_no_more():
    cases = {status: build.case(status) for status in CaseStatus if status != CaseStatus.RELEASED}
    anyone = accounts.user()

    noticed = set(Case.objects.with_right(anyone, "notice"))

    assert noticed == {cases[CaseStatus.PUBLICITY]}
    assert visible(anyone) == [0, 0, 0, 0]


def test_nobody_waits_for_an_object_that_is_not_declared():
    assert {entry.name for entry in rights.table()} >= {"case", "assignment", "declaration"}
