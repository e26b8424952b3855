"""Experts, saved scores, and the end of the publicity."""

import datetime as dt

import pytest
from django.utils import timezone

from catalog.publishing import list_technology
from core.models import AuditEntry
from core.workflow import Act
from evaluation import services
from evaluation.models import Case
from evaluation.states import CASE, CaseStatus
from evaluation.tasks import end_publicity
from tests.builders import evaluation as build

pytestmark = pytest.mark.django_db


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
    assert "case not moved on by the clock" in line.getMessage()
    assert str(broken.pk) in line.getMessage()
    assert "IntegrityError" in line.getMessage()
