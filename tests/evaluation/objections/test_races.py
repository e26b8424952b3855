"""Two at once about one objection, and an objection at the moment the clock clears the entry."""

import datetime as dt
from functools import partial

import pytest

from core.models import AuditEntry, StoredMail
from evaluation import services
from evaluation.models import Case, Objection
from evaluation.states import CaseStatus
from evaluation.workflow import CASES
from tests.builders import accounts, clock
from tests.builders import evaluation as build
from tests.builders import objections as make
from tests.builders.core import outcomes_of

pytestmark = pytest.mark.django_db(transaction=True)

MOMENT = dt.timedelta(microseconds=1)


@pytest.fixture
def case():
    return build.case(CaseStatus.PUBLICITY, experts_wanted=1)


def ruling(row, step):
    officer = accounts.officer()
    return lambda: make.rule(row, step, actor=officer)


def test_of_two_officers_who_rule_at_once_one_is_too_late(case):
    row = make.respond(make.admitted(case))

    found = outcomes_of(ruling(row, "uphold"), ruling(row, "dismiss"))

    row.refresh_from_db()
    assert found == ["TransitionError", "done"]
    assert (Case.objects.get().status == "not_included") == (row.status == "upheld")
    assert StoredMail.objects.filter(template="objection_ruled").count() == 1


def test_two_objections_upheld_at_once_remove_the_entry_once(case):
    first, second = (make.respond(make.admitted(case)) for _n in range(2))

    found = outcomes_of(ruling(first, "uphold"), ruling(second, "uphold"))

    assert found == ["done", "done"]
    assert AuditEntry.objects.filter(act="case.uphold_objection").count() == 1


@pytest.mark.parametrize(("before", "state"), [(MOMENT, "received"), (dt.timedelta(0), "sent")])
def test_confirmed_as_the_clock_clears_the_moment_decides(case, before, state):
    row = make.sent(case)

    with clock.stopped(case.publicity_ends_at - before):
        found = outcomes_of(
            lambda: make.confirm(row), lambda: CASES.perform("clear", case.pk, actor=None)
        )

    row.refresh_from_db()
    case.refresh_from_db()
    assert found == ["DomainError", "done"]
    assert (row.status, case.status) == (state, "publicity" if state == "received" else "cleared")


def test_settled_and_cleared_at_once_end_with_the_entry_listed_once(case):
    row = make.received(case)
    officer = accounts.officer()

    with make.after_the_end(case):
        found = outcomes_of(
            lambda: make.refuse(row, actor=officer),
            services.end_due_publicity,
            services.end_due_publicity,
        )
        services.end_due_publicity()

    case.refresh_from_db()
    assert found == ["done", "done", "done"]
    assert case.status == "cleared"
    assert AuditEntry.objects.filter(act="case.clear").count() == 1


def test_confirmed_twice_at_once_it_is_received_once(case):
    row = make.sent(case)

    found = outcomes_of(lambda: make.confirm(row), lambda: make.confirm(row))

    assert found == ["TransitionError", "done"]
    assert Objection.objects.get().status == "received"


def test_of_objections_sent_from_one_mailbox_at_once_no_more_than_a_day_has(case):
    sending = [partial(make.sent, case, address=f"wu+{n}@example.org") for n in range(4)]
    sending[0](), sending[1]()

    outcomes_of(*sending[2:])

    assert Objection.objects.count() == 3
    assert StoredMail.objects.filter(template="objection_sent").count() == 3
