"""Who may do what about an objection, who learns who objects, and what stays as it was said."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction

from accounts.roles import Level
from accounts.services import add_member
from core import rights
from core.errors import TransitionError
from core.models import AuditEntry
from evaluation.models import (
    Case,
    Decision,
    Expert,
    Objection,
    PanelItem,
    PanelMeeting,
    PanelMember,
)
from evaluation.objections import objecting
from evaluation.objections.workflow import OBJECTIONS
from evaluation.states import CaseStatus
from tests.builders import accounts, clock
from tests.builders import evaluation as build
from tests.builders import objections as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def case():
    return build.case(CaseStatus.PUBLICITY, experts_wanted=1)


def over(case):
    """Let the publicity be over, for the rest of the test."""
    case.refresh_from_db()
    clock.stop(case.publicity_ends_at)


def state(case):
    return Case.objects.values_list("status", flat=True).get(pk=case.pk)


# Who may ---------------------------------------------------------------------------------


def test_who_decided_or_released_neither_handles_nor_rules_nor_looks(case):
    decision = Decision.objects.get(case=case)
    row, admitted = make.received(case), make.admitted(case)

    for officer in (decision.decided_by, decision.released_by):
        assert rights.can(officer, "read", row)
        assert not rights.can(officer, "identify", row)
        with pytest.raises(PermissionDenied):
            make.admit(row, actor=officer)
        with pytest.raises(PermissionDenied):
            make.rule(admitted, "dismiss", actor=officer)


def test_who_sat_on_the_panel_of_the_entry_neither_handles_nor_rules(case):
    officer, row, admitted = accounts.officer(), make.received(case), make.admitted(case)
    expert = Expert.objects.create(user=officer)
    meeting = PanelMeeting.objects.create(
        activity=case.declaration.activity,
        number=1,
        title="One",
        starts_at=row.sent_at,
        prepared_at=row.sent_at,
        prepared_by=accounts.officer(),
    )
    PanelMember.objects.create(meeting=meeting, expert=expert)
    assert rights.can(officer, "handle", row)

    PanelItem.objects.create(meeting=meeting, case=case, place=1)

    assert rights.can(officer, "read", row)
    assert not any(rights.can(officer, one, row) for one in ("identify", "handle"))
    assert not rights.can(officer, "rule", admitted)


def test_the_database_itself_asks_for_another_officer(case):
    row, decision = make.admitted(case), Decision.objects.get(case=case)

    with pytest.raises(DatabaseError), transaction.atomic():
        Objection.objects.filter(pk=row.pk).update(
            status="not_upheld",
            ruling="x",
            summary="x",
            settled_at=row.admitted_at,
            ruled_by=decision.decided_by,
        )


def test_an_officer_with_a_conflict_or_who_objects_does_not_see_it(case):
    tied, objector = accounts.officer(), accounts.officer()
    add_member(case.declaration.organisation_id, tied, Level.VIEW, actor=None)
    row = make.received(case, address=objector.email)

    for person in (tied, objector, accounts.expert_user(), AnonymousUser()):
        assert not Objection.objects.visible_to(person).filter(pk=row.pk).exists()
    assert rights.can(accounts.officer(), "read", row)
    assert not rights.can(accounts.officer(), "read", make.sent(case))


def test_the_applicant_hears_of_what_is_admitted_and_of_nothing_else(case):
    house = case.declaration.organisation
    viewer, editor = (accounts.member(level, house) for level in (Level.VIEW, Level.EDIT))
    elsewhere = accounts.owner_of(accounts.organisation())
    refused, admitted = make.objection("refused", case=case), make.admitted(case)
    make.received(case)
    make.sent(case)

    heard = {
        who: list(Objection.objects.with_right(who, "hear")) for who in (viewer, editor, elsewhere)
    }

    assert heard == {viewer: [admitted], editor: [admitted], elsewhere: []}
    assert not rights.can(editor, "hear", refused)
    for person in (viewer, elsewhere):
        with pytest.raises(PermissionDenied):
            make.respond(admitted, actor=person)
    assert make.respond(admitted, actor=editor).responded_by == editor


def test_the_objector_withdraws_until_it_is_ruled_on(case):
    row = make.admitted(case)

    assert OBJECTIONS.perform("withdraw", row.pk, actor=None).status == "withdrawn"
    with pytest.raises(TransitionError):
        OBJECTIONS.perform("withdraw", make.ruled("not_upheld", case).pk, actor=None)


def test_who_looks_at_an_identity_is_noted(case):
    officer = accounts.officer()
    row = make.received(case, protected=True, files=1)

    seen = objecting.identity_of(row.pk, actor=officer)
    file = objecting.file_of(row.pk, row.files.get().pk, actor=officer)
    denied = objecting.identity_of(row.pk, actor=Decision.objects.get(case=case).decided_by)

    assert (seen.name, file.file_name, denied) == ("Wen Yi", "proof0.png", None)
    acts = AuditEntry.objects.filter(actor=officer, subject_id=str(row.pk))
    assert sorted(acts.values_list("act", flat=True)) == [
        "objection.file_read",
        "objection.identity_read",
    ]


def test_what_was_refused_stays(case):
    row = make.refuse(make.received(case))

    for change in ({"reason": "x"}, {"refusal": "late"}, {"handled_by": accounts.officer()}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Objection.objects.filter(pk=row.pk).update(**change)


def test_when_it_was_admitted_and_due_stays(case):
    row = make.ruled("not_upheld", case)

    for change in (
        {"admitted_at": row.sent_at},
        {"due_on": "2026-01-01"},
        {"respond_until": "2026-01-01"},
        {"handled_by": accounts.officer()},
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            Objection.objects.filter(pk=row.pk).update(**change)


def test_what_was_said_and_ruled_stays(case):
    row = make.ruled("not_upheld", case)

    for change in ({"statement": "x"}, {"ruling": "x"}, {"summary": "x"}, {"protected": True}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Objection.objects.filter(pk=row.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        row.delete()
