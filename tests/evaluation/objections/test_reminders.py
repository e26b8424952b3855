"""Officers are reminded of what is to be ruled on; nobody who may not rule is."""

import datetime as dt

import pytest
from django.urls import reverse

from accounts.models import User
from accounts.roles import Level
from accounts.services import add_member
from core import reminders
from core.models import StoredMail
from evaluation.clarifications.clarifying import end_of
from evaluation.models import Decision
from tests.builders import accounts, clock
from tests.builders import objections as make

pytestmark = pytest.mark.django_db


def told():
    mails = StoredMail.objects.filter(template="objection_due")
    return set(mails.values_list("recipient", flat=True))


def test_an_open_objection_is_called_to_mind_once_to_who_may_rule():
    officer, tied = accounts.officer(), accounts.officer()
    row = make.admitted()
    add_member(row.case.declaration.organisation_id, tied, Level.VIEW, actor=None)
    decision = Decision.objects.get(case=row.case)
    assert row.due_on is not None
    clock.stop(end_of(row.due_on) + dt.timedelta(days=1, hours=-1))

    reminders.remind()
    reminders.remind()

    assert officer.email in told()
    assert told().isdisjoint({tied.email, decision.decided_by.email, decision.released_by.email})
    mail = StoredMail.objects.filter(template="objection_due", recipient=officer.email).get()
    assert "is open. The entry waits for it" in mail.body
    assert row.name not in mail.body


@pytest.mark.parametrize("state", ["sent", "refused", "withdrawn", "not_upheld"])
def test_what_is_settled_or_was_not_confirmed_is_not(state):
    row = make.objection(state)
    clock.stop(row.sent_at + dt.timedelta(days=23))

    reminders.remind()

    assert told() == set()


def test_an_overdue_objection_is_called_to_mind_every_week():
    officer, row = accounts.officer(), make.admitted()
    assert row.due_on is not None
    over = end_of(row.due_on)

    found = []
    for days in (0, 6, 7, 14, 20, 69):
        with clock.stopped(over + dt.timedelta(days=days, hours=1)):
            reminders.remind()
            reminders.remind()
        mails = StoredMail.objects.filter(template="objection_due", recipient=officer.email)
        found.append(mails.count())

    assert found == [1, 1, 2, 3, 3, 4]


def test_what_nobody_may_handle_is_told_to_who_sees_to_it():
    system, row = accounts.system_administrator(), make.sent()
    decision = Decision.objects.get(case=row.case)
    signed = {decision.decided_by, decision.released_by}
    User.objects.exclude(pk__in=[one.pk for one in signed]).exclude(pk=system.pk).update(
        is_active=False
    )

    row = make.confirm(row)

    mails = StoredMail.objects.filter(template="objection_stuck")
    assert set(mails.values_list("recipient", flat=True)) == {
        system.email,
        decision.decided_by.email,
        decision.released_by.email,
    }
    assert all("No officer may take the next step" in mail.body for mail in mails)
    assert not any(row.name in mail.body for mail in mails)
    line = "Objections no officer may handle"
    desk = accounts.signed_in(decision.decided_by)
    assert line in desk.get(reverse("admin:index")).content.decode()
    assert row.due_on is not None
    clock.stop(end_of(row.due_on) + dt.timedelta(hours=1))
    reminders.remind()
    assert system.email in told()
    due = StoredMail.objects.get(template="objection_due", recipient=system.email)
    assert "has to appoint another officer" in due.body
    accounts.officer()
    assert line not in desk.get(reverse("admin:index")).content.decode()
