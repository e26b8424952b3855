"""Officers are reminded of what is to be ruled on; nobody who may not rule is."""

import datetime as dt

import pytest

from accounts.roles import Level
from accounts.services import add_member
from core import reminders
from core.models import StoredMail
from evaluation.clarifying import end_of
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
