"""The second factor: set up, asked for, changed."""

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from accounts import services
from tests.builders import accounts as build
from tests.builders.signing_in import (
    AUTHENTICATE,
    LOGIN,
    acts_of,
    code,
    is_signed_in,
    prove_again,
    sign_in,
)
from tests.reading import heading

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean_cache")]


@pytest.mark.django_db(transaction=True)  # allauth reports some acts after the commit
def test_an_officer_sets_up_the_second_factor_and_then_needs_it():
    person = build.officer("officer@example.org")
    client = Client()
    sign_in(client, person.email)
    assert client.get("/en/work/")["Location"] == "/en/accounts/2fa/totp/activate/"

    assert "/reauthenticate/" in client.get("/en/accounts/2fa/totp/activate/")["Location"]
    prove_again(client)
    page = client.get("/en/accounts/2fa/totp/activate/")
    secret = page.context["form"].secret
    wrong = client.post("/en/accounts/2fa/totp/activate/", {"code": "000000"})
    assert wrong.context["form"].errors
    done = client.post("/en/accounts/2fa/totp/activate/", {"code": code(secret)})
    assert done["Location"] == "/en/accounts/2fa/recovery-codes/"
    assert heading(client.get(done["Location"])) == "Recovery Codes"
    assert heading(client.get("/en/account/")) == "My account"
    client.post("/en/accounts/logout/")

    half_way = sign_in(client, person.email)
    assert half_way["Location"] == AUTHENTICATE
    assert not is_signed_in(client)
    assert client.get("/en/account/")["Location"].startswith(LOGIN)
    refused = client.post(AUTHENTICATE, {"code": code(secret, 40)})
    assert refused.context["form"].errors == {"code": ["Incorrect code."]}
    assert not is_signed_in(client)
    client.post(AUTHENTICATE, {"code": code(secret)})
    assert is_signed_in(client)
    assert acts_of(person) == [
        "created",
        "role_granted",
        "signed_in",
        "second_factor_set",
        "second_factor_set",
        "signed_out",
        "second_factor_failed",
        "signed_in",
    ]


def test_a_code_works_once():
    person = build.officer("officer@example.org")
    secret = services.set_up_totp(person)
    one, first, second = code(secret), Client(), Client()

    sign_in(first, person.email)
    first.post(AUTHENTICATE, {"code": one})
    sign_in(second, person.email)
    second.post(AUTHENTICATE, {"code": one})

    assert (is_signed_in(first), is_signed_in(second)) == (True, False)


def test_a_recovery_code_lets_in_once():
    person = build.officer("officer@example.org")
    services.set_up_totp(person)
    wrapped = Authenticator.objects.get(user=person, type="recovery_codes").wrap()
    one, first, second = wrapped.get_unused_codes()[0], Client(), Client()

    sign_in(first, person.email)
    first.post(AUTHENTICATE, {"code": one})
    sign_in(second, person.email)
    second.post(AUTHENTICATE, {"code": one})

    assert (is_signed_in(first), is_signed_in(second)) == (True, False)


def test_a_sign_in_half_way_can_be_left():
    person = build.officer("officer@example.org")
    services.set_up_totp(person)
    client = Client()
    sign_in(client, person.email)

    left = client.post("/en/accounts/logout/", {"next": LOGIN})

    assert left["Location"] == LOGIN
    assert client.get(AUTHENTICATE)["Location"].startswith(LOGIN)


@pytest.mark.parametrize(
    "path",
    [
        "/en/accounts/2fa/totp/deactivate/",
        "/en/accounts/2fa/recovery-codes/",
        "/en/accounts/2fa/recovery-codes/generate/",
        "/en/accounts/2fa/recovery-codes/download/",
    ],
)
def test_the_second_factor_is_changed_after_proving_again_who_one_is(path):
    person = build.officer()
    client = build.signed_in(person)

    assert "/reauthenticate/" in client.get(path)["Location"]
    client.post(path)
    assert Authenticator.objects.filter(user=person, type="totp").exists()
    prove_again(client)
    assert client.get(path).status_code == 200


def test_the_secret_is_shown_only_while_it_is_set_up():
    person = build.officer("officer@example.org")
    secret = services.set_up_totp(person)
    client = Client()
    sign_in(client, person.email)
    client.post(AUTHENTICATE, {"code": code(secret)})

    for path in ("/en/accounts/2fa/", "/en/accounts/2fa/totp/deactivate/", "/en/account/"):
        assert secret not in client.get(path).content.decode()
