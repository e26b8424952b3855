"""Erasing a person: what tells who it was is blanked, what was done stays under the id.

The id is a pseudonym from then on. Acts, versions, score sheets and decisions refer to it and
are never rewritten.
"""

import re
from uuid import UUID

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models.functions import Coalesce, Now
from django.utils.translation import gettext as _

from accounts import ending, members, personal
from accounts.addresses import addresses_of
from accounts.joining import lock_person
from accounts.models import Invitation, RoleGrant, User
from accounts.recording import demand, note
from accounts.roles import Role
from core import outbox
from core.errors import DomainError
from core.models import StoredMail
from core.sentences import follow

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
    _let_wait_for_administrators()
    if reasons := personal.reasons_to_wait(user):
        raise DomainError(follow(*reasons))
    # The act first, while the person still holds the right to it.
    note("erased", user, actor=actor, reason=reason.strip())
    members.part_from_all(user, actor=actor)
    addresses = addresses_of(user)
    for records in personal.records():
        if records.erase:
            records.erase(user)
    _blank_mails(user, addresses)
    Invitation.objects.filter(address__in=addresses, accepted_at=None, withdrawn_at=None).update(
        withdrawn_at=Now()
    )
    _blank_invitations(addresses)
    _blank_account(user)
    outbox.enqueue(ending.TOPIC, ending.payload(user, addresses))
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


def _let_wait_for_administrators() -> None:
    """Let the last two administrators go one after the other: the second finds to be the last."""
    grants = RoleGrant.objects.filter(role=Role.SYSTEM, revoked_at=None).order_by("pk")
    list(grants.select_for_update(no_key=True))


def _blank_mails(user: User, addresses: set[str]) -> None:
    """Blank the mails to the person, and the name and address in mails to others."""
    theirs = StoredMail.objects.filter(recipient__in=addresses)
    # What waits to be sent is not sent any more: it would go nowhere.
    theirs.update(
        recipient=address_of_nobody(user),
        subject="",
        body="",
        named={},
        sent_at=Coalesce("sent_at", Now()),
    )
    for mail in StoredMail.objects.filter(named__has_key=str(user.pk)):
        gone = mail.named.pop(str(user.pk))
        others = [word for words in mail.named.values() for word in words]
        mail.body = without(gone, mail.body, kept=others)
        mail.subject = without(gone, mail.subject, kept=others)
        mail.save(update_fields=["body", "subject", "named"])


def without(words: list[str], text: str, *, kept: list[str]) -> str:
    """Take words out where they stand for themselves, and nothing else.

    "Li" is not taken out of "Limited", no name out of an address of a page, and none out of the
    longer name of somebody else who is named there: Chinese has no spaces between words.
    """
    known = {word for word in (*words, *kept) if word}
    if not known.intersection(words):
        return text
    either = "|".join(map(_standing_alone, sorted(known, key=len, reverse=True)))
    gone = set(words) - set(kept)
    # Addresses of pages are matched as a whole, and stay.
    return re.sub(
        rf"https?://\S+|{either}",
        lambda found: GONE if found[0] in gone else found[0],
        text,
    )


def _standing_alone(word: str) -> str:
    before = r"(?<![\w.+-])" if "@" in word else "(?<![A-Za-z])"
    return f"{before}{re.escape(word)}(?![A-Za-z])"
