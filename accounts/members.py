"""Who acts for an organisation: levels changed, members removed, ownership handed on.

Every write takes the lock of the organisation first. An organisation that has members has an
owner; PostgreSQL looks at that once more when the transaction commits.
"""

from uuid import UUID

from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from accounts import invitations, notifications
from accounts.joining import lock
from accounts.models import Membership, Organisation, User
from accounts.recording import demand, note_organisation
from accounts.roles import Level
from core.errors import DomainError


@transaction.atomic
def change_level(membership_id: int, level: str, *, actor: User | None) -> Membership:
    """Let a member do more or less; what is taken away is gone with the next request."""
    membership = _still_there(_locked(membership_id, actor))
    wanted = Level(level)
    if wanted == membership.level:
        return membership
    if membership.level == Level.OWN:
        _another_owner(membership)
    _set_level(membership, wanted, actor)
    notifications.tell_level(membership)
    return membership


@transaction.atomic
def remove_member(membership_id: int, *, actor: User | None) -> None:
    """Let a person act for the organisation no longer, at once."""
    membership = _locked(membership_id, actor)
    if membership is None:
        return  # pressed twice
    _part(membership, actor)
    notifications.tell_removed(membership)


@transaction.atomic
def leave(organisation_id: UUID, *, actor: User) -> None:
    """Act for the organisation no longer, of one's own will."""
    organisation = lock(organisation_id)
    rows = organisation.memberships.select_related("organisation", "user")
    membership = rows.filter(user=actor).first()
    if membership is None:
        return  # pressed twice
    demand(actor, "leave", membership)
    _part(membership, actor)


@transaction.atomic
def transfer_ownership(membership_id: int, *, actor: User) -> Membership:
    """Make another member the owner, and stay as one who may edit."""
    membership = _still_there(_locked(membership_id, actor))
    mine = membership.organisation.memberships.select_related("organisation", "user").get(
        user=actor
    )
    if membership.pk == mine.pk:
        raise DomainError(_("You are the owner already."))
    if not membership.user.is_active:
        raise DomainError(_("This person cannot sign in at present."))
    if membership.level != Level.OWN:
        _set_level(membership, Level.OWN, actor)
    _set_level(mine, Level.EDIT, actor)
    notifications.tell_level(membership)
    return membership


@transaction.atomic
def part_from_all(user: User, *, actor: User | None) -> None:
    """Let a person act for no organisation any more; the caller has settled who owns them."""
    for organisation_id in (
        Membership.objects.filter(user=user)
        .order_by("organisation")
        .values_list("organisation", flat=True)
    ):
        lock(organisation_id)
        rows = Membership.objects.select_related("organisation", "user")
        _leave(rows.get(organisation=organisation_id, user=user), actor)


def solely_owned_by(user: User) -> QuerySet[Organisation]:
    """Return the organisations nobody else could act for as an owner."""
    others = Q(memberships__level=Level.OWN, memberships__user__is_active=True)
    others &= ~Q(memberships__user=user)
    mine = Organisation.objects.of_member(user, Level.OWN)
    return (
        Organisation.objects.filter(pk__in=mine.values("pk"))
        .annotate(other_owners=Count("memberships", filter=others))
        .filter(other_owners=0)
    )


def _locked(membership_id: int, actor: User | None) -> Membership | None:
    """Return the member as it is behind the lock; None when it has gone."""
    rows = Membership.objects.select_related("organisation", "user")
    known = rows.filter(pk=membership_id).first()
    if known is None:
        return None
    organisation = lock(known.organisation_id)
    demand(actor, "manage_members", organisation)
    # Read again: the member may have gone, or have another level by now.
    return rows.filter(pk=membership_id, organisation=organisation).first()


def _still_there(membership: Membership | None) -> Membership:
    if membership is None:
        raise DomainError(_("This person belongs to the organisation no longer."))
    return membership


def _set_level(membership: Membership, level: Level, actor: User | None) -> None:
    before, membership.level = membership.level, level.value
    membership.save(update_fields=["level"])
    if before == Level.OWN:
        invitations.withdraw_sent_by(membership.user, membership.organisation, actor=actor)
    note_organisation(
        "member_changed",
        membership.organisation,
        actor=actor,
        details={"account": str(membership.user_id), "level": [before, membership.level]},
    )


def _part(membership: Membership, actor: User | None) -> None:
    if membership.level == Level.OWN:
        _another_owner(membership)
    _leave(membership, actor)


def _leave(membership: Membership, actor: User | None) -> None:
    invitations.withdraw_sent_by(membership.user, membership.organisation, actor=actor)
    # By the key: the row itself is told of in a mail afterwards.
    Membership.objects.filter(pk=membership.pk).delete()
    note_organisation(
        "member_left" if actor == membership.user else "member_removed",
        membership.organisation,
        actor=actor,
        details={"account": str(membership.user_id), "level": membership.level},
    )


def _another_owner(membership: Membership) -> None:
    others = Membership.objects.filter(
        organisation=membership.organisation, level=Level.OWN, user__is_active=True
    ).exclude(pk=membership.pk)
    if not others.exists():
        raise DomainError(
            _("An organisation is never without an owner. Make another member the owner first.")
        )
