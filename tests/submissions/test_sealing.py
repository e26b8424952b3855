"""A sealed activity: officers know that something is there, and nothing of what it is."""

import datetime as dt
from typing import Any

import pytest
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, reverse

from accounts.roles import Level
from accounts.services import add_member
from core import rights
from core.errors import DomainError
from core.models import AuditEntry
from core.moments import written
from submissions import sealing
from submissions.models import (
    Attachment,
    Correction,
    Declaration,
    DeclarationVersion,
    EarlyLook,
    TranslationVersion,
)
from submissions.states import Status
from submissions.workflow import ACTIVITIES, perform
from tests.builders import accounts, clock
from tests.builders import submissions as build
from tests.reading import text

pytestmark = pytest.mark.django_db

TITLE = "Zeolite barrier of a kind nobody else has"


@pytest.fixture
def filed():
    """Return a declaration under seal, with a file and a translation."""
    activity = build.open_activity(sealed=True)
    draft = build.draft(activity=activity, document=build.content(TITLE))
    build.attachment(draft, title="Secret report")
    perform("submit", draft.pk, actor=accounts.owner_of(draft.organisation))
    draft.refresh_from_db()
    return draft


@pytest.fixture
def officer():
    return accounts.officer()


@pytest.fixture
def desk(officer):
    return accounts.signed_in(officer)


def sealed_page(one):
    return reverse("admin:submissions_activity_sealed", args=[one.activity_id])


def change_page(one):
    return reverse("admin:submissions_declaration_change", args=[one.pk])


def hidden(client, url):
    """Say whether there is nothing here: the desk answers so by leading to its first page."""
    answer = client.get(url)
    if answer.status_code == 301:  # a former address
        return hidden(client, answer["Location"])
    if answer.status_code == 302:
        return answer["Location"] == reverse("admin:index")
    return answer.status_code == 404


def looked_at(one, officer):
    look = sealing.ask_look(one.pk, actor=officer, reason="A complaint about its truth.")
    return sealing.grant_look(look.pk, actor=accounts.officer())


def test_every_right_of_an_officer_is_taken_but_to_know_of_it(filed, officer):
    words = {right for entry in rights.table() if entry.name == "declaration"
             for one in entry.rules for right in one.rights}  # fmt: skip

    held = {word for word in words if rights.can(officer, word, filed)}

    assert held == {"know"}
    for model in (DeclarationVersion, Correction, TranslationVersion, Attachment):
        assert not model._default_manager.visible_to(officer).exists()
    for step in ("begin_check", "accept", "return", "reject"):
        with pytest.raises(PermissionDenied):
            perform(step, filed.pk, actor=officer, reason="x")


def test_no_page_of_the_desk_shows_what_is_under_seal(filed, desk):
    attachment = filed.attachments.get()
    shown: dict[Any, Any] = {}
    for model in admin.site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"
        for query in ({}, {"q": TITLE}, {"q": "Zeolite"}):
            shown[name, str(query)] = desk.get(reverse(name), query)
    for filters in ({"subcategory__field__code__exact": "WAT"}, {"status__exact": "submitted"}):
        page = desk.get(reverse("admin:submissions_declaration_changelist"), filters)
        assert list(page.context["cl"].result_list) == []
        shown["filter", str(filters)] = page
    shown["sealed"] = desk.get(sealed_page(filed))
    shown["activity"] = desk.get(
        reverse("admin:submissions_activity_change", args=[filed.activity_id])
    )
    shown["history"] = desk.get(
        reverse("admin:submissions_activity_history", args=[filed.activity_id])
    )
    shown["coming"] = desk.get(reverse("admin:core_reminderrule_coming"))
    shown["workplace"] = desk.get(reverse("workplace"))

    for where, page in shown.items():
        said = page.content.decode().replace(f'value="{TITLE}"', "")
        assert TITLE not in said, where
        assert "Zeolite barrier" not in said, where
        assert "Secret report" not in said, where
        assert str(filed.version.content_hash) not in said, where
    assert str(attachment.pk) not in text(shown["sealed"])


def test_every_address_of_it_answers_that_there_is_none(filed, desk):
    attachment = filed.attachments.get()
    addresses = [
        change_page(filed),
        f"{change_page(filed)}?version=1",
        reverse("admin:submissions_declaration_history", args=[filed.pk]),
        reverse("submissions:attachment-download", args=[attachment.pk]),
        reverse("file", args=[attachment.pk]),
        reverse("submissions:declaration-detail", args=[filed.pk]),
        reverse("submissions:declaration-version", args=[filed.pk, 1]),
        reverse("submissions:declaration-document", args=[filed.pk, 1]),
        reverse("submissions:declaration-receipt", args=[filed.pk, 1]),
        *(
            reverse("admin:submissions_declaration_step", args=[filed.pk, step])
            for step in ("begin_check", "accept", "return", "reject")
        ),
    ]
    for kind in ("attachment", "declarationversion"):
        try:
            addresses.append(reverse(f"admin:submissions_{kind}_change", args=[attachment.pk]))
        except NoReverseMatch:
            continue

    assert [url for url in addresses if not hidden(desk, url)] == []


def test_the_officer_sees_number_organisation_and_time(filed, desk, officer):
    page = desk.get(sealed_page(filed))

    (row,) = page.context["rows"]
    assert (row["number"], row["organisation"]) == (filed.number, filed.organisation.name)
    assert row["submitted_at"] == filed.submitted_at
    assert sealed_page(filed) in text(
        desk.get(reverse("admin:submissions_activity_change", args=[filed.activity_id]))
    )
    draft = build.draft(activity=filed.activity)
    again = desk.get(sealed_page(filed))
    assert str(draft.organisation.name) not in text(again)


def test_an_officer_of_the_same_house_does_not_even_know(filed):
    inside = accounts.officer()
    add_member(filed.organisation.pk, inside, Level.VIEW, actor=None)

    page = accounts.signed_in(inside).get(sealed_page(filed))

    assert page.context["rows"] == []
    with pytest.raises(PermissionDenied):
        sealing.ask_look(filed.pk, actor=inside, reason="x")


@pytest.mark.parametrize("how", ["close", "run_out"])
def test_the_closing_breaks_the_seal(filed, desk, officer, how):
    clock.stop(filed.activity.closes_at + dt.timedelta(seconds=1))
    ACTIVITIES.perform(how, filed.activity_id, actor=officer if how == "close" else None)

    assert TITLE in text(desk.get(change_page(filed)))
    assert desk.get(sealed_page(filed)).status_code == 404
    assert rights.can(officer, "check", filed)


def test_nobody_breaks_the_seal_by_closing_early(filed, desk, officer):
    """Neither the applicants' time nor the seal is one officer's to shorten."""
    activity = filed.activity
    clock.stop(activity.ends_at)

    with pytest.raises(DomainError) as refused:
        ACTIVITIES.perform("close", activity.pk, actor=officer)

    assert str(refused.value) == (
        "An activity cannot be closed before its time, which applicants rely on. "
        f"It closes by itself after {written(activity.ends_at)}."
    )
    activity.refresh_from_db()
    assert (activity.status, activity.closed_at) == ("open", None)
    assert not rights.can(officer, "check", filed)


def test_the_applicant_reads_it_all_the_while(filed):
    client = accounts.signed_in(accounts.owner_of(filed.organisation))

    assert TITLE in text(client.get(reverse("submissions:declaration-version", args=[filed.pk, 1])))


def test_an_activity_without_seal_is_as_ever(desk):
    one = build.declaration(Status.SUBMITTED, document=build.content(TITLE))

    assert TITLE in text(desk.get(change_page(one)))
    assert desk.get(sealed_page(one)).status_code == 404


class TestEarlyLook:
    def test_a_second_officer_opens_one_declaration_to_the_first_for_a_day(
        self, filed, officer, desk
    ):
        second, third = accounts.officer(), accounts.officer()
        other = build.declaration(Status.SUBMITTED, activity=filed.activity)
        desk.post(sealed_page(filed), {"declaration": str(filed.pk), "reason": "A complaint."})
        look = EarlyLook.objects.get()
        assert hidden(desk, change_page(filed))

        accounts.signed_in(second).post(sealed_page(filed), {"look": str(look.pk)})

        look.refresh_from_db()
        assert (look.asked_by, look.granted_by) == (officer, second)
        assert look.granted_at
        assert look.until == look.granted_at + dt.timedelta(hours=24)
        assert TITLE in text(desk.get(change_page(filed)))
        assert hidden(desk, change_page(other))
        for one in (second, third):
            assert hidden(accounts.signed_in(one), change_page(filed))
        assert not rights.can(officer, "check", filed)

    def test_it_ends_after_a_day(self, filed, officer, desk):
        look = looked_at(filed, officer)

        clock.stop(look.until - dt.timedelta(milliseconds=1))
        assert rights.can(officer, "read", filed)
        clock.stop(look.until)
        assert not rights.can(officer, "read", filed)

    def test_nobody_grants_their_own_and_nothing_is_granted_twice(self, filed, officer):
        look = sealing.ask_look(filed.pk, actor=officer, reason="x")

        with pytest.raises(DomainError, match="Another officer"):
            sealing.grant_look(look.pk, actor=officer)
        sealing.grant_look(look.pk, actor=accounts.officer())
        with pytest.raises(DomainError, match="already"):
            sealing.grant_look(look.pk, actor=accounts.officer())

    def test_it_needs_a_reason(self, filed, officer, desk):
        with pytest.raises(DomainError, match="reason"):
            sealing.ask_look(filed.pk, actor=officer, reason="  ")

        desk.post(sealed_page(filed), {"declaration": str(filed.pk), "reason": ""})

        assert not EarlyLook.objects.exists()

    @pytest.mark.parametrize("who", [accounts.auditor, accounts.system_administrator])
    def test_it_is_for_officers(self, filed, who):
        person = who()

        with pytest.raises(PermissionDenied):
            sealing.ask_look(filed.pk, actor=person, reason="x")
        assert accounts.signed_in(person).get(sealed_page(filed)).status_code == 404

    def test_a_declaration_elsewhere_is_not_opened_by_this_page(self, filed, desk, officer):
        other = build.declaration(Status.SUBMITTED, activity=build.open_activity(sealed=True))
        look = sealing.ask_look(other.pk, actor=accounts.officer(), reason="x")

        asked = desk.post(sealed_page(filed), {"declaration": str(other.pk), "reason": "x"})
        granted = desk.post(sealed_page(filed), {"look": str(look.pk)})

        look.refresh_from_db()
        assert (asked.status_code, granted.status_code, look.granted_at) == (404, 404, None)
        assert EarlyLook.objects.count() == 1

    def test_it_is_on_record_and_the_applicant_is_told(self, filed, officer):
        looked_at(filed, officer)

        acts = AuditEntry.objects.filter(act__startswith="declaration.look").order_by("pk")
        assert [(one.act, one.reason) for one in acts] == [
            ("declaration.look_asked", "A complaint about its truth."),
            ("declaration.look_granted", "A complaint about its truth."),
        ]
        assert acts[1].details["asked_by"] == str(officer.pk)
        client = accounts.signed_in(accounts.owner_of(filed.organisation))
        home = text(client.get(reverse("submissions:declaration-detail", args=[filed.pk])))
        assert "Opened before the closing" in home
        assert "A complaint about its truth." in home
        assert officer.name not in home

    def test_postgresql_refuses_a_look_that_one_person_granted(self, filed, officer):
        look = sealing.ask_look(filed.pk, actor=officer, reason="x")
        statements = (
            "update submissions_earlylook set granted_by_id = asked_by_id, granted_at = now(),"
            " until = now() where id = %s",
            "update submissions_earlylook set granted_at = now() where id = %s",
            "update submissions_earlylook set reason = 'other' where id = %s",
            "delete from submissions_earlylook where id = %s",
        )

        for statement in statements:
            with (
                pytest.raises(DatabaseError),
                transaction.atomic(),
                connection.cursor() as cursor,
            ):
                cursor.execute(statement, [look.pk])


def test_the_page_costs_the_same_for_one_and_for_many(filed, desk, officer):
    def cost():
        with CaptureQueriesContext(connection) as asked:
            rows = len(desk.get(sealed_page(filed)).context["rows"])
        return rows, len(asked)

    sealing.ask_look(filed.pk, actor=accounts.officer(), reason="x")
    one = cost()
    for _ in range(5):
        other = build.declaration(Status.SUBMITTED, activity=filed.activity)
        sealing.ask_look(other.pk, actor=accounts.officer(), reason="x")

    assert (one[0], cost()) == (1, (6, one[1]))
    assert Declaration.objects.filter(activity=filed.activity).count() == 6
