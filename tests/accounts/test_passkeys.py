"""Security keys (passkeys): what of them needs no browser; the ceremony is a journey."""

import json

import pytest
from allauth.mfa.models import Authenticator
from django.db import OperationalError, connection
from django.test import Client

from accounts import services
from accounts.forms import AuthenticatePasskeyForm
from accounts.middleware import FACTORS
from accounts.models import User
from core.models import AuditEntry, StoredMail
from tests.builders import accounts as build
from tests.builders.signing_in import AUTHENTICATE, LOGIN, give_password_again, sign_in
from tests.reading import heading, text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean_cache")]
KEYS, ADD = "/en/accounts/2fa/webauthn/", "/en/accounts/2fa/webauthn/add/"
SIGN_IN = "/en/accounts/2fa/webauthn/login/"
JSON = {"accept": "application/json"}


def with_key(person: User, name: str = "office computer") -> Authenticator:
    """Give a person a key as it is stored; no browser holds the other half."""
    return Authenticator.objects.create(
        user=person, type=Authenticator.Type.WEBAUTHN, data={"name": name, "credential": {}}
    )


def plain_sign_in(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def test_a_key_is_a_second_factor_for_who_needs_one():
    person = build.officer()
    assert plain_sign_in(person).get("/en/account/")["Location"].startswith("/en/accounts/2fa/")

    with_key(person)

    assert heading(plain_sign_in(person).get("/en/account/")) == "My account"
    assert set(FACTORS) == {"totp", "webauthn"}


def test_who_still_needs_a_second_factor_may_add_a_key():
    client = plain_sign_in(build.officer())

    assert "/reauthenticate/" in client.get(ADD)["Location"]
    give_password_again(client)
    page = client.get(ADD)

    assert heading(page) == "Add Security Key"
    options = page.context["js_data"]["creation_options"]["publicKey"]
    assert options["rp"] == {"id": "testserver", "name": "Technology Pool"}
    assert "Sign in with this key alone, without the password" in text(page)


def test_the_portals_own_words_about_the_entity_hold_no_more_than_the_account():
    person = build.user("known@example.org", name="Kari Known")
    client = plain_sign_in(person)
    give_password_again(client)

    user = client.get(ADD).context["js_data"]["creation_options"]["publicKey"]["user"]

    assert (user["name"], user["displayName"]) == ("known@example.org", "Kari Known")


@pytest.mark.parametrize("path", [ADD, f"{KEYS}keys/1/remove/", f"{KEYS}keys/1/edit/"])
def test_keys_are_changed_after_proving_again_who_one_is(path):
    person = build.user()
    with_key(person)

    assert "/reauthenticate/" in plain_sign_in(person).get(path)["Location"]


def test_nobody_reaches_somebody_elses_key():
    theirs = with_key(build.user())
    client = plain_sign_in(build.user())
    give_password_again(client)

    for tail in ("remove", "edit"):
        assert client.get(f"{KEYS}keys/{theirs.pk}/{tail}/").status_code == 404
        assert client.post(f"{KEYS}keys/{theirs.pk}/{tail}/", {"name": "x"}).status_code == 404
    assert Authenticator.objects.filter(pk=theirs.pk).exists()


@pytest.mark.django_db(transaction=True)  # allauth reports some acts after the commit
def test_a_key_is_removed_recorded_and_the_person_told():
    person = build.user("known@example.org")
    key = with_key(person)
    client = plain_sign_in(person)
    give_password_again(client)

    client.post(f"{KEYS}keys/{key.pk}/remove/")

    assert not Authenticator.objects.filter(pk=key.pk).exists()
    act = AuditEntry.objects.get(act="account.second_factor_removed")
    assert act.details == {"kind": "webauthn"}
    assert StoredMail.objects.get(template="account_passkey_removed").recipient == person.email


def test_the_list_says_what_each_key_does():
    person = build.user()
    with_key(person, "office computer")

    page = plain_sign_in(person).get(KEYS)

    assert heading(page) == "Security Keys"
    assert "office computer" in text(page)
    assert "second factor" in text(page)


# Signing in -----------------------------------------------------------------------------


def test_the_page_of_the_sign_in_offers_it_without_inline_script():
    page = text(Client().get(LOGIN))

    assert "Sign in with a passkey" in page
    assert 'src="/static/js/passkeys.js"' in page
    assert "data-passkey-failed" in page


def test_what_is_asked_of_a_browser_names_nobody():
    build.user()

    options = Client().get(SIGN_IN, headers=JSON).json()["request_options"]["publicKey"]

    assert options["userVerification"] == "required"
    assert not options.get("allowCredentials")


def forged(user: User | None) -> str:
    """Return an answer of the right shape that no key has signed."""
    handle = str(user.pk) if user else "00000000-0000-4000-8000-000000000000"
    return json.dumps(
        {
            "id": "AAAA",
            "rawId": "AAAA",
            "type": "public-key",
            "clientExtensionResults": {},
            "response": {
                "clientDataJSON": "e30",
                "authenticatorData": "A" * 50,
                "signature": "AAAA",
                "userHandle": handle.encode().hex(),
            },
        }
    )


NONSENSE = [
    "",
    "{}",
    "[]",
    "1",
    "null",
    '"x"',
    "{",
    '{"response": 1}',
    '{"id": null}',
    '{"id": "é", "rawId": "é", "type": "public-key", "response": {"clientDataJSON": "é"}}',
]


@pytest.mark.parametrize("credential", NONSENSE)
def test_nonsense_at_the_other_places_is_a_wrong_answer(credential):
    person = build.user("known@example.org")
    services.set_up_totp(person)
    half_way, inside = Client(), plain_sign_in(person)
    sign_in(half_way, person.email)
    give_password_again(inside)
    inside.get(ADD)

    pages = [
        half_way.post(AUTHENTICATE, {"credential": credential}),
        inside.post(ADD, {"credential": credential, "name": "x"}),
        inside.post(f"{KEYS}reauthenticate/", {"credential": credential}),
    ]

    assert {page.status_code for page in pages} <= {200, 302}
    assert not half_way.session.get("_auth_user_id")
    assert not Authenticator.objects.filter(user=person, type="webauthn").exists()


@pytest.mark.parametrize("credential", NONSENSE)
def test_nonsense_is_answered_with_the_sign_in(credential):
    client = Client()
    client.get(SIGN_IN, headers=JSON)

    answer = client.post(SIGN_IN, {"credential": credential})

    assert (answer.status_code, answer["Location"]) == (302, LOGIN)


def test_a_forged_answer_lets_nobody_in_and_tells_nothing():
    known = build.user()
    with_key(known)
    answers = []
    for user in (known, build.user(), None):
        client = Client()
        client.get(SIGN_IN, headers=JSON)
        page = client.post(SIGN_IN, {"credential": forged(user)}, follow=True)
        answers.append(
            (page.redirect_chain, [str(message) for message in page.context["messages"]])
        )

    assert answers[0] == answers[1] == answers[2] == ([(LOGIN, 302)], ["Incorrect code."])


@pytest.mark.parametrize("credential", ["{}", '{"id": null}', "forged"])
def test_an_answer_of_no_key_is_on_record_and_in_the_log(credential, caplog):
    person = build.user("known@example.org")
    services.set_up_totp(person)
    half_way = Client()
    sign_in(half_way, person.email)
    sent = forged(person) if credential == "forged" else credential

    half_way.post(AUTHENTICATE, {"credential": sent})

    failed = AuditEntry.objects.filter(act="account.second_factor_failed")
    assert [(act.subject_id, act.details) for act in failed] == [
        (str(person.pk), {"kind": "webauthn"})
    ]
    # What the library answers in words is no riddle; what it stumbles over is.
    assert ("passkey not understood" in caplog.text) == (credential == '{"id": null}')
    assert person.email not in caplog.text


def test_a_database_that_fails_is_no_wrong_answer():
    person = build.user("known@example.org")
    form = AuthenticatePasskeyForm({"credential": forged(person)}, user=person)
    cut_off = connection.execute_wrapper(_gone)

    with cut_off, pytest.raises(OperationalError):
        form.is_valid()


def _gone(*_asked: object) -> None:
    raise OperationalError("gone")


def test_signing_in_with_the_password_asks_for_the_key():
    person = build.user("known@example.org")
    with_key(person)
    client = Client()

    assert sign_in(client, person.email)["Location"] == AUTHENTICATE


# Offering it ----------------------------------------------------------------------------


def test_an_owner_without_a_second_factor_is_offered_one_and_nobody_else_is():
    owner = build.user()
    one = build.organisation(owner)
    page = f"/en/account/organisations/{one.pk}/"
    editor = build.member(of=one)

    offered = {
        "owner": "Set up a second factor" in text(plain_sign_in(owner).get(page)),
        "editor": "Set up a second factor" in text(plain_sign_in(editor).get(page)),
    }
    services.set_up_totp(owner)

    assert offered == {"owner": True, "editor": False}
    assert "Set up a second factor" not in text(plain_sign_in(owner).get(page))
