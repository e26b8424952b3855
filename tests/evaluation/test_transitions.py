"""Each step of a case, an assignment and a sheet, in each state, for each kind of person."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.roles import Level
from accounts.services import add_member
from core.errors import DomainError, TransitionError
from evaluation.models import Assignment, Decision
from evaluation.states import ASSIGNMENT, CASE, SHEET, AssignmentStatus, CaseStatus, SheetStatus
from evaluation.workflow import perform_assignment, perform_case, perform_sheet
from tests.builders import accounts
from tests.builders import evaluation as build

pytestmark = pytest.mark.django_db

DONE, DENIED, NOT_NOW, REFUSED = "done", "denied", "not now", "refused"


def outcome(take):
    """Take a step, undo it, and say in a word what came of it."""
    try:
        with transaction.atomic():
            take()
            transaction.set_rollback(True)
    except PermissionDenied:
        return DENIED
    except TransitionError:
        return NOT_NOW
    except DomainError:
        return REFUSED
    return DONE


def conflicted_officer(case):
    officer = accounts.officer()
    add_member(case.declaration.organisation_id, officer, Level.VIEW, actor=None)
    return officer


# Cases ----------------------------------------------------------------------------------

BY_OFFICER = {"assign", "ask_further", "decide", "send_back", "release", "co_release"}
BUILT = [status for status in CaseStatus if status != CaseStatus.RELEASED]  # never at rest


def case_people(case):
    asked = case.assignments.first()
    return {
        "officer": accounts.officer(),
        "officer with a conflict": conflicted_officer(case),
        "expert asked": asked.expert.user if asked else build.expert().user,
        "other expert": build.expert().user,
        "owner": accounts.owner_of(case.declaration.organisation),
        "system": accounts.system_administrator(),
        "stranger": accounts.user(),
        "portal": None,
    }


def case_inputs(step):
    given: dict[str, dict[str, object]] = {
        "assign": {"experts": [build.expert()]},
        "decide": {"outcome": Decision.Outcome.INCLUDED, "statement": "Sound."},
    }
    return {"reason": "Because.", **given.get(step, {})}


def expected_of_case(step, status, role):
    if role not in ("officer", "portal"):
        return DENIED
    if status not in step.sources:
        return NOT_NOW
    if (step.name in BY_OFFICER) != (role == "officer"):
        return DENIED
    # Nothing is due yet, no sheet is wanting, nobody signs for CAEPI.
    return REFUSED if step.automatic or step.name in ("ask_further", "co_release") else DONE


@pytest.mark.parametrize("status", BUILT)
def test_a_case_takes_exactly_the_steps_of_the_table(status):
    case = build.case(status)
    people = case_people(case)
    inputs = {step.name: case_inputs(step.name) for step in CASE.transitions}

    found = {
        (step.name, role): outcome(
            lambda step=step, person=person: perform_case(
                step.name, case.pk, actor=person, **inputs[step.name]
            )
        )
        for step in CASE.transitions
        for role, person in people.items()
    }

    assert found == {
        (step.name, role): expected_of_case(step, status, role)
        for step in CASE.transitions
        for role in people
    }
    assert build.reread(case).status == status


# Assignments ----------------------------------------------------------------------------


def assignment_in(status):
    case = build.case(CaseStatus.AWAITING)
    assignment, _other = build.assign(case)
    if status == AssignmentStatus.ACCEPTED:
        build.accept(assignment)
    if status == AssignmentStatus.DECLINED:
        perform_assignment(
            "decline", assignment.pk, actor=assignment.expert.user, reason="No time."
        )
    if status == AssignmentStatus.CANCELLED:
        perform_assignment("cancel", assignment.pk, actor=accounts.officer(), reason="Asked twice.")
    return Assignment.objects.get(pk=assignment.pk)


def expected_of_assignment(step, status, role):
    if role not in ("expert asked", "officer", "portal"):
        return DENIED
    if role == "expert asked" and status == AssignmentStatus.CANCELLED:
        return DENIED  # it is no longer there for her
    if status not in step.sources:
        return NOT_NOW
    holders = {"answer": {"expert asked"}, "manage": {"officer", "portal"}}
    return DONE if role in holders[step.right] else DENIED


@pytest.mark.parametrize("status", AssignmentStatus)
def test_an_assignment_takes_exactly_the_steps_of_the_table(status):
    assignment = assignment_in(status)
    people = case_people(assignment.case) | {"expert asked": assignment.expert.user}

    found = {
        (step.name, role): outcome(
            lambda step=step, person=person: perform_assignment(
                step.name, assignment.pk, actor=person, reason="Because.", **build.PROMISES
            )
        )
        for step in ASSIGNMENT.transitions
        for role, person in people.items()
    }

    assert found == {
        (step.name, role): expected_of_assignment(step, status, role)
        for step in ASSIGNMENT.transitions
        for role in people
    }


# Score sheets ---------------------------------------------------------------------------


@pytest.mark.parametrize("status", SheetStatus)
def test_a_sheet_takes_exactly_the_steps_of_the_table(status):
    case = build.case(CaseStatus.IN_REVIEW)
    sheet = build.accept(build.an_assignment(case))
    build.fill(sheet)
    if status != SheetStatus.DRAFT:
        perform_sheet("submit", sheet.pk, actor=sheet.assignment.expert.user)
    if status == SheetStatus.EXCLUDED:
        build.exclude(sheet)
    people = case_people(case) | {"expert asked": sheet.assignment.expert.user}
    sees_it = {"expert asked"} if status == SheetStatus.DRAFT else {"expert asked", "officer"}

    found = {
        (step.name, role): outcome(
            lambda step=step, person=person: perform_sheet(
                step.name, sheet.pk, actor=person, reason="Because.", evidence="A register."
            )
        )
        for step in SHEET.transitions
        for role, person in people.items()
    }

    first = {
        "submit": SheetStatus.DRAFT,
        "reopen": SheetStatus.SUBMITTED,
        "exclude": SheetStatus.SUBMITTED,
    }
    expected = {
        (step, role): DENIED if role not in sees_it else DONE if status == at else NOT_NOW
        for step, at in first.items()
        for role in people
    }
    if status == SheetStatus.SUBMITTED:  # nobody gives back the own sheet
        expected["reopen", "expert asked"] = DENIED
    assert found == expected
