"""The way of an officer from the list to the desks, and from one desk to the next."""

from typing import Any
from urllib.parse import urlencode

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Level
from accounts.services import add_member
from core import mail
from submissions import queue
from submissions.models import Declaration, JointConfirmation, Recommendation
from submissions.reminding import CORRECTIONS
from submissions.states import RecommendationStatus, Status
from tests.builders import accounts
from tests.builders import submissions as build
from tests.reading import text

pytestmark = pytest.mark.django_db

LIST = reverse("admin:submissions_declaration_changelist")
QUEUE = reverse("admin:submissions_declaration_queue")


def desk(declaration: Declaration, **filters: str) -> str:
    url = reverse("admin:submissions_declaration_check", args=[declaration.pk])
    return f"{url}?{urlencode({'_changelist_filters': urlencode(filters)})}" if filters else url


def change(declaration: Declaration) -> str:
    return reverse("admin:submissions_declaration_change", args=[declaration.pk])


def step(declaration: Declaration, name: str) -> str:
    return reverse("admin:submissions_declaration_step", args=[declaration.pk, name])


def involved(declaration: Declaration) -> Any:
    """Return an officer who is a member of the organisation that declares."""
    officer = accounts.officer()
    add_member(declaration.organisation.pk, officer, Level.VIEW, actor=None)
    return officer


class TestToTheDesk:
    @pytest.mark.parametrize("status", queue.WAITING)
    def test_what_waits_leads_from_the_list_to_its_desk(self, status):
        declaration = build.declaration(status)
        client = accounts.signed_in(accounts.officer())

        listed, page = text(client.get(LIST)), text(client.get(change(declaration)))

        assert f'href="{desk(declaration)}"' in listed
        assert f'href="{change(declaration)}"' not in listed
        assert f'href="{desk(declaration)}">Open the checklist</a>' in page

    @pytest.mark.parametrize("status", [Status.RETURNED, Status.ACCEPTED, Status.REJECTED])
    def test_what_does_not_wait_leads_to_its_page(self, status):
        declaration = build.declaration(status)
        client = accounts.signed_in(accounts.officer())

        assert f'href="{change(declaration)}"' in text(client.get(LIST))
        assert "Open the checklist" not in text(client.get(change(declaration)))

    def test_the_list_opens_the_queue_where_it_begins(self):
        officer = accounts.officer()
        first = build.declaration(Status.SUBMITTED)
        build.declaration(Status.SUBMITTED)
        client = accounts.signed_in(officer)

        page = text(client.get(LIST, {"status__exact": "submitted"}))

        filters = urlencode({"_changelist_filters": "status__exact=submitted"})
        assert f'href="{QUEUE}?{filters}">Open the queue</a>' in page
        assert client.get(QUEUE).headers["Location"] == desk(first)

    def test_an_empty_queue_leads_back_to_the_list_and_says_so(self):
        build.declaration(Status.ACCEPTED)
        client = accounts.signed_in(accounts.officer())

        page = client.get(QUEUE, follow=True)

        assert page.redirect_chain == [(LIST, 302)]
        assert "Nothing waits for you here." in text(page)

    def test_the_officers_reminder_leads_to_the_desk(self):
        officer = accounts.officer()
        declaration = build.declaration(Status.RETURNED, officer=officer)
        context = {
            "declaration": declaration,
            "due_on": timezone.localdate(),
            "audience": "officer",
        }

        told = mail.write(CORRECTIONS.template, to="a@example.org", language="en", context=context)

        assert desk(declaration) in told.body


class TestOwnOrganisation:
    def test_what_ones_own_organisation_filed_is_not_in_ones_queue(self):
        first, other = build.declaration(Status.SUBMITTED), build.declaration(Status.SUBMITTED)
        officer = involved(other)
        client = accounts.signed_in(officer)

        page = client.get(desk(first))

        assert list(queue.waiting(officer)) == [first]
        assert "Next in the queue" not in text(page)
        assert desk(other) not in text(page)


class TestInHand:
    def test_what_another_officer_has_in_hand_is_passed_over_unless_asked_for(self):
        officer = accounts.officer()
        mine = build.declaration(Status.IN_CHECK, officer=officer)
        theirs = build.declaration(Status.IN_CHECK)
        client = accounts.signed_in(officer)

        assert list(queue.to_work_on(officer)) == [mine]
        assert desk(theirs) not in text(client.get(desk(mine)))
        opened = client.get(f"{QUEUE}?_changelist_filters=holder%3Dothers")
        assert opened.headers["Location"] == desk(theirs, holder="others")

    def test_what_waits_for_a_unit_cannot_be_begun_and_is_passed_over(self):
        waits, ready = build.declaration(Status.SUBMITTED), build.declaration(Status.SUBMITTED)
        row = Recommendation.objects.create(
            declaration=waits, unit="Unit", address="unit@example.org", language="en"
        )
        Recommendation.objects.filter(pk=row.pk).update(
            status=RecommendationStatus.ASKED,
            version=waits.version,
            token_hash="x",
            asked_at=timezone.now(),
        )

        assert list(queue.to_work_on(accounts.officer())) == [ready]

    @pytest.mark.parametrize("address", ["", "partner@example.org"])
    def test_what_waits_for_a_joint_applicant_stays_in_the_queue(self, address):
        """It can be checked and returned; of one without an address officers decide."""
        officer = accounts.officer()
        declaration = build.declaration(Status.IN_CHECK, officer=officer)
        assert declaration.version
        JointConfirmation.objects.create(
            declaration=declaration,
            version=declaration.version,
            place=0,
            name="Partner Ltd",
            address=address,
            language="en",
            asked_at=timezone.now(),
        )

        assert list(queue.to_work_on(officer)) == [declaration]

    def test_a_rejection_of_ones_own_is_heard_by_another(self):
        officer = accounts.officer()
        declaration = build.declaration(Status.CONTESTED, officer=officer)

        assert list(queue.to_work_on(officer)) == []
        assert list(queue.to_work_on(accounts.officer())) == [declaration]


class TestNext:
    def test_neighbours_are_those_of_the_list_as_it_was_filtered(self):
        officer = accounts.officer()
        here, elsewhere = build.open_activity(code="HERE"), build.open_activity(code="ELSEWHERE")
        first = build.declaration(Status.SUBMITTED, activity=here)
        build.declaration(Status.SUBMITTED, activity=elsewhere)
        last = build.declaration(Status.SUBMITTED, activity=here)
        filters = {"activity__id__exact": str(here.pk)}
        client = accounts.signed_in(officer)

        listed = text(client.get(LIST, filters))
        page = client.get(desk(first, **filters))

        assert f'href="{desk(first, **filters)}"' in listed
        assert page.context["after"] == desk(last, **filters)
        assert f"{step(first, 'begin_check')}?_changelist" in text(page)

    def test_filters_that_were_made_up_ask_for_nothing(self):
        first, second = build.declaration(Status.SUBMITTED), build.declaration(Status.SUBMITTED)
        client = accounts.signed_in(accounts.officer())

        for made_up in ({"content__x": "y"}, {"activity__id__exact": "no key"}):
            page = client.get(desk(first, **made_up))
            assert page.context["after"] == desk(second, **made_up)

    @pytest.mark.parametrize("name", ["return", "reject"])
    def test_after_a_decision_the_next_one_comes_and_not_the_first(self, name):
        officer = accounts.officer()
        activity = build.open_activity()
        head = build.declaration(Status.IN_CHECK, officer=officer)
        decided, after = (
            build.declaration(Status.IN_CHECK, officer=officer, activity=activity) for _n in "12"
        )
        filters = {"status__exact": "in_check"}
        url = desk(decided, **filters).replace("/check/", f"/steps/{name}/")
        sent = {
            "reason": "See below.",
            "code": "out-of-scope",
            "rows": "1",
            "place_1": "technology.summary",
            "code_1": "unclear",
            "what_1": "Say it.",
        }

        answer = accounts.signed_in(officer).post(url, sent)

        assert answer.headers["Location"] == desk(after, **filters)
        assert Declaration.objects.get(pk=head.pk).status == Status.IN_CHECK

    def test_the_last_one_leads_to_what_was_passed_over_and_then_to_the_list(self):
        officer = accounts.officer()
        first, last = (build.declaration(Status.IN_CHECK, officer=officer) for _n in "12")
        client = accounts.signed_in(officer)
        for one in (first, last):
            build.tick(one, officer)

        after_last = client.post(desk(last), {"action": "accept"})
        after_all = client.post(desk(first), {"action": "accept"})

        assert after_last.headers["Location"] == desk(first)
        assert after_all.headers["Location"] == LIST

    def test_the_list_is_in_the_order_of_the_queue_and_what_is_decided_comes_after(self):
        officer = accounts.officer()
        decided = build.declaration(Status.ACCEPTED)
        first, second = (build.declaration(Status.SUBMITTED) for _n in "12")
        build.take(first, "begin_check", officer)

        page = accounts.signed_in(officer).get(LIST)

        assert list(page.context["cl"].result_list) == [second, first, decided]
