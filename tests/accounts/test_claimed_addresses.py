"""An address somebody only added to an account opens, takes and blanks nothing of its owner's."""

import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache
from django.test import Client

from accounts import erasure, personal
from accounts.addresses import addresses_of, holders
from accounts.models import Invitation, User
from core.models import StoredMail
from tests.builders import accounts as build
from tests.builders.signing_in import (
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
from tests.reading import text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean_cache")]
EMAILS = "/en/accounts/email/"
VICTIM = "victim@example.org"


def claiming(address: str = VICTIM) -> tuple[User, Client]:
    """Return somebody who added an address that is not theirs, and the browser of that."""
    person, client = build.user(name="Mallory"), Client()
    sign_in(client, person.email)
    give_password_again(client)
    client.post(EMAILS, {"email": address, "action_add": ""})
    assert not EmailAddress.objects.get(user=person, email=address).verified
    return person, client


def received() -> StoredMail:
    """Return a mail to the victim: an invitation that is still open."""
    build.invited(build.organisation(name_en="Secret House"), VICTIM)
    return StoredMail.objects.get(recipient=VICTIM, template="organisation_invitation")


# Mails -----------------------------------------------------------------------------------


@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize("removed", [True, False])
def test_a_claim_opens_no_mail_and_blanks_none(known, removed):
    if known:
        build.user(VICTIM)
    mail = received()
    person, client = claiming()
    if removed:
        client.post(EMAILS, {"email": VICTIM, "action_remove": ""})
    person.refresh_from_db()
    before = StoredMail.objects.filter(pk=mail.pk).values().get()

    data = str(personal.export(person)["mails"])
    erasure.erase(person.pk, actor=person)

    assert "Secret House" not in data
    assert "an invitation" not in data.lower()
    assert StoredMail.objects.filter(pk=mail.pk).values().get() == before
    assert list(Invitation.objects.values_list("address", "withdrawn_at")) == [(VICTIM, None)]


def test_an_address_that_passed_to_somebody_else_is_theirs():
    first = build.user()
    User.objects.filter(pk=first.pk).update(former_addresses=["office@example.org"])
    first.refresh_from_db()
    assert addresses_of(first) == {first.email, "office@example.org"}
    second = build.user()
    EmailAddress.objects.create(user=second, email="office@example.org", verified=True)

    assert addresses_of(first) == {first.email}
    assert addresses_of(second) == {second.email, "office@example.org"}


def test_a_confirmed_address_that_is_removed_is_still_ones_own():
    person, client = claiming("second@example.org")
    client.post(link_in(mail_to("second@example.org")))
    client.post(EMAILS, {"email": "second@example.org", "action_remove": ""})

    person.refresh_from_db()

    assert person.former_addresses == ["second@example.org"]
    assert addresses_of(person) == {person.email, "second@example.org"}


# Registering and recovering ---------------------------------------------------------------


def test_who_is_claimed_by_a_stranger_registers_all_the_same():
    stranger, claimed = claiming()
    cache.clear()  # one mail in three minutes goes to an address
    client = Client()

    answer = client.post(SIGNUP, registration(email=VICTIM))
    client.post(link_in(mail_to(VICTIM)))

    assert answer["Location"] == "/en/accounts/confirm-email/"
    own = User.objects.get(email=VICTIM)
    assert own != stranger
    assert list(EmailAddress.objects.filter(user=own).values_list("email", "verified")) == [
        (VICTIM, True)
    ]
    assert sign_in(client, VICTIM)["Location"] == "/en/work/"
    # The stranger's page tells nothing of it: the claim is where it was.
    assert VICTIM in text(claimed.get(EMAILS))


def test_a_reset_is_no_key_to_the_account_of_who_claims():
    stranger, _client = claiming()

    Client().post(RESET, {"email": VICTIM})

    assert mail_to(VICTIM).template == "account_unknown"
    assert "password_reset" not in acts_of(stranger)


def test_a_claimed_address_becomes_nobodys_first_one():
    stranger, client = claiming()

    client.post(EMAILS, {"email": VICTIM, "action_primary": ""})

    assert User.objects.get(pk=stranger.pk).email == stranger.email


def test_staff_make_an_account_for_an_address_somebody_claims():
    claiming()

    assert build.user(VICTIM).email == VICTIM


def test_the_link_of_an_added_address_works_for_who_added_it():
    person, client = claiming()
    link = link_in(mail_to(VICTIM))
    owner = build.user(name="Victim")
    browsers = [Client(), build.signed_in(owner)]

    for browser in browsers:
        page = browser.post(link, follow=True)
        assert "Sign in to the account this address was added to" in text(page)
    assert not EmailAddress.objects.get(email=VICTIM).verified
    client.post(link)

    assert EmailAddress.objects.get(email=VICTIM).verified
    assert EmailAddress.objects.get(email=VICTIM).user == person
    assert is_signed_in(client)


def test_an_unconfirmed_registration_can_still_be_recovered():
    Client().post(SIGNUP, registration(email=VICTIM))

    Client().post(RESET, {"email": VICTIM})

    assert mail_to(VICTIM).template == "account_reset_password"
    assert holders(VICTIM).count() == 1
