"""Rejections: nobody judges twice, each version is contested once, and what was said stays."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from core import rights
from core.errors import TransitionError
from core.models import AuditEntry
from submissions import checklist, queue
from submissions.models import Correction, Rejection
from submissions.states import Status
from submissions.workflow import perform
from tests.builders import accounts
from tests.builders import submissions as build

pytestmark = pytest.mark.django_db


def rejected():
    officer = accounts.officer()
    return build.declaration(Status.REJECTED, officer=officer), officer


def test_whose_rejection_was_lifted_does_not_check_it_again():
    declaration, officer = rejected()
    other = accounts.officer()
    build.take(declaration, "contest", accounts.owner_of(declaration.organisation))
    build.take(declaration, "reopen", other)

    for step in ("accept", "return", "reject"):
        with pytest.raises(PermissionDenied):
            perform(step, declaration.pk, actor=officer, reason="All the same.")
    with pytest.raises(TransitionError):
        checklist.mark(declaration.pk, [], actor=officer)

    assert rights.held(other, declaration, "read", "check") == {"read", "check"}
    assert rights.held(officer, declaration, "read", "check") == {"read"}


def test_the_rejection_of_a_later_version_may_be_contested_in_its_turn():
    """An office of two is enough: whose rejection was answered hears the other's."""
    declaration, first = rejected()
    owner, other = accounts.owner_of(declaration.organisation), accounts.officer()
    for step, actor in (
        ("contest", owner),
        ("reopen", other),
        ("return", other),
        ("submit", owner),
        ("begin_check", other),
        ("reject", other),
        ("contest", owner),
    ):
        build.take(declaration, step, actor)

    assert list(queue.to_work_on(first)) == [declaration]
    assert list(queue.to_work_on(other)) == []
    done = build.take(declaration, "reopen", first)

    assert done.status == Status.IN_CHECK
    assert rights.held(first, declaration, "check", "hear") == {"check"}
    assert rights.held(other, declaration, "check", "hear") == set()
    found = Rejection.objects.order_by("pk").values_list("version__number", "upheld")
    assert list(found) == [(1, False), (2, False)]


def test_the_audit_says_until_when_only_where_it_can_be_contested():
    declaration, _officer = rejected()
    other = accounts.officer()
    build.take(declaration, "contest", accounts.owner_of(declaration.organisation))
    build.take(declaration, "reopen", other)
    build.take(declaration, "reject", other)

    acts = AuditEntry.objects.filter(act="declaration.reject").order_by("pk")
    assert ["contest_until" in one.details for one in acts] == [True, False]


@pytest.mark.parametrize(
    "change",
    [
        {"code": "other"}, {"reason": "Another one."}, {"contest_until": dt.date(2099, 1, 1)},
        {"rejected_at": timezone.now()}, {"rejected_by": None}, {"declaration": None},
        {"version": None},
    ],
)  # fmt: skip
def test_what_was_decided_stays_before_it_is_answered_too(change):
    rejected()

    with pytest.raises(DatabaseError, match=r"Cannot update|of another"), transaction.atomic():
        Rejection.objects.update(**change)


@pytest.mark.parametrize(
    "change", [{"statement": "Never mind."}, {"contested_at": None, "contested_by": None}]
)
def test_what_was_contested_stays(change):
    declaration, _officer = rejected()
    build.take(declaration, "contest", accounts.owner_of(declaration.organisation))

    with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
        Rejection.objects.update(**change)


def test_a_correction_and_a_rejection_say_why_also_by_raw_sql():
    declaration, officer = rejected()
    assert declaration.version
    with pytest.raises(IntegrityError, match="correction_reasoned"), transaction.atomic():
        Correction.objects.create(
            version=declaration.version, section="technology", reason="", asked_by=officer
        )

    rejection = Rejection.objects.get()
    rejection.pk, rejection.reason = None, ""
    with pytest.raises(IntegrityError, match="rejection_reasoned"), transaction.atomic():
        rejection.save(force_insert=True)


def test_a_rejection_is_of_a_version_of_its_declaration():
    rejected()
    other = build.declaration(Status.SUBMITTED)

    rejection = Rejection.objects.get()
    rejection.pk, rejection.declaration = None, other
    with pytest.raises(IntegrityError, match="of another declaration"), transaction.atomic():
        rejection.save(force_insert=True)
