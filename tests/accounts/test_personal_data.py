"""A person's data: handed out as one file; erased, and then nowhere in the database."""

import datetime as dt
import json
import uuid
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client

from accounts import erasure, personal, services
from accounts.models import Invitation, Membership, User
from accounts.roles import Level, Role
from core import audit, outbox
from core.errors import DomainError
from core.models import AuditEntry, StoredMail
from evaluation.models import ScoreSheet
from evaluation.states import SheetStatus
from evaluation.workflow import ASSIGNMENTS
from submissions.models import Declaration, DeclarationVersion
from tests.builders import accounts as build
from tests.builders import evaluation, submissions
from tests.builders.signing_in import (
    LOGIN,
    give_password_again,
    link_in,
    mail_to,
    sign_in,
)
from tests.reading import heading, text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean_cache")]
DATA, EXPORT, ERASE = (f"/en/account/data/{tail}" for tail in ("", "export/", "erase/"))
NAME, ADDRESS = "Zephyrine Quillfeather", "zq-canary@example.org"
TEXTS = ("text", "character varying", "character", "json", "jsonb", "tsvector", "ARRAY", "bytea")


def places_of(*canaries: str) -> set[str]:
    """Return every column of the database that holds one of the texts."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select table_name, column_name from information_schema.columns"
            " where table_schema = 'public' and data_type = any(%s)",
            [list(TEXTS)],
        )
        columns = cursor.fetchall()
        found = set()
        for table, column in columns:
            for canary in canaries:
                cursor.execute(
                    f'select exists (select 1 from "{table}" where "{column}"::text ilike %s)',  # noqa: S608 -- names PostgreSQL gave
                    [f"%{canary}%"],
                )
                if cursor.fetchone()[0]:
                    found.add(f"{table}.{column}")
    return found


@pytest.fixture
def canary() -> User:
    return build.user(ADDRESS, name=NAME)


# The file -------------------------------------------------------------------------------


def test_the_file_holds_what_the_portal_holds(canary):
    one = build.organisation(canary, name_en="Own House")
    draft = submissions.declaration("draft", organisation=one, actor=canary)
    build.invited(one, "friend@example.org", by=canary)

    client = build.signed_in(canary)
    answer = client.post(EXPORT, {"password": build.PASSWORD})

    assert answer["Content-Disposition"] == 'attachment; filename="technology-pool-data.json"'
    assert answer["Cache-Control"] == "private, no-store"
    data = json.loads(answer.content)
    assert list(data) == ["format", *sorted(list(data)[1:])]
    assert set(data) - {"format"} == {records.name for records in personal.records()}
    assert (data["account"]["name"], data["account"]["email"]) == (NAME, ADDRESS)
    assert [row["name_en"] for row in data["memberships"]] == ["Own House"]
    assert [row["id"] for row in data["declarations_started"]] == [str(draft.pk)]
    assert data["addresses"] == [{"email": ADDRESS, "verified": True, "primary": True}]
    assert data["expert_profile"] is None
    assert "friend@example.org" not in answer.content.decode()
    assert {"organisation.created", "organisation.invited"} <= {row["act"] for row in data["acts"]}
    assert AuditEntry.objects.latest("id").act == "account.exported"


def test_an_experts_file_holds_the_profile_and_the_sheets_and_nobody_elses():
    mine = evaluation.expert()
    case = evaluation.case()
    one, other = evaluation.assign(case, mine, evaluation.expert())
    sheet, foreign = evaluation.accept(one), evaluation.accept(other)
    ScoreSheet.objects.filter(pk=sheet.pk).update(comment="Mine alone.")
    ScoreSheet.objects.filter(pk=foreign.pk).update(comment="Somebody else’s.")

    data = personal.export(mine.user)

    assert data["expert_profile"]["employer"] == mine.employer_name
    assert [row["comment"] for row in data["score_sheets"]] == ["Mine alone."]
    assert len(data["assignments"]) == 1
    assert "Somebody else" not in str(data)


def test_no_secret_is_in_the_file(canary):
    secret = services.set_up_totp(canary)
    stored = Authenticator.objects.get(user=canary, type="totp").data["secret"]
    Client().post("/en/accounts/password/reset/", {"email": ADDRESS})
    link = link_in(mail_to(ADDRESS))

    data = json.dumps(personal.export(canary), default=str)

    for hidden in (secret, stored, link, canary.password):
        assert hidden not in data


def test_the_file_takes_the_password(canary):
    client = build.signed_in(canary)

    page = client.post(EXPORT, {"password": "wrong"})

    assert page.context["form"].errors == {"password": ["This is not your password."]}
    assert not AuditEntry.objects.filter(act="account.exported").exists()
    assert client.get(EXPORT).status_code == 405


@pytest.mark.parametrize("path", [EXPORT, ERASE])
def test_passwords_cannot_be_tried_for_ever(canary, path):
    client = build.signed_in(canary)

    answers = [client.post(path, {"password": "wrong"}).status_code for _turn in range(11)]

    assert answers == [200] * 10 + [429]
    assert client.post(path, {"password": build.PASSWORD}).status_code == 429


def test_nobody_hands_out_somebody_elses_data(canary):
    for actor in (build.user(), build.officer(), build.system_administrator()):
        with pytest.raises(PermissionDenied):
            services.hand_out_data(canary.pk, actor=actor)


@pytest.mark.parametrize("path", [DATA, ERASE])
def test_the_pages_are_ones_own(path, canary):
    assert Client().get(path)["Location"] == f"{LOGIN}?next={path}"
    page = build.signed_in(canary).get(path)
    assert heading(page) in ("Your data", "Erase my account")


# Erasure --------------------------------------------------------------------------------


def busy_life(person: User) -> None:
    """Let a person leave traces wherever a person can."""
    client = Client()
    sign_in(client, ADDRESS)
    give_password_again(client)
    client.post("/en/accounts/email/", {"email": f"second-{ADDRESS}", "action_add": ""})
    client.post(link_in(mail_to(f"second-{ADDRESS}")))
    client.post("/en/accounts/email/", {"email": f"second-{ADDRESS}", "action_remove": ""})
    Client().post("/en/accounts/password/reset/", {"email": ADDRESS})
    sign_in(Client(), ADDRESS, "wrong")
    services.set_up_totp(person)
    shared = build.organisation(name_en="Shared House")
    _invitation, link = build.invited(shared, ADDRESS, level=Level.OWN)
    client.post(f"{link}accept/")
    build.invited(shared, "friend@example.org", by=person)
    filed = submissions.declaration("submitted", organisation=shared, actor=person)
    assert DeclarationVersion.objects.filter(declaration=filed).exists()
    another = build.organisation(name_en="Another House")
    build.invited(another, ADDRESS)
    expert = evaluation.expert(user=person, employer_name="House of Quillfeather")
    asked, declined = (evaluation.assign(evaluation.case(), expert)[0] for _turn in range(2))
    evaluation.submit(evaluation.accept(asked))
    ASSIGNMENTS.perform("decline", declined.pk, actor=person, reason="No time.")
    outbox.deliver_due()


@pytest.mark.django_db(transaction=True)
def test_after_the_erasure_neither_name_nor_address_is_anywhere(canary):
    busy_life(canary)
    sheets = list(ScoreSheet.objects.filter(status=SheetStatus.SUBMITTED).values())
    versions = list(DeclarationVersion.objects.values())
    before = places_of("Quillfeather", "zq-canary")
    client = build.signed_in(User.objects.get(pk=canary.pk))

    page = client.post(ERASE, {"password": build.PASSWORD}, follow=True)

    assert {
        "accounts_user.name",
        "accounts_user.email",
        "accounts_user.former_addresses",
        "account_emailaddress.email",
        "accounts_invitation.address",
        "core_storedmail.recipient",
        "core_storedmail.body",
        "evaluation_expert.employer_name",
    } <= before
    assert "Your name, addresses and ways of signing in are erased." in text(page)
    assert places_of("Quillfeather", "zq-canary") == set()
    assert list(ScoreSheet.objects.filter(status=SheetStatus.SUBMITTED).values()) == sheets
    assert list(DeclarationVersion.objects.values()) == versions
    assert not list(audit.faults())
    gone = User.objects.get(pk=canary.pk)
    assert (gone.is_active, gone.email) == (False, f"{canary.pk}@erased.invalid")
    assert not gone.has_usable_password()
    assert not Authenticator.objects.filter(user=gone).exists()
    assert not EmailAddress.objects.filter(user=gone).exists()
    assert not Membership.objects.filter(user=gone).exists()
    assert gone.roles == set()
    assert Declaration.objects.filter(created_by=gone).exists()


def test_who_was_erased_is_signed_out_everywhere_and_signs_in_nowhere(canary):
    elsewhere, client = build.signed_in(canary), build.signed_in(canary)

    client.post(ERASE, {"password": build.PASSWORD})

    for one in (client, elsewhere):
        assert one.get(DATA)["Location"].startswith(LOGIN)
    outbox.deliver_due()
    assert not any(
        row.get_decoded().get("_auth_user_id") == str(canary.pk) for row in Session.objects.all()
    )
    fresh = Client()
    sign_in(fresh, ADDRESS)
    assert fresh.get(DATA)["Location"].startswith(LOGIN)


def test_the_address_is_free_again(canary):
    erasure.erase(canary.pk, actor=canary)

    assert build.user(ADDRESS).pk != canary.pk


def test_a_mail_that_waits_is_not_sent_any_more(canary, mailoutbox):
    Client().post("/en/accounts/password/reset/", {"email": ADDRESS})
    erasure.erase(canary.pk, actor=canary)

    outbox.deliver_due()

    assert mailoutbox == []


def test_the_password_is_asked_again(canary):
    page = build.signed_in(canary).post(ERASE, {"password": "wrong"})

    assert page.context["form"].errors == {"password": ["This is not your password."]}
    assert User.objects.get(pk=canary.pk).erased_at is None


# What stands in the way -------------------------------------------------------------------


def test_the_last_owner_of_an_organisation_that_declared_waits(canary):
    one = build.organisation(canary, name_en="Own House")
    submissions.declaration("draft", organisation=one, actor=canary)
    client = build.signed_in(canary)
    why = (
        "You are the only owner of Own House, which has declarations. "
        "Invite somebody and make them the owner first."
    )

    assert why in text(client.get(ERASE))
    page = client.post(ERASE, {"password": build.PASSWORD})
    assert page.context["form"].non_field_errors() == [why]
    build.member(Level.OWN, of=one)
    assert why not in text(client.get(ERASE))
    erasure.erase(canary.pk, actor=canary)

    assert User.objects.get(pk=canary.pk).name == ""


def test_the_only_owner_among_others_waits(canary):
    one = build.organisation(canary, name_en="Own House")
    build.member(Level.VIEW, of=one)

    with pytest.raises(DomainError, match="only owner of Own House, which has other members"):
        erasure.erase(canary.pk, actor=canary)


def test_who_owns_an_organisation_alone_that_never_declared_need_not_wait(canary):
    one = build.organisation(canary)

    erasure.erase(canary.pk, actor=canary)

    assert not one.memberships.exists()


def test_an_expert_with_open_work_waits():
    expert = evaluation.expert()
    (asked,) = evaluation.assign(evaluation.case(), expert)
    person = expert.user

    with pytest.raises(DomainError, match="Submit the score sheet or decline first"):
        erasure.erase(person.pk, actor=person)
    evaluation.submit(evaluation.accept(asked))
    erasure.erase(person.pk, actor=person)

    expert.refresh_from_db()
    assert (expert.status, expert.employer_name, expert.title) == ("left", "", "")
    assert [one.name for one in expert.employments.all()] == [""]


# Staff ----------------------------------------------------------------------------------


def test_staff_erase_with_a_reason(canary):
    staff = build.system_administrator()

    with pytest.raises(DomainError, match="reason"):
        erasure.erase(canary.pk, actor=staff)
    erasure.erase(canary.pk, actor=staff, reason="Letter of 3 May, file 17.")

    act = AuditEntry.objects.filter(act="account.erased").get()
    assert (act.actor, act.reason, act.subject_id) == (
        staff,
        "Letter of 3 May, file 17.",
        str(canary.pk),
    )


@pytest.mark.parametrize("make", [build.user, build.officer, build.auditor, build.expert_user])
def test_nobody_else_erases_a_person(canary, make):
    with pytest.raises(PermissionDenied):
        erasure.erase(canary.pk, actor=make(), reason="x")

    assert User.objects.get(pk=canary.pk).name == NAME


def test_a_person_is_erased_once(canary):
    staff = build.system_administrator()
    erasure.erase(canary.pk, actor=staff, reason="Letter.")

    with pytest.raises(DomainError, match="erased already"):
        erasure.erase(canary.pk, actor=staff, reason="Letter.")


def test_roles_end_with_the_person():
    person = build.officer()

    erasure.erase(person.pk, actor=person)

    assert User.objects.get(pk=person.pk).roles == set()
    assert person.grants.get().role == Role.OFFICER
    assert person.grants.get().revoked_at is not None


def test_what_the_person_offered_and_was_offered_is_withdrawn(canary):
    one = build.organisation()
    build.invited(one, ADDRESS)
    own = build.organisation(canary)
    build.invited(own, "friend@example.org", by=canary)

    erasure.erase(canary.pk, actor=canary)

    assert not Invitation.objects.filter(withdrawn_at=None).exists()


def test_an_unknown_person_is_not_erased():
    staff = build.system_administrator()

    with pytest.raises(User.DoesNotExist):
        erasure.erase(uuid.uuid4(), actor=staff, reason="x")


def values_of(user: User) -> Any:
    return User.objects.filter(pk=user.pk).values().get()


def test_nobody_elses_rows_change(canary):
    other = build.user("zq-canary-too@example.org", name="Zephyrine Quill")
    before = values_of(other)
    Client().post("/en/accounts/password/reset/", {"email": other.email})
    mail = StoredMail.objects.filter(recipient=other.email).values().get()

    erasure.erase(canary.pk, actor=canary)

    assert values_of(other) == before
    assert StoredMail.objects.filter(recipient=other.email).values().get() == mail
    assert before["joined_at"] < dt.datetime.now(dt.UTC)
