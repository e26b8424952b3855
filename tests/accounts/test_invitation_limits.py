"""How many invitations are open, how often they are sent, and what they carry."""

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from accounts import invitations, services
from accounts.models import Invitation, User
from accounts.roles import Level
from core.errors import DomainError
from tests.builders import accounts as build
from tests.builders import clock
from tests.builders.core import at_once
from tests.builders.signing_in import registration

pytestmark = pytest.mark.django_db


def later(invitation: Invitation, **delta: int) -> Invitation:
    """Let an invitation be sent, and run out, so much longer ago."""
    ago = dt.timedelta(**delta)
    Invitation.objects.filter(pk=invitation.pk).update(
        sent_at=invitation.sent_at - ago, expires_at=invitation.expires_at - ago
    )
    invitation.refresh_from_db()
    return invitation


@pytest.fixture
def owner() -> User:
    return build.user("owner@example.org", name="Olga Owner")


@pytest.fixture
def house(owner):
    return build.organisation(owner, name_en="Northern Filters", name_zh="北方滤料")


def test_twenty_invitations_are_open_at_most(house):
    first, _link = build.invited(house)
    for _number in range(19):
        build.invited(house)
    clock.stop(timezone.now() + dt.timedelta(hours=2))

    with pytest.raises(DomainError, match="There are 20 open invitations"):
        build.invited(house)
    invitations.withdraw(first.pk, actor=build.owner_of(house))
    build.invited(house)

    assert invitations.unanswered(house).count() == 20


def test_what_ran_out_by_the_portals_clock_takes_no_room(house, owner):
    for _number in range(20):
        build.invited(house)
    clock.stop(timezone.now() + dt.timedelta(days=15))

    build.invited(house)

    assert Invitation.objects.filter(invitations.open_now()).count() == 1


def test_one_person_invites_twenty_times_an_hour_whatever_the_organisation(house, owner):
    other = build.organisation(owner)
    for number in range(20):
        build.invited(house if number % 2 else other, by=owner)

    with pytest.raises(DomainError, match="Too many invitations in a short time"):
        build.invited(other, by=owner)
    build.invited(build.organisation())


def test_one_address_is_invited_ten_times_a_day_whoever_invites():
    for _number in range(10):
        build.invited(build.organisation(), "flooded@example.org")

    with pytest.raises(DomainError, match="Too many invitations in a short time"):
        build.invited(build.organisation(), "flooded@example.org")


def test_what_is_sent_again_counts_as_often_as_it_is_sent(house, owner):
    first, second = build.invited(house)[0], _second_owner(house)
    for _number in range(3):
        later(Invitation.objects.get(pk=first.pk), hours=2)
        invitations.send_again(first.pk, actor=second)
    for _number in range(17):
        build.invited(house, by=second)

    with pytest.raises(DomainError, match="Too many invitations in a short time"):
        build.invited(build.organisation(second), by=second)
    build.invited(house, by=owner)  # who pressed is counted, not who invited first


def _second_owner(house) -> User:
    return build.member(Level.OWN, of=house)


def test_an_address_gets_ten_mails_a_day_whatever_became_of_the_invitations():
    for number in range(5):
        one = build.organisation()
        invitation, _link = build.invited(one, "flooded@example.org")
        later(invitation, hours=2)
        invitations.send_again(invitation.pk, actor=build.owner_of(one))
        if number % 2:
            invitations.withdraw(invitation.pk, actor=build.owner_of(one))

    with pytest.raises(DomainError, match="Too many invitations in a short time"):
        build.invited(build.organisation(), "flooded@example.org")


@pytest.mark.django_db(transaction=True)
def test_two_houses_that_invite_one_address_at_once_do_not_pass_the_limit():
    for _number in range(9):
        build.invited(build.organisation(), "flooded@example.org")
    houses = [build.organisation(), build.organisation()]

    results = at_once(
        *[lambda one=one: build.invited(one, "flooded@example.org") for one in houses]
    )

    assert sorted(type(r).__name__ for r in results) == ["DomainError", "tuple"]


@pytest.mark.parametrize("name", ["Win at https://evil.example", "WWW.evil.example"])
def test_no_name_that_a_mail_carries_is_a_web_address(house, owner, name):
    why = "A name contains no web address"
    with pytest.raises(DomainError, match=why) as refused:
        services.edit_profile(owner.pk, actor=owner, name=name, language="en")
    assert refused.value.field == "name"
    with pytest.raises(DomainError, match=why) as refused:
        services.edit_organisation(house.pk, actor=owner, name_zh=name)
    assert refused.value.field == "name_zh"
    page = Client().post("/en/accounts/signup/", registration(name=name))
    assert page.context["form"].errors == {"name": [f"{why}."]}


@pytest.mark.django_db(transaction=True)
def test_two_owners_who_invite_at_once_do_not_pass_the_limit():
    first = build.user()
    one = build.organisation(first)
    second = build.member(Level.OWN, of=one)
    for _number in range(19):
        build.invited(one, by=first)

    with clock.stopped(timezone.now() + dt.timedelta(hours=2)):
        results = at_once(
            lambda: build.invited(one, "a@example.org", by=first),
            lambda: build.invited(one, "b@example.org", by=second),
        )

    assert sorted(type(r).__name__ for r in results) == ["DomainError", "tuple"]
    assert invitations.unanswered(one).count() == 20
