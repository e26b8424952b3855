"""Who one can sign in as: password, one-time code, role, and what belongs to her."""

import time

import pytest
from allauth.mfa import app_settings
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from accounts.models import Membership, Organisation, User
from accounts.roles import Level, Role
from core.models import AuditEntry
from demo import accounts, codes, people
from evaluation.models import Expert

pytestmark = pytest.mark.django_db


@pytest.fixture
def logins(clean_cache):
    accounts.logins()


NARROW = 4  # seconds before the codes change, in which a test would be a matter of luck


def fresh(number: int) -> codes.Credentials:
    """Return a login whose code is still good for a while."""
    if codes.seconds_left() < NARROW:
        time.sleep(NARROW)
    return codes.credentials()[number]


def sign_in(one: codes.Credentials) -> Client:
    client = Client()
    answer = client.post(reverse("account_login"), {"login": one.email, "password": one.password})
    if one.code:
        assert answer["Location"].startswith(reverse("mfa_authenticate"))
        client.post(reverse("mfa_authenticate"), {"code": one.code})
    return client


@pytest.mark.parametrize("number", range(len(people.LOGINS)), ids=lambda n: people.LOGINS[n].key)
def test_login_works_with_password_and_code(logins, number):
    one = fresh(number)

    client = sign_in(one)

    assert client.session["_auth_user_id"] == str(User.objects.get(email=one.email).pk)


def test_logins_have_their_roles(logins):
    roles = {one.key: accounts.account(one.person).roles for one in people.LOGINS}

    assert roles == {
        "owner": frozenset(),
        "editor": frozenset(),
        "officer": {Role.OFFICER},
        "officer2": {Role.OFFICER},
        "officer3": {Role.OFFICER},
        "expert": {Role.EXPERT},
        "e02": {Role.EXPERT},
        "e03": {Role.EXPERT},
        "system": {Role.SYSTEM},
        "auditor": {Role.AUDITOR},
    }


def test_codes_are_asked_of_the_roles_that_need_them(logins):
    assert [one.login.key for one in codes.credentials() if not one.code] == ["owner", "editor"]


def test_codes_change_with_the_clock(logins):
    period = app_settings.TOTP_PERIOD

    now, same, later = (codes.credentials(at) for at in (0, period - 1, period))

    assert now == same
    assert now != later


@pytest.mark.parametrize(("at", "left"), [(0, 30), (1, 29), (29, 1), (30, 30)])
def test_codes_say_for_how_long(at, left):
    assert codes.seconds_left(at) == left


def test_two_belong_to_the_invented_firm(logins):
    firm = Organisation.objects.get()

    assert (firm.name_en, firm.invented) == ("Bluestem Water Systems (invented)", True)
    assert set(Membership.objects.values_list("user__email", "level")) == {
        ("owner@demo.example", Level.OWN),
        ("editor@demo.example", Level.EDIT),
    }


def test_expert_login_is_in_the_pool(logins):
    assert Expert.objects.get().employer_name == "Lakeside University (invented)"


def test_logins_twice_is_once(logins):
    acts = AuditEntry.objects.count()
    before = codes.credentials(0)

    accounts.logins()

    assert AuditEntry.objects.count() == acts
    assert codes.credentials(0) == before


def test_everybody_is_named_as_of_the_demonstration():
    everybody = [*(one.person for one in people.LOGINS), *(one.person for one in people.EXPERTS)]

    assert all(one.name.endswith("(demo)") for one in [*everybody, people.CLERK])
    assert all(one.email.endswith("@demo.example") for one in everybody)


def test_each_field_has_five_experts_besides_the_visitors_own():
    for field in ("AIR", "WAT", "SOI", "SOL", "MON"):
        assert len([one for one in people.EXPERTS[1:] if field in one.fields]) >= 5


def test_command_makes_and_prints_the_logins(clean_cache, capsys):
    call_command("demo_logins")

    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "The portal: http://127.0.0.1:8000/"
    assert lines[1].split() == ["role", "e-mail", "password", "one-time", "code"]
    assert [line.split()[-3] for line in lines[2:12]] == [
        f"{one.key}@demo.example" for one in people.LOGINS
    ]
    assert lines[12].startswith("The codes are valid for ")


def test_command_needs_the_demonstration(settings):
    settings.DEMO = False

    with pytest.raises(CommandError, match="embedded database"):
        call_command("demo_logins")

    assert not User.objects.exists()


def test_code_works_once(logins):
    one = fresh([login.key for login in people.LOGINS].index("officer"))
    sign_in(one)

    again = sign_in(one)

    assert "_auth_user_id" not in again.session


def test_no_two_logins_are_called_the_same():
    assert len({str(one.label) for one in people.LOGINS}) == len(people.LOGINS)
