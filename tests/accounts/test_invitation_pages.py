"""The page the link of an invitation leads to."""

import uuid

import pytest
from django.test import Client

from accounts.models import Invitation, Membership
from accounts.roles import Level
from tests.builders import accounts as build
from tests.builders.signing_in import LOGIN, link_in, mail_to, registration, sign_in
from tests.reading import heading, text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean_cache")]


def page_of(one, tail: str = "") -> str:
    return f"/en/account/organisations/{one.pk}/{tail}"


def said(page) -> list[str]:
    return [str(message) for message in page.context["messages"]]


@pytest.fixture
def house():
    """An organisation with its owner, an editor, and an open invitation."""
    owner = build.user("owner@example.org", name="Olga Owner")
    one = build.organisation(owner, name_en="Northern Filters")
    editor = build.member(Level.EDIT, of=one)
    build.invited(one, "asked@example.org")
    return one, owner, editor


def membership(one, person) -> Membership:
    return Membership.objects.get(organisation=one, user=person)


def test_the_link_shows_who_invites_to_what_before_anybody_signs_in(house):
    _one, _owner, _editor = house
    link = build.link_of(Invitation.objects.get())

    page = Client().get(link)

    assert heading(page) == "Northern Filters"
    assert "Olga Owner invites you to act for Northern Filters" in text(page)
    assert "may edit" in text(page)
    assert "asked@example.org" not in text(page)
    assert f"{LOGIN}?next={link}" in text(page)
    assert "no-store" in page["Cache-Control"]
    assert "accept/" not in text(page)


def test_who_signed_in_accepts_with_a_button_and_a_get_accepts_nothing(house):
    one, _owner, _editor = house
    link, person = build.link_of(Invitation.objects.get()), build.user("other@example.org")
    client = build.signed_in(person)

    shown = client.get(link)
    assert f"{link}accept/" in text(shown)
    assert client.get(f"{link}accept/").status_code == 405
    assert not one.memberships.filter(user=person).exists()
    accepted = client.post(f"{link}accept/", follow=True)

    assert said(accepted) == ["You now act for this organisation."]
    assert accepted.redirect_chain == [(page_of(one), 302)]
    assert membership(one, person).level == Level.EDIT


def test_a_second_person_is_told_that_it_was_accepted(house):
    link = build.link_of(Invitation.objects.get())
    build.signed_in(build.user()).post(f"{link}accept/")

    page = build.signed_in(build.user()).post(f"{link}accept/", follow=True)

    assert said(page) == ["This invitation was accepted already."]
    assert page.context["ended"] == "This invitation was accepted already."


@pytest.mark.parametrize("tail", ["", "accept/"])
def test_a_link_nobody_was_sent_leads_nowhere(house, tail):
    client = build.signed_in(build.user())
    path = f"/en/account/invitations/{uuid.uuid4()}/{tail}"

    assert (client.post if tail else client.get)(path).status_code == 404


def test_nobody_accepts_before_signing_in(house):
    one, *_people = house
    link = build.link_of(Invitation.objects.get())

    answer = Client().post(f"{link}accept/")

    assert answer.status_code == 401
    assert one.memberships.count() == 2


def test_a_colleague_without_an_account_registers_and_accepts(house):
    """The whole way, as it is walked: link, registration, confirmation, sign-in, button."""
    one, *_people = house
    link, client = build.link_of(Invitation.objects.get()), Client()

    client.get(link)
    client.post("/en/accounts/signup/", registration(email="asked@example.org"))
    client.post(link_in(mail_to("asked@example.org")))
    back = sign_in(client, "asked@example.org", next=link)
    client.post(f"{back['Location']}accept/")

    person = one.memberships.get(user__email="asked@example.org")
    assert person.level == Level.EDIT
