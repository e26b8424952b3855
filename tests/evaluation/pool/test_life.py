"""An expert's year, leaving, being removed, and what the rule about missed sheets says."""

import datetime as dt
from importlib import import_module

import pytest
from django.db import connection

from accounts.roles import Role
from core import reminders
from core.clock import database_now
from core.errors import DomainError, TransitionError
from core.models import StoredMail
from evaluation.models import Expert
from evaluation.pool import attendance
from evaluation.pool.workflow import EXPERTS
from evaluation.tasks import keep_pool
from evaluation.workflow import perform_assignment, perform_case
from tests.builders import accounts, clock
from tests.builders import evaluation as build

pytestmark = pytest.mark.django_db

NOON = dt.datetime(2026, 5, 20, 4, tzinfo=dt.UTC)  # noon in Beijing
MAY = dt.date(2026, 5, 1)


@pytest.fixture(autouse=True)
def _clock():
    clock.stop(NOON)


def fresh(expert):
    return Expert.objects.get(pk=expert.pk)


def take(step, expert, actor, **given):
    return EXPERTS.perform(step, expert.pk, actor=actor, **given)


def a_case(**given):
    """Return a case of an activity that is open by the machine's own clock."""
    now = database_now()
    clock.tick()
    made = build.case(**given)
    clock.stop(now)
    return made


# The year -------------------------------------------------------------------------------


def test_a_membership_lapses_after_its_last_day_and_comes_back_by_confirming():
    expert = build.expert()
    clock.stop(dt.datetime(2027, 5, 20, 15, 59, tzinfo=dt.UTC))
    assert keep_pool()["lapsed"] == 0
    clock.stop(dt.datetime(2027, 5, 20, 16, 1, tzinfo=dt.UTC))

    assert [keep_pool()["lapsed"], keep_pool()["lapsed"]] == [1, 0]
    assert (fresh(expert).status, fresh(expert).user.roles) == ("lapsed", {Role.EXPERT})
    with pytest.raises(DomainError, match="complete and true"):
        take("renew", expert, expert.user)
    take("renew", expert, expert.user, confirmed=True)

    assert (fresh(expert).status, fresh(expert).renewed_until) == ("enrolled", dt.date(2028, 5, 21))


def test_who_has_lapsed_finishes_what_they_accepted():
    expert = build.expert()
    case = a_case(experts_wanted=1)
    (asked,) = build.assign(case, expert)
    clock.stop(dt.datetime(2027, 5, 21, tzinfo=dt.UTC))
    keep_pool()

    build.submit(build.accept(asked))

    assert build.reread(case).status == "scored"


def test_experts_are_reminded_thirty_and_seven_days_before_and_after_each_once():
    expert = build.expert()
    sent = []
    for days in (-31, -30, -30, -8, -7, 1, 7, 30):
        clock.stop(dt.datetime(2027, 5, 20, 4, tzinfo=dt.UTC) + dt.timedelta(days=days))
        keep_pool()
        sent.append(reminders.remind())

    assert sent == [0, 1, 0, 0, 1, 0, 1, 1]
    subjects = StoredMail.objects.filter(template="expert_renewal", recipient=expert.user.email)
    assert set(subjects.values_list("subject", flat=True)) == {
        "Please confirm your expert profile by 2027-05-20",
        "Your place in the expert pool has lapsed",
    }


def test_the_twenty_ninth_of_february_has_a_year_too():
    clock.stop(dt.datetime(2028, 2, 29, 4, tzinfo=dt.UTC))

    assert build.expert().renewed_until == dt.date(2029, 2, 28)


# Leaving, and being removed -------------------------------------------------------------


def test_who_leaves_finishes_or_declines_first():
    expert = build.expert()
    (asked,) = build.assign(a_case(), expert)

    with pytest.raises(DomainError, match="Submit the score sheet or decline first"):
        take("leave", expert, expert.user)
    perform_assignment("decline", asked.pk, actor=expert.user, reason="I leave.")
    take("leave", expert, expert.user)

    assert (fresh(expert).status, fresh(expert).user.roles) == ("left", set())


def test_a_removal_ends_what_was_asked_and_takes_the_role():
    expert = build.expert()
    (asked,) = build.assign(a_case(), expert)
    build.accept(asked)

    with pytest.raises(DomainError, match="reason"):
        take("remove", expert, accounts.officer())
    take("remove", expert, accounts.officer(), reason="Absent twice.")

    asked.refresh_from_db()
    assert (asked.status, asked.reason) == ("cancelled", "You are no longer in the expert pool.")
    assert fresh(expert).user.roles == set()
    assert set(build.mails_to(expert.user)) == {
        "expert_enrolled",
        "assignment_invitation",
        "assignment_cancelled",
        "expert_removed",
    }
    with pytest.raises(TransitionError):
        take("remove", expert, accounts.officer(), reason="Again.")


def miss(expert, days, *, cancel=False):
    """Ask an expert until ``days`` from now, and let that day pass."""
    case = a_case()
    perform_case(
        "assign",
        case.pk,
        actor=accounts.officer(),
        experts=[expert],
        due_at=NOON + dt.timedelta(days=days),
    )
    clock.stop(NOON + dt.timedelta(days=days, hours=1))
    asked = case.assignments.get()
    if cancel:
        perform_assignment("cancel", asked.pk, actor=accounts.officer(), reason="Late.")
    return asked


def test_two_score_sheets_missed_in_a_row_propose_a_removal():
    expert, other = build.expert(), build.expert()
    miss(expert, 1, cancel=True)
    assert not attendance.of(expert.pk).proposes_removal
    miss(expert, 2)

    assert attendance.of(expert.pk) == attendance.Attendance(2, 0, 0, 2, 2)
    assert list(attendance.to_be_removed(Expert.objects.all())) == [expert]
    assert attendance.of(other.pk) == attendance.Attendance(0, 0, 0, 0, 0)


def test_a_sheet_in_between_ends_the_row_and_what_was_declined_or_cancelled_in_time_is_not_missed():
    expert = build.expert()
    miss(expert, 1)
    (asked,) = build.assign(a_case(), expert)
    build.submit(build.accept(asked))
    (declined,) = build.assign(a_case(), expert)
    perform_assignment("decline", declined.pk, actor=expert.user, reason="No time.")
    (early,) = build.assign(a_case(), expert)
    perform_assignment("cancel", early.pk, actor=accounts.officer(), reason="Asked in error.")
    clock.stop(NOON + dt.timedelta(days=1, hours=2))
    miss(expert, 2)

    assert attendance.of(expert.pk) == attendance.Attendance(5, 1, 1, 2, 1)
    assert not attendance.to_be_removed(Expert.objects.all()).exists()


def test_what_was_missed_before_applying_counts_in_neither_figure_of_a_row():
    expert = build.expert()
    miss(expert, 1)
    miss(expert, 2)
    Expert.objects.filter(pk=expert.pk).update(applied_at=database_now())

    assert attendance.of(expert.pk) == attendance.Attendance(2, 0, 0, 2, 0)
    assert not attendance.to_be_removed(Expert.objects.all()).exists()


def test_enrolling_who_was_there_goes_forward_again_after_it_was_undone():
    expert = build.expert(employer_name="First House")
    begun = import_module("evaluation.migrations.0006_experts_enrolled").ENROLLED

    with connection.cursor() as cursor:  # of a migration: the rest asks for columns that are gone
        cursor.execute("INSERT" + begun.partition("INSERT")[2])

    assert [one.name for one in expert.employments.all()] == ["First House"]
