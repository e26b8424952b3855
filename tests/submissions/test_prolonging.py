"""The closing time moves: noted, told to everyone concerned, once; and the quota."""

import datetime as dt

import pytest

from accounts.roles import Level
from accounts.services import add_member
from core.errors import DomainError
from core.models import StoredMail
from core.moments import written
from submissions import services
from submissions.models import ClosingChange
from submissions.states import Status
from submissions.workflow import perform
from tests.builders import accounts
from tests.builders import notices as build_notices
from tests.builders import submissions as build
from tests.builders.core import at_once

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

        services.edit_activity(activity.pk, actor=officer, grace_minutes=20)
        with pytest.raises(DomainError, match="prolonged, not shortened") as refusal:
            services.edit_activity(activity.pk, actor=officer, grace_minutes=19)

        assert refusal.value.field == "grace_minutes"


@pytest.mark.django_db(transaction=True)
def test_the_same_change_sent_twice_at_once_is_told_once():
    draft = build.draft()
    activity, officer = draft.activity, accounts.officer()

    def send():
        return build_notices.prolonged(activity, actor=officer)

    at_once(send, send)

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
