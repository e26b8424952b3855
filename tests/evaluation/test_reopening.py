"""A sealed sheet is given back for a reason, until the totals of its case were opened."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from core.errors import DomainError, TransitionError
from core.models import AuditEntry, StoredMail
from evaluation.desk.saving import save_scores
from evaluation.models import Assignment, ScoreSheet
from evaluation.replaying.activity import replay
from evaluation.results import seals_of, sheet_document
from evaluation.states import CaseStatus, SheetStatus
from evaluation.workflow import perform_case, perform_sheet
from tests.builders import accounts
from tests.builders import evaluation as build
from tests.reading import text

pytestmark = pytest.mark.django_db


@pytest.fixture
def sheet():
    case = build.case(CaseStatus.IN_REVIEW)
    return build.submit(build.accept(build.an_assignment(case)))


def reopen(sheet, *, actor=None, reason="The wrong indicator was scored."):
    actor = actor or accounts.officer()
    return perform_sheet("reopen", sheet.pk, actor=actor, reason=reason)


def test_a_sheet_is_given_back_with_all_that_was_entered(sheet):
    sealed = seals_of(sheet_document(ScoreSheet.objects.get(pk=sheet.pk)))

    given_back = reopen(sheet)

    assert (given_back.status, given_back.submitted_at) == (SheetStatus.DRAFT, None)
    assert given_back.reopened == "The wrong indicator was scored."
    act = AuditEntry.objects.get(act="score sheet.reopen", subject_id=str(sheet.pk))
    assert (act.reason, act.details["sealed"]) == (given_back.reopened, sealed)
    mail = StoredMail.objects.get(template="sheet_reopened")
    assert mail.recipient == sheet.assignment.expert.user.email
    assert given_back.reopened in mail.body


def test_the_expert_changes_and_submits_it_again(sheet):
    reopen(sheet)
    expert = sheet.assignment.expert.user

    save_scores(sheet.pk, build.full_scores(sheet.assignment.case, 70), actor=expert)
    again = perform_sheet("submit", sheet.pk, actor=expert)

    assert again.status == SheetStatus.SUBMITTED
    assert set(again.scores.values_list("value", flat=True)) == {70}


def test_the_desk_says_why_it_is_open_again(sheet):
    reopen(sheet)
    client = accounts.signed_in(sheet.assignment.expert.user)

    page = client.get(f"/en/evaluation/assignments/{sheet.pk}/scores/").content.decode()

    assert "The wrong indicator was scored." in page


def test_a_reason_is_asked_for(sheet):
    with pytest.raises(DomainError, match="reason"):
        reopen(sheet, reason=" ")


def test_nobody_but_an_officer_reopens(sheet):
    for person in (sheet.assignment.expert.user, build.expert().user, accounts.user()):
        with pytest.raises(PermissionDenied):
            reopen(sheet, actor=person)


def test_once_the_totals_were_opened_a_sheet_stays():
    case = build.scored_case()
    sheet = build.an_assignment(case).sheet

    with pytest.raises(DomainError, match="review of this declaration is complete"):
        reopen(sheet)


def test_totals_that_were_opened_once_stay_opened():
    case = build.scored_case()
    first, second = (one.sheet for one in case.assignments.order_by("invited_at", "pk"))
    build.exclude(first)
    perform_case("ask_further", case.pk, actor=accounts.officer(), reason="One is wanting.")

    with pytest.raises(DomainError, match="totals have been opened"):
        reopen(second)


def test_a_draft_is_open_already():
    sheet = build.accept(build.an_assignment(build.case(CaseStatus.IN_REVIEW)))

    with pytest.raises((TransitionError, PermissionDenied)):
        reopen(sheet)


@pytest.mark.parametrize(
    "change",
    [
        "status = 'draft', submitted_at = NULL, comment = 'other'",
        "status = 'draft', submitted_at = NULL, revision = 99",
        "submitted_at = now()",
    ],
)
def test_the_database_lets_nothing_else_change(sheet, change):
    with (
        pytest.raises(DatabaseError, match="sealed"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            f"UPDATE evaluation_scoresheet SET {change} WHERE assignment_id = %s",  # noqa: S608 -- ours
            [sheet.pk],
        )


def test_the_database_keeps_it_sealed_once_the_review_is_complete():
    sheet = build.an_assignment(build.scored_case()).sheet

    with (
        pytest.raises(DatabaseError, match="sealed"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "UPDATE evaluation_scoresheet SET status = 'draft', submitted_at = NULL"
            " WHERE assignment_id = %s",
            [sheet.pk],
        )


def test_a_reopened_sheet_replays():
    case = build.case(CaseStatus.IN_REVIEW)
    first, second = case.assignments.order_by("invited_at", "pk")
    sheet = build.submit(build.accept(first))
    reopen(sheet)
    save_scores(sheet.pk, build.full_scores(case, 70), actor=first.expert.user)
    perform_sheet("submit", sheet.pk, actor=first.expert.user)
    build.submit(build.accept(second))

    assert replay(case.declaration.activity).faults == []


def test_an_excluded_sheet_replays_with_both_results():
    case = build.case(CaseStatus.DECIDED)
    build.exclude(build.an_assignment(case).sheet)

    found = replay(case.declaration.activity)

    assert found.faults == []
    assert found.counts["score sheets"] == 2


def test_an_officer_reads_no_score_while_the_sheet_can_still_be_given_back(sheet):
    ScoreSheet.objects.filter(pk=sheet.pk, comment="").update(comment="A sound technology.")
    page = reverse("admin:evaluation_scoresheet_change", args=[sheet.pk])
    desk = accounts.signed_in(accounts.officer())

    before = desk.get(page)
    for other in Assignment.objects.filter(case=sheet.assignment.case_id, status="invited"):
        build.submit(build.accept(other))
    after = desk.get(page)

    shown = [
        (len(one.context["scores"]), "A sound technology." in text(one)) for one in (before, after)
    ]
    assert shown == [(0, False), (15, True)]
    assert "until then this one can be reopened" in text(before)
