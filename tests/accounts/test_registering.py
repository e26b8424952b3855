"""Registering and recovering, as a person does it; and what strangers can learn by it."""

from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import identify_hasher
from django.test import Client

from accounts import services
from accounts.models import User
from core.models import StoredMail
from pool_portal import settings as project
from tests.builders import accounts as build
from tests.builders.signing_in import (
    LOGIN,
    NEW_PASSWORD,
    RESET,
    SIGNUP,
    acts_of,
    body,
    is_signed_in,
    link_in,
    mail_to,
    registration,
    sign_in,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean_cache")]


# Registering ----------------------------------------------------------------------------


def test_a_person_registers_confirms_and_signs_in():
    client = Client()

    sent = client.post(SIGNUP, registration())
    assert sent["Location"] == "/en/accounts/confirm-email/"
    person = User.objects.get()
    assert (person.email, person.name, person.language) == (
        "new@example.org",
        "Ny Person",
        "zh-hans",
    )
    assert not is_signed_in(client)

    mail = mail_to("new@example.org")
    assert (mail.language, mail.template, mail.secret) == (
        "zh-hans",
        "account_confirm_registration",
        True,
    )
    assert "Ny Person" not in mail.body
    confirm = link_in(mail)
    assert confirm.startswith("/zh-hans/accounts/confirm-email/")
    assert "new@example.org" in client.get(confirm).content.decode()
    assert not EmailAddress.objects.get().verified  # looking at the page confirms nothing
    client.post(confirm)
    assert EmailAddress.objects.get().verified

    assert sign_in(client, "new@example.org")["Location"] == "/en/work/"
    assert acts_of(person) == ["registered", "address_confirmed", "signed_in"]


def test_nobody_signs_in_before_the_address_is_confirmed():
    client = Client()
    client.post(SIGNUP, registration())

    response = sign_in(client, "new@example.org")

    assert response["Location"] == "/en/accounts/confirm-email/"
    assert not is_signed_in(client)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"email": "no address"}, "email"),
        ({"name": ""}, "name"),
        ({"name": "x" * 151}, "name"),
        ({"language": "fr"}, "language"),
        ({"password1": "short", "password2": "short"}, "password1"),
        ({"password1": "123456789012", "password2": "123456789012"}, "password1"),
        ({"password2": "other"}, "password2"),
    ],
)
def test_a_registration_that_is_refused_comes_back_with_what_was_typed(change, field):
    response = Client().post(SIGNUP, registration(**change))

    assert field in response.context["form"].errors
    assert 'value="Ny Person"' in response.content.decode() or field == "name"
    assert User.objects.count() == 0


def test_a_password_is_kept_with_argon2(settings):
    settings.PASSWORD_HASHERS = project.PASSWORD_HASHERS
    Client().post(SIGNUP, registration())

    assert identify_hasher(User.objects.get().password).algorithm == "argon2"


# What strangers can learn ---------------------------------------------------------------


def known_and_unknown() -> list[str]:
    build.user("known@example.org")
    return ["known@example.org", "nobody@example.org"]


def answers_alike(first: Any, second: Any) -> None:
    assert first.status_code == second.status_code
    assert first.headers.get("Location") == second.headers.get("Location")
    assert body(first) == body(second)


def test_signing_in_tells_nobody_which_addresses_are_known():
    first, second = (sign_in(Client(), email, "wrong") for email in known_and_unknown())

    assert first.context["form"].errors == {
        "__all__": ["The email address and/or password you specified are not correct."]
    }
    answers_alike(first, second)


def test_a_shut_account_answers_a_wrong_password_like_any_other():
    services.suspend(build.user("shut@example.org"), actor=None, reason="left")

    answers_alike(*(sign_in(Client(), f"{who}@example.org", "wrong") for who in ("shut", "nobody")))


def test_asking_for_a_new_password_tells_nobody_either():
    addresses = known_and_unknown()

    first, second = (Client().post(RESET, {"email": email}) for email in addresses)

    assert first["Location"] == "/en/accounts/password/reset/done/"
    answers_alike(first, second)
    assert [mail_to(email).template for email in addresses] == [
        "account_reset_password",
        "account_unknown",
    ]


def test_registering_tells_nobody_either():
    addresses, clients = known_and_unknown(), [Client(), Client()]

    answers = [
        client.post(SIGNUP, registration(email=email))
        for client, email in zip(clients, addresses, strict=True)
    ]

    answers_alike(*answers)
    answers_alike(*(client.get(answers[0]["Location"]) for client in clients))
    assert User.objects.count() == 2
    assert User.objects.get(email="known@example.org").name != "Ny Person"
    assert [mail_to(email).template for email in addresses] == [
        "account_exists",
        "account_confirm_registration",
    ]


def test_a_mail_speaks_the_language_of_its_reader_not_of_the_page():
    services.edit_profile(
        (person := build.user("li@example.org")).pk, actor=person, name="Li", language="zh-hans"
    )

    Client().post(RESET, {"email": "li@example.org"})
    Client().post(RESET.replace("/en/", "/zh-hans/"), {"email": "nobody@example.org"})
    Client().post(RESET.replace("/en/", "/ar/"), {"email": "noone@example.org"})

    assert mail_to("li@example.org").language == "zh-hans"
    assert link_in(mail_to("li@example.org")).startswith("/zh-hans/")
    assert mail_to("nobody@example.org").language == "zh-hans"
    assert mail_to("noone@example.org").language == "en"


@pytest.mark.parametrize(
    "forged", [{"HTTP_X_FORWARDED_HOST": "evil.example"}, {"HTTP_X_FORWARDED_PROTO": "https"}]
)
def test_a_forged_host_does_not_come_into_the_mail(forged):
    build.user("known@example.org")

    Client().post(RESET, {"email": "known@example.org"}, **forged)

    assert link_in(mail_to("known@example.org")).startswith("/en/accounts/password/reset/key/")
    assert "evil.example" not in mail_to("known@example.org").body


def test_a_forged_host_is_refused():
    build.user("known@example.org")

    response = Client().post(RESET, {"email": "known@example.org"}, HTTP_HOST="evil.example")

    assert response.status_code == 400
    assert StoredMail.objects.count() == 0


# Recovering -----------------------------------------------------------------------------


def test_a_new_password_is_chosen_once_and_ends_every_session():
    person = build.user("known@example.org")
    elsewhere, client = build.signed_in(person), Client()
    client.post(RESET, {"email": "known@example.org"})
    link = link_in(mail_to("known@example.org"))

    page = client.get(link, follow=True)
    chosen = {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    client.post(page.redirect_chain[-1][0], chosen)

    assert elsewhere.get("/en/account/")["Location"] == f"{LOGIN}?next=/en/account/"
    assert sign_in(Client(), "known@example.org").context["form"].errors
    assert sign_in(Client(), "known@example.org", NEW_PASSWORD)["Location"] == "/en/work/"
    assert Client().get(link).context["token_fail"]
    assert acts_of(person) == ["created", "password_reset", "signed_in"]


def test_the_key_of_one_person_opens_nothing_of_another():
    build.user("a@example.org")
    build.user("b@example.org")
    for who in ("a", "b"):
        Client().post(RESET, {"email": f"{who}@example.org"})
    keys = [link_in(mail_to(f"{who}@example.org")).split("/")[-2] for who in ("a", "b")]
    mixed = f"{keys[1].split('-')[0]}-{keys[0].split('-', 1)[1]}"

    response = Client().get(f"/en/accounts/password/reset/key/{mixed}/")

    assert response.context["token_fail"]


def test_twenty_requests_for_a_new_password_send_few_mails():
    build.user("known@example.org")

    for _number in range(20):
        Client().post(RESET, {"email": "known@example.org"})

    assert StoredMail.objects.filter(recipient="known@example.org").count() <= 5
