"""What the portal holds about a person: handed out as one file, and blanked on request.

The apps above say what they hold (``register``, from ready()): what is handed out, what stands
in the way of an erasure, what else is blanked.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from accounts.addresses import addresses_of
from accounts.holders import holders
from accounts.members import solely_owned_by
from accounts.models import Invitation, Membership, RoleGrant, User
from accounts.roles import Role
from core.models import AuditEntry, StoredMail

FORMAT = 1  # of the file; raised when a reader of it would have to change


@dataclass(frozen=True, slots=True)
class Records:
    """One kind of thing held about a person."""

    name: str  # its place in the file
    read: Callable[[User], Any]  # as JSON: texts, numbers, times, lists, mappings
    holds: Callable[[User], Iterator[str | Promise]] | None = None  # why erasing must wait
    erase: Callable[[User], None] | None = None


_records: dict[str, Records] = {}


def register(*records: Records) -> None:
    """Say what is held about people; called once, from an app's ready()."""
    _records.update({one.name: one for one in records})


def records() -> list[Records]:
    return [_records[name] for name in sorted(_records)]


def export(user: User) -> dict[str, Any]:
    """Return everything that is held about the person, for them to keep."""
    return {"format": FORMAT, **{one.name: one.read(user) for one in records()}}


def reasons_to_wait(user: User) -> list[str]:
    """Say what must be settled before the person can be erased; empty when nothing."""
    return [str(why) for one in records() if one.holds for why in one.holds(user)]


# What this app holds ----------------------------------------------------------------------


def _account(user: User) -> dict[str, Any]:
    return {
        "id": str(user.pk),
        "email": user.email,
        "name": user.name,
        "language": user.language,
        "joined": user.joined_at,
        "last_sign_in": user.last_login,
        "may_sign_in": user.is_active,
        "former_addresses": user.former_addresses,
    }


def _addresses(user: User) -> list[Any]:
    rows = EmailAddress.objects.filter(user=user).order_by("pk")
    return list(rows.values("email", "verified", "primary"))


def _second_factors(user: User) -> list[Any]:
    """List them without what they are made of: a file lies about."""
    rows = Authenticator.objects.filter(user=user).order_by("pk")
    return list(rows.values("type", "created_at", "last_used_at"))


def _roles(user: User) -> list[Any]:
    rows = RoleGrant.objects.filter(user=user).order_by("pk")
    return list(rows.values("role", "granted_at", "revoked_at"))


def _last_administrator(user: User) -> Iterator[str | Promise]:
    """Keep the one who can let somebody in again; two who go at once wait for each other."""
    administrators = holders(Role.SYSTEM)
    if (
        administrators.filter(pk=user.pk).exists()
        and not administrators.exclude(pk=user.pk).exists()
    ):
        yield _("You are the last system administrator. Make somebody else one first.")


def _memberships(user: User) -> list[Any]:
    rows = Membership.objects.filter(user=user).select_related("organisation").order_by("pk")
    return [
        {
            "organisation": str(one.organisation_id),
            "name_en": one.organisation.name_en,
            "name_zh": one.organisation.name_zh,
            "level": one.level,
            "since": one.since,
        }
        for one in rows
    ]


def _sole_ownerships(user: User) -> Iterator[str]:
    for one in solely_owned_by(user):
        if one.memberships.exclude(user=user).exists():
            yield _(
                "You are the only owner of %(organisation)s, which has other members. "
                "Make one of them the owner first."
            ) % {"organisation": one.name}


def _invitations(user: User) -> list[Any]:
    """List what the person sent; the addresses are somebody else's."""
    rows = Invitation.objects.filter(invited_by=user).order_by("invited_at", "pk")
    names = ("organisation", "level", "invited_at", "accepted_at", "withdrawn_at")
    return [{**row, "organisation": str(row["organisation"])} for row in rows.values(*names)]


def _mails(user: User) -> list[Any]:
    """List the mails to the person; a link that lets in is in the mail only."""
    rows = StoredMail.objects.filter(recipient__in=addresses_of(user)).order_by("created_at", "pk")
    return [
        {
            "to": one.recipient,
            "subject": one.subject,
            "text": "" if one.secret else one.body,
            "written": one.created_at,
            "sent": one.sent_at,
        }
        for one in rows
    ]


def _acts(user: User) -> list[Any]:
    names = ("at", "act", "subject_type", "subject_id", "before", "after", "reason", "details")
    return list(AuditEntry.objects.filter(actor=user).order_by("pk").values(*names))


OWN = (
    Records("account", _account),
    Records("addresses", _addresses),
    Records("second_factors", _second_factors),
    Records("roles", _roles, holds=_last_administrator),
    Records("memberships", _memberships, holds=_sole_ownerships),
    Records("invitations_sent", _invitations),
    Records("mails", _mails),
    Records("acts", _acts),
)
