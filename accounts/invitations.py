"""Inviting a colleague: a link by mail, of which the portal keeps only a hash.

Nothing here tells whether an address has an account. Whoever holds the link may accept, once;
the link in the newest mail counts.
"""

import datetime as dt
import hashlib
import secrets
from uuid import UUID

from allauth.account.models import EmailAddress
from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts import notifications
from accounts.joining import join, lock
from accounts.models import Invitation, Membership, Organisation, User
from accounts.recording import check, demand, note_organisation
from accounts.roles import Level
from core.clock import PortalNow, database_now
from core.errors import DomainError
from core.models import AuditEntry, StoredMail

VALID_FOR = dt.timedelta(days=14)
MOST_OPEN = 20  # of one organisation
MOST_AN_HOUR = 20  # by one person, whatever the organisation
MOST_A_DAY = 10  # to one address, whoever invites
MOST_TIMES = 5  # that one invitation is sent
SENDING = ("organisation.invited", "organisation.invitation_sent_again")
ADVISORY = 731004  # the class of our locks on addresses
PAUSE = dt.timedelta(minutes=10)  # before it is sent again


def open_now() -> Q:
    return Q(accepted_at=None, withdrawn_at=None, expires_at__gt=PortalNow())


def unanswered(organisation: Organisation) -> QuerySet[Invitation]:
    """Return what the page of the members lists: open ones, and those that ran out unanswered."""
    rows = Invitation.objects.filter(organisation=organisation, accepted_at=None, withdrawn_at=None)
    return rows.select_related("invited_by").order_by("invited_at", "pk")


@transaction.atomic
def invite(
    organisation_id: UUID, *, actor: User, address: str, level: str, language: str
) -> Invitation:
    """Offer a place in the organisation to whoever reads mail at ``address``."""
    organisation = lock(organisation_id)
    demand(actor, "add_member", organisation)
    address, now = address.strip().lower(), database_now()
    _room_for(organisation, address, actor, now)
    token = secrets.token_urlsafe(32)
    invitation = Invitation(
        organisation=organisation,
        address=address,
        level=Level(level).value,
        language=language,
        token_hash=_hash(token),
        invited_by=actor,
        sent_at=now,
        expires_at=now + VALID_FOR,
    )
    check(invitation)
    invitation.save(force_insert=True)
    _note("invited", invitation, actor)
    notifications.send_invitation(invitation, token)
    return invitation


@transaction.atomic
def send_again(invitation_id: UUID, *, actor: User) -> Invitation:
    """Send a new link; it is good for another fourteen days, the former one for nothing."""
    invitation = _locked(invitation_id)
    demand(actor, "manage", invitation)
    _still_unanswered(invitation)
    now, token = database_now(), secrets.token_urlsafe(32)
    if invitation.times_sent >= MOST_TIMES or now - invitation.sent_at < PAUSE:
        raise DomainError(_("This invitation was sent a short while ago, or too often."))
    _not_too_many(actor, invitation.address, now)
    invitation.token_hash, invitation.sent_at = _hash(token), now
    invitation.expires_at, invitation.times_sent = now + VALID_FOR, invitation.times_sent + 1
    invitation.save(update_fields=["token_hash", "sent_at", "expires_at", "times_sent"])
    _note("invitation_sent_again", invitation, actor)
    notifications.send_invitation(invitation, token)
    return invitation


@transaction.atomic
def withdraw(invitation_id: UUID, *, actor: User) -> None:
    invitation = _locked(invitation_id)
    demand(actor, "manage", invitation)
    _still_unanswered(invitation)
    _withdraw(invitation, actor)


def withdraw_sent_by(user: User, organisation: Organisation, *, actor: User | None) -> None:
    """Take back what somebody offered who may no longer: it would be a way back in."""
    for invitation in unanswered(organisation).filter(invited_by=user):
        _withdraw(invitation, actor)


def withdraw_all_of(user: User, *, actor: User | None) -> None:
    """Take back all a person offered; the caller holds the locks (``joining.lock_person``)."""
    rows = Invitation.objects.filter(invited_by=user, accepted_at=None, withdrawn_at=None)
    for invitation in rows.select_related("organisation").order_by("invited_at", "pk"):
        _withdraw(invitation, actor)


def found(token: str) -> Invitation | None:
    """Return the invitation a link belongs to, whatever became of it."""
    rows = Invitation.objects.select_related("organisation__country", "invited_by")
    return rows.filter(token_hash=_hash(token)).first()


def ended(invitation: Invitation) -> str:
    """Say why nobody can accept any more; empty when one can."""
    if invitation.accepted_at:
        return _("This invitation was accepted already.")
    if invitation.withdrawn_at:
        return _("This invitation was withdrawn.")
    if invitation.expires_at <= database_now():
        return _("This invitation is no longer valid. Please ask for a new one.")
    return ""


@transaction.atomic
def accept(token: str, *, actor: User) -> Membership:
    """Take the place offered. Of two who hold the same link only one does."""
    known = found(token)
    if known is None:
        raise Invitation.DoesNotExist
    invitation = _locked(known.pk)
    if invitation.token_hash != _hash(token):
        raise Invitation.DoesNotExist
    if invitation.accepted_by_id == actor.pk and (done := _place_of(actor, invitation)):
        return done  # pressed twice
    if why := ended(invitation):
        raise DomainError(why)
    if not EmailAddress.objects.filter(user=actor, verified=True).exists():
        raise DomainError(_("Please confirm your e-mail address first."))
    if _place_of(actor, invitation):
        raise DomainError(_("You belong to this organisation already."))
    invitation.accepted_at, invitation.accepted_by = database_now(), actor
    invitation.save(update_fields=["accepted_at", "accepted_by"])
    _note("invitation_accepted", invitation, actor)
    membership = join(invitation.organisation, actor, invitation.level, actor)
    notifications.tell_accepted(invitation, membership)
    return membership


def _place_of(person: User, invitation: Invitation) -> Membership | None:
    return Membership.objects.filter(user=person, organisation=invitation.organisation_id).first()


def _room_for(organisation: Organisation, address: str, actor: User, now: dt.datetime) -> None:
    if organisation.memberships.filter(user__email=address).exists():
        raise DomainError(_("This person belongs to the organisation already."), field="address")
    earlier = unanswered(organisation)
    for invitation in earlier.filter(address=address):
        if invitation.expires_at > now:
            raise DomainError(
                _("This address was invited already; you can send the invitation again."),
                field="address",
            )
        _withdraw(invitation, actor)
    if earlier.filter(open_now()).count() >= MOST_OPEN:
        raise DomainError(
            _("There are %(most)d open invitations. Withdraw one first.") % {"most": MOST_OPEN}
        )
    _not_too_many(actor, address, now)


def _not_too_many(actor: User, address: str, now: dt.datetime) -> None:
    """Count what was sent, not what is open: by the acts of the person, and the mails there."""
    # One after the other, whatever the organisation: two at once would both find room.
    _let_wait(address)
    User.objects.select_for_update(no_key=True).get(pk=actor.pk)
    mine = AuditEntry.objects.filter(
        actor=actor, act__in=SENDING, at__gt=now - dt.timedelta(hours=1)
    )
    theirs = StoredMail.objects.filter(
        recipient=address, template=notifications.INVITATION, created_at__gt=now - dt.timedelta(1)
    )
    if mine.count() >= MOST_AN_HOUR or theirs.count() >= MOST_A_DAY:
        raise DomainError(_("Too many invitations in a short time. Please try again later."))


def _let_wait(address: str) -> None:
    """Let one sending to an address wait for the other; it is no row that could be locked."""
    key = int.from_bytes(hashlib.sha256(address.encode()).digest()[:4], signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [ADVISORY, key])


def _still_unanswered(invitation: Invitation) -> None:
    if invitation.accepted_at or invitation.withdrawn_at:
        raise DomainError(ended(invitation))


def _withdraw(invitation: Invitation, actor: User | None) -> None:
    invitation.withdrawn_at = database_now()
    invitation.save(update_fields=["withdrawn_at"])
    _note("invitation_withdrawn", invitation, actor)


def _locked(invitation_id: UUID) -> Invitation:
    # The organisation first, as every change of its members does.
    organisation_id = Invitation.objects.values_list("organisation", flat=True).get(
        pk=invitation_id
    )
    lock(organisation_id)
    rows = Invitation.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("organisation", "invited_by").get(pk=invitation_id)


def _note(act: str, invitation: Invitation, actor: User | None) -> None:
    note_organisation(
        act,
        invitation.organisation,
        actor=actor,
        details={"invitation": str(invitation.pk), "level": invitation.level},
    )


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
