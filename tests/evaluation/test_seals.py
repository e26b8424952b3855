"""What the database refuses, whoever asks it: raw SQL has no way round the rules."""

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError

from core.canonical import content_hash
from core.models import AuditEntry
from evaluation.desk.saving import save_scores
from evaluation.models import Case, Decision, Indicator, ScoreSheet
from evaluation.results import seals_of, sheet_document
from evaluation.states import CaseStatus
from evaluation.workflow import perform_sheet
from tests.builders import accounts
from tests.builders import evaluation as build

pytestmark = pytest.mark.django_db


def refused(statement, *values):
    """Run a statement, undo it, and return the sentence it was refused with; empty: it worked."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, values)
            transaction.set_rollback(True)
    except DatabaseError as error:
        return str(error).splitlines()[0]
    return ""


@pytest.fixture
def sheet():
    case = build.case(CaseStatus.IN_REVIEW)
    return build.fill(build.accept(build.an_assignment(case)))


CHANGES = {
    "change": "UPDATE evaluation_score SET value = 100 WHERE sheet_id = %s",
    "delete": "DELETE FROM evaluation_score WHERE sheet_id = %s",
    "add": (
        "INSERT INTO evaluation_score"
        " (sheet_id, indicator_id, value, comment, not_applicable, evidence)"
        " SELECT %s, id, 100, '', false, '[]' FROM evaluation_indicator WHERE code = 'level'"
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_no_score_of_a_submitted_sheet_moves(sheet, change):
    level = Indicator.objects.get(code="level")
    sheet.scores.filter(indicator=level).delete()
    before = refused(CHANGES[change], sheet.pk)
    save_scores(
        sheet.pk,
        build.full_scores(sheet.assignment.case),
        words={"comment": ""},
        actor=sheet.assignment.expert.user,
    )
    perform_sheet("submit", sheet.pk, actor=sheet.assignment.expert.user)

    after = refused(CHANGES[change], sheet.pk)

    assert (before, after) == ("", "score: the sheet is sealed")


def test_a_score_does_not_move_to_a_sealed_sheet(sheet):
    case = sheet.assignment.case
    other = build.submit(build.accept(case.assignments.exclude(pk=sheet.pk).get()))

    found = refused(
        "UPDATE evaluation_score SET sheet_id = %s WHERE sheet_id = %s", other.pk, sheet.pk
    )

    assert found == "score: the sheet is sealed"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE evaluation_scoresheet SET comment = 'x' WHERE assignment_id = %s",
        # Given back it may be (test_reopening.py), with nothing else changed.
        "UPDATE evaluation_scoresheet SET status = 'draft', submitted_at = NULL, comment = 'x'"
        " WHERE assignment_id = %s",
        "DELETE FROM evaluation_scoresheet WHERE assignment_id = %s",
    ],
)
def test_a_submitted_sheet_does_not_change(sheet, statement):
    perform_sheet("submit", sheet.pk, actor=sheet.assignment.expert.user)

    assert refused(statement, sheet.pk) != ""


# Two officers ---------------------------------------------------------------------------

SIGN = "UPDATE evaluation_decision SET released_by_id = %s, signed_at = now() WHERE id = %s"
RELEASE = "UPDATE evaluation_case SET status = 'released' WHERE id = %s"


def test_nobody_signs_her_own_decision():
    decision = build.decide(build.scored_case())

    found = refused(SIGN, decision.decided_by_id, decision.pk)

    assert "evaluation_decision_two_officers" in found


def test_a_case_is_released_only_with_a_second_signature():
    decision = build.decide(build.scored_case())
    Case.objects.filter(pk=decision.case_id).update(status=CaseStatus.SIGNED)
    unsigned = refused(RELEASE, decision.case_id)
    with connection.cursor() as cursor:
        cursor.execute(SIGN, (accounts.officer().pk, decision.pk))

    signed = refused(RELEASE, decision.case_id)

    assert (unsigned, signed) == ("case: released by no second officer", "")


@pytest.mark.parametrize(
    "change",
    [
        "outcome = 'not_included'",
        "statement = 'Other words.'",
        "total = 100",
        "result = '{}'",
        "decided_at = now()",
    ],
)
def test_what_was_decided_stays_as_it_was(change):
    decision = build.decide(build.scored_case())

    statement = f"UPDATE evaluation_decision SET {change} WHERE id = %s"  # noqa: S608 -- ours
    found = refused(statement, decision.pk)

    assert found == "decision: it is sealed"


def test_a_released_decision_stays_released():
    decision = Decision.objects.get(case=build.released_case())

    unsigned = refused(
        "UPDATE evaluation_decision SET released_by_id = NULL, released_at = NULL WHERE id = %s",
        decision.pk,
    )
    deleted = refused("DELETE FROM evaluation_decision WHERE id = %s", decision.pk)

    assert unsigned == "decision: it is sealed"
    assert deleted.startswith("pgtrigger: Cannot delete rows")


# States ---------------------------------------------------------------------------------


@pytest.mark.parametrize("status", ["decided", "released", "cleared", "invented"])
def test_a_case_does_not_jump(status):
    case = build.case()

    found = refused("UPDATE evaluation_case SET status = %s WHERE id = %s", status, case.pk)

    assert found != ""


def test_nobody_has_accepted_without_a_commitment():
    (assignment, _other) = build.assign(build.case())

    found = refused(
        "UPDATE evaluation_assignment SET status = 'accepted' WHERE id = %s", assignment.pk
    )

    assert found == "assignment: accepted before it was answered"


def guesses(sheet):
    """Return what a seal of each score could be, of all there are, without a comment."""
    return {
        content_hash({"indicator": one["indicator"], "value": value, "comment": ""})
        for one in sheet_document(sheet)["scores"]
        for value in range(101)
    }


def test_nobody_finds_a_score_by_its_seal_in_the_audit(sheet):
    sheet.scores.update(comment="", evidence=[], value=70)
    perform_sheet("submit", sheet.pk, actor=sheet.assignment.expert.user)

    said = AuditEntry.objects.get(act="score sheet.submit", subject_id=str(sheet.pk)).details

    stored = ScoreSheet.objects.get(pk=sheet.pk)
    assert len(stored.salt) == 32
    assert not guesses(stored) & set(said["scores"].values())
    assert {name: said[name] for name in ("content_hash", "scores")} == seals_of(
        sheet_document(stored)
    )


def test_what_was_sealed_before_there_was_a_salt_keeps_its_seal(sheet):
    sheet.scores.update(comment="", evidence=[], value=70)
    ScoreSheet.objects.filter(pk=sheet.pk).update(salt="")
    former = ScoreSheet.objects.get(pk=sheet.pk)

    document = sheet_document(former)

    assert "salt" not in document
    assert set(seals_of(document)["scores"].values()) <= guesses(former)
