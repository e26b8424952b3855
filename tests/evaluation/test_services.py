"""Experts, saved scores, and the end of the publicity."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.roles import Role
from catalog.publishing import list_technology
from core.errors import DomainError, TransitionError
from core.models import AuditEntry
from core.workflow import Act
from evaluation import services
from evaluation.models import Case, Expert, Indicator, Score, ScoreSheet
from evaluation.states import CASE, CaseStatus, SheetStatus
from evaluation.tasks import end_publicity
from reference.models import Field
from submissions.services import StaleRevision
from tests.builders import accounts
from tests.builders import evaluation as build

pytestmark = pytest.mark.django_db


# Experts --------------------------------------------------------------------------------


def enrol(user, **given):
    values = {
        "actor": accounts.officer(),
        "employer": None,
        "employer_name": "An institute",
        "fields": Field.objects.filter(code="WAT"),
        **given,
    }
    return services.enrol_expert(user, **values)


def test_who_is_enrolled_is_an_expert_by_role():
    user = accounts.user()

    expert = enrol(user, languages=["en", "zh-hans"], title="Professor")

    assert user.roles == {Role.EXPERT}
    assert (expert.title, expert.languages, expert.active) == ("Professor", ["en", "zh-hans"], True)
    assert [field.code for field in expert.fields.all()] == ["WAT"]
    assert AuditEntry.objects.filter(act="expert.enrolled", subject_id=str(user.pk)).count() == 1


def test_an_employer_in_the_portal_gives_the_name():
    employer = accounts.organisation(name_en="Clear Water AS")

    assert enrol(accounts.user(), employer=employer, employer_name="").employer_name == (
        "Clear Water AS"
    )


@pytest.mark.parametrize(
    ("given", "field"),
    [({"employer_name": " "}, "employer_name"), ({"fields": []}, "fields")],
)
def test_an_expert_has_an_employer_and_a_field(given, field):
    with pytest.raises(DomainError) as refusal:
        enrol(accounts.user(), **given)

    assert refusal.value.field == field


def test_nobody_is_enrolled_twice():
    expert = build.expert()

    with pytest.raises(DomainError, match="already"):
        enrol(expert.user)


def test_nobody_enrols_herself():
    officer = accounts.officer()

    with pytest.raises(DomainError, match="You cannot take yourself into the expert pool"):
        enrol(officer, actor=officer)


def test_only_officers_enrol():
    with pytest.raises(PermissionDenied):
        enrol(accounts.user(), actor=accounts.user())


def test_an_officer_edits_an_expert():
    expert = build.expert()

    services.edit_expert(
        expert.pk, actor=accounts.officer(), active=False, title="Dr", fields=Field.objects.all()
    )

    expert.refresh_from_db()
    assert (expert.active, expert.title, expert.fields.count()) == (
        False,
        "Dr",
        Field.objects.count(),
    )


def test_the_audit_keeps_of_an_expert_what_assigning_depends_on_and_nothing_personal():
    expert = build.expert(employer_name="Clear Water AS")
    employer = accounts.organisation()
    fields = sorted(expert.fields.values_list("pk", flat=True))

    services.edit_expert(
        expert.pk,
        actor=accounts.officer(),
        active=False,
        title="Academician",
        employer=employer,
        employer_name="Li Mei Consulting",
        fields=Field.objects.filter(pk="AIR"),
        subcategories=[],
        languages=["zh-hans", "en"],
    )

    assert AuditEntry.objects.get(act="expert.edited").details == {
        "active": [True, False],
        "employer": [None, str(employer.pk)],
        "fields": [fields, ["AIR"]],
        "title": [],
        "employer_name": [],
        "languages": [],
        **({"subcategories": []} if expert.subcategories.exists() else {}),
    }


def test_an_expert_does_not_edit_herself():
    expert = build.expert()

    with pytest.raises(PermissionDenied):
        services.edit_expert(expert.pk, actor=expert.user, title="Academician")


def test_an_officer_does_not_edit_her_own_expert_profile():
    officer = accounts.officer()
    build.expert(user=officer, employer_name="Clear Water AS")

    with pytest.raises(DomainError, match="You cannot edit your own expert profile"):
        services.edit_expert(officer.pk, actor=officer, employer_name="Another institute")

    assert Expert.objects.get(pk=officer.pk).employer_name == "Clear Water AS"


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
