"""A return whose day has passed: what is said of it, and an officer's step that moves the day."""

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from core import reminders
from core.errors import DomainError, TransitionError
from core.models import AuditEntry, StoredMail
from submissions.models import Correction, Declaration
from submissions.states import Status
from submissions.workflow import perform
from tests.builders import accounts, clock
from tests.builders import submissions as build

pytestmark = pytest.mark.django_db


class TestMoreTime:
    """A returned declaration whose day has passed: what the applicant reads, and the way out."""

    DUE = dt.date(2030, 4, 8)

    def late(self) -> tuple[Declaration, Any]:
        """Return one that was due yesterday by the stopped clock, and its officer."""
        officer = accounts.officer()
        checked = build.declaration(Status.IN_CHECK, officer=officer)
        asked = [
            {"section": "technology", "field": "summary", "reason": "x", "code": "unclear"},
        ]
        perform(
            "return",
            checked.pk,
            actor=officer,
            reason="See below.",
            due_on=self.DUE,
            corrections=asked,
        )
        return self.on(checked, self.DUE + dt.timedelta(days=1)), officer

    def on(self, declaration: Declaration, day: dt.date) -> Declaration:
        clock.stop(dt.datetime.combine(day, dt.time(4), tzinfo=dt.UTC))
        return Declaration.objects.get(pk=declaration.pk)

    def page(self, declaration: Declaration, name: str) -> str:
        client = accounts.signed_in(accounts.owner_of(declaration.organisation))
        return client.get(reverse(name, args=[declaration.pk])).content.decode()

    def test_the_pages_say_that_the_day_has_passed_and_offer_no_submitting(self):
        declaration, _officer = self.late()

        pages = [
            self.page(declaration, f"submissions:declaration-{name}")
            for name in ("detail", "check")
        ]

        for page in pages:
            assert "were due on 2030-04-08 and cannot be submitted any more" in page
            assert "an officer may give you more time" in page
            assert "Submit the declaration" not in page
            assert "Check the answers and submit" not in page

    def test_an_officer_gives_more_time_and_it_is_submitted(self):
        declaration, officer = self.late()
        owner = accounts.owner_of(declaration.organisation)
        since = declaration.state_since
        with pytest.raises(TransitionError, match="were due on 2030-04-08"):
            perform("submit", declaration.pk, actor=owner)

        accounts.signed_in(officer).post(
            reverse("admin:submissions_declaration_step", args=[declaration.pk, "give_time"]),
            {"reason": "The laboratory was closed.", "due_on": "2030-04-19"},
        )

        declaration.refresh_from_db()
        assert (declaration.status, declaration.corrections_due_on, declaration.returns) == (
            Status.RETURNED, dt.date(2030, 4, 19), 1,
        )  # fmt: skip
        assert declaration.state_since == since
        assert Correction.objects.get().due_on == self.DUE
        told = StoredMail.objects.get(template="declaration_more_time")
        assert told.recipient == owner.email
        assert "by the end of 2030-04-19" in told.body
        assert "The laboratory was closed." in told.body
        entry = AuditEntry.objects.get(act="declaration.give_time")
        assert (entry.reason, entry.details) == (
            "The laboratory was closed.", {"before": "2030-04-08", "due_on": "2030-04-19"},
        )  # fmt: skip
        check = self.page(declaration, "submissions:declaration-check")
        assert "due by the end of 2030-04-19" in check
        assert "The activity closes at" not in check
        assert "The laboratory was closed." in self.page(
            declaration, "submissions:declaration-detail"
        )
        assert perform("submit", declaration.pk, actor=owner).status == Status.SUBMITTED

    @pytest.mark.parametrize(
        ("due_on", "said"),
        [
            (None, "a later day than 2030-04-08"),
            (dt.date(2030, 4, 8), "a later day than 2030-04-08"),
            (dt.date(2030, 4, 9), "passed already"),
        ],
    )
    def test_a_day_that_is_no_later_is_refused(self, due_on, said):
        declaration, officer = self.late()
        self.on(declaration, dt.date(2030, 4, 10))

        with pytest.raises(DomainError, match=said) as refusal:
            perform("give_time", declaration.pk, actor=officer, reason="x", due_on=due_on)

        assert refusal.value.field == "due_on"
        assert Declaration.objects.get().corrections_due_on == self.DUE

    def test_without_a_day_there_is_nothing_to_move(self):
        declaration = build.returned("technology", "summary")

        with pytest.raises(DomainError, match="may come at any time"):
            perform(
                "give_time",
                declaration.pk,
                actor=declaration.checked_by,
                reason="x",
                due_on=timezone.localdate() + dt.timedelta(days=3),
            )

    def test_reminders_follow_the_new_day(self):
        declaration, officer = self.late()
        perform("give_time", declaration.pk, actor=officer, reason="x", due_on=dt.date(2030, 4, 19))
        sent = {}
        for day in range(9, 23):
            self.on(declaration, dt.date(2030, 4, day))
            before = set(StoredMail.objects.values_list("pk", flat=True))
            reminders.remind()
            new = StoredMail.objects.exclude(pk__in=before).filter(template="corrections_due")
            if told := sorted(new.values_list("recipient", flat=True)):
                sent[day] = told

        owner = accounts.owner_of(declaration.organisation)
        # Three working days before, one before, one after.
        assert sent == {16: [owner.email], 18: [owner.email], 22: [officer.email]}

    def test_the_desk_shows_the_day_and_offers_the_step_only_there(self):
        declaration, officer = self.late()
        client = accounts.signed_in(officer)
        url = reverse("admin:submissions_declaration_step", args=[declaration.pk, "give_time"])
        change = reverse("admin:submissions_declaration_change", args=[declaration.pk])

        assert url in client.get(change).content.decode()
        form = client.get(url).content.decode()
        assert "2030-04-08" in form
        assert "no day is set" not in form
        perform("give_time", declaration.pk, actor=officer, reason="x", due_on=dt.date(2030, 5, 2))
        perform("submit", declaration.pk, actor=accounts.owner_of(declaration.organisation))
        assert url not in client.get(change).content.decode()
