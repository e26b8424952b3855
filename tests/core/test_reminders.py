"""Reminders: the right ones, to the right readers, once, however often it is looked."""

import datetime as dt

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from accounts.roles import Level
from accounts.services import add_member
from core import reminders
from core.models import ReminderRule, SentReminder, StoredMail
from reference.calendars import add_working_days, is_working_day, shift_working_days
from reference.models import WorkingDayException
from submissions.models import Activity
from submissions.states import Status
from submissions.workflow import perform
from tests.builders import accounts, clock
from tests.builders import notices as build_notices
from tests.builders import submissions as build
from tests.builders.core import at_once

pytestmark = pytest.mark.django_db

CLOSES = dt.datetime(2030, 3, 29, 8, 0, tzinfo=dt.UTC)  # 16:00 in Beijing, a Friday


def days_before(days, **more):
    return CLOSES - dt.timedelta(days=days, **more)


def told(template="activity_closes"):
    return sorted(StoredMail.objects.filter(template=template).values_list("recipient", flat=True))


def draft(**more):
    return build.draft(activity=build.open_activity(closes_at=CLOSES), **more)


def owner(declaration):
    return accounts.owner_of(declaration.organisation)


def test_rules_are_there_from_the_beginning():
    rules = ReminderRule.objects.values_list("event", "days", "before", "working_days", "audience")

    assert set(rules) == {
        ("enquiry.waits", 7, False, False, "holder"),
        ("enquiry.waits", 21, False, False, "holder"),
        ("expert.renewal", 30, True, False, "expert"),
        ("expert.renewal", 7, True, False, "expert"),
        ("expert.renewal", 7, False, False, "expert"),
        ("expert.renewal", 30, False, False, "expert"),
        ("technology.expires", 180, True, False, "holder"),
        ("technology.expires", 60, True, False, "holder"),
        ("technology.expires", 30, True, False, "holder"),
        ("technology.unconfirmed", 30, True, False, "holder"),
        ("technology.unconfirmed", 7, True, False, "holder"),
        ("technology.unconfirmed", 30, False, False, "holder"),
        ("technology.unconfirmed", 180, False, False, "holder"),
        ("technology.unconfirmed", 365, False, False, "holder"),
        ("technology.lapses", 90, True, False, "holder"),
        ("technology.lapses", 30, True, False, "holder"),
        ("technology.lapses", 7, True, False, "holder"),
        ("activity.closes", 7, True, False, "drafting"),
        ("activity.closes", 3, True, False, "drafting"),
        ("activity.closes", 1, True, False, "drafting"),
        ("corrections.due", 3, True, True, "applicants"),
        ("corrections.due", 1, True, True, "applicants"),
        ("corrections.due", 1, False, True, "officer"),
        ("joint.asked", 5, False, False, "applicants"),
        ("joint.asked", 10, False, False, "applicants"),
        ("assignment.unanswered", 3, False, False, "expert"),
        ("assignment.unanswered", 7, False, False, "expert"),
        ("sheet.due", 7, True, False, "expert"),
        ("sheet.due", 2, True, False, "expert"),
        ("sheet.due", 2, False, False, "expert"),
        ("sheet.due", 7, False, False, "expert"),
        ("objection.due", 3, True, True, "officers"),
        ("objection.due", 1, False, False, "officers"),
        ("objection.overdue", 1, False, False, "officers"),
        ("panel.meets", 3, True, False, "members"),
        ("panel.meets", 1, True, False, "members"),
        ("panel.meets", 3, True, False, "secretary"),
        ("panel.meets", 1, True, False, "secretary"),
        ("verification.held", 3, True, False, "enterprise"),
        ("verification.held", 1, True, False, "enterprise"),
        ("verification.held", 3, True, False, "experts"),
        ("verification.held", 1, True, False, "experts"),
        ("verification.held", 1, True, False, "officers"),
    }


def test_what_officers_set_is_not_put_back():
    ReminderRule.objects.filter(event="activity.closes", days=7).update(days=10, enabled=False)

    reminders.restore_rules("default", ReminderRule)

    days = ReminderRule.objects.filter(event="activity.closes").values_list("days", flat=True)
    assert sorted(days) == [1, 3, 10]


def test_each_is_sent_on_its_day_and_once_however_often_it_is_looked():
    one = draft()
    mails = []
    for hours in range(0, 24 * 9, 6):
        clock.stop(days_before(8) + dt.timedelta(hours=hours))
        reminders.remind()
        mails.append(len(told()))

    assert told() == [owner(one).email] * 3
    assert mails[-1] == 3
    sent = SentReminder.objects.order_by("sent_at").values_list("sent_at", flat=True)
    days = [(timezone.localdate(CLOSES) - timezone.localdate(at)).days for at in sent]
    assert days == [7, 3, 1]


def test_only_owners_and_editors_of_drafts_are_told_and_of_their_own():
    one = draft()
    activity = one.activity
    editor = accounts.member(Level.EDIT, one.organisation)
    accounts.member(Level.VIEW, one.organisation)
    gone = accounts.member(Level.EDIT, one.organisation)
    gone.is_active = False
    gone.save(update_fields=["is_active"])
    other = build.draft(activity=activity, document=build.content("Another one"))
    add_member(other.organisation.pk, editor, Level.EDIT, actor=None)
    build.declaration(Status.SUBMITTED, activity=activity)
    build.declaration(Status.WITHDRAWN, activity=activity)
    clock.stop(days_before(3))

    reminders.remind()

    assert told() == sorted([owner(one).email, owner(other).email, editor.email])
    mails = {mail.recipient: mail.body for mail in StoredMail.objects.all()}
    assert "Another one" not in mails[owner(one).email]
    assert f"/declarations/{one.pk}/" in mails[editor.email]
    assert f"/declarations/{other.pk}/" in mails[editor.email]
    assert "2030-03-29 16:00 (UTC+08:00)" in mails[editor.email]


def test_who_submitted_or_who_begins_late_is_told_what_is_still_to_come():
    one = draft()
    clock.stop(days_before(7))
    reminders.remind()
    perform("submit", one.pk, actor=owner(one))
    late = build.draft(activity=one.activity)
    clock.stop(days_before(2))

    reminders.remind()
    reminders.remind()

    assert told() == sorted([owner(one).email, owner(late).email])


def test_a_date_that_moved_reminds_anew():
    one = draft()
    clock.stop(days_before(7))
    reminders.remind()
    build_notices.prolonged(one.activity, days=1)
    reminders.remind()
    assert len(told()) == 1

    clock.stop(days_before(6))
    reminders.remind()

    assert len(told()) == 2
    assert len(set(SentReminder.objects.values_list("due_at", flat=True))) == 2


def test_nothing_is_said_of_what_is_over_closed_or_switched_off():
    one = draft()
    clock.stop(CLOSES + dt.timedelta(seconds=1))
    assert reminders.remind() == 0
    clock.stop(days_before(3))
    ReminderRule.objects.update(enabled=False)
    assert reminders.remind() == 0
    ReminderRule.objects.update(enabled=True)
    build.closed(one.activity)
    Activity.objects.update(closes_at=CLOSES)  # so are some that were closed by hand

    assert reminders.remind() == 0
    assert told() == []


def test_a_reader_is_told_in_their_language():
    one = draft()
    person = owner(one)
    person.language = "zh-hans"
    person.save(update_fields=["language"])
    clock.stop(days_before(1))

    reminders.remind()

    mail = StoredMail.objects.get(template="activity_closes")
    assert (mail.language, one.activity.titles["zh-hans"] in mail.body) == ("zh-hans", True)


class TestCorrections:
    DUE = dt.date(2030, 4, 8)  # a Monday; Friday 5 April is a holiday

    def returned(self, officer):
        WorkingDayException.objects.update_or_create(
            country_id="CN",
            date=dt.date(2030, 4, 5),
            defaults={"is_working": False, "names": {"en": "Qingming"}, "source": "notice"},
        )
        one = build.declaration(Status.IN_CHECK, officer=officer)
        perform(
            "return",
            one.pk,
            actor=officer,
            reason="x",
            due_on=self.DUE,
            corrections=[{"section": "technology", "field": "summary", "reason": "More."}],
        )
        return one

    def sent_on(self, day):
        clock.stop(dt.datetime(2030, 4, day, 4, tzinfo=dt.UTC))
        before = set(StoredMail.objects.values_list("pk", flat=True))
        reminders.remind()
        new = StoredMail.objects.exclude(pk__in=before).filter(template="corrections_due")
        return sorted(new.values_list("recipient", flat=True))

    def test_days_are_working_days_and_the_officer_hears_of_it_afterwards(self):
        officer = accounts.officer()
        one = self.returned(officer)

        sent = {day: self.sent_on(day) for day in range(1, 13)}

        # 8 April less one working day is the 4th, less three the 2nd; one more is the 9th.
        assert {day: who for day, who in sent.items() if who} == {
            2: [owner(one).email],
            4: [owner(one).email],
            9: [officer.email],
        }

    def test_a_second_return_with_the_same_day_is_reminded_of_anew(self):
        officer = accounts.officer()
        one = self.returned(officer)
        first = self.sent_on(2)
        perform("submit", one.pk, actor=owner(one))
        perform("begin_check", one.pk, actor=officer)
        asked = [{"section": "technology", "field": "summary", "reason": "Still more."}]
        perform("return", one.pk, actor=officer, reason="x", due_on=self.DUE, corrections=asked)

        assert (first, self.sent_on(2)) == ([owner(one).email], [owner(one).email])
        assert self.sent_on(2) == []

    def test_what_came_back_is_not_called_for(self):
        one = self.returned(accounts.officer())
        clock.stop(dt.datetime(2030, 4, 1, tzinfo=dt.UTC))
        perform("submit", one.pk, actor=owner(one))

        assert [self.sent_on(day) for day in (2, 4, 9)] == [[], [], []]


@given(
    day=st.dates(dt.date(2026, 1, 1), dt.date(2027, 12, 31)),
    days=st.integers(1, 40),
    others=st.dictionaries(st.dates(dt.date(2025, 10, 1), dt.date(2028, 3, 1)), st.booleans()),
)
def test_counting_back_undoes_counting_on(day, days, others):
    later = shift_working_days(day, days, others)

    assert later == add_working_days(day, days, others)
    assert is_working_day(later, others)
    back = shift_working_days(later, -days, others)
    assert back == day if is_working_day(day, others) else back < day


@pytest.mark.django_db(transaction=True)
def test_four_that_look_at_once_write_one_mail():
    one = draft()
    with clock.stopped(days_before(3)):
        results = at_once(*[reminders.remind] * 4)

    assert sum(results) == 1
    assert told() == [owner(one).email]
    assert SentReminder.objects.count() == 1
