"""Inviting a colleague: what is kept, what is sent, who may accept, and how often."""

import datetime as dt
import hashlib

import pytest
from allauth.account.models import EmailAddress
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from accounts import invitations, members
from accounts.models import Invitation, Membership, User
from accounts.roles import Level
from core.errors import DomainError
from core.models import AuditEntry, StoredMail
from tests.builders import accounts as build
from tests.builders.core import at_once

pytestmark = pytest.mark.django_db


def token_of(invitation: Invitation) -> str:
    return build.token_in(build.link_of(invitation))


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


# Inviting -------------------------------------------------------------------------------


def test_a_mail_with_a_link_goes_out_in_the_language_chosen(house, owner):
    invitations.invite(
        house.pk, actor=owner, address=" New@Example.org ", level=Level.EDIT, language="zh-hans"
    )

    invitation = Invitation.objects.get()
    assert (invitation.address, invitation.level, invitation.invited_by) == (
        "new@example.org",
        "edit",
        owner,
    )
    assert invitation.expires_at - invitation.sent_at == dt.timedelta(days=14)
    mail = StoredMail.objects.get(template="organisation_invitation")
    assert (mail.recipient, mail.language, mail.secret) == ("new@example.org", "zh-hans", True)
    assert "北方滤料" in mail.body
    assert "Olga Owner" in mail.body
    assert "/zh-hans/account/invitations/" in mail.body
    act = AuditEntry.objects.latest("id")
    assert (act.act, act.actor, act.details) == (
        "organisation.invited",
        owner,
        {"invitation": str(invitation.pk), "level": "edit"},
    )


def test_of_the_link_only_a_hash_is_kept(house):
    invitation, link = build.invited(house)

    token = build.token_in(link)

    assert len(token) >= 40
    assert invitation.token_hash == hashlib.sha256(token.encode()).hexdigest()
    stored = Invitation.objects.filter(pk=invitation.pk).values().get()
    assert token not in str(stored)


@pytest.mark.parametrize("known", [True, False])
def test_nothing_tells_whether_the_address_has_an_account(house, owner, known):
    if known:
        build.user("asked@example.org", name="Ada Asked")

    page = build.signed_in(owner).post(
        f"/en/account/organisations/{house.pk}/members/",
        {"address": "asked@example.org", "level": "view", "language": "en"},
        follow=True,
    )

    assert [str(message) for message in page.context["messages"]] == [
        "The invitation is on its way."
    ]
    assert "Ada Asked" not in page.content.decode()
    mail = StoredMail.objects.get(recipient="asked@example.org")
    assert mail.subject == "An invitation to the Technology Pool"


@pytest.mark.parametrize(
    "make",
    [
        lambda one: build.member(Level.VIEW, of=one),
        lambda one: build.member(Level.EDIT, of=one),
        lambda _one: build.member(Level.OWN),
        lambda _one: build.user(),
        lambda _one: build.officer(),
        lambda _one: build.system_administrator(),
        lambda _one: build.auditor(),
    ],
)
def test_nobody_but_an_owner_invites_sends_again_or_withdraws(house, make):
    invitation, _link = build.invited(house)
    actor = make(house)

    for write in (
        lambda: invitations.invite(
            house.pk, actor=actor, address="x@example.org", level="own", language="en"
        ),
        lambda: invitations.send_again(invitation.pk, actor=actor),
        lambda: invitations.withdraw(invitation.pk, actor=actor),
    ):
        with pytest.raises(PermissionDenied):
            write()

    assert list(Invitation.objects.values_list("withdrawn_at", "times_sent")) == [(None, 1)]


def test_who_belongs_already_and_who_was_invited_already_is_not_invited(house, owner):
    build.invited(house, "twice@example.org")

    for address, why in ((owner.email, "belongs"), ("TWICE@example.org", "invited already")):
        with pytest.raises(DomainError, match=why) as refused:
            build.invited(house, address)
        assert refused.value.field == "address"


def test_who_did_not_answer_in_time_is_invited_anew(house):
    first, _link = build.invited(house, "slow@example.org")
    later(first, days=15)

    second, _link = build.invited(house, "slow@example.org")

    first.refresh_from_db()
    assert first.withdrawn_at is not None
    assert list(invitations.unanswered(house)) == [second]


@pytest.mark.parametrize("change", [{"address": "no address"}, {"language": "xx"}])
def test_what_makes_no_sense_is_refused(house, owner, change):
    asked = {"address": "a@example.org", "level": "view", "language": "en"} | change

    with pytest.raises(DomainError):
        invitations.invite(house.pk, actor=owner, **asked)

    assert not Invitation.objects.exists()


# Sending again, withdrawing ---------------------------------------------------------------


def test_sent_again_the_new_link_counts_and_the_old_one_does_not(house, owner):
    invitation, link = build.invited(house)
    old = build.token_in(link)
    later(invitation, days=13)

    invitations.send_again(invitation.pk, actor=owner)

    assert invitations.found(old) is None
    renewed = invitations.found(token_of(invitation))
    assert renewed == invitation
    assert renewed.expires_at > timezone.now() + dt.timedelta(days=13)
    with pytest.raises(Invitation.DoesNotExist):
        invitations.accept(old, actor=build.user())


def test_an_invitation_is_not_sent_again_at_once_or_for_ever(house, owner):
    invitation, _link = build.invited(house)

    with pytest.raises(DomainError, match="a short while ago, or too often"):
        invitations.send_again(invitation.pk, actor=owner)
    for _number in range(4):
        later(Invitation.objects.get(), hours=2)
        invitations.send_again(invitation.pk, actor=owner)
    later(Invitation.objects.get(), hours=2)
    with pytest.raises(DomainError, match="too often"):
        invitations.send_again(invitation.pk, actor=owner)

    assert StoredMail.objects.filter(template="organisation_invitation").count() == 5


def test_what_was_withdrawn_is_not_accepted_sent_or_withdrawn(house, owner):
    invitation, link = build.invited(house)
    invitations.withdraw(invitation.pk, actor=owner)

    for write in (
        lambda: invitations.accept(build.token_in(link), actor=build.user()),
        lambda: invitations.send_again(invitation.pk, actor=owner),
        lambda: invitations.withdraw(invitation.pk, actor=owner),
    ):
        with pytest.raises(DomainError, match="This invitation was withdrawn"):
            write()


# Accepting ------------------------------------------------------------------------------


@pytest.mark.parametrize("level", Level.values)
def test_whoever_holds_the_link_takes_the_place(house, owner, level):
    invitation, link = build.invited(house, "asked@example.org", level=level)
    other_address = build.user("elsewhere@example.org", name="Ada Asked")

    invitations.accept(build.token_in(link), actor=other_address)

    assert Membership.objects.get(user=other_address).level == level
    invitation.refresh_from_db()
    assert (invitation.accepted_by, invitation.accepted_at is None) == (other_address, False)
    mail = StoredMail.objects.get(template="organisation_joined")
    assert mail.recipient == owner.email
    assert mail.subject == "Your invitation to Northern Filters was accepted"
    assert "Ada Asked accepted your invitation" in mail.body
    assert [e.act for e in AuditEntry.objects.order_by("-id")[:2]] == [
        "organisation.member_added",
        "organisation.invitation_accepted",
    ]


def test_it_is_accepted_once(house):
    _invitation, link = build.invited(house)
    invitations.accept(build.token_in(link), actor=build.user())

    with pytest.raises(DomainError, match="accepted already"):
        invitations.accept(build.token_in(link), actor=build.user())

    assert house.memberships.count() == 2


def test_it_is_not_accepted_after_fourteen_days(house):
    invitation, link = build.invited(house)
    Invitation.objects.filter(pk=invitation.pk).update(expires_at=timezone.now())

    with pytest.raises(DomainError, match="no longer valid"):
        invitations.accept(build.token_in(link), actor=build.user())


def test_nobody_accepts_without_a_confirmed_address(house):
    _invitation, link = build.invited(house)
    person = build.user()
    EmailAddress.objects.filter(user=person).update(verified=False)

    with pytest.raises(DomainError, match="confirm your e-mail address"):
        invitations.accept(build.token_in(link), actor=person)


def test_who_belongs_already_leaves_the_invitation_open(house, owner):
    invitation, link = build.invited(house, level=Level.VIEW)

    with pytest.raises(DomainError, match="belong to this organisation already"):
        invitations.accept(build.token_in(link), actor=owner)

    assert build.owner_of(house) == owner
    assert not invitations.ended(invitation)


def test_an_inviter_who_cannot_sign_in_is_not_written_to(house, owner):
    _invitation, link = build.invited(house)
    members.change_level(
        Membership.objects.get(user=build.member(Level.EDIT, of=house)).pk, Level.OWN, actor=owner
    )
    User.objects.filter(pk=owner.pk).update(is_active=False)

    invitations.accept(build.token_in(link), actor=build.user())

    assert not StoredMail.objects.filter(template="organisation_joined").exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_who_accept_at_once_one_does():
    one = build.organisation()
    _invitation, link = build.invited(one)
    token, first, second = build.token_in(link), build.user(), build.user()

    results = at_once(
        lambda: invitations.accept(token, actor=first),
        lambda: invitations.accept(token, actor=second),
    )

    assert sorted(type(r).__name__ for r in results) == ["DomainError", "Membership"]
    assert one.memberships.count() == 2


@pytest.mark.django_db(transaction=True)
def test_of_a_withdrawal_and_an_acceptance_at_once_one_counts():
    one = build.organisation()
    invitation, link = build.invited(one)
    token, person, owner = build.token_in(link), build.user(), build.owner_of(one)

    at_once(
        lambda: invitations.accept(token, actor=person),
        lambda: invitations.withdraw(invitation.pk, actor=owner),
    )

    invitation.refresh_from_db()
    assert (invitation.accepted_at is None) != (invitation.withdrawn_at is None)
    assert one.memberships.filter(user=person).exists() == (invitation.accepted_at is not None)
