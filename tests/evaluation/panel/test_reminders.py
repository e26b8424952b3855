"""A panel is reminded of its meeting, and its secretary; nobody of one that is not held."""

import datetime as dt
import importlib

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.roles import Level
from accounts.services import add_member, revoke_role
from core import reminders
from core.models import ReminderRule, StoredMail
from evaluation.models import Verification
from evaluation.panel.reminding import MEETING
from evaluation.panel.states import MeetingStatus
from evaluation.pool.workflow import EXPERTS
from evaluation.verifications.reminding import APPOINTMENT
from tests.builders import accounts, clock, many_evaluation, reviews
from tests.builders import evaluation as build
from tests.builders import panel as panels
from tests.builders import verifications as verify

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def told(template="panel_reminder"):
    rows = StoredMail.objects.filter(template=template).order_by("recipient")
    return list(rows.values_list("recipient", flat=True))


def test_members_and_secretary_are_reminded_three_days_and_one_day_before():
    meeting = panels.meeting("announced")
    people = [one.expert.user for one in panels.people(meeting)]
    everybody = sorted([meeting.prepared_by.email, *(one.email for one in people)])
    found = []
    for days in (5, 3, 3, 2, 1, -1):
        clock.stop(meeting.starts_at - days * DAY)
        reminders.remind()
        found.append(told())
    assert found[0] == []
    assert found[1] == found[2] == found[3] == everybody
    assert found[4] == found[5] == sorted(everybody * 2)
    mine = StoredMail.objects.filter(template="panel_reminder", recipient=people[0].email)[0]
    theirs = StoredMail.objects.filter(
        template="panel_reminder", recipient=meeting.prepared_by.email
    )[0]
    assert "Where: Room 1" in mine.body
    assert f"/evaluation/panels/{meeting.pk}/" in mine.body
    assert f"/admin/evaluation/panelmeeting/{meeting.pk}/change/" in theirs.body


@pytest.mark.parametrize("status", sorted(set(MeetingStatus) - {MeetingStatus.ANNOUNCED}))
def test_nobody_is_reminded_of_a_meeting_that_is_not_announced_or_has_begun(status):
    meeting = panels.meeting(status)
    clock.stop(meeting.starts_at - DAY)

    reminders.remind()

    assert told() == []


def test_the_enterprise_and_the_officers_are_reminded_of_an_appointment():
    coming, tied = accounts.officer(name="Visiting"), accounts.officer(name="Tied")
    row = verify.arranged(officers=[coming, tied])
    house = row.case.declaration.organisation
    owner = accounts.owner_of(house)
    add_member(house.pk, tied, Level.VIEW, actor=None)
    off = verify.cancelled(verify.arranged(held_at=row.held_at))
    found = []
    for days in (4, 3, 1, 0):
        clock.stop(row.held_at - days * DAY)
        reminders.remind()
        found.append(told("verification_reminder"))

    assert found[0] == []
    assert owner.email in found[1]
    assert not {row.arranged_by.email, coming.email} & set(found[1])
    assert {owner.email, row.arranged_by.email, coming.email} <= set(found[2])
    assert found[3] == found[2]
    assert tied.email not in found[2]
    assert accounts.owner_of(off.case.declaration.organisation).email not in found[2]
    (body, *_more) = StoredMail.objects.filter(
        template="verification_reminder", recipient=owner.email
    ).values_list("body", flat=True)
    assert "The plant at Jinan" in body
    assert "Protective clothing for visitors." in body
    assert coming.name not in body
    assert row.arranged_by.name not in body


def test_who_may_not_attend_any_more_is_not_reminded():
    meeting = panels.meeting("announced")
    gone = panels.people(meeting)[1].expert.user
    revoke_role(gone, "expert", actor=None)
    clock.stop(meeting.starts_at - DAY)

    reminders.remind()

    assert gone.email not in told()
    assert len(told()) == 3


def test_the_experts_who_take_part_are_reminded_unless_they_may_not():
    coming, tied, left, late = (build.expert() for _n in range(4))
    scorer_of = verify.scored()
    scorer = build.an_assignment(scorer_of).expert
    row = verify.arranged(scorer_of, experts=[coming, tied, left, late, scorer])
    other = build.case(organisation=row.case.declaration.organisation)
    build.exclude(reviews.judged(other, late))
    build.involve(tied.user, row.case)
    build.exclude(build.an_assignment(scorer_of).sheet)
    EXPERTS.perform("remove", left.pk, actor=accounts.officer(), reason="Asked for it.")
    found = []
    for days in (4, 3, 1, 0):
        clock.stop(row.held_at - days * DAY)
        reminders.remind()
        found.append(told("verification_reminder").count(coming.user.email))

    everybody = set(told("verification_reminder"))
    assert found == [0, 1, 2, 2]
    out = tied, left, late, scorer
    assert not {one.user.email for one in out} & everybody
    (body, *_more) = StoredMail.objects.filter(
        template="verification_reminder", recipient=coming.user.email
    ).values_list("body", flat=True)
    assert "The plant at Jinan" in body
    assert "Protective clothing" not in body
    assert "/work/" in body


def test_a_portal_whose_rules_are_there_gets_those_of_the_experts_once():
    migration = importlib.import_module("evaluation.migrations.0031_experts_reminded")
    rules = ReminderRule.objects.filter(event="verification.held")
    theirs = rules.filter(audience="experts").order_by("-days")
    theirs.delete()

    for _again in range(2):
        with connection.schema_editor() as editor:
            migration.add(apps, editor)
    found = list(theirs.values_list("days", "before", "working_days", "enabled"))
    rules.delete()
    with connection.schema_editor() as editor:
        migration.add(apps, editor)

    assert found == [(3, True, False, True), (1, True, False, True)]
    assert not rules.exists()


def questions(event, audience, moments):
    """Return how many readers of how many dates were found, and with how many questions."""
    with CaptureQueriesContext(connection) as asked:
        dues = list(event.due(min(moments), max(moments)))
        told = [len(list(some)) for some in event.audiences[audience].readers(dues)]
    return len(told), sum(told), len(asked)


def test_the_officers_and_experts_of_fifty_visits_are_asked_for_as_often_as_of_one():
    """Each visit has an officer and an expert of its own, beside who arranged it."""
    many_evaluation.verifications()
    rows = list(Verification.objects.order_by("pk"))
    first, now = rows[0].held_at, timezone.now()
    for row in rows:
        row.officers.add(accounts.officer(name="Visiting"))
        row.experts.add(build.expert())
    later = verify.arranged(experts=[build.expert()], officers=[accounts.officer()])
    moments = [later.held_at], [first, now]

    for audience, readers in (("officers", (2, 100)), ("experts", (1, 50)), ("enterprise", (1, 0))):
        once, often = (questions(APPOINTMENT, audience, some) for some in moments)
        assert (once[:2], often[:2]) == ((1, readers[0]), (50, readers[1]))
        assert once[2] == often[2]


def test_as_many_questions_are_asked_for_many_meetings_as_for_one():
    begin = [panels.meeting("announced").starts_at for _n in range(2)]

    for audience, seats in (("members", 3), ("secretary", 1)):
        once, often = (questions(MEETING, audience, some) for some in (begin[:1], begin))
        assert (once[:2], often[:2]) == ((1, seats), (2, 2 * seats))
        assert once[2] == often[2]


def test_an_officer_sees_the_reminders_to_come_of_what_they_may_see():
    row, meeting = verify.arranged(), panels.meeting("announced")
    officer, tied = accounts.officer(), accounts.officer()
    add_member(row.case.declaration.organisation_id, tied, Level.VIEW, actor=None)
    names = {"panel.meets", "verification.held"}

    mine, theirs = (
        {one.event.name for one in reminders.coming(meeting.starts_at - 6 * DAY, person)} & names
        for person in (officer, tied)
    )

    assert (mine, theirs) == (names, {"panel.meets"})
