"""Nominations: a person is asked by mail, and is in no list before they consent.

Whoever holds the link of the newest mail answers, once. What is held of somebody who does not
consent is erased after some days (``forget``).
"""

import datetime as dt
import hashlib
import secrets
from typing import Any
from uuid import UUID

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.addresses import holders
from accounts.models import Organisation, User
from accounts.recording import check
from core import audit, rights
from core.clock import database_now
from core.errors import DomainError
from core.models import StoredMail
from core.workflow import Act, Step, Workflow
from evaluation import notifications
from evaluation.conflicts import connections
from evaluation.models import Expert, Nomination
from evaluation.pool import profiles
from evaluation.pool.states import LIVE, NOMINATION, NominationStatus, Unasked

VALID_FOR = dt.timedelta(days=30)
PAUSE = dt.timedelta(minutes=10)  # before it is sent again
MOST_TIMES = 5  # that one nomination is sent
ONE_OPEN = "evaluation_nomination_one_open"
MOST_AN_HOUR = 600  # by one officer: a whole list is nominated at once, a mistake ends somewhere


@transaction.atomic
def nominate(  # noqa: PLR0913 -- the columns of one row, by name
    *,
    actor: User,
    name: str,
    address: str,
    language: str,
    organisation: Organisation | None = None,
    unit: str = "",
    proposed: dict[str, Any] | None = None,
) -> Nomination:
    """Propose a person, and mail them whether they consent."""
    if not rights.may_ever(actor, "add", Nomination):
        raise PermissionDenied("nominate an expert")
    address, now = address.strip().lower(), database_now()
    User.objects.select_for_update(no_key=True).get(pk=actor.pk)  # one after the other
    expire_due(address)
    if why := why_not(address):
        raise DomainError(why, field="address")
    _not_too_many(actor, now)
    made = Nomination(
        name=name,
        address=address,
        language=language,
        organisation=organisation,
        unit=unit.strip() or (organisation.name if organisation else ""),
        proposed=proposed or {},
        nominated_by=actor,
    )
    return ask(made, now)


def ask(nomination: Nomination, now: dt.datetime) -> Nomination:
    """Keep a nomination and mail its link; the caller has asked whether it may be made.

    What an organisation makes of somebody who is not to be asked is kept without a mail.
    """
    token = secrets.token_urlsafe(32)
    nomination.name = nomination.name.strip()
    nomination.nominated_at = nomination.sent_at = now
    nomination.token_hash, nomination.expires_at = _hash(token), now + VALID_FOR
    nomination.times_sent = 0 if nomination.unasked else 1
    if not nomination.name:
        raise DomainError(_("Please give the name of the person."), field="name")
    check(nomination, constraints=False)  # what it would say of others is for nobody to read
    try:
        with transaction.atomic():
            nomination.save(force_insert=True)
    except IntegrityError as error:  # somebody else nominated the person at this very moment
        if ONE_OPEN not in str(error):
            raise
        if not nomination.by_organisation:
            raise DomainError(_("This person cannot be nominated now."), field="address") from None
        nomination.unasked, nomination.times_sent = Unasked.ASKED, 0
        nomination.save(force_insert=True)
    subject, actor = audit.subject(nomination), nomination.nominated_by
    audit.record("nomination.made", subject, actor=actor, change=("", nomination.status))
    if not nomination.unasked:  # else nobody has the link
        notifications.nominated(nomination, token)
    return nomination


def known(address: str) -> Unasked | None:
    """Return why nobody is to be asked at this address, if so."""
    experts = Expert.objects.filter(user__in=holders(address).values("pk"), status__in=LIVE)
    if experts.exists():
        return Unasked.KNOWN
    earlier = Nomination.objects.filter(address=address, unasked="")
    if earlier.filter(status=NominationStatus.INVITED).exists():
        return Unasked.ASKED
    if earlier.filter(status=NominationStatus.DECLINED).exists():
        return Unasked.DECLINED
    return None


def why_not(address: str) -> str:
    """Say to an officer why nobody can be nominated at this address; empty when one can."""
    return {
        Unasked.KNOWN: _("This person is in the expert pool already, or has applied."),
        Unasked.ASKED: _("This person has been nominated already and has not answered yet."),
        Unasked.DECLINED: _("This person declined a short while ago."),
        None: "",
    }[known(address)]


def found(token: str) -> Nomination | None:
    """Return the nomination a link belongs to, whatever became of it."""
    rows = Nomination.objects.select_related("organisation", "nominated_by")
    return rows.filter(token_hash=_hash(token)).first()


def ended(nomination: Nomination) -> str:
    """Say why nobody can answer any more; empty when one can."""
    if nomination.status == NominationStatus.CONSENTED:
        return _("You consented already.")
    if nomination.status == NominationStatus.DECLINED:
        return _("You declined. Thank you for telling us.")
    if nomination.status == NominationStatus.WITHDRAWN:
        return _("This nomination was withdrawn.")
    if nomination.status == NominationStatus.EXPIRED or nomination.expires_at <= database_now():
        return _("This nomination was not answered in time. You can apply by yourself.")
    return ""


@transaction.atomic
def consent(token: str, *, actor: User, **application: Any) -> Expert:
    """Consent, and with it apply: an officer decides, as about every application."""
    nomination = _of(token)
    if not EmailAddress.objects.filter(user=actor, verified=True).exists():
        raise DomainError(_("Please confirm your e-mail address first."))
    # The account first, as who erases it does.
    User.objects.select_for_update(no_key=True).get(pk=actor.pk)
    _lock(nomination)
    if why := ended(nomination):
        raise DomainError(why)
    expert = profiles.apply(actor=actor, **application)
    NOMINATIONS.perform("consent", nomination.pk, actor=None, expert=expert)
    connections.note_nomination(expert, nomination)
    return expert


@transaction.atomic
def decline(token: str) -> Nomination:
    """Decline; no account is asked for, and nothing is kept for long."""
    return NOMINATIONS.perform("decline", _of(token).pk, actor=None)


def _of(token: str) -> Nomination:
    nomination = found(token)
    if nomination is None:
        raise Nomination.DoesNotExist
    return nomination


def _lock(nomination: Nomination) -> None:
    nomination.refresh_from_db(
        from_queryset=Nomination.objects.select_for_update(of=("self",), no_key=True)
    )


def _not_too_many(actor: User, now: dt.datetime) -> None:
    lately = Nomination.objects.filter(nominated_by=actor, sent_at__gt=now - dt.timedelta(hours=1))
    if lately.count() >= MOST_AN_HOUR:
        raise DomainError(_("Too many invitations in a short time. Please try again later."))


# Its life -------------------------------------------------------------------------------


def _may_send_again(nomination: Nomination, act: Act) -> None:
    if nomination.unasked:
        raise DomainError(_("This person was not asked. You can nominate them yourself."))
    if nomination.times_sent >= MOST_TIMES or act.at - nomination.sent_at < PAUSE:
        raise DomainError(_("This invitation was sent a short while ago, or too often."))


def _send_again(nomination: Nomination, act: Act) -> tuple[str, ...]:
    """Send a new link; the former one is good for nothing."""
    token = secrets.token_urlsafe(32)
    nomination.token_hash, nomination.sent_at = _hash(token), act.at
    nomination.expires_at = act.at + VALID_FOR
    nomination.times_sent += 1
    notifications.nominated(nomination, token)
    return "token_hash", "sent_at", "expires_at", "times_sent"


def _is_open(nomination: Nomination, _act: Act) -> None:
    if why := ended(nomination):
        raise DomainError(why)


def _is_over(nomination: Nomination, act: Act) -> None:
    if nomination.expires_at > act.at:
        raise DomainError(_("There is still time to answer."))


def _has_applied(_nomination: Nomination, act: Act) -> None:
    if act.inputs.get("expert") is None:
        raise DomainError(_("Nobody has consented."))


def _end(nomination: Nomination, act: Act) -> tuple[str, ...]:
    nomination.ended_at = act.at
    return ("ended_at",)


def _consent(nomination: Nomination, act: Act) -> tuple[str, ...]:
    """Note who it is; what others proposed is in the application now, as the person has it."""
    expert: Expert = act.inputs["expert"]
    nomination.expert, nomination.proposed, nomination.ended_at = expert, {}, act.at
    act.details["expert"] = str(expert.pk)
    return "expert", "proposed", "ended_at"


def _tell_declined(nomination: Nomination, _act: Act) -> None:
    to = nomination.nominated_by
    if to.is_active and rights.held(to, nomination, rights.READ, "own"):
        notifications.nomination_declined(nomination)


NOMINATIONS: Workflow[Nomination] = Workflow(
    NOMINATION,
    Nomination,
    {
        "resend": Step(guards=(_may_send_again,), change=_send_again),
        "consent": Step(guards=(_is_open, _has_applied), change=_consent),
        "decline": Step(guards=(_is_open,), change=_end, after=(_tell_declined,)),
        "withdraw": Step(change=_end),
        "expire": Step(guards=(_is_over,), change=_end),
    },
    shown="own",
)


# The clock ------------------------------------------------------------------------------


def expire_due(address: str = "") -> int:
    """End every nomination that nobody answered in time; return how many. Safe to run twice.

    Of one address: before somebody else is asked there.
    """
    due = Nomination.objects.filter(
        status=NominationStatus.INVITED, expires_at__lte=database_now()
    ).order_by("expires_at", "pk")
    keys = (due.filter(address=address) if address else due).values_list("pk", flat=True)
    return profiles.each(keys, lambda pk: NOMINATIONS.perform("expire", pk, actor=None))


def forget() -> int:
    """Erase what is held of those who did not consent; return how many. Safe to run twice."""
    kept = dt.timedelta(days=settings.NOMINATIONS_KEEP_DAYS)
    due = Nomination.objects.filter(
        expert=None, forgotten_at=None, ended_at__lte=database_now() - kept
    ).order_by("ended_at", "pk")
    return profiles.each(due.values_list("pk", flat=True), _forget)


@transaction.atomic
def _forget(pk: UUID) -> None:
    rows = Nomination.objects.select_for_update(no_key=True)
    blank(rows.get(pk=pk))


def blank(nomination: Nomination) -> None:
    """Take out of a nomination, and of the mails about it, who it was."""
    if nomination.address and not nomination.unasked:  # else the mails there are about another
        nobody = f"{nomination.pk}@erased.invalid"
        mails = StoredMail.objects.filter(
            recipient=nomination.address, template=notifications.NOMINATION
        )
        mails.update(recipient=nobody, subject="", body="")
    nomination.name, nomination.address, nomination.proposed = "", "", {}
    nomination.forgotten_at = database_now()
    nomination.save(update_fields=["name", "address", "proposed", "forgotten_at"])


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
