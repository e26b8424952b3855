"""The officers' desk: activities, and the formal check."""

import datetime as dt
import uuid

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts import services as account_services
from accounts.roles import Level
from core.models import AuditEntry
from submissions.models import Activity, Correction, Declaration, RuleSet
from submissions.states import ActivityStatus, Status
from tests.builders import accounts, criteria
from tests.builders import submissions as build
from tests.reading import text

pytestmark = pytest.mark.django_db


def address(model, page, *args):
    return reverse(f"admin:submissions_{model}_{page}", args=args)


@pytest.fixture
def officer():
    return accounts.officer()


@pytest.fixture
def desk(officer):
    return accounts.signed_in(officer)


def queries(client, url):
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


@pytest.mark.parametrize("model", ["activity", "declaration", "declarationscheme"])
def test_desk_is_for_officers(model, desk):
    url = address(model, "changelist")
    filed = build.declaration(Status.SUBMITTED)
    there = {
        "activity": filed.activity,
        "declaration": filed,
        "declarationscheme": filed.activity.scheme,
    }

    assert list(desk.get(url).context["cl"].result_list) == [there[model]]
    for other in (accounts.user(), accounts.auditor(), accounts.member(Level.OWN)):
        assert accounts.signed_in(other).get(url).status_code == 404
    assert Client().get(url)["Location"].split("?")[0] == reverse("account_login")


class TestActivity:
    def form(self, **more):
        now = timezone.localtime()
        return {
            "code": "TP-2027",
            "scheme": build.scheme().pk,
            "rule_set": RuleSet.objects.latest("pk").pk,
            "fields": ["AIR", "WAT"],
            "opens_at_0": now.strftime("%Y-%m-%d"),
            "opens_at_1": "09:00:00",
            "closes_at_0": (now + dt.timedelta(days=30)).strftime("%Y-%m-%d"),
            "closes_at_1": "17:00:00",
            "publicity_days": "7",
            "grace_minutes": "0",
            "contact": "pool@example.org",
            "title_en": "Activity of 2027",
            "title_zh_hans": "2027 年征集活动",
            "notice_en": "First line.\n\nSecond line.",
            "notice_zh_hans": "",
            **more,
        }

    def test_officer_adds_and_opens_one(self, desk, officer):
        added = desk.post(address("activity", "add"), self.form())

        activity = Activity.objects.get()
        assert added.status_code == 302
        assert activity.titles == {"en": "Activity of 2027", "zh-hans": "2027 年征集活动"}
        assert activity.notices == {"en": "First line.\n\nSecond line."}
        assert sorted(activity.fields.values_list("pk", flat=True)) == ["AIR", "WAT"]
        acts = AuditEntry.objects.filter(subject_type="activity").values_list("act", "actor")
        assert list(acts) == [("activity.added", officer.pk)]

        criteria.of_activity(activity, actor=officer, experts_wanted=2)
        step = address("activity", "step", activity.pk, "open")
        assert step in text(desk.get(address("activity", "change", activity.pk)))
        desk.post(step)
        assert Activity.objects.get().status == ActivityStatus.OPEN

    @pytest.mark.parametrize(
        ("wrong", "message"),
        [
            ({"title_en": ""}, "This field is required."),
            ({"closes_at_0": "2020-01-01"}, "The end must be after the beginning."),
            ({"code": "two words"}, "Enter a valid “slug”"),
            ({"fields": []}, "This field is required."),
            ({"rule_set": ""}, "This field is required."),
        ],
    )
    def test_refused_form_comes_back_with_what_was_typed(self, desk, wrong, message):
        page = desk.post(address("activity", "add"), self.form(contact="typed", **wrong))

        assert page.status_code == 200
        assert message in text(page)
        assert 'value="typed"' in text(page)
        assert not Activity.objects.exists()

    def test_open_activity_is_prolonged_and_nothing_else(self, desk):
        activity = build.open_activity()
        url = address("activity", "change", activity.pk)
        later = timezone.localtime(activity.closes_at) + dt.timedelta(days=7)
        form = self.form(
            code="STOLEN",
            closes_at_0=later.strftime("%Y-%m-%d"),
            closes_at_1=later.strftime("%H:%M:%S"),
            closing_reason="Floods.",
        )

        answer = desk.post(url, form)

        changed = Activity.objects.get()
        assert answer.status_code == 302
        assert changed.code == activity.code
        assert changed.closes_at == later.replace(microsecond=0)
        assert changed.titles["en"] == "Activity of 2027"
        assert AuditEntry.objects.filter(act="activity.changed").count() == 1

    def test_open_activity_is_not_shortened(self, desk):
        activity = build.open_activity()
        form = self.form(closes_at_0="2027-01-01")
        Activity.objects.update(closes_at=timezone.now() + dt.timedelta(days=900))

        page = desk.post(address("activity", "change", activity.pk), form)

        assert "An open activity can be prolonged, not shortened." in text(page)

    def test_closed_activity_is_only_read(self, desk):
        activity = build.closed_activity()
        url = address("activity", "change", activity.pk)

        assert activity.title in text(desk.get(url))
        assert 'name="contact"' not in text(desk.get(url))
        refused = desk.post(url, self.form())
        assert "This can no longer be changed. Nothing was saved." in text(refused)
        assert Activity.objects.get().contact == activity.contact

    def test_activity_that_cannot_open_says_why(self, desk):
        activity = build.prepared_activity(closes_at=timezone.now() - dt.timedelta(hours=1))

        page = desk.post(address("activity", "step", activity.pk, "open"))

        assert "The closing time has passed already." in text(page)

    def test_list_costs_the_same_for_one_and_for_many(self, desk, officer):
        build.open_activity(actor=officer)
        one = queries(desk, address("activity", "changelist"))
        for _ in range(9):
            build.prepared_activity(actor=officer)

        assert queries(desk, address("activity", "changelist")) == one

    def test_history_is_the_audit(self, desk, officer):
        activity = build.open_activity(actor=officer)

        page = text(desk.get(address("activity", "history", activity.pk)))

        assert "Prepared" in page
        assert "Open for declarations" in page
        assert "in preparation → open" in page


class TestDeclaration:
    def test_list_shows_what_was_filed_and_no_draft(self, desk):
        build.draft()
        filed = build.returned("technology")
        owner = accounts.owner_of(filed.organisation)
        build.fill(filed, {"technology": build.content("In work")["technology"]}, actor=owner)

        page = desk.get(address("declaration", "changelist"))

        assert list(page.context["cl"].result_list) == [filed]
        assert build.content()["technology"]["title"] in text(page)
        assert "In work" not in text(page)

    def test_list_costs_the_same_for_one_and_for_fifty(self, desk, officer):
        activity = build.open_activity(actor=officer)
        organisation = accounts.organisation()
        more = {"activity": activity, "organisation": organisation, "officer": officer}
        build.declaration(Status.SUBMITTED, **more)
        one = queries(desk, address("declaration", "changelist"))
        for _ in range(9):
            build.declaration(Status.SUBMITTED, **more)

        assert queries(desk, address("declaration", "changelist")) == one

    @pytest.mark.parametrize(
        "query",
        [
            {"q": "leachate"},
            {"status__exact": "submitted"},
            {"subcategory__field__code__exact": "WAT"},
        ],
    )
    def test_list_is_searched_and_filtered(self, desk, query):
        filed = build.declaration(Status.SUBMITTED)
        build.declaration(
            Status.IN_CHECK,
            document=build.content("Dust filter")
            | {
                "technology": build.content("Dust filter")["technology"] | {"subcategory": "AIR-01"}
            },
        )

        page = desk.get(address("declaration", "changelist"), query)

        assert list(page.context["cl"].result_list) == [filed]

    def test_page_shows_the_version_with_labels_and_files(self, desk):
        draft = build.draft()
        file = build.attachment(draft)
        build.take(draft, "submit", accounts.owner_of(draft.organisation))

        page = text(desk.get(address("declaration", "change", draft.pk)))

        assert "Name of the technology:" in page
        assert "Kazakhstan" in page
        assert "98.50" in page
        assert reverse("file", args=[file.pk]) in page
        assert Declaration.objects.get().version.content_hash in page

    def test_earlier_version_and_its_corrections_can_be_read(self, desk):
        filed = build.returned("technology")
        owner = accounts.owner_of(filed.organisation)
        build.fill(filed, {"technology": build.content("Second")["technology"]}, actor=owner)
        build.take(filed, "submit", owner)
        url = address("declaration", "change", filed.pk)

        now, before = text(desk.get(url)), text(desk.get(url, {"version": "1"}))

        assert "Say what is treated." not in now
        assert "Say what is treated." in before
        assert now.count("Second") > before.count("Second")
        assert text(desk.get(url, {"version": "x"})).count("Second") == now.count("Second")

    def test_page_costs_the_same_whatever_was_filed(self, desk):
        small, large = build.content(), build.content()
        large["cases"]["cases"] *= 40
        pages = [
            address("declaration", "change", build.declaration(Status.SUBMITTED, document=one).pk)
            for one in (small, large)
        ]

        assert queries(desk, pages[0]) == queries(desk, pages[1])

    def test_officer_changes_nothing_on_the_page(self, desk):
        filed = build.declaration(Status.SUBMITTED)
        url = address("declaration", "change", filed.pk)

        assert desk.post(url, {"status": "accepted"}).status_code == 403
        assert desk.get(address("declaration", "add")).status_code == 403
        assert desk.post(address("declaration", "delete", filed.pk)).status_code == 403

    def test_draft_own_and_unknown_declarations_are_not_there(self, desk, officer):
        draft, own = build.draft(), build.declaration(Status.SUBMITTED)
        account_services.add_member(own.organisation.pk, officer, Level.EDIT, actor=None)

        for pk in (draft.pk, own.pk, uuid.uuid4()):
            # Django admin leads back to its index from what is not there.
            assert desk.get(address("declaration", "change", pk)).url == reverse("admin:index")
            assert desk.get(address("declaration", "step", pk, "begin_check")).status_code == 404
        assert list(desk.get(address("declaration", "changelist")).context["cl"].result_list) == []
        assert desk.get(address("declaration", "add")).status_code == 403

    def test_formal_check_goes_through_the_steps(self, desk, officer):
        filed = build.declaration(Status.SUBMITTED)
        begin = address("declaration", "step", filed.pk, "begin_check")

        assert begin in text(desk.get(address("declaration", "change", filed.pk)))
        assert 'method="post"' in text(desk.get(begin))
        assert Declaration.objects.get().status == Status.SUBMITTED
        assert desk.post(begin).url == address("declaration", "check", filed.pk)
        checked = Declaration.objects.get()
        assert (checked.status, checked.checked_by) == (Status.IN_CHECK, officer)

        build.tick(filed, officer)
        desk.post(address("declaration", "step", filed.pk, "accept"))
        assert Declaration.objects.get().status == Status.ACCEPTED

    def test_step_that_is_past_says_so(self, desk):
        filed = build.declaration(Status.ACCEPTED)

        answer = desk.post(address("declaration", "step", filed.pk, "accept"), follow=True)

        assert "This is not possible in the present state: accepted for evaluation." in text(answer)
        assert desk.get(address("declaration", "step", filed.pk, "fly")).status_code == 404

    def return_form(self, **more):
        return {
            "reason": "Please look again.",
            "due_on": (timezone.localdate() + dt.timedelta(days=7)).isoformat(),
            "place_1": "technology.title",
            "code_1": "unclear",
            "what_1": "Shorter.",
            "place_2": "cases",
            "code_2": "incomplete",
            "what_2": "Add one.",
            **more,
        }

    def test_return_names_what_to_correct(self, desk):
        filed = build.declaration(Status.IN_CHECK)
        url = address("declaration", "step", filed.pk, "return")

        form = text(desk.get(url))
        answer = desk.post(url, self.return_form())

        assert "Name of the technology" in form
        assert answer.status_code == 302
        rows = Correction.objects.values_list("section", "field", "reason")
        assert list(rows) == [("technology", "title", "Shorter."), ("cases", "", "Add one.")]

    @pytest.mark.parametrize(
        ("wrong", "message"),
        [
            ({"reason": ""}, "This field is required."),
            ({"what_1": ""}, "Say what to correct."),
            ({"code_1": ""}, "Choose a reason code."),
            ({"place_1": ""}, "Choose where."),
            ({"due_on": "2020-01-01"}, "This day has passed already."),
            ({"place_1": "weather"}, "Select a valid choice."),
            (
                {"place_1": "", "what_1": "", "place_2": "", "what_2": ""},
                "Name at least one thing to correct.",
            ),
        ],
    )
    def test_refused_return_comes_back_with_what_was_typed(self, desk, wrong, message):
        filed = build.declaration(Status.IN_CHECK)
        form = self.return_form(place_3="cases", code_3="other", what_3="Typed", **wrong)
        if "what_2" in wrong:
            form |= {"place_3": "", "what_3": ""}

        page = desk.post(address("declaration", "step", filed.pk, "return"), form)

        assert page.status_code == 200
        assert message in text(page)
        assert ("Typed" in text(page)) == ("what_2" not in wrong)
        assert Declaration.objects.get().status == Status.IN_CHECK

    def test_reject_needs_its_reason(self, desk):
        filed = build.declaration(Status.IN_CHECK)
        url = address("declaration", "step", filed.pk, "reject")

        assert "This field is required." in text(desk.post(url))
        desk.post(url, {"reason": "It is no technology.", "code": "out-of-scope"})
        assert Declaration.objects.get().status == Status.REJECTED

    def test_history_names_who_did_what(self, desk):
        filed = build.declaration(Status.RETURNED)

        page = text(desk.get(address("declaration", "history", filed.pk)))

        assert "Return for correction" in page
        assert "Because." in page


def test_scheme_is_read_only(desk):
    scheme = build.scheme()
    url = address("declarationscheme", "change", scheme.pk)

    page = text(desk.get(url))

    assert "Name of the technology" in page
    assert desk.post(url, {"code": "x"}).status_code == 403
    assert desk.get(address("declarationscheme", "add")).status_code == 403
