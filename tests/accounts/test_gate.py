"""The gate: who comes to an address at all."""

import uuid

import pytest
from allauth.mfa.models import Authenticator
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import services
from accounts.backends import PortalBackend
from accounts.middleware import WITHOUT_SECOND_FACTOR
from accounts.roles import Role
from core import rights
from tests.builders import accounts as build
from tests.builders.signing_in import LOGIN
from tests.reading import heading

pytestmark = pytest.mark.django_db
METHODS = ["get", "head", "options", "post"]  # any other is refused before: core/test_methods.py
PROFILE = "/en/account/"
ORGANISATIONS = "/en/admin/accounts/organisation/"


def signed_in_without_second_factor(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.mark.parametrize("method", sorted({*METHODS} - {"post"}))
def test_a_stranger_is_sent_to_sign_in_and_back(method):
    response = getattr(Client(), method)(f"{PROFILE}?a=1&b=2")

    assert response.status_code == 302
    assert response["Location"] == "/en/accounts/login/?next=/en/account/%3Fa%3D1%26b%3D2"


def test_what_a_stranger_sends_is_not_lost_and_not_taken():
    answer = Client().post(PROFILE, {"name": "Typed for an hour", "password": "secret"})

    assert (answer.status_code, heading(answer)) == (401, "You have been signed out")
    assert "Typed for an hour" in answer.content.decode()
    assert "secret" not in answer.content.decode()


@pytest.mark.parametrize("method", METHODS)
def test_an_address_nobody_entered_is_not_there(method, monkeypatch):
    monkeypatch.delitem(rights._addresses, "accounts:profile")

    assert getattr(Client(), method)(PROFILE).status_code == 404
    assert getattr(build.signed_in(build.user()), method)(PROFILE).status_code == 404


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("make", [build.user, build.expert_user, build.auditor])
def test_an_address_for_other_roles_is_not_there(make, method):
    client = build.signed_in(make())

    assert getattr(client, method)("/en/admin/accounts/organisation/").status_code == 404


def test_an_address_for_ones_role_is_there():
    one = build.organisation()

    response = build.signed_in(build.officer()).get(ORGANISATIONS)

    assert list(response.context["cl"].result_list) == [one]


def test_what_allauth_lays_and_the_portal_does_not_use_is_not_there():
    response = build.signed_in(build.user()).get(reverse("account_confirm_login_code"))

    assert response.status_code == 404


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("role", [Role.EXPERT, Role.OFFICER, Role.SYSTEM, Role.AUDITOR])
@pytest.mark.parametrize("path", [PROFILE, "/en/", "/en/accounts/email/"])
def test_a_role_does_nothing_before_its_second_factor_is_set_up(role, path, method):
    client = signed_in_without_second_factor(build.with_role(role))

    response = getattr(client, method)(path)

    assert (response.status_code, response["Location"]) == (302, "/en/accounts/2fa/totp/activate/")


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        (PROFILE, "My account"),
        ("/en/", "Environmental technologies, reviewed by experts and open to every country"),
        ("/en/accounts/email/", "E-mail addresses"),
    ],
)
def test_a_person_without_a_role_needs_no_second_factor(path, shown):
    client = signed_in_without_second_factor(build.user())

    assert heading(client.get(path)) == shown


def test_recovery_codes_alone_are_no_second_factor():
    person = build.officer()
    client = build.signed_in(person)
    Authenticator.objects.filter(user=person, type=Authenticator.Type.TOTP).delete()

    assert client.get(PROFILE)["Location"] == "/en/accounts/2fa/totp/activate/"


def test_every_address_open_without_a_second_factor_exists():
    for name in WITHOUT_SECOND_FACTOR:
        assert reverse(name)


def test_a_role_revoked_is_gone_with_the_next_request():
    person, one = build.officer(), build.organisation()
    client = build.signed_in(person)
    assert list(client.get(ORGANISATIONS).context["cl"].result_list) == [one]

    services.revoke_role(person, Role.OFFICER, actor=None)

    assert client.get(ORGANISATIONS)["Location"] == f"{LOGIN}?next={ORGANISATIONS}"
    assert build.signed_in(person).get(ORGANISATIONS).status_code == 404


def test_an_account_that_is_shut_is_signed_out_at_once():
    person = build.user()
    client = build.signed_in(person)

    services.suspend(person, actor=None, reason="left")

    assert client.get(PROFILE)["Location"] == f"{LOGIN}?next={PROFILE}"


def test_what_one_person_is_shown_lies_in_no_cache():
    assert build.signed_in(build.user()).get(PROFILE)["Cache-Control"] == "private, no-store"
    assert not Client().get("/en/").has_header("Cache-Control")


def test_a_visitors_page_asks_nothing_about_her(django_assert_num_queries):
    with django_assert_num_queries(0):
        Client().get("/en/accounts/password/reset/done/")


def test_the_admins_own_sign_in_is_the_portals():
    response = Client().get("/en/admin/login/?next=/en/admin/")

    assert response["Location"] == "/en/accounts/login/?next=%2Fen%2Fadmin%2F"


# What a script is answered -------------------------------------------------------------------


@pytest.mark.parametrize("accept", ["application/json", "application/json, text/plain, */*"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_script_is_told_to_sign_in_instead_of_being_sent_there(method, accept):
    answer = getattr(Client(), method)(PROFILE, headers={"accept": accept})

    assert (answer.status_code, answer.headers["Content-Type"]) == (401, "application/json")
    assert answer.json() == {}


@pytest.mark.parametrize("accept", ["", "text/html,application/json;q=0.9", "*/*"])
def test_a_person_is_sent_to_sign_in(accept):
    answer = Client().get(PROFILE, headers={"accept": accept})

    assert answer["Location"] == f"{LOGIN}?next={PROFILE}"


def test_a_script_learns_nothing_of_addresses_that_are_not_there(monkeypatch):
    monkeypatch.delitem(rights._addresses, "accounts:profile")

    answer = Client().get(PROFILE, headers={"accept": "application/json"})

    assert answer.status_code == 404


def test_a_session_that_ended_is_answered_the_same():
    person = build.user()
    client = build.signed_in(person)
    services.end_sessions(person)

    answer = client.get(PROFILE, headers={"accept": "application/json"})

    assert (answer.status_code, answer.json()) == (401, {})


# Who is asking -------------------------------------------------------------------------------


def asked_of_roles(client: Client, path: str) -> list[str]:
    with CaptureQueriesContext(connection) as asked:
        client.get(path)
    return [query["sql"] for query in asked if "accounts_rolegrant" in query["sql"]]


def test_the_roles_come_with_the_person():
    person = build.officer()
    services.grant_role(person, Role.AUDITOR, actor=None)
    services.grant_role(person, Role.EXPERT, actor=None)
    services.revoke_role(person, Role.EXPERT, actor=None)
    client = build.signed_in(person)

    (query,) = asked_of_roles(client, ORGANISATIONS)

    assert 'FROM "accounts_user"' in query
    found = PortalBackend().get_user(person.pk)
    assert found.roles == {Role.OFFICER, Role.AUDITOR}
    assert PortalBackend().get_user(build.user().pk).roles == set()


def test_who_does_not_exist_or_may_not_sign_in_is_nobody():
    person = build.user()
    services.suspend(person, actor=None, reason="left")

    for one in (person.pk, uuid.uuid4(), "1"):
        assert PortalBackend().get_user(one) is None
