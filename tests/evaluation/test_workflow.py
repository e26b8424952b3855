"""What the steps of a case, an assignment and a score sheet ask and do."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from core.errors import DomainError
from core.models import AuditEntry, StoredMail
from evaluation.desk.saving import Given, save_scores
from evaluation.models import Assignment, Case, Decision, ScoreSheet
from evaluation.pool.workflow import EXPERTS
from evaluation.publicity.days import count, end
from evaluation.states import AssignmentStatus, CaseStatus, SheetStatus
from evaluation.workflow import perform_assignment, perform_case, perform_sheet
from submissions.states import Status
from submissions.workflow import ACTIVITIES
from tests.builders import accounts, submissions
from tests.builders import evaluation as build
from tests.evaluation.test_transitions import (
    DONE,
    REFUSED,
    assignment_in,
    conflicted_officer,
    outcome,
)

pytestmark = pytest.mark.django_db


# How a case begins ----------------------------------------------------------------------


def test_an_accepted_declaration_is_a_case_on_the_accepted_version():
    officer = accounts.officer()
    declaration = submissions.declaration(
        Status.ACCEPTED, officer=officer, activity=build.activity(experts_wanted=3)
    )

    case = Case.objects.get(declaration=declaration)

    assert case.version_id == declaration.version_id
    assert case.criteria_set == build.criteria()
    assert case.experts_wanted == 3
    assert case.status == CaseStatus.AWAITING
    opened = AuditEntry.objects.get(act="case.opened", subject_id=str(case.pk))
    assert (opened.actor, opened.after) == (officer, CaseStatus.AWAITING)


def test_an_activity_without_criteria_does_not_open():
    officer = accounts.officer()
    activity = submissions.prepared_activity(experts_wanted=0, actor=officer)

    with pytest.raises(DomainError, match="Set the criteria"):
        ACTIVITIES.perform("open", activity.pk, actor=officer)

    activity.refresh_from_db()
    assert activity.status == "prepared"


# Assigning ------------------------------------------------------------------------------


def assign(case, **inputs):
    return perform_case("assign", case.pk, actor=accounts.officer(), **inputs)


def test_assigning_asks_nobody_when_nobody_is_chosen():
    case = build.case()

    with pytest.raises(DomainError, match="at least one expert") as refusal:
        assign(case, experts=[])

    assert refusal.value.field == "experts"


def test_an_expert_with_a_conflict_is_refused_with_the_reason():
    case = build.case()
    expert = build.expert(employer=case.declaration.organisation)

    with pytest.raises(DomainError, match="employer") as refusal:
        assign(case, experts=[build.expert(), expert])

    assert refusal.value.field == "experts"
    assert str(expert) in str(refusal.value)
    assert not case.assignments.exists()


def test_an_expert_who_is_not_available_is_refused():
    case = build.case()
    expert = build.expert()
    EXPERTS.perform("remove", expert.pk, actor=accounts.officer(), reason="Twice absent.")

    with pytest.raises(DomainError, match="not available"):
        assign(case, experts=[expert])


def test_an_expert_is_asked_once_only():
    case = build.case()
    expert = build.expert()
    assign(case, experts=[expert, expert])

    with pytest.raises(DomainError, match="already"):
        assign(case, experts=[expert])

    assert [one.expert for one in case.assignments.all()] == [expert]


def test_a_due_date_lies_ahead():
    case = build.case()

    with pytest.raises(DomainError, match="passed") as refusal:
        assign(case, experts=[build.expert()], due_at=timezone.now() - dt.timedelta(minutes=1))

    assert refusal.value.field == "due_at"


def test_more_experts_can_be_asked_while_the_review_goes_on():
    case = build.case(CaseStatus.IN_REVIEW)

    again = assign(case, experts=[build.expert()])

    assert again.status == CaseStatus.IN_REVIEW
    assert case.assignments.count() == 3


def test_each_expert_is_invited_in_her_language():
    case = build.case()
    expert = build.expert(user=accounts.user("li@example.org", language="zh-hans"))

    assign(case, experts=[expert])

    mail = StoredMail.objects.get(template="assignment_invitation", recipient="li@example.org")
    assert mail.language == "zh-hans"
    assert f"/zh-hans/evaluation/assignments/{case.assignments.get().pk}/" in mail.body
    assert case.declaration.title not in mail.body


# The answer of an expert ----------------------------------------------------------------


def test_nothing_opens_without_the_commitment():
    assignment = assignment_in(AssignmentStatus.INVITED)

    with pytest.raises(DomainError) as refusal:
        perform_assignment("accept", assignment.pk, actor=assignment.expert.user, confidential=True)

    assert refusal.value.field == "no_conflict"
    assert not ScoreSheet.objects.exists()


def test_accepting_notes_the_commitment_and_opens_a_sheet():
    assignment = assignment_in(AssignmentStatus.ACCEPTED)

    assert assignment.committed_at == assignment.answered_at is not None
    assert (assignment.sheet.status, assignment.sheet.revision) == (SheetStatus.DRAFT, 0)


def test_declining_tells_the_officer_who_asked():
    assignment = assignment_in(AssignmentStatus.DECLINED)

    mail = StoredMail.objects.get(template="assignment_declined")
    assert mail.recipient == assignment.invited_by.email
    assert "No time." in mail.body
    assert assignment.reason == "No time."


def test_a_submitted_sheet_ends_the_assignment():
    case = build.case(CaseStatus.IN_REVIEW)
    sheet = build.submit(build.accept(build.an_assignment(case)))

    with pytest.raises(DomainError, match="has been submitted"):
        perform_assignment(
            "decline", sheet.pk, actor=sheet.assignment.expert.user, reason="Too late."
        )


def test_an_invitation_cannot_be_accepted_once_the_review_is_complete():
    case = build.case(CaseStatus.SCORED)
    late = Assignment.objects.create(
        case=case, expert=build.expert(), invited_by=accounts.officer()
    )

    with pytest.raises(DomainError, match="complete"):
        perform_assignment("accept", late.pk, actor=late.expert.user, **build.PROMISES)


# Submitting -----------------------------------------------------------------------------


def test_a_sheet_with_gaps_is_not_submitted():
    case = build.case(CaseStatus.IN_REVIEW)
    sheet = build.accept(build.an_assignment(case))

    with pytest.raises(DomainError, match="16 entries are missing"):
        perform_sheet("submit", sheet.pk, actor=sheet.assignment.expert.user)


@pytest.mark.parametrize(("value", "needed"), [(59, True), (60, False), (89, False), (90, True)])
def test_an_extreme_score_needs_a_comment(value, needed):
    case = build.case(CaseStatus.IN_REVIEW)
    sheet = build.accept(build.an_assignment(case))
    expert = sheet.assignment.expert.user
    silent = dict.fromkeys(build.full_scores(case), Given(value, " ", evidence=("technology",)))
    save_scores(sheet.pk, silent, words=build.WORDS, actor=expert)

    found = outcome(lambda: perform_sheet("submit", sheet.pk, actor=expert))

    assert found == (REFUSED if needed else DONE)


def test_the_audit_keeps_the_hash_of_what_was_given():
    case = build.case(CaseStatus.IN_REVIEW)

    sheet = build.submit(build.accept(build.an_assignment(case)))

    act = AuditEntry.objects.get(act="score sheet.submit", subject_id=str(sheet.pk))
    assert act.details["content_hash"] == build.sheet_hash(sheet)


def test_the_last_sheet_wanted_completes_the_review():
    case = build.case(CaseStatus.IN_REVIEW, experts_wanted=2)
    officer = accounts.officer("decider@example.org")
    barred = conflicted_officer(case)
    first, second = case.assignments.all()

    build.submit(build.accept(first))
    between = build.reread(case).status
    build.submit(build.accept(second))

    assert (between, build.reread(case).status) == (CaseStatus.IN_REVIEW, CaseStatus.SCORED)
    act = AuditEntry.objects.get(act="case.complete_review", subject_id=str(case.pk))
    assert act.actor is None
    told = set(
        StoredMail.objects.filter(template="case_scored").values_list("recipient", flat=True)
    )
    assert officer.email in told
    assert barred.email not in told


def test_who_has_not_finished_when_the_review_is_complete_is_released():
    case = build.case(experts_wanted=1)
    quick, slow, silent = build.assign(case, *(build.expert() for _n in range(3)))
    build.accept(slow)

    build.submit(build.accept(quick))

    assert {one.pk: one.status for one in case.assignments.all()} == {
        quick.pk: AssignmentStatus.ACCEPTED,
        slow.pk: AssignmentStatus.CANCELLED,
        silent.pk: AssignmentStatus.CANCELLED,
    }
    told = StoredMail.objects.filter(template="assignment_cancelled")
    assert {mail.recipient for mail in told} == {slow.expert.user.email, silent.expert.user.email}


# Deciding and releasing -----------------------------------------------------------------


def test_a_decision_keeps_the_figures_it_rests_on():
    case = build.scored_case()

    decision = build.decide(case, Decision.Outcome.DEFERRED)

    assert decision.total == 80
    assert decision.result["method"] == "mean-2"
    assert decision.result["criteria"]["hash"] == build.criteria().content_hash
    assert decision.result["verdict"] == "recommended"
    assert set(decision.result["sheets"]) == {str(one.pk) for one in case.assignments.all()}


@pytest.mark.parametrize(
    ("inputs", "field"),
    [
        ({"outcome": "perhaps", "statement": "Sound."}, "outcome"),
        ({"outcome": "included", "statement": "  "}, "statement"),
    ],
)
def test_a_decision_has_an_outcome_and_a_statement(inputs, field):
    case = build.scored_case()

    with pytest.raises(DomainError) as refusal:
        perform_case("decide", case.pk, actor=accounts.officer(), **inputs)

    assert refusal.value.field == field


def test_nobody_releases_her_own_decision():
    case = build.scored_case()
    officer = accounts.officer()
    build.decide(case, actor=officer)

    with pytest.raises(DomainError, match="second officer"):
        build.release(case, actor=officer)

    assert build.reread(case).status == CaseStatus.DECIDED


def test_an_expert_of_the_case_is_no_officer_on_it():
    case = build.case(experts_wanted=1)
    both = accounts.officer()
    (assignment,) = build.assign(case, build.expert(user=both))
    build.submit(build.accept(assignment))

    with pytest.raises(PermissionDenied):
        build.decide(case, actor=both)


def test_a_decision_sent_back_is_taken_anew():
    case = build.case(CaseStatus.DECIDED)
    first = Decision.objects.get(case=case)

    perform_case("send_back", case.pk, actor=accounts.officer(), reason="Say why.")
    second = build.decide(case, Decision.Outcome.NOT_INCLUDED)

    first.refresh_from_db()
    assert first.sent_back_at is not None
    assert list(Decision.objects.standing().filter(case=case)) == [second]


def ends_after(began, days):
    zone = timezone.get_default_timezone()
    day = timezone.localtime(began, zone).date()
    return end(began, count(day, days, working=False, exceptions={}), zone)


def test_a_release_is_signed_and_begins_the_publicity():
    officer = accounts.second_officer()
    case = build.case(CaseStatus.DECIDED, publicity_days=7)

    released = build.release(case, actor=officer)

    decision = Decision.objects.get(case=case)
    assert (decision.released_by, released.status) == (officer, CaseStatus.PUBLICITY)
    assert decision.released_at is not None
    assert released.publicity_began_at is not None
    assert released.publicity_ends_at == ends_after(released.publicity_began_at, 7)
    steps = AuditEntry.objects.filter(subject_type="case", subject_id=str(case.pk))
    assert [(one.act, one.actor) for one in steps.order_by("-id")[:3]] == [
        ("case.begin_publicity", None),
        ("case.make_known", None),
        ("case.release", officer),
    ]


@pytest.mark.parametrize("outcome", ["not_included", "deferred"])
def test_what_is_not_included_concludes_at_the_release(outcome):
    case = build.released_case(outcome)

    assert (case.status, case.publicity_began_at) == (CaseStatus.NOT_INCLUDED, None)


def test_the_enterprise_is_told_at_the_release_and_not_before():
    case = build.case(CaseStatus.DECIDED)
    before = list(StoredMail.objects.filter(template="decision_released"))

    build.release(case)

    owner = accounts.owner_of(case.declaration.organisation)
    mail = StoredMail.objects.get(template="decision_released")
    assert before == []
    assert mail.recipient == owner.email
    assert "The decision: included." in mail.body
    assert "The experts agree." in mail.body
    assert f"/en/evaluation/declarations/{case.declaration_id}/decision/" in mail.body


# Publicity ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("began", "days", "ends"),
    [
        ("2026-03-02T09:30:00+08:00", 0, "2026-03-02T09:30:00+08:00"),
        ("2026-03-02T09:30:00+08:00", 1, "2026-03-04T00:00:00+08:00"),
        ("2026-03-02T00:00:00+08:00", 7, "2026-03-10T00:00:00+08:00"),
        ("2026-03-02T23:59:59+08:00", 7, "2026-03-10T00:00:00+08:00"),
        # In Beijing it is the third of March already.
        ("2026-03-02T16:00:00+00:00", 7, "2026-03-11T00:00:00+08:00"),
    ],
)
def test_the_publicity_lasts_full_days_after_the_day_it_begins(began, days, ends):
    found = ends_after(dt.datetime.fromisoformat(began), days)

    assert found == dt.datetime.fromisoformat(ends)


def test_a_publicity_that_goes_on_is_not_ended():
    case = build.case(CaseStatus.PUBLICITY)

    with pytest.raises(DomainError, match="not over"):
        perform_case("clear", case.pk, actor=None)
