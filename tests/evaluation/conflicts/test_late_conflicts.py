"""A conflict found when the sheet was in: it counts no more, and both results are kept."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.db.utils import DatabaseError
from django.urls import reverse

from accounts.roles import Level
from accounts.services import add_member
from core.canonical import content_hash
from core.errors import DomainError
from core.models import AuditEntry, StoredMail
from evaluation.models import Assignment, Decision, LateConflict, Score, ScoreSheet
from evaluation.pool import attendance
from evaluation.results import case_result
from evaluation.states import CaseStatus, SheetStatus
from evaluation.workflow import perform_case, perform_sheet
from submissions.models import Declaration
from tests.builders import accounts
from tests.builders import evaluation as build
from tests.reading import text

pytestmark = pytest.mark.django_db


@pytest.fixture
def case():
    """Two sheets: 60 and 90."""
    made = build.case(CaseStatus.IN_REVIEW)
    for one, value in zip(made.assignments.order_by("pk"), (60, 90), strict=True):
        build.submit(build.accept(one), value)
    return build.reread(made)


def sheet_of(case, value=60):
    return ScoreSheet.objects.filter(assignment__case=case, scores__value=value).distinct().get()


def test_the_result_is_worked_out_anew_and_both_are_kept(case):
    sheet = sheet_of(case)
    before = case_result(case)

    build.exclude(sheet)

    found = LateConflict.objects.get()
    assert found.result_before == before
    assert (before["total"]["mean"], found.result_after["total"]["mean"]) == ("75.00", "90.00")
    assert case_result(case) == found.result_after
    assert list(found.result_after["sheets"]) == [str(sheet_of(case, 90).pk)]
    assert build.reread(case).status == CaseStatus.SCORED


def test_both_results_follow_from_the_rows_and_the_audit_names_them(case):
    sheet = sheet_of(case)
    sealed = build.sheet_hash(sheet)

    build.exclude(sheet)

    act = AuditEntry.objects.get(act="score sheet.exclude")
    found = LateConflict.objects.get()
    assert (act.before, act.after, act.reason) == (
        "submitted",
        "excluded",
        "Shares in the applicant.",
    )
    assert act.details["content_hash"] == sealed == build.sheet_hash(sheet)
    for name in ("result_before", "result_after"):
        kept = getattr(found, name)
        again = case_result(case, sheets=kept["sheets"])
        assert act.details[name] == content_hash(kept) == content_hash(again)


def test_a_decision_not_released_is_sent_back(case):
    decision = build.decide(case)

    build.exclude(sheet_of(case))

    decision.refresh_from_db()
    assert decision.sent_back_at is not None
    assert build.reread(case).status == CaseStatus.SCORED
    assert LateConflict.objects.get().decision == decision
    assert AuditEntry.objects.get(act="case.unsettle").actor is None
    assert build.decide(case).result == case_result(case)


def test_a_released_decision_stands_and_is_marked(case):
    decision = build.decide(case)
    build.release(case)

    build.exclude(sheet_of(case))

    decision.refresh_from_db()
    assert (decision.sent_back_at, build.reread(case).status) == (None, CaseStatus.PUBLICITY)
    assert LateConflict.objects.get().decision == decision
    page = text(desk().get(page_of(case)))
    assert "released before; it stands as it was" in page


def test_a_sheet_excluded_in_review_is_wanted_anew():
    case = build.case(CaseStatus.IN_REVIEW)
    first, second = case.assignments.order_by("pk")
    build.exclude(build.submit(build.accept(first)))

    build.submit(build.accept(second))

    assert build.reread(case).status == CaseStatus.IN_REVIEW
    (further,) = build.assign(case, build.expert())
    build.submit(build.accept(further))
    assert build.reread(case).status == CaseStatus.SCORED


def test_further_experts_are_asked_where_a_sheet_is_wanting(case):
    officer = accounts.officer()
    with pytest.raises(DomainError, match="All score sheets that were wanted are in"):
        perform_case("ask_further", case.pk, actor=officer, reason="More.")
    build.exclude(sheet_of(case))

    perform_case("ask_further", case.pk, actor=officer, reason="One is wanting.")
    (further,) = build.assign(case, build.expert())
    build.submit(build.accept(further), 70)

    assert build.reread(case).status == CaseStatus.SCORED
    assert case_result(case)["total"]["mean"] == "80.00"


def test_nothing_is_decided_when_no_sheet_counts(case):
    for value in (60, 90):
        build.exclude(sheet_of(case, value))

    with pytest.raises(DomainError, match="No score sheet counts any more"):
        build.decide(case)

    assert not Decision.objects.exists()


def test_the_expert_says_so_without_other_evidence_and_the_officers_are_told(case):
    sheet = sheet_of(case)
    expert, officer = sheet.assignment.expert.user, accounts.officer()

    perform_sheet("exclude", sheet.pk, actor=expert, reason="My firm was bought by them.")

    found = LateConflict.objects.get()
    assert (found.recorded_by, found.reason) == (expert, "My firm was bought by them.")
    told = StoredMail.objects.filter(template="late_conflict").values_list("recipient", flat=True)
    assert officer.email in told
    assert expert.email not in told


@pytest.mark.parametrize(
    ("given", "field"),
    [({"reason": " ", "evidence": "x"}, "reason"), ({"reason": "x", "evidence": " "}, "evidence")],
)
def test_an_officer_gives_a_reason_and_evidence(case, given, field):
    sheet = sheet_of(case)

    with pytest.raises(DomainError) as refused:
        perform_sheet("exclude", sheet.pk, actor=accounts.officer(), **given)

    assert refused.value.field == field
    assert not LateConflict.objects.exists()


def test_nobody_else_excludes_a_sheet(case):
    sheet = sheet_of(case)
    tied = accounts.officer()
    add_member(case.declaration.organisation_id, tied, Level.VIEW, actor=None)
    other = sheet_of(case, 90).assignment.expert.user
    owner = accounts.owner_of(case.declaration.organisation)

    for person in (tied, other, owner, accounts.user(), None):
        with pytest.raises(PermissionDenied):
            perform_sheet("exclude", sheet.pk, actor=person, reason="x", evidence="x")


def test_an_excluded_sheet_is_no_missed_one_and_no_open_work(case):
    sheet = sheet_of(case)
    expert = sheet.assignment.expert
    build.exclude(sheet)
    Assignment.objects.filter(pk=sheet.pk).update(due_at=sheet.assignment.invited_at)

    found = attendance.of(expert.pk)

    assert (found.submitted, found.missed) == (1, 0)
    assert not Assignment.objects.unfinished().filter(expert=expert).exists()


def test_who_has_it_reads_the_declaration_no_more(case):
    sheet = sheet_of(case)
    expert = sheet.assignment.expert.user
    mine = Declaration.objects.visible_to(expert).filter(case=case)
    assert mine.exists()

    build.exclude(sheet)

    assert not mine.exists()
    browser = accounts.signed_in(expert)
    page = text(browser.get(reverse("evaluation:scoring-desk", args=[sheet.pk])))
    assert "It does not count." in page
    assert "Landfills in warm climates." not in page
    for name in ("dossier", "clarification-ask"):
        assert browser.get(reverse(f"evaluation:{name}", args=[sheet.pk])).status_code == 404


def test_who_was_released_when_the_review_was_complete_can_be_asked_again():
    case = build.case(CaseStatus.IN_REVIEW)
    third, *_none = build.assign(case, build.expert())
    for one in case.assignments.exclude(pk=third.pk):
        build.submit(build.accept(one))
    assert Assignment.objects.get(pk=third.pk).status == "cancelled"
    officer = accounts.officer()
    perform_case("ask_further", case.pk, actor=officer, reason="At the line.", more=1)

    perform_case("assign", case.pk, actor=officer, experts=[third.expert], due_at=third.due_at)

    again = case.assignments.select_related("expert__user").get(status="invited")
    build.submit(build.accept(again), 60)
    assert build.reread(case).status == CaseStatus.SCORED
    assert case_result(case)["total"]["mean"] == "73.33"


# The database --------------------------------------------------------------------------------


def refused(statement, *values):
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, values)
            transaction.set_rollback(True)
    except DatabaseError as error:
        return str(error).splitlines()[0]
    return ""


SHEET = "UPDATE evaluation_scoresheet SET {} WHERE assignment_id = %s"


@pytest.mark.parametrize(
    "change",
    [
        "status = 'submitted'",
        "status = 'draft', submitted_at = NULL",
        "comment = 'x'",
        "revision = 99",
    ],
)
def test_an_excluded_sheet_is_never_changed(case, change):
    sheet = sheet_of(case)
    build.exclude(sheet)

    assert refused(SHEET.format(change), sheet.pk) != ""
    assert refused("DELETE FROM evaluation_scoresheet WHERE assignment_id = %s", sheet.pk) != ""
    score = "UPDATE evaluation_score SET value = 1 WHERE sheet_id = %s"
    assert refused(score, sheet.pk) == "score: the sheet is sealed"
    assert Score.objects.filter(sheet=sheet, value=60).exists()
    assert refused("UPDATE evaluation_lateconflict SET reason = 'x'") != ""
    assert refused("DELETE FROM evaluation_lateconflict") != ""


def test_nothing_is_excluded_without_its_reason_or_with_another_comment(case):
    sheet = sheet_of(case)
    bare = refused(SHEET.format("status = 'excluded'"), sheet.pk)
    LateConflict.objects.create(
        sheet=sheet,
        reason="x",
        recorded_by=accounts.officer(),
        recorded_at=sheet.submitted_at,
    )

    assert bare == "score sheet: it is sealed"
    assert refused(SHEET.format("status = 'excluded', comment = 'x'"), sheet.pk) == bare
    assert refused(SHEET.format("status = 'excluded'"), sheet.pk) == ""


# Pages ---------------------------------------------------------------------------------------


def desk():
    return accounts.signed_in(accounts.officer())


def page_of(case):
    return reverse("admin:evaluation_case_change", args=[case.pk])


def test_an_officer_excludes_a_sheet_on_its_page_and_reads_both_results(case):
    sheet, client = sheet_of(case), desk()
    address = reverse("admin:evaluation_scoresheet_step", args=[sheet.pk, "exclude"])
    without = client.post(address, {"reason": "x", "evidence": ""})

    client.post(address, {"reason": "Shares.", "evidence": "A register."})

    sheet.refresh_from_db()
    page = text(client.get(page_of(case)))
    assert "This field is required." in text(without)
    assert sheet.status == SheetStatus.EXCLUDED
    for told in ("Shares.", "A register.", "75.00 – Recommended", "90.00 – Recommended"):
        assert told in page
    assert "Excluded: conflict of interest" in page


def test_a_further_opinion_is_wanted_at_the_cut_line(case):
    step = reverse("admin:evaluation_case_step", args=[case.pk, "ask_further"])
    client, sent = desk(), {"reason": "The interval crosses the cut line."}

    refused = client.post(step, sent | {"more": "0"})
    client.post(step, sent | {"more": "1"})

    assert "Say how many more are wanted." in text(refused)
    after = build.reread(case)
    assert (after.status, after.experts_wanted) == (CaseStatus.IN_REVIEW, 3)
    (further,) = build.assign(case, build.expert())
    build.submit(build.accept(further), 61)
    assert build.reread(case).status == CaseStatus.SCORED
    assert len(case_result(case)["sheets"]) == 3
    act = AuditEntry.objects.get(act="case.ask_further", subject_id=str(case.pk))
    assert act.details["more"] == 1


@pytest.mark.parametrize("more", [-1, 5])
def test_no_more_than_four_are_wanted_at_once(case, more):
    with pytest.raises(DomainError, match="At most 4"):
        perform_case("ask_further", case.pk, actor=accounts.officer(), reason="More.", more=more)


def test_before_the_review_is_complete_no_result_is_shown():
    case = build.case(CaseStatus.IN_REVIEW)
    build.exclude(build.submit(build.accept(build.an_assignment(case)), 61))

    assert "Conflicts of interest found late" not in text(desk().get(page_of(case)))


def test_an_expert_declares_a_late_conflict_on_the_page(case):
    sheet = sheet_of(case)
    client = accounts.signed_in(sheet.assignment.expert.user)
    address = reverse("evaluation:late-conflict", args=[sheet.pk])
    invitation = reverse("evaluation:invitation", args=[sheet.pk])
    linked = address in client.get(invitation).content.decode()

    done = client.post(address, {"reason": "My firm was bought by them."}, follow=True)

    sheet.refresh_from_db()
    assert linked
    assert sheet.status == SheetStatus.EXCLUDED
    assert "Excluded: conflict of interest" in text(done)
    assert client.get(address).status_code == 404
    assert accounts.signed_in(build.expert().user).get(address).status_code == 404
