"""Erasing a person: what tells who it was is blanked, what was done stays under the id.

The id is a pseudonym from then on. Acts, versions, score sheets and decisions refer to it and
are never rewritten.
"""

import re
from uuid import UUID

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Coalesce, Now
from django.utils.translation import gettext as _

from accounts import members, personal
from accounts.addresses import addresses_of
from accounts.joining import lock_person
from accounts.models import Invitation, RoleGrant, User
from accounts.recording import demand, note
from core.errors import DomainError
from core.models import StoredMail

GONE = "–"


@transaction.atomic
def erase(user_id: UUID, *, actor: User, reason: str = "") -> User:
    """Blank a person, for good; staff do so on a written request only, and say which."""
    user = lock_person(user_id, frozenset(addresses_of(User.objects.get(pk=user_id))))
    demand(actor, "erase", user)
    if actor.pk != user.pk and not reason.strip():
        raise DomainError(_("Please give a reason."), field="reason")
    if user.erased_at is not None:
        raise DomainError(_("This person was erased already."))
    if reasons := personal.reasons_to_wait(user):
        raise DomainError(" ".join(reasons))
    # The act first, while the person still holds the right to it.
    note("erased", user, actor=actor, reason=reason.strip())
    members.part_from_all(user, actor=actor)
    addresses, name = addresses_of(user), user.name
    for records in personal.records():
        if records.erase:
            records.erase(user)
    _blank_mails(user, addresses, name)
    Invitation.objects.filter(address__in=addresses, accepted_at=None, withdrawn_at=None).update(
        withdrawn_at=Now()
    )
    _blank_invitations(addresses)
    _blank_account(user)
    _end_sessions(user)
    return user


def address_of_nobody(user: User) -> str:
    """Return what stands where the address was: no mail can go there (RFC 2606)."""
    return f"{user.pk}@erased.invalid"


def _blank_account(user: User) -> None:
    RoleGrant.objects.filter(user=user, revoked_at=None).update(revoked_at=Now())
    EmailAddress.objects.filter(user=user).delete()
    Authenticator.objects.filter(user=user).delete()
    User.objects.filter(pk=user.pk).update(
        email=address_of_nobody(user),
        name="",
        password=make_password(None),
        is_active=False,
        former_addresses=[],
        last_login=None,
        session_epoch=user.session_epoch + 1,
        erased_at=Now(),
    )
    user.refresh_from_db()
    user.__dict__.pop("roles", None)


def _blank_invitations(addresses: set[str]) -> None:
    """Let an invitation that was sent to the person tell no longer where it went."""
    for invitation in Invitation.objects.filter(address__in=addresses):
        invitation.address = f"{invitation.pk}@erased.invalid"
        invitation.save(update_fields=["address"])


def _blank_mails(user: User, addresses: set[str], name: str) -> None:
    """Blank the mails to the person, and the name and address in mails to others."""
    theirs = StoredMail.objects.filter(recipient__in=addresses)
    # What waits to be sent is not sent any more: it would go nowhere.
    theirs.update(
        recipient=address_of_nobody(user), subject="", body="", sent_at=Coalesce("sent_at", Now())
    )
    naming = {template for records in personal.records() for template in records.mails}
    named = Q(template__in=naming) & (Q(body__contains=name) | Q(subject__contains=name))
    addressed = Q()
    for address in addresses:
        addressed |= Q(body__icontains=address) | Q(subject__icontains=address)
    for mail in StoredMail.objects.filter((named if name else Q(pk__in=())) | addressed):
        for address in addresses:
            mail.body, mail.subject = (
                _without(address, mail.body),
                _without(address, mail.subject),
            )
        if mail.template in naming and name:
            mail.body, mail.subject = _unnamed(mail.body, name), _unnamed(mail.subject, name)
        mail.save(update_fields=["body", "subject"])


def _without(address: str, text: str) -> str:
    """Take an address out, not the end of a longer one."""
    return re.sub(rf"(?<![\w.+-]){re.escape(address)}", GONE, text, flags=re.IGNORECASE)


def _unnamed(text: str, name: str) -> str:
    """Take a name out where it stands for itself: "Li" is not taken out of "Limited"."""
    return re.sub(rf"(?<![A-Za-z]){re.escape(name)}(?![A-Za-z])", GONE, text)


def _end_sessions(user: User) -> None:
    """Delete the sessions of the person; what else lies in one may tell who it was."""
    for session in Session.objects.iterator(chunk_size=500):
        if session.get_decoded().get("_auth_user_id") == str(user.pk):
            session.delete()
