"""Experts, saved scores, and the end of the publicity."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from accounts.roles import Role
from catalog.publishing import list_technology
from core.errors import DomainError
from core.models import AuditEntry
from core.workflow import Act
from evaluation import services
from evaluation.models import Case, Expert
from evaluation.states import CASE, CaseStatus
from evaluation.tasks import end_publicity
from reference.models import Field
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
