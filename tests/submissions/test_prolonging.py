"""The closing time moves: noted, told to everyone concerned, once; and the quota."""

import datetime as dt

import pytest
from django.test import Client

from accounts.roles import Level
from accounts.services import add_member
from core import outbox
from core.errors import DomainError
from core.models import OutboxMessage, StoredMail
from core.moments import written
from submissions import prolonging, services
from submissions.models import ClosingChange
from submissions.states import Status
from submissions.workflow import perform
from tests.builders import accounts
from tests.builders import notices as build_notices
from tests.builders import submissions as build
from tests.builders.core import at_once
from tests.reading import text
from tests.submissions.browsing import address

pytestmark = pytest.mark.django_db


class TestMovedClosing:
    def test_everyone_concerned_is_told_once_in_their_language(self):
        activity = build.open_activity()
        draft = build.draft(activity=activity)
        twin = build.draft(activity=activity, organisation=draft.organisation)
        editor = accounts.member(Level.EDIT, draft.organisation)
        accounts.member(Level.VIEW, draft.organisation)
        editor.language = "zh-hans"
        editor.save(update_fields=["language"])
        other = build.declaration(Status.SUBMITTED, activity=activity)
        add_member(other.organisation.pk, editor, Level.EDIT, actor=None)
        gone = build.declaration(Status.WITHDRAWN, activity=activity)
        elsewhere = build.draft()
        before = activity.closes_at

        after = build_notices.prolonged(activity, reason="Floods in the region.").closes_at
        assert not StoredMail.objects.filter(template="activity_closing_changed").exists()
        outbox.deliver_due()

        mails = StoredMail.objects.filter(template="activity_closing_changed")
        owners = [accounts.owner_of(one.organisation) for one in (draft, other)]
        assert sorted(mails.values_list("recipient", flat=True)) == sorted(
            one.email for one in [*owners, editor]
        )
        assert twin.organisation == draft.organisation
        for one in (gone, elsewhere):
            assert not mails.filter(recipient=accounts.owner_of(one.organisation).email).exists()
        chinese = mails.get(recipient=editor.email)
        assert chinese.language == "zh-hans"
        for words in (written(before), written(after), "Floods in the region.", activity.code):
            assert words in chinese.body
        change = ClosingChange.objects.get()
        assert (change.before, change.after) == (before, after)

    def test_nothing_is_told_of_what_is_not_moved(self):
        draft = build.draft()
        officer = accounts.officer()

        services.edit_activity(draft.activity_id, actor=officer, contact="y", closing_reason="Why")
        prepared = build.prepared_activity(actor=officer)
        services.edit_activity(
            prepared.pk, actor=officer, closes_at=prepared.closes_at + dt.timedelta(days=1)
        )

        assert not ClosingChange.objects.exists()
        assert not StoredMail.objects.filter(template="activity_closing_changed").exists()

    def test_a_change_that_fails_tells_nobody(self):
        activity = build.draft().activity

        with pytest.raises(DomainError):
            build_notices.prolonged(activity, titles={"zh-hans": "无英文"})

        assert not ClosingChange.objects.exists()
        assert not StoredMail.objects.filter(template="activity_closing_changed").exists()

    def test_grace_is_lengthened_not_shortened(self):
        officer = accounts.officer()
        activity = build.open_activity(grace_minutes=10)

        services.edit_activity(
            activity.pk, actor=officer, grace_minutes=20, closing_reason="The line was down."
        )
        with pytest.raises(DomainError, match="prolonged, not shortened") as refusal:
            services.edit_activity(activity.pk, actor=officer, grace_minutes=19)

        assert refusal.value.field == "grace_minutes"

    def test_more_grace_is_a_later_closing_with_its_reason_and_told(self):
        draft = build.draft(activity=build.open_activity(grace_minutes=10))
        officer, activity = accounts.officer(), draft.activity
        with pytest.raises(DomainError) as refusal:
            services.edit_activity(activity.pk, actor=officer, grace_minutes=30)
        assert refusal.value.field == "closing_reason"

        services.edit_activity(
            activity.pk, actor=officer, grace_minutes=30, closing_reason="The line was down."
        )
        outbox.deliver_due()

        change = ClosingChange.objects.get()
        assert (change.before, change.grace_before, change.grace_after) == (change.after, 10, 30)
        said = "Minutes of grace for a declaration begun before: 30, formerly 10"
        mail = StoredMail.objects.get(template="activity_closing_changed")
        assert mail.recipient == accounts.owner_of(draft.organisation).email
        assert said in mail.body
        assert "The line was down." in mail.body
        assert said in text(Client().get(address("activity-detail", activity.code)))

    def test_one_message_is_owed_whatever_the_number_of_readers(self):
        activity = build.open_activity()
        for _ in range(3):
            build.draft(activity=activity)
        before = OutboxMessage.objects.count()

        build_notices.prolonged(activity)

        owed = OutboxMessage.objects.order_by("-pk")[: OutboxMessage.objects.count() - before]
        assert [one.topic for one in owed] == ["submissions.closing_moved"]


@pytest.mark.django_db(transaction=True)
def test_workers_that_come_at_once_and_again_tell_each_reader_once(monkeypatch):
    monkeypatch.setattr(prolonging, "BATCH", 2)
    activity = build.open_activity()
    owners = [accounts.owner_of(build.draft(activity=activity).organisation) for _ in range(3)]
    build_notices.prolonged(activity)
    owed = OutboxMessage.objects.get(topic="submissions.closing_moved")

    said = at_once(*[lambda: prolonging.tell(owed.payload)] * 2)
    # One who was not there the first time is told when it comes again.
    owners.append(accounts.owner_of(build.draft(activity=activity).organisation))
    prolonging.tell(owed.payload)

    assert said == [None, None]
    mails = StoredMail.objects.filter(template="activity_closing_changed")
    assert sorted(mails.values_list("recipient", flat=True)) == sorted(one.email for one in owners)
    assert OutboxMessage.objects.filter(topic="core.mail").count() == StoredMail.objects.count()


@pytest.mark.django_db(transaction=True)
def test_the_same_change_sent_twice_at_once_is_told_once():
    draft = build.draft()
    activity, officer = draft.activity, accounts.officer()

    def send():
        return build_notices.prolonged(activity, actor=officer)

    at_once(send, send)
    outbox.deliver_due()

    assert ClosingChange.objects.count() == 1
    assert StoredMail.objects.filter(template="activity_closing_changed").count() == 1


def test_a_full_quota_refuses_the_next_and_keeps_what_was_typed():
    activity = build.open_activity(quota=1)
    first = build.declaration(Status.SUBMITTED, activity=activity)
    second = build.draft(activity=activity, organisation=first.organisation)

    with pytest.raises(DomainError, match="yours has done so"):
        perform("submit", second.pk, actor=accounts.owner_of(first.organisation))

    second.refresh_from_db()
    assert (second.status, bool(second.content)) == (Status.DRAFT, True)
