"""Saved scores, and the end of the publicity."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from catalog.publishing import list_technology
from core.errors import DomainError, TransitionError
from core.models import AuditEntry
from core.workflow import Act
from evaluation import services
from evaluation.models import Case, Indicator, Score, ScoreSheet
from evaluation.states import CASE, CaseStatus, SheetStatus
from evaluation.tasks import end_publicity
from submissions.services import StaleRevision
from tests.builders import accounts
from tests.builders import evaluation as build

pytestmark = pytest.mark.django_db


# Scores ---------------------------------------------------------------------------------


@pytest.fixture
def sheet():
    case = build.case(CaseStatus.IN_REVIEW)
    return build.accept(build.an_assignment(case))


def save(sheet, scores, **given):
    values = {"comment": "", "actor": sheet.assignment.expert.user, "revision": 0, **given}
    return services.save_scores(sheet.pk, scores, **values)


def stored(sheet):
    return {one.indicator_id: (one.value, one.comment) for one in sheet.scores.all()}


def two_indicators():
    return Indicator.objects.values_list("pk", flat=True)[:2]


def test_a_sheet_is_saved_as_a_whole(sheet):
    first, second = two_indicators()

    save(sheet, {first: (80, " Good. "), second: (None, "Look again.")}, comment="So far.")
    saved = save(sheet, {first: (70, ""), second: (None, " ")}, revision=1)

    assert stored(sheet) == {first: (70, "")}
    assert (saved.revision, saved.comment, saved.status) == (2, "", SheetStatus.DRAFT)


def test_a_comment_is_kept_without_a_score(sheet):
    first, _second = two_indicators()

    save(sheet, {first: (None, "Look again.")})

    assert stored(sheet) == {first: (None, "Look again.")}


def test_a_stale_save_changes_nothing_and_brings_what_is_stored(sheet):
    first, _second = two_indicators()
    save(sheet, {first: (80, "Mine.")})

    with pytest.raises(StaleRevision) as refusal:
        save(sheet, {first: (20, "Old.")}, revision=0)

    assert refusal.value.stored.revision == 1
    assert stored(sheet) == {first: (80, "Mine.")}


@pytest.mark.parametrize("value", [-1, 101])
def test_a_score_lies_between_0_and_100(sheet, value):
    first, _second = two_indicators()

    with pytest.raises(DomainError, match="between 0 and 100"):
        save(sheet, {first: (value, "")})


def test_an_indicator_of_another_set_is_refused(sheet):
    with pytest.raises(DomainError, match="not among the criteria"):
        save(sheet, {10**9: (50, "")})


def test_nobody_else_saves_scores(sheet):
    for person in (accounts.officer(), build.expert().user, accounts.user()):
        with pytest.raises(PermissionDenied):
            save(sheet, {}, actor=person)


def test_a_submitted_sheet_is_not_saved(sheet):
    build.submit(sheet)

    with pytest.raises(TransitionError, match="submitted"):
        save(sheet, {}, revision=1)

    assert Score.objects.filter(sheet=sheet).count() == 15


def test_saving_costs_the_same_for_one_score_and_for_all(sheet):
    first, _second = two_indicators()
    everything = build.full_scores(sheet.assignment.case)
    save(sheet, {})  # her roles are read once

    with CaptureQueriesContext(connection) as one:
        save(sheet, {first: (80, "")}, revision=1)
    with CaptureQueriesContext(connection) as all_of_them:
        save(sheet, everything, revision=2)

    assert len(one) == len(all_of_them)


def test_generated_scores_stay_marked(sheet):
    save(sheet, {}, generated=True)
    save(sheet, {}, revision=1)

    assert ScoreSheet.objects.get(pk=sheet.pk).generated is True


def test_generated_scores_exist_in_the_demonstration_only(sheet, settings):
    settings.DEMO = False

    with pytest.raises(PermissionDenied):
        save(sheet, {}, generated=True)


# Publicity ------------------------------------------------------------------------------


def test_due_cases_are_cleared_and_a_second_run_finds_none():
    due = build.case(CaseStatus.PUBLICITY, publicity_days=0)
    going_on = build.case(CaseStatus.PUBLICITY, publicity_days=1)

    assert (end_publicity(), end_publicity()) == (1, 0)

    assert build.reread(due).status == CaseStatus.CLEARED
    assert build.reread(going_on).status == CaseStatus.PUBLICITY
    act = AuditEntry.objects.get(act="case.clear", subject_id=str(due.pk))
    assert act.actor is None


def test_a_case_is_cleared_when_its_time_has_come():
    case = build.case(CaseStatus.PUBLICITY, publicity_days=3)
    past = timezone.now() - dt.timedelta(days=9)
    Case.objects.filter(pk=case.pk).update(
        publicity_began_at=past, publicity_ends_at=past + dt.timedelta(days=3)
    )

    assert services.end_due_publicity() == 1


def test_a_case_that_cannot_be_listed_stops_no_other(caplog):
    broken = build.case(CaseStatus.PUBLICITY, publicity_days=0)
    # Listed before its time: the database lists nothing twice, so that its clearing must fail.
    list_technology(broken, Act(CASE.step("clear"), None, timezone.now(), timezone.now(), "", {}))
    sound = build.case(CaseStatus.PUBLICITY, publicity_days=0)

    with caplog.at_level("ERROR", logger="evaluation.services"):
        cleared = services.end_due_publicity()

    assert cleared == 1
    assert build.reread(broken).status == CaseStatus.PUBLICITY
    assert build.reread(sound).status == CaseStatus.CLEARED
    (line,) = caplog.records
    assert "publicity not ended" in line.getMessage()
    assert str(broken.pk) in line.getMessage()
    assert "IntegrityError" in line.getMessage()
