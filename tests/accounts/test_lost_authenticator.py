"""Authenticator and recovery codes lost: the system administrator resets, the person is told."""

import pytest
from allauth.mfa.models import Authenticator
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from accounts import erasure, services
from accounts.models import User
from accounts.roles import Role
from core.errors import DomainError
from core.models import AuditEntry, StoredMail
from tests.builders import accounts as build
from tests.builders.signing_in import LOGIN, is_signed_in, sign_in
from tests.reading import text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean_cache")]
RESET, ERASE = "reset-second-factor", "erase"


def page_of(person: User, act: str = "") -> str:
    if act:
        return reverse("admin:accounts_user_act", args=[person.pk, act])
    return reverse("admin:accounts_user_change", args=[person.pk])


@pytest.fixture
def locked_out() -> User:
    person = build.officer("officer@example.org", name="Olaf Officer")
    services.set_up_totp(person)
    return person


def test_after_the_reset_the_person_signs_in_and_sets_up_a_new_one(locked_out):
    elsewhere = build.signed_in(locked_out)
    staff = build.system_administrator()

    services.reset_second_factor(locked_out, actor=staff, reason="Lost on a journey.")

    assert not Authenticator.objects.filter(user=locked_out).exists()
    assert elsewhere.get("/en/account/")["Location"].startswith(LOGIN)
    client = Client()
    sign_in(client, locked_out.email)
    assert is_signed_in(client)
    assert client.get("/en/account/")["Location"] == "/en/accounts/2fa/totp/activate/"
    act = AuditEntry.objects.get(act="account.second_factor_reset")
    assert (act.actor, act.reason, act.subject_id) == (
        staff,
        "Lost on a journey.",
        str(locked_out.pk),
    )
    mail = StoredMail.objects.get(template="account_second_factor_reset")
    assert (mail.recipient, mail.subject) == (
        "officer@example.org",
        "Your second factor was reset",
    )
    assert "If you did not ask for this, choose a new password at once" in mail.body


def test_a_reset_needs_a_reason_and_something_to_reset(locked_out):
    staff = build.system_administrator()

    with pytest.raises(DomainError, match="reason"):
        services.reset_second_factor(locked_out, actor=staff, reason=" ")
    with pytest.raises(DomainError, match="no second factor"):
        services.reset_second_factor(build.user(), actor=staff, reason="Lost.")

    assert Authenticator.objects.filter(user=locked_out).count() == 2


def test_nobody_resets_the_own(locked_out):
    services.grant_role(locked_out, Role.SYSTEM, actor=None)

    with pytest.raises(DomainError, match="your own account"):
        services.reset_second_factor(locked_out, actor=locked_out, reason="Lost.")


@pytest.mark.parametrize("make", [build.user, build.officer, build.auditor, build.expert_user])
def test_nobody_but_the_system_administrator_resets(locked_out, make):
    with pytest.raises(PermissionDenied):
        services.reset_second_factor(locked_out, actor=make(), reason="Lost.")

    assert Authenticator.objects.filter(user=locked_out).exists()


# The pages ------------------------------------------------------------------------------


def test_the_administrator_resets_from_the_page_of_the_person(locked_out):
    client = build.signed_in(build.system_administrator())
    assert page_of(locked_out, RESET) in text(client.get(page_of(locked_out)))

    refused = client.post(page_of(locked_out, RESET), {"reason": ""})
    done = client.post(page_of(locked_out, RESET), {"reason": "Lost."}, follow=True)

    assert set(refused.context["form"].errors) == {"reason"}
    assert "Done: Reset the second factor." in text(done)
    assert not Authenticator.objects.filter(user=locked_out).exists()


def test_a_refusal_of_the_service_is_shown_with_what_was_typed():
    person = build.user()

    page = build.signed_in(build.system_administrator()).post(
        page_of(person, RESET), {"reason": "Said on the telephone."}
    )

    assert "This person has no second factor." in text(page)
    assert "Said on the telephone." in text(page)


def test_the_administrator_erases_from_the_page_of_the_person():
    person = build.user("gone@example.org")
    client = build.signed_in(build.system_administrator())

    client.post(page_of(person, ERASE), {"reason": "Letter of 3 May."})

    assert User.objects.get(pk=person.pk).email == f"{person.pk}@erased.invalid"
    assert page_of(person, ERASE) not in text(client.get(page_of(person)))
    assert client.get(page_of(person, ERASE)).status_code == 404


@pytest.mark.parametrize("act", [RESET, ERASE, "nonsense"])
@pytest.mark.parametrize("make", [build.officer, build.auditor, build.expert_user, build.user])
def test_to_others_the_acts_are_not_there(locked_out, make, act):
    client = build.signed_in(make())

    assert client.get(page_of(locked_out, act)).status_code == 404
    assert client.post(page_of(locked_out, act), {"reason": "x"}).status_code == 404
    assert User.objects.get(pk=locked_out.pk).name == "Olaf Officer"


@pytest.mark.parametrize("act", [RESET, ERASE])
def test_nobody_does_this_to_oneself_here(act):
    person = build.system_administrator()
    client = build.signed_in(person)

    assert client.post(page_of(person, act), {"reason": "x"}).status_code == 404
    assert page_of(person, act) not in text(client.get(page_of(person)))


def test_who_was_erased_is_not_let_in_again():
    person, staff = build.user(), build.system_administrator()
    erasure.erase(person.pk, actor=staff, reason="Letter.")
    person.refresh_from_db()

    for write in (
        lambda: services.restore(person, actor=staff, reason="Mistake."),
        lambda: services.grant_role(person, Role.OFFICER, actor=staff),
    ):
        with pytest.raises(DomainError, match="was erased"):
            write()
