"""What two do at the same moment, or one person twice: done once, refused in words, no deadlock."""

import pytest

from accounts import erasure, invitations, members, services
from accounts.models import Invitation, Membership, User
from accounts.roles import Level
from core.errors import DomainError
from core.models import AuditEntry
from tests.builders import accounts as build
from tests.builders.core import at_once

pytestmark = pytest.mark.django_db


def of(one, person) -> Membership:
    return Membership.objects.get(organisation=one, user=person)


# Pressed twice ---------------------------------------------------------------------------


def test_what_is_gone_is_removed_and_left_already():
    one = build.organisation()
    owner, person = build.owner_of(one), build.member(of=one)
    member = of(one, person)
    members.remove_member(member.pk, actor=owner)
    acts = AuditEntry.objects.count()

    members.remove_member(member.pk, actor=owner)
    members.leave(one.pk, actor=person)

    assert AuditEntry.objects.count() == acts


@pytest.mark.parametrize("write", ["change_level", "transfer_ownership"])
def test_who_is_gone_gets_no_level_and_the_owner_is_told(write):
    one = build.organisation()
    owner, person = build.owner_of(one), build.member(of=one)
    member = of(one, person)
    members.leave(one.pk, actor=person)

    more = {"level": Level.VIEW} if write == "change_level" else {}
    with pytest.raises(DomainError, match="belongs to the organisation no longer"):
        getattr(members, write)(member.pk, actor=owner, **more)

    assert of(one, owner).level == Level.OWN


def test_who_accepts_twice_is_there():
    one = build.organisation()
    invitation, link = build.invited(one)
    person, token = build.user(), build.token_in(link)
    first = invitations.accept(token, actor=person)

    assert invitations.accept(token, actor=person) == first
    with pytest.raises(DomainError, match="accepted already"):
        invitations.accept(token, actor=build.user())
    members.leave(one.pk, actor=person)
    with pytest.raises(DomainError, match="accepted already"):
        invitations.accept(token, actor=person)
    assert invitation.organisation.memberships.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_double_click_on_remove_is_done_once():
    one = build.organisation()
    owner, person = build.owner_of(one), build.member(of=one)
    member = of(one, person)

    results = at_once(*[lambda: members.remove_member(member.pk, actor=owner)] * 2)

    assert results == [None, None]
    assert AuditEntry.objects.filter(act="organisation.member_removed").count() == 1


# Shut and erased -------------------------------------------------------------------------


def test_what_a_suspended_person_offered_is_taken_back():
    one, other = build.organisation(), build.organisation()
    owner = build.owner_of(one)
    services.add_member(other.pk, owner, Level.OWN, actor=None)
    mine = [build.invited(house, by=owner)[0] for house in (one, other)]
    theirs, _link = build.invited(other, by=_second(other))

    administrator = build.system_administrator()
    services.suspend(owner, actor=administrator, reason="Left.")

    withdrawn = Invitation.objects.exclude(withdrawn_at=None)
    assert set(withdrawn) == set(mine)
    assert theirs.pk not in set(withdrawn.values_list("pk", flat=True))
    acts = AuditEntry.objects.filter(act="organisation.invitation_withdrawn")
    assert [act.actor for act in acts] == [administrator] * 2
    services.restore(owner, actor=administrator, reason="Back.")
    assert Invitation.objects.filter(withdrawn_at=None).count() == 1


def _second(house) -> User:
    return build.member(Level.OWN, of=house)


@pytest.mark.parametrize("how", ["shut", "erased"])
def test_who_was_shut_or_erased_meanwhile_becomes_no_member(how):
    one = build.organisation()
    _invitation, link = build.invited(one)
    person = build.user()
    same = User.objects.get(pk=person.pk)
    if how == "shut":
        services.suspend(person, actor=None, reason="Left.")
    else:
        erasure.erase(person.pk, actor=person)

    with pytest.raises(DomainError):
        invitations.accept(build.token_in(link), actor=same)
    with pytest.raises(DomainError, match="cannot sign in at present"):
        services.add_member(one.pk, same, Level.VIEW, actor=None)
    if how == "erased":
        with pytest.raises(DomainError, match="was erased"):
            services.restore(person, actor=None, reason="x")

    assert one.memberships.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", range(4))
def test_an_erasure_and_an_invitation_at_once_wait_for_each_other(turn):
    one = build.organisation()
    person = build.member(Level.OWN, of=one)
    _offer, link = build.invited(build.organisation(), person.email)

    results = at_once(
        lambda: erasure.erase(person.pk, actor=person),
        lambda: build.invited(one, by=person),
        lambda: invitations.accept(build.token_in(link), actor=person),
    )

    # No deadlock: each is done, or refused because the other was quicker.
    assert isinstance(results[0], User)
    assert {type(one).__name__ for one in results[1:]} <= {
        "tuple", "Membership", "DomainError", "PermissionDenied", "DoesNotExist",
    }  # fmt: skip
    assert not Membership.objects.filter(user=person).exists()
    assert not Invitation.objects.filter(invited_by=person, withdrawn_at=None).exists()


@pytest.mark.django_db(transaction=True)
def test_an_account_that_is_being_erased_enters_no_organisation():
    one = build.organisation()
    person = build.user()

    results = at_once(
        lambda: erasure.erase(person.pk, actor=person),
        lambda: services.add_member(one.pk, person, Level.VIEW, actor=None),
    )

    assert isinstance(results[0], User)
    assert not Membership.objects.filter(user=person).exists()
