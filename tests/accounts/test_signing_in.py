"""Signing in and out, and changing the address and the password."""

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings as configured
from django.test import Client

from accounts.models import User
from core.models import StoredMail
from tests.builders import accounts as build
from tests.builders.signing_in import (
    LOGIN,
    NEW_PASSWORD,
    RESET,
    SIGNUP,
    acts_of,
    give_password_again,
    is_signed_in,
    link_in,
    mail_to,
    registration,
    sign_in,
)
from tests.reading import heading

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean_cache")]


# Signing in -----------------------------------------------------------------------------


def test_the_session_key_changes_at_sign_in():
    build.user("known@example.org")
    client = Client()
    session = client.session
    session["planted"] = "by somebody else"
    session.save()
    client.cookies[configured.SESSION_COOKIE_NAME] = str(session.session_key)

    sign_in(client, "known@example.org")

    assert is_signed_in(client)
    assert client.session.session_key != session.session_key


def test_after_six_wrong_passwords_the_right_one_waits_too():
    build.user("known@example.org")
    build.user("other@example.org")

    for number in range(6):
        sign_in(Client(), "known@example.org", "wrong", HTTP_X_FORWARDED_FOR=f"203.0.113.{number}")

    client = Client()
    sign_in(client, "known@example.org")
    assert not is_signed_in(client)
    sign_in(client, "other@example.org")
    assert is_signed_in(client)


def test_a_spoofed_address_gets_no_new_allowance():
    for number in range(12):
        Client().post(
            LOGIN,
            {"login": f"person{number}@example.org", "password": "wrong"},
            HTTP_X_FORWARDED_FOR=f"203.0.113.{number}",
        )
    build.user("known@example.org")

    client = Client()
    client.post(
        LOGIN,
        {"login": "known@example.org", "password": build.PASSWORD},
        HTTP_X_FORWARDED_FOR="203.0.113.99",
    )

    assert not is_signed_in(client)


@pytest.mark.parametrize(
    "target",
    [
        "//evil.example/",
        "https://evil.example/",
        "https:evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "http:///evil.example",
        "javascript:alert(1)",
        " //evil.example",
        "/%0d%0aLocation: //evil.example",
        "http://localhost/en/account/",
    ],
)
def test_signing_in_never_leads_to_another_host(target):
    build.user("known@example.org")

    location = sign_in(Client(), "known@example.org", next=target)["Location"]

    assert location == "/en/work/" or (
        location.startswith("/") and not location.startswith(("//", "/\\"))
    )


def test_signing_in_leads_back_to_where_one_was_going():
    build.user("known@example.org")
    client = Client()
    to_sign_in = client.get("/en/account/?a=1")["Location"]

    assert "/en/account/?a=1" in client.get(to_sign_in).content.decode()
    assert sign_in(client, "known@example.org", next="/en/account/?a=1")["Location"] == (
        "/en/account/?a=1"
    )


def test_signing_out_takes_a_post():
    person = build.user()
    client = build.signed_in(person)

    client.get("/en/accounts/logout/")
    assert is_signed_in(client)
    client.post("/en/accounts/logout/")
    assert not is_signed_in(client)
    assert acts_of(person) == ["created", "signed_out"]


@pytest.mark.parametrize("path", [LOGIN, SIGNUP, RESET])
def test_a_form_without_its_token_is_refused(path):
    response = Client(enforce_csrf_checks=True).post(path, registration(login="a", password="b"))

    assert response.status_code == 403


# Changing the address and the password --------------------------------------------------


def test_the_password_is_changed_with_the_old_one_and_other_sessions_end():
    person = build.user("known@example.org")
    client, elsewhere = Client(), build.signed_in(person)
    sign_in(client, person.email)
    change = {"oldpassword": "wrong", "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}

    refused = client.post("/en/accounts/password/change/", change)
    assert set(refused.context["form"].errors) == {"oldpassword"}
    client.post("/en/accounts/password/change/", change | {"oldpassword": build.PASSWORD})

    assert User.objects.get().check_password(NEW_PASSWORD)
    assert heading(client.get("/en/account/")) == "My account"
    assert elsewhere.get("/en/account/")["Location"] == f"{LOGIN}?next=/en/account/"


def test_an_address_changes_only_for_who_gives_the_password_again():
    person = build.user("old@example.org")
    client = Client()
    sign_in(client, person.email)

    answer = client.post("/en/accounts/email/", {"email": "new@example.org", "action_add": ""})

    assert answer["Location"].startswith("/en/accounts/reauthenticate/")
    assert not StoredMail.objects.filter(recipient="new@example.org").exists()


def test_a_new_address_is_used_when_it_is_confirmed():
    person = build.user("old@example.org")
    client = Client()
    sign_in(client, person.email)
    give_password_again(client)

    client.post("/en/accounts/email/", {"email": "new@example.org", "action_add": ""})
    assert User.objects.get().email == "old@example.org"
    mail = mail_to("new@example.org")
    assert (mail.template, mail.secret) == ("account_confirm_address", True)
    client.post(link_in(mail))
    client.post("/en/accounts/email/", {"email": "new@example.org", "action_primary": ""})

    assert User.objects.get().email == "new@example.org"


def test_somebody_elses_address_cannot_be_taken_and_nobody_is_told():
    build.user("theirs@example.org")
    person = build.user("mine@example.org")
    client = Client()
    sign_in(client, person.email)
    give_password_again(client)

    client.post("/en/accounts/email/", {"email": "theirs@example.org", "action_add": ""})
    client.post(link_in(mail_to("theirs@example.org")))
    client.post("/en/accounts/email/", {"email": "theirs@example.org", "action_primary": ""})

    assert User.objects.get(pk=person.pk).email == "mine@example.org"
    owner = EmailAddress.objects.get(email="theirs@example.org", verified=True).user
    assert owner.email == "theirs@example.org"
