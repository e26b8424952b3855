"""How one comes to belong to an organisation, and the locks every change of that takes.

Organisations first, in the order of their keys, then people: two changes never wait for each
other.
"""

from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import Invitation, Membership, Organisation, User
from accounts.recording import note_organisation
from accounts.roles import Level
from core.errors import DomainError


def lock(organisation_id: UUID) -> Organisation:
    """Let one change of an organisation wait for the other."""
    return Organisation.objects.select_for_update(of=("self",), no_key=True).get(pk=organisation_id)


def lock_person(user_id: UUID, addresses: frozenset[str] = frozenset()) -> User:
    """Lock the organisations a person acts for, invites to or is invited to, then the person."""
    offered = Invitation.objects.filter(accepted_at=None, withdrawn_at=None)
    offered = offered.filter(Q(invited_by=user_id) | Q(address__in=addresses))
    theirs = Membership.objects.filter(user=user_id)
    rows = Organisation.objects.select_for_update(of=("self",), no_key=True).order_by("pk")
    list(
        rows.filter(
            Q(pk__in=theirs.values("organisation")) | Q(pk__in=offered.values("organisation"))
        )
    )
    return User.objects.select_for_update(no_key=True).get(pk=user_id)


def join(
    organisation: Organisation,
    user: User,
    level: str,
    actor: User | None,
    *,
    though_shut: bool = False,
) -> Membership:
    """Let a person act for the organisation; the caller has asked for the right.

    Read behind a lock: the account may have been shut or erased meanwhile. What came from a
    file is kept by an account that is shut.
    """
    person = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if person.erased_at is not None or not (person.is_active or though_shut):
        raise DomainError(_("This person cannot sign in at present."))
    membership = Membership.objects.create(organisation=organisation, user=user, level=Level(level))
    details = {"account": str(user.pk), "level": membership.level}
    note_organisation("member_added", organisation, actor=actor, details=details)
    return membership
