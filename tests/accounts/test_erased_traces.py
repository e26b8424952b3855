"""What an erasure takes out of mails and sessions, and who cannot be erased."""

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts import erasure, services
from accounts.models import User
from core import outbox
from core.errors import DomainError
from core.models import OutboxMessage, StoredMail
from tests.builders import accounts as build
from tests.builders.core import at_once
from tests.builders.signing_in import (
    registration,
    sign_in,
)

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


def test_a_short_name_is_taken_out_where_it_stands_for_itself():
    person = build.user(name="Li")
    one = build.organisation(person, name_en="Limited Li Works")
    build.invited(one, "friend@example.org", by=person)

    erasure.erase(person.pk, actor=person)

    mail = StoredMail.objects.get(recipient="friend@example.org")
    assert "– invites you to act for Limited – Works" in mail.body


def test_a_name_is_taken_out_of_no_link():
    person = build.user(name="https")
    build.invited(build.organisation(person), "friend@example.org", by=person)
    before = StoredMail.objects.get(recipient="friend@example.org").body

    erasure.erase(person.pk, actor=person)

    mail = StoredMail.objects.get(recipient="friend@example.org")
    assert mail.body == before.replace("https invites", "– invites")
    assert mail.named == {}


def test_nothing_is_taken_out_of_mails_that_tell_of_somebody_else():
    person, namesake = build.user(name="Wang Wei"), build.user(name="Wang Wei")
    build.invited(build.organisation(namesake), "friend@example.org", by=namesake)

    erasure.erase(person.pk, actor=person)

    assert "Wang Wei invites you" in StoredMail.objects.get(recipient="friend@example.org").body


def test_a_former_name_is_taken_out_as_well():
    person = build.user(name="Ada Maiden")
    build.invited(build.organisation(person), "friend@example.org", by=person)
    services.edit_profile(person.pk, actor=person, name="Ada Wife", language="en")

    erasure.erase(person.pk, actor=person)

    mail = StoredMail.objects.get(recipient="friend@example.org")
    assert "– invites you to act for" in mail.body
    assert places_of("Ada Maiden") == set()


@pytest.mark.parametrize(
    ("words", "kept", "text", "left"),
    [
        (["王伟"], ["王伟明"], "王伟邀请您；王伟明（x）已加入", "–邀请您；王伟明（x）已加入"),
        (["王伟明"], ["王伟"], "王伟、王伟明", "王伟、–"),
        (["Li"], [], "Li of Limited, Li.", "– of Limited, –."),
        (["Li", "a@b.org"], ["aa@b.org"], "Li (a@b.org), aa@b.org", "– (–), aa@b.org"),
        (["Li"], ["Li"], "Li and Li", "Li and Li"),
        ([""], [], "", ""),
        (["https"], [], "https://x.org/https https", "https://x.org/https –"),
    ],
)
def test_words_are_taken_out_where_they_stand_for_themselves(words, kept, text, left):
    assert erasure.without(words, text, kept=kept) == left


def test_a_sign_in_that_waits_for_its_second_factor_is_no_trace(canary):
    services.set_up_totp(canary)
    waiting, other = Client(), Client()
    sign_in(waiting, ADDRESS)
    stranger = build.user()
    services.set_up_totp(stranger)
    sign_in(other, stranger.email)
    unknown = Client()
    unknown.post("/en/accounts/signup/", registration(email=ADDRESS))
    assert ADDRESS in str([row.get_decoded() for row in Session.objects.all()])

    erasure.erase(canary.pk, actor=canary)
    assert ADDRESS not in str(OutboxMessage.objects.values_list("payload", flat=True))
    outbox.deliver_due()

    (left,) = [row for row in Session.objects.all() if row.get_decoded().get("account_login")]
    assert left.get_decoded()["account_login"]["email"] == stranger.email
    assert ADDRESS not in str([row.get_decoded() for row in Session.objects.all()])


def test_an_erasure_reads_neither_every_mail_nor_every_session(canary):
    one = build.organisation(canary)
    build.invited(one, "friend@example.org", by=canary)

    with CaptureQueriesContext(connection) as asked:
        erasure.erase(canary.pk, actor=canary)

    questions = [query["sql"] for query in asked.captured_queries]
    assert not [sql for sql in questions if "django_session" in sql]
    assert not [sql for sql in questions if "core_storedmail" in sql and " LIKE " in sql]


# The last administrator ---------------------------------------------------------------------


def test_the_last_system_administrator_stays():
    last = build.system_administrator()
    shut = build.system_administrator()
    services.suspend(shut, actor=last, reason="Left.")

    with pytest.raises(DomainError, match="You are the last system administrator"):
        erasure.erase(last.pk, actor=last)
    erasure.erase(shut.pk, actor=last, reason="Letter.")
    build.system_administrator()
    erasure.erase(last.pk, actor=last)

    assert User.objects.get(pk=last.pk).erased_at is not None


@pytest.mark.django_db(transaction=True)
def test_of_the_last_two_administrators_who_go_at_once_one_stays():
    first, second = build.system_administrator(), build.system_administrator()

    results = at_once(
        lambda: erasure.erase(first.pk, actor=first), lambda: erasure.erase(second.pk, actor=second)
    )

    assert sorted(type(result).__name__ for result in results) == ["DomainError", "User"]
