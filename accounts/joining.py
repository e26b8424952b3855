"""How one comes to belong to an organisation, and the lock every change of that takes."""

from uuid import UUID

from accounts.models import Membership, Organisation, User
from accounts.recording import note_organisation
from accounts.roles import Level


def lock(organisation_id: UUID) -> Organisation:
    """Let one change of an organisation wait for the other."""
    return Organisation.objects.select_for_update(of=("self",), no_key=True).get(pk=organisation_id)


def join(organisation: Organisation, user: User, level: str, actor: User | None) -> Membership:
    """Let a person act for the organisation; the caller has asked for the right."""
    membership = Membership.objects.create(organisation=organisation, user=user, level=Level(level))
    details = {"account": str(user.pk), "level": membership.level}
    note_organisation("member_added", organisation, actor=actor, details=details)
    return membership
