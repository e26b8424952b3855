"""Whether an address has an account is told by nothing: status, body, cookies, work, mails owed.

The work is counted, not timed: computing the hash of a password is what takes long, and how
often that is done must not depend on the account.
"""

import re
from collections.abc import Callable
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core.cache import cache
from django.test import Client

from accounts import services
from accounts.models import User
from core.models import OutboxMessage, StoredMail
from tests.builders import accounts as build
from tests.builders.signing_in import (
    LOGIN,
    RESET,
    SIGNUP,
    body,
    give_password_again,
    registration,
    sign_in,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean_cache")]
KNOWN, UNKNOWN = "known@example.org", "nobody@example.org"


@pytest.fixture
def hashes(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Write down each hash of a password that is computed."""
    computed: list[str] = []
    encode = MD5PasswordHasher.encode

    def counted(self: Any, password: str, salt: str) -> str:
        computed.append(salt)
        return str(encode(self, password, salt))

    monkeypatch.setattr(MD5PasswordHasher, "encode", counted)
    return computed


def seen(answer: Any) -> tuple[Any, ...]:
    """Return all a stranger sees of an answer, without what is another one each time."""
    where = re.sub(r"[\w.%-]+@example\.org", "@", answer.get("Location", ""))
    page = body(answer)
    cookies = sorted(name for name in answer.cookies if name != "csrftoken")
    return (answer.status_code, where, page, cookies, answer.get("Cache-Control"))


def outcome(act: Callable[[], Any], hashes: list[str]) -> dict[str, Any]:
    """Do something as a stranger and return what shows of it, and what it cost."""
    cache.clear()
    StoredMail.objects.all().delete()
    OutboxMessage.objects.all().delete()
    hashes.clear()
    answer = act()
    return {
        "seen": seen(answer),
        "hashes": len(hashes),
        "mails": StoredMail.objects.count(),
        "owed": OutboxMessage.objects.count(),
    }


def unusable() -> User:
    return services.create_account(
        email="waiting@example.org", name="Waiting", language="en", password=None
    )


def unconfirmed() -> User:
    person = build.user("unconfirmed@example.org")
    EmailAddress.objects.filter(user=person).update(verified=False)
    return person


def shut() -> User:
    person = build.user("shut@example.org")
    services.suspend(person, actor=None, reason="left")
    return person


KINDS: dict[str, Callable[[], User]] = {
    "known": lambda: build.user(KNOWN),
    "officer": lambda: build.officer("officer@example.org"),
    "waiting": unusable,
    "unconfirmed": unconfirmed,
    "shut": shut,
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_wrong_password_and_an_unknown_address_are_answered_alike(hashes, kind):
    person = KINDS[kind]()

    known = outcome(lambda: sign_in(Client(), person.email, "wrong"), hashes)
    unknown = outcome(lambda: sign_in(Client(), UNKNOWN, "wrong"), hashes)

    assert known == unknown
    assert known["hashes"] == 1


@pytest.mark.parametrize("kind", KINDS)
def test_a_reset_is_answered_alike(hashes, kind):
    person = KINDS[kind]()

    known = outcome(lambda: Client().post(RESET, {"email": person.email}), hashes)
    unknown = outcome(lambda: Client().post(RESET, {"email": UNKNOWN}), hashes)

    assert known == unknown
    assert (known["hashes"], known["mails"]) == (0, 1)


@pytest.mark.parametrize("kind", KINDS)
def test_a_registration_is_answered_alike(hashes, kind):
    person = KINDS[kind]()

    known = outcome(lambda: Client().post(SIGNUP, registration(email=person.email)), hashes)
    unknown = outcome(lambda: Client().post(SIGNUP, registration(email=UNKNOWN)), hashes)

    assert known == unknown
    assert (known["hashes"], known["mails"]) == (1, 1)


def changing(person: User, address: str) -> Callable[[], Any]:
    client = Client()
    sign_in(client, person.email)
    give_password_again(client)
    return lambda: client.post(
        "/en/accounts/email/", {"email": address, "action_add": ""}, follow=True
    )


def test_a_change_of_address_is_answered_alike(hashes):
    build.user(KNOWN)
    # The page lists addresses in the order of the alphabet: both come before what is added.
    first, second = (build.user(f"{one}@example.org", name="Ann") for one in ("a", "b"))

    taken = outcome(changing(first, KNOWN), hashes)
    free = outcome(changing(second, UNKNOWN), hashes)

    assert taken == free
    assert (taken["hashes"], taken["mails"]) == (0, 1)


def inviting(address: str) -> Callable[[], Any]:
    owner = build.user(name="Olga Owner")
    one = build.organisation(owner, name_en="Northern Filters")
    client = build.signed_in(owner)
    path = f"/en/account/organisations/{one.pk}/members/"
    sent = {"address": address, "level": "view", "language": "en"}
    return lambda: client.post(path, sent)


def test_an_invitation_is_answered_alike(hashes):
    build.user(KNOWN)

    known = outcome(inviting(KNOWN), hashes)
    unknown = outcome(inviting(UNKNOWN), hashes)

    assert known["seen"][0] == unknown["seen"][0] == 302
    assert {key: known[key] for key in ("hashes", "mails", "owed")} == {
        key: unknown[key] for key in ("hashes", "mails", "owed")
    }


@pytest.mark.parametrize("path", [LOGIN, SIGNUP, RESET])
def test_an_address_in_other_letters_is_the_same_address(hashes, path):
    build.user(KNOWN)
    sent = {
        LOGIN: lambda email: {"login": email, "password": "wrong"},
        SIGNUP: lambda email: registration(email=email),
        RESET: lambda email: {"email": email},
    }[path]

    lower = outcome(lambda: Client().post(path, sent(KNOWN)), hashes)
    upper = outcome(lambda: Client().post(path, sent(KNOWN.upper())), hashes)

    assert (lower["hashes"], lower["mails"]) == (upper["hashes"], upper["mails"])
    assert lower["seen"][0] == upper["seen"][0]


# Limits ---------------------------------------------------------------------------------


def until_refused(send: Callable[[int], Any], most: int = 60) -> tuple[int, Any]:
    """Repeat until the answer is another one; return how often it was the same, and that one."""
    first = seen(send(0))
    for number in range(1, most):
        answer = send(number)
        if seen(answer)[:2] != first[:2]:
            return number, answer
    return most, None


@pytest.mark.parametrize("email", [KNOWN, UNKNOWN])
def test_resets_of_one_address_are_limited_whoever_asks(email):
    build.user(KNOWN)

    for number in range(8):
        Client().post(RESET, {"email": email}, HTTP_X_FORWARDED_FOR=f"203.0.113.{number}")

    assert StoredMail.objects.filter(recipient=email).count() == 5


@pytest.mark.parametrize(("path", "times"), [(SIGNUP, 20), (RESET, 20)])
def test_one_network_address_asks_so_often_and_no_more(path, times):
    def send(number: int) -> Any:
        email = f"person{number}@example.org"
        return Client().post(path, registration(email=email))

    asked, answer = until_refused(send)

    assert (asked, answer.status_code) == (times, 429)


def test_addresses_of_one_account_are_changed_ten_times_a_minute():
    person = build.user(KNOWN)
    client = Client()
    sign_in(client, person.email)
    give_password_again(client)

    answers = [
        client.post("/en/accounts/email/", {"email": KNOWN, "action_send": ""}).status_code
        for _turn in range(11)
    ]

    assert answers[:10] == [302] * 10
    assert answers[10] == 429
