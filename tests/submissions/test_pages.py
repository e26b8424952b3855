"""The enterprise's pages: who gets them, the lists, and the home of a declaration."""

import datetime as dt
import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Level
from submissions.models import Activity, Declaration
from submissions.states import Status
from tests.builders import accounts
from tests.builders import submissions as build
from tests.reading import heading, text
from tests.submissions.browsing import address, browser, owner_client, queries

pytestmark = pytest.mark.django_db


TITLE = "Membrane bioreactor for landfill leachate"
Pages = list[tuple[str, tuple[object, ...]]]
# With the main heading of each; the document is read by programs and has none.
DRAFT_HEADINGS: list[tuple[str, tuple[object, ...], str]] = [
    ("declaration-detail", (), TITLE),
    ("declaration-section", ("technology",), "Technology"),
    ("declaration-section", ("performance",), "Performance"),
    ("declaration-translation", ("zh-hans",), "简体中文"),
    ("declaration-check", (), "Check the answers"),
    ("declaration-step", ("withdraw",), "Withdraw"),
]
FILED_HEADINGS: list[tuple[str, tuple[object, ...], str]] = [
    ("declaration-detail", (), TITLE),
    ("declaration-receipt", (1,), "TP-1-0001"),
    ("declaration-version", (1,), TITLE),
]
DRAFT_PAGES: Pages = [(name, more) for name, more, _heading in DRAFT_HEADINGS]
FILED_PAGES: Pages = [(name, more) for name, more, _heading in FILED_HEADINGS]
FILED_PAGES += [("declaration-document", (1,))]


def anonymous_answer(url: str) -> Any:
    return Client().get(url)


class TestWhoGetsIn:
    @pytest.mark.parametrize(("name", "more", "shown"), DRAFT_HEADINGS)
    def test_draft(self, name, more, shown):
        draft = build.draft()
        url = address(name, draft.pk, *more)

        assert heading(owner_client(draft).get(url)) == shown
        for other in (
            accounts.user(),
            accounts.officer(),
            accounts.expert_user(),
            accounts.auditor(),
        ):
            assert browser(other).get(url).status_code == 404
        anonymous = anonymous_answer(url)
        assert (anonymous.status_code, anonymous.url.split("?")[0]) == (
            302,
            reverse("account_login"),
        )

    @pytest.mark.parametrize(("name", "more", "shown"), FILED_HEADINGS)
    def test_filed(self, name, more, shown):
        filed = build.declaration(Status.SUBMITTED)
        url = address(name, filed.pk, *more)

        viewer = accounts.member(Level.VIEW, filed.organisation)
        assert heading(browser(viewer).get(url)) == shown.replace("TP-1-0001", filed.number)
        self.others_do_not(url)

    def test_filed_document(self):
        filed = build.declaration(Status.SUBMITTED)
        url = address("declaration-document", filed.pk, 1)

        viewer = accounts.member(Level.VIEW, filed.organisation)
        assert browser(viewer).get(url).json() == filed.versions.get().content
        self.others_do_not(url)

    def others_do_not(self, url):
        for other in (accounts.user(), accounts.officer()):
            assert browser(other).get(url).status_code == 404
        assert Client().get(url)["Location"].split("?")[0] == reverse("account_login")

    @pytest.mark.parametrize(("name", "more"), DRAFT_PAGES + FILED_PAGES)
    def test_unknown_declaration(self, name, more):
        client = browser(accounts.user())

        assert client.get(address(name, uuid.uuid4(), *more)).status_code == 404

    @pytest.mark.parametrize(
        ("name", "more"),
        [
            ("declaration-section", ("weather",)),
            ("declaration-translation", ("en",)),
            ("declaration-translation", ("tlh",)),
            ("declaration-step", ("accept",)),
            ("declaration-step", ("begin_check",)),
            ("declaration-receipt", (9,)),
        ],
    )
    def test_unknown_part(self, name, more):
        draft = build.draft()

        assert owner_client(draft).get(address(name, draft.pk, *more)).status_code == 404

    @pytest.mark.parametrize(("name", "more"), FILED_PAGES)
    def test_page_that_is_only_read_takes_no_post(self, name, more):
        filed = build.declaration(Status.SUBMITTED)

        assert owner_client(filed).post(address(name, filed.pk, *more)).status_code == 405

    def test_viewer_reads_a_draft_and_changes_nothing(self):
        draft = build.draft()
        client = browser(accounts.member(Level.VIEW, draft.organisation))

        home = client.get(address("declaration-detail", draft.pk))
        section = client.get(address("declaration-section", draft.pk, "technology"))
        submit = client.post(address("declaration-step", draft.pk, "submit"))

        assert home.status_code == 200
        assert address("declaration-check", draft.pk) not in text(home)
        assert section.url == address("declaration-detail", draft.pk)
        assert submit.status_code == 403

    @pytest.mark.parametrize("status", sorted(set(Status) - {Status.DRAFT, Status.RETURNED}))
    def test_pages_of_a_draft_lead_home_once_it_is_filed(self, status):
        filed = build.declaration(status)
        client, home = owner_client(filed), address("declaration-detail", filed.pk)

        for name, more in (
            ("declaration-section", ("technology",)),
            ("declaration-section", ("performance",)),
            ("declaration-check", ()),
        ):
            assert client.get(address(name, filed.pk, *more)).url == home


class TestActivities:
    def test_public_sees_open_and_closed_but_none_in_preparation(self, client):
        open_one, closed = build.open_activity(), build.closed_activity()
        prepared = build.prepared_activity()

        page = text(client.get(address("activity-list")))

        assert open_one.title in page
        assert closed.title in page
        assert prepared.title not in page
        assert client.get(address("activity-detail", prepared.code)).status_code == 404
        assert client.get(address("activity-detail", "NONE")).status_code == 404

    def test_notice_names_its_period_with_the_offset(self, client):
        closes = dt.datetime(2030, 3, 31, 15, 59, 59, tzinfo=dt.UTC)
        activity = build.open_activity(closes_at=closes)

        page = client.get(address("activity-detail", activity.code))

        assert "2030-03-31 23:59 (UTC+08:00)" in text(page)
        assert "Declare your technology." in text(page)
        assert address("declaration-start", activity.code) in text(page)

    def test_notice_is_read_in_chinese(self, client):
        activity = build.open_activity()

        page = client.get(f"/zh-hans/activities/{activity.code}/")

        assert "欢迎申报。" in text(page)

    @pytest.mark.parametrize("change", ["closes_at", "opens_at"])
    def test_nobody_is_invited_outside_the_period(self, client, change):
        activity = build.open_activity()
        now = timezone.now()
        when = now if change == "closes_at" else now + dt.timedelta(days=1)
        Activity.objects.update(**{change: when})

        page = client.get(address("activity-detail", activity.code))

        assert address("declaration-start", activity.code) not in text(page)

    def test_list_and_notice_cost_the_same_for_one_and_for_fifty(self, client):
        officer = accounts.officer()
        small = build.open_activity(actor=officer, field_codes=["WAT"])
        one = queries(client, address("activity-list"))
        notice = queries(client, address("activity-detail", small.code))
        for _ in range(49):
            build.open_activity(actor=officer)

        assert queries(client, address("activity-list")) == one
        large = Activity.objects.exclude(pk=small.pk).latest("opens_at")
        assert queries(client, address("activity-detail", large.code)) == notice


class TestStart:
    def form(self, organisation, **more):
        return {
            "organisation": organisation.pk,
            "language": "zh-hans",
            "key": uuid.uuid4(),
            **more,
        }

    def test_pressing_twice_begins_one(self):
        organisation, activity = accounts.organisation(), build.open_activity()
        client = browser(accounts.owner_of(organisation))
        url, form = address("declaration-start", activity.code), self.form(organisation)

        first, second = client.post(url, form), client.post(url, form)

        made = Declaration.objects.get()
        assert first.url == second.url == address("declaration-detail", made.pk)
        assert made.language == "zh-hans"

    def test_other_organisation_is_not_offered(self):
        mine, other, activity = (
            accounts.organisation(),
            accounts.organisation(),
            build.open_activity(),
        )
        client = browser(accounts.owner_of(mine))
        url = address("declaration-start", activity.code)

        page, refused = client.get(url), client.post(url, self.form(other))

        assert mine.name in text(page)
        assert other.name not in text(page)
        assert refused.status_code == 200
        assert not Declaration.objects.exists()

    def test_without_an_organisation_one_is_asked_for(self):
        client = browser(accounts.user())

        page = client.get(address("declaration-start", build.open_activity().code))

        assert reverse("accounts:organisation-create") in text(page)

    def test_closed_activity_says_so(self):
        organisation, activity = accounts.organisation(), build.closed_activity()
        client = browser(accounts.owner_of(organisation))

        page = client.post(address("declaration-start", activity.code), self.form(organisation))

        assert "This activity is closed; it takes no more declarations." in text(page)

    def test_anonymous_signs_in_first(self, client):
        url = address("declaration-start", build.open_activity().code)

        assert client.get(url).url.startswith(reverse("account_login"))


class TestList:
    def test_own_declarations_newest_first_by_pages(self):
        organisation, activity = accounts.organisation(), build.open_activity()
        made = [
            build.draft(organisation=organisation, activity=activity, document={})
            for _ in range(27)
        ]
        build.draft()
        client = browser(accounts.owner_of(organisation))

        first = client.get(address("declaration-list"))
        second = client.get(address("declaration-list"), {"after": first.context["next_key"]})

        urls = [row[0]["url"] for row in [*first.context["rows"], *second.context["rows"]]]
        assert urls == [address("declaration-detail", one.pk) for one in reversed(made)]
        assert second.context["next_key"] == ""

    @pytest.mark.parametrize("after", ["nonsense", "2020-01-01T00:00:00_x", "a_b"])
    def test_key_that_cannot_be_read_begins_anew(self, after):
        draft = build.draft()

        page = owner_client(draft).get(address("declaration-list"), {"after": after})

        assert len(page.context["rows"]) == 1

    def test_list_costs_the_same_for_one_and_for_fifty(self):
        organisation, activity = accounts.organisation(), build.open_activity()
        accepted = build.declaration(Status.ACCEPTED, organisation=organisation, activity=activity)
        client = browser(accounts.owner_of(organisation))
        one = queries(client, address("declaration-list"))
        for _ in range(49):
            build.draft(organisation=organisation, activity=activity, document={})
        Declaration.objects.filter(pk=accepted.pk).update(updated_at=timezone.now())

        assert queries(client, address("declaration-list")) == one

    def test_empty_list_shows_the_way(self):
        page = browser(accounts.user()).get(address("declaration-list"))

        assert "No declaration so far" in text(page)


@pytest.mark.parametrize("language", ["en", "zh-hans", "ar"])
def test_every_page_is_there_in_every_language(language, client):
    draft = build.draft()
    owner = owner_client(draft)
    pages = [address(name, draft.pk, *more) for name, more in DRAFT_PAGES]
    pages += [address("activity-list"), address("declaration-list")]

    answers = {url: owner.get(url.replace("/en/", f"/{language}/", 1)).status_code for url in pages}

    assert set(answers.values()) == {200}
