"""The public pages of activities, their files and their feed."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.clock import database_now
from core.moments import written
from evaluation.models import ActivityCriteria
from reference.models import Country
from submissions.models import Activity, Declaration, DemandTheme
from submissions.states import Status
from submissions.workflow import ACTIVITIES
from tests.builders import accounts
from tests.builders import notices as build_notices
from tests.builders import submissions as build
from tests.reading import text

pytestmark = pytest.mark.django_db


def stored(file):
    with file.open("rb") as stream:
        return stream.read()


class TestPublicPages:
    def activity(self):
        activity = build.prepared_activity(quota=3, grace_minutes=30)
        build_notices.annex(activity)
        build_notices.supporter(activity)
        build_notices.theme(activity, countries=[Country.objects.get(pk="NO")])
        return ACTIVITIES.perform("open", activity.pk, actor=accounts.officer())

    def test_the_page_shows_all_that_belongs_to_the_notice(self, client):
        activity = self.activity()
        build_notices.prolonged(activity, reason="Floods.")

        page = text(client.get(reverse("submissions:activity-detail", args=[activity.code])))

        annex, supporter = activity.annexes.get(), activity.supporters.get()
        criteria = ActivityCriteria.objects.get(activity=activity).criteria_set
        for words in (
            "Form", "An association", "Leachate", "Landfills in hot climates.", "Norway",
            "Reason: Floods.", "Declarations per organisation", "30 minutes",
            criteria.content_hash,
            reverse("submissions:annex-download", args=[activity.code, annex.pk]),
            reverse("submissions:supporter-logo", args=[activity.code, supporter.pk]),
            activity.scheme.load().sections[0].fields[0].label,
        ):  # fmt: skip
            assert words in page
        chinese = text(client.get(f"/zh-hans/activities/{activity.code}/"))
        for words in ("申报表", "某协会", "渗滤液", "炎热地区的填埋场。"):
            assert words in chinese

    def test_times_say_their_zone_to_programs_too(self, client):
        closes = dt.datetime(2030, 3, 31, 15, 59, 59, tzinfo=dt.UTC)
        activity = build.open_activity(closes_at=closes)

        page = client.get(reverse("submissions:activity-detail", args=[activity.code]))

        assert 'datetime="2030-03-31T23:59:59+08:00"' in page.content.decode()
        assert "2030-03-31 23:59 (UTC+08:00)" in text(page)
        assert "js/times.js" in page.content.decode()

    def test_an_annex_is_a_download_and_a_logo_a_picture(self, client):
        activity = self.activity()
        annex, supporter = activity.annexes.get(), activity.supporters.get()

        file = client.get(reverse("submissions:annex-download", args=[activity.code, annex.pk]))
        picture = client.get(
            reverse("submissions:supporter-logo", args=[activity.code, supporter.pk])
        )

        assert b"".join(file.streaming_content) == stored(annex.file)
        assert file["Content-Disposition"] == 'attachment; filename="form.pdf"'
        assert b"".join(picture.streaming_content) == build_notices.PNG
        assert picture["Content-Type"] == "image/png"
        for answer in (file, picture):
            assert answer["X-Content-Type-Options"] == "nosniff"
            assert not answer.cookies

    def test_what_is_not_shown_or_not_open_is_not_there(self, client):
        prepared = build.prepared_activity()
        early = build_notices.annex(prepared)
        other = self.activity()
        hidden = build_notices.supporter(other, shown=False, names={"en": "Hidden"})
        bare = build_notices.supporter(other, logo=None)

        for url in (
            reverse("submissions:annex-download", args=[prepared.code, early.pk]),
            reverse("submissions:annex-download", args=[other.code, early.pk]),
            reverse("submissions:annex-download", args=[other.code, 10**6]),
            reverse("submissions:supporter-logo", args=[other.code, hidden.pk]),
            reverse("submissions:supporter-logo", args=[other.code, bare.pk]),
        ):
            assert client.get(url).status_code == 404
        page = client.get(reverse("submissions:activity-detail", args=[other.code]))
        assert "Hidden" not in text(page)

    def test_activities_are_found_by_where_they_stand(self, client):
        now = timezone.now()
        open_one = build.open_activity(code="IS-OPEN")
        coming = build.open_activity(code="IS-COMING", opens_at=now + dt.timedelta(days=2))
        running = build.declaration(
            Status.SUBMITTED, activity=build.open_activity(code="IS-RUNNING")
        )
        build.closed(running.activity)
        empty = build.closed_activity(code="IS-EMPTY")
        late = build.open_activity(code="IS-LATE")
        Activity.objects.filter(pk=late.pk).update(closes_at=now - dt.timedelta(seconds=1))
        past = build.closed_activity(code="IS-PAST")
        ACTIVITIES.perform("conclude", past.pk, actor=accounts.officer())
        build.prepared_activity(code="IS-SECRET")

        def codes(show):
            page = client.get(reverse("submissions:activity-list"), {"show": show})
            assert not page.cookies
            return {card["activity"].code for card in page.context["cards"]}

        assert codes("open") == {open_one.code}
        assert codes("coming") == {coming.code}
        assert codes("running") == {running.activity.code, late.code}
        assert codes("past") == {past.code, empty.code}
        assert codes("") == codes("nonsense") == {
            "IS-OPEN", "IS-COMING", "IS-RUNNING", "IS-LATE", "IS-EMPTY", "IS-PAST",
        }  # fmt: skip

    @pytest.mark.parametrize(
        ("due", "stands"),
        [(None, "running"), (1, "running"), (0, "running"), (-1, "past")],
    )
    def test_what_is_returned_counts_as_long_as_it_may_be_corrected(self, client, due, stands):
        returned = build.declaration(Status.RETURNED)
        activity = build.closed(returned.activity)
        if due is not None:
            day = timezone.localdate(database_now()) + dt.timedelta(days=due)
            Declaration.objects.filter(pk=returned.pk).update(corrections_due_on=day)

        for show in ("running", "past"):
            page = client.get(reverse("submissions:activity-list"), {"show": show})
            found = {card["activity"].code for card in page.context["cards"]}
            assert found == ({activity.code} if show == stands else set())

    def test_what_came_corrected_counts_whatever_day_was_set(self, client):
        corrected = build.declaration(Status.SUBMITTED)
        activity = build.closed(corrected.activity)
        day = timezone.localdate(database_now()) - dt.timedelta(days=1)
        Declaration.objects.filter(pk=corrected.pk).update(corrections_due_on=day)

        page = client.get(reverse("submissions:activity-list"), {"show": "running"})

        assert [card["activity"].code for card in page.context["cards"]] == [activity.code]

    def test_the_pages_of_one_kind_are_turned_by_key(self, client):
        officer = accounts.officer()
        for _ in range(26):
            build.open_activity(actor=officer, experts_wanted=2)
        build.closed_activity()

        first = client.get(reverse("submissions:activity-list"), {"show": "open"})
        second = client.get(first.context["next_url"])

        assert "show=open" in first.context["next_url"]
        assert (len(first.context["cards"]), len(second.context["cards"])) == (25, 1)

    def test_the_page_costs_the_same_for_one_part_and_for_many(self, client):
        activity = build.prepared_activity()

        def parts():
            build_notices.annex(activity)
            build_notices.supporter(activity)
            build_notices.theme(activity, countries=[Country.objects.get(pk="NO")])

        def cost():
            with CaptureQueriesContext(connection) as asked:
                url = reverse("submissions:activity-detail", args=[activity.code])
                assert "Leachate" in text(client.get(url))
            return len(asked)

        parts()
        ACTIVITIES.perform("open", activity.pk, actor=accounts.officer())
        build_notices.prolonged(activity)
        one = cost()
        for _ in range(10):
            build_notices.annex(activity)
            build_notices.supporter(activity)
            activity.refresh_from_db()
            build_notices.prolonged(activity)
        themes = [DemandTheme(activity=activity, titles={"en": f"Theme {n}"}) for n in range(10)]
        for made in DemandTheme.objects.bulk_create(themes):
            made.countries.set(Country.objects.filter(pk__in=("NO", "KZ")))

        assert cost() == one

    def test_quota_is_told_before_one_begins(self):
        activity = self.activity()
        organisation = accounts.organisation()
        client = accounts.signed_in(accounts.owner_of(organisation))

        page = client.get(reverse("submissions:declaration-start", args=[activity.code]))

        assert "An organisation may submit 3 declarations in this activity." in text(page)


class TestFeed:
    def test_it_tells_what_is_announced_and_what_moved_in_ones_language(self, client):
        older = build.open_activity(code="OLDER")
        newer = build.open_activity(code="NEWER", opens_at=timezone.now())
        build.prepared_activity(titles={"en": "Secret round"})

        def feed(language="en"):
            page = client.get(f"/{language}/activities/feed.atom")
            assert not page.cookies
            return page.content.decode()

        before = feed()
        assert before.index(newer.titles["en"]) < before.index(older.titles["en"])
        build_notices.prolonged(older, reason="Floods.")
        after = feed("zh-hans")

        assert after.index(older.titles["zh-hans"]) < after.index(newer.titles["zh-hans"])
        older.refresh_from_db()
        assert written(older.closes_at) in after
        assert "/zh-hans/activities/OLDER/" in after
        assert "Secret round" not in before + after

    def test_it_costs_the_same_for_one_and_for_fifty(self, client):
        officer = accounts.officer()
        url = reverse("submissions:activity-feed")

        def cost():
            with CaptureQueriesContext(connection) as asked:
                page = client.get(url).content.decode()
            return len(asked), page.count("<entry>")

        build.open_activity(actor=officer)
        one = cost()
        for _ in range(49):
            build.open_activity(actor=officer)

        assert (one[1], cost()) == (1, (one[0], 50))
