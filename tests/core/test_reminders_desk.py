"""The officers' pages of reminders; and what happens when one cannot be planned or written."""

import datetime as dt
from dataclasses import replace

import pytest
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from accounts.roles import Level
from core import reminders, tasks
from core.clock import database_now
from core.models import AuditEntry, ReminderRule, SentReminder, StoredMail
from tests.builders import accounts, clock, evaluation
from tests.builders import submissions as build
from tests.core.test_reminders import TestCorrections as Corrections
from tests.reading import text

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


class TestFailures:
    """What cannot be planned or written is told, and stands in nobody else's way."""

    @pytest.fixture
    def broken(self, monkeypatch):
        """Return what lets one function of an event fail, for the length of a test."""

        def let_fail(**functions):
            events = dict(reminders._events)
            event = replace(events["activity.closes"], **functions)
            # Asked first: what follows must not suffer.
            monkeypatch.setattr(reminders, "_events", {event.name: event, **{
                name: one for name, one in events.items() if name != event.name
            }})  # fmt: skip

        return let_fail

    def corrections(self):
        officer = accounts.officer()
        one = Corrections().returned(officer)
        clock.stop(dt.datetime(2030, 4, 4, 4, tzinfo=dt.UTC))
        return one

    @pytest.mark.parametrize("part", ["due", "readers"])
    def test_an_event_that_fails_stops_no_other(self, broken, part):
        def fail(*_asked):
            raise ValueError(part)

        closes = dt.datetime(2030, 4, 5, 4, tzinfo=dt.UTC)
        build.draft(activity=build.open_activity(closes_at=closes))
        one = self.corrections()
        everybody = {"drafting": reminders.Audience("", fail)}
        broken(**({"due": fail} if part == "due" else {"audiences": everybody}))

        with pytest.raises(reminders.NotWrittenError, match="1 failed, 1 were written"):
            reminders.remind()

        assert told("corrections_due") == [owner(one).email]

    def test_a_reader_that_fails_stops_no_other(self, broken):
        one = draft()
        other = accounts.member(Level.EDIT, one.organisation)

        def readers(dues):
            for _due in dues:
                yield [
                    reminders.Reader("1", owner(one).email, "no language of ours", {"drafts": 1}),
                    reminders.Reader("2", other.email, "en", {"drafts": [one]}),
                ]

        broken(audiences={"drafting": reminders.Audience("", readers)})
        clock.stop(days_before(3))

        with pytest.raises(reminders.NotWrittenError, match="1 failed, 1 were written"):
            reminders.remind()
        assert told() == [other.email]
        with pytest.raises(reminders.NotWrittenError, match="1 failed, 0 were written"):
            tasks.remind()

    def test_a_database_that_is_gone_is_told_at_once(self, broken):
        def fail(*_asked):
            raise OperationalError("gone")

        broken(due=fail)

        with pytest.raises(OperationalError, match="gone"):
            reminders.remind()

    def test_a_calendar_that_fails_stops_what_needs_it_only(self, monkeypatch):
        def fail():
            raise ValueError("no calendar")

        monkeypatch.setattr(reminders, "_counters", [fail])
        closes = dt.datetime(2030, 4, 5, 4, tzinfo=dt.UTC)
        one = build.draft(activity=build.open_activity(closes_at=closes))
        self.corrections()

        with pytest.raises(reminders.NotWrittenError, match="1 failed, 1 were written"):
            reminders.remind()

        assert told() == [owner(one).email]
        assert told("corrections_due") == []


def test_questions_do_not_grow_with_what_is_due():
    officer = accounts.officer()

    def questions():
        with CaptureQueriesContext(connection) as asked:
            found = reminders.coming(database_now(), officer)
        return len(found), len(asked)

    def one_more():
        activity = build.open_activity(closes_at=CLOSES)
        build.draft(activity=activity)
        build.draft(activity=activity)

    clock.stop(days_before(10))
    one_more()
    questions()  # what the officer's account remembers is read once
    few, asked = questions()
    for _number in range(5):
        one_more()
    many, asked_again = questions()

    assert (few, many) == (3, 18)
    assert asked == asked_again


class TestDesk:
    def test_a_rule_that_was_sent_is_switched_off_and_on_and_nothing_else(self):
        draft()
        clock.stop(days_before(7))
        reminders.remind()
        rule = SentReminder.objects.get().rule
        desk = accounts.signed_in(accounts.officer())
        address = reverse("admin:core_reminderrule_change", args=[rule.pk])
        form = {
            "event": "activity.closes", "audience": "drafting", "days": "5", "before": "on",
        }  # fmt: skip

        assert "Another timing is a new rule." in text(desk.get(address))
        desk.post(address, form)

        rule.refresh_from_db()
        assert (rule.days, rule.enabled) == (7, False)
        desk.post(reverse("admin:core_reminderrule_add"), {**form, "enabled": "on"})
        clock.stop(days_before(5))
        reminders.remind()
        assert len(told()) == 2

    def test_nothing_is_sent_after_an_activity_closed_and_no_rule_says_so(self):
        desk = accounts.signed_in(accounts.officer())
        form = {"event": "activity.closes", "audience": "drafting", "days": "2", "enabled": "on"}

        page = desk.post(reverse("admin:core_reminderrule_add"), form)

        assert "Reminders of this event go out before the date only." in text(page)
        assert not ReminderRule.objects.filter(event="activity.closes", before=False).exists()

    def test_of_what_an_officer_may_not_see_there_are_no_reminders(self):
        checking, barred = accounts.officer(), accounts.officer()
        one = Corrections().returned(checking)
        other = Corrections().returned(checking)
        evaluation.expert(user=barred, employer=one.organisation)
        barred = User.objects.get(pk=barred.pk)
        clock.stop(dt.datetime(2030, 4, 1, 4, tzinfo=dt.UTC))

        def coming(officer):
            page = accounts.signed_in(officer).get(reverse("admin:core_reminderrule_coming"))
            return {row["label"] for row in page.context["rows"]}

        def sent(officer):
            page = accounts.signed_in(officer).get(reverse("admin:core_sentreminder_changelist"))
            return {row.subject_id for row in page.context["cl"].result_list}

        numbers = {str(two.number) for two in (one, other)}
        assert coming(checking) == numbers
        assert coming(barred) == {str(other.number)}
        clock.stop(dt.datetime(2030, 4, 4, 4, tzinfo=dt.UTC))
        reminders.remind()
        assert sent(checking) == {str(one.pk), str(other.pk)}
        assert sent(barred) == {str(other.pk)}

    def test_officers_edit_the_rules_and_it_is_on_record(self):
        officer = accounts.officer()
        desk = accounts.signed_in(officer)
        form = {
            "event": "activity.closes", "audience": "drafting", "days": "14", "before": "on",
            "enabled": "on",
        }  # fmt: skip

        desk.post(reverse("admin:core_reminderrule_add"), form)
        rule = ReminderRule.objects.get(days=14)
        desk.post(reverse("admin:core_reminderrule_change", args=[rule.pk]), {**form, "days": "15"})
        wrong = desk.post(
            reverse("admin:core_reminderrule_add"), {**form, "audience": "applicants"}
        )

        rule.refresh_from_db()
        assert (rule.days, rule.before, rule.working_days, rule.enabled) == (15, True, False, True)
        acts = AuditEntry.objects.filter(subject_type="reminder rule").order_by("pk")
        assert [(one.act, one.details) for one in acts] == [
            ("reminder rule.added", {}),
            ("reminder rule.changed", {"days": [14, 15]}),
        ]
        assert "This event has no such audience." in text(wrong)

    def test_the_page_tells_what_will_be_sent_and_names_nobody(self):
        one = draft()
        title = one.title
        accounts.member(Level.EDIT, one.organisation)
        clock.stop(days_before(10))
        reminders.remind()
        desk = accounts.signed_in(accounts.officer())

        page = desk.get(reverse("admin:core_reminderrule_coming"))

        rows = page.context["rows"]
        assert [(row["day"].isoformat(), row["readers"]) for row in rows] == [
            ("2030-03-22", 2), ("2030-03-26", 2), ("2030-03-28", 2),
        ]  # fmt: skip
        assert one.activity.code in text(page)
        assert owner(one).email not in text(page)
        assert title not in text(page)

    def test_what_was_sent_is_no_longer_to_come(self):
        draft()
        clock.stop(days_before(3))
        reminders.remind()
        desk = accounts.signed_in(accounts.officer())

        rows = desk.get(reverse("admin:core_reminderrule_coming")).context["rows"]

        assert [row["day"].isoformat() for row in rows] == ["2030-03-28"]

    @pytest.mark.parametrize("who", [accounts.auditor, accounts.system_administrator])
    def test_it_is_for_officers(self, who):
        client = accounts.signed_in(who())

        for name in ("changelist", "coming", "add"):
            assert client.get(reverse(f"admin:core_reminderrule_{name}")).status_code == 404
