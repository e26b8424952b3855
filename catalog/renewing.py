"""The holder asks for renewal and says that the particulars still hold; without it none is."""

import datetime as dt
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from catalog import acting, attesting, measure_mails
from catalog.measure_states import MeasureKind, MeasureStatus
from catalog.models import ListingMeasure, RenewalRequest, Technology, TechnologyVersion
from catalog.states import TechnologyStatus
from core import audit, rights
from core.clock import database_now
from core.dated import months_after
from core.errors import DomainError

OLDEST = dt.timedelta(days=365)  # what was confirmed before is confirmed anew
RENEWABLE = frozenset({TechnologyStatus.LISTED, TechnologyStatus.EXPIRED})


def opens_on(technology: Technology) -> dt.date:
    """Return the day from which renewal can be asked for: some months before the end."""
    return months_after(technology.valid_until, -settings.LISTING_RENEWAL_MONTHS)


def is_open(technology: Technology, now: dt.datetime) -> bool:
    """Say whether it is time to ask: near the end, or at once where it lapsed before its end."""
    lapsed = technology.status == TechnologyStatus.EXPIRED
    return lapsed or timezone.localdate(now) >= opens_on(technology)


def in_force(now: dt.datetime) -> QuerySet[RenewalRequest]:
    """Return the requests a renewal can rest on: not used, not old, about what is public now.

    Of a listing that expired only its state is public; there what was public last counts too.
    """
    used = ListingMeasure.objects.filter(
        technology=OuterRef("technology"),
        kind=MeasureKind.RENEW,
        status=MeasureStatus.CONFIRMED,
        confirmed_at__gte=OuterRef("asked_at"),
    )
    shown = TechnologyVersion.objects.filter(
        technology=OuterRef("technology"), content__state=TechnologyStatus.LISTED
    ).order_by("-number")
    last_shown = Q(content_hash=Subquery(shown.values("content_hash")[:1]))
    present = Q(content_hash=F("technology__content_hash"))
    rows = RenewalRequest.objects.filter(asked_at__gte=now - OLDEST)
    return rows.filter(
        present | ~Q(technology__status=TechnologyStatus.LISTED) & last_shown
    ).exclude(Exists(used))


def standing_request(technology: Technology) -> RenewalRequest | None:
    """Return the request on which the listing can be renewed, if there is one."""
    return in_force(database_now()).filter(technology=technology).first()


def nobody_can_be_asked(technology: Technology) -> bool:
    """Say whether an earlier listing has a holder nobody here acts for: evidence takes its place.

    Of what was declared here somebody of the holder was a member; where they left, officers see
    to it that somebody comes.
    """
    return technology.earlier_id is not None and acting.nobody_acts_for(technology)


def can_be_asked(technology: Technology, now: dt.datetime) -> bool:
    """Say whether the holder can ask now: it is time, and nobody asked before."""
    if technology.status not in RENEWABLE or not is_open(technology, now):
        return False
    return standing_request(technology) is None


@transaction.atomic
def ask(technology_id: UUID, *, actor: User, still_holds: bool) -> RenewalRequest:
    """Ask for renewal, and confirm that the particulars still hold: this counts at once."""
    technology: Any = Technology.objects.select_for_update(no_key=True).get(pk=technology_id)
    if not rights.can(actor, "ask_renewal", technology):
        raise PermissionDenied(f"ask for the renewal of technology {technology_id}")
    now = database_now()
    if not is_open(technology, now):
        raise DomainError(_("It is too early to ask for renewal."))
    if known := standing_request(technology):  # pressed twice is once
        return known
    if not still_holds:
        raise DomainError(
            _("Say that the particulars still hold; otherwise the listing is not renewed."),
            field="still_holds",
        )
    made = RenewalRequest.objects.create(
        technology=technology,
        asked_by=actor,
        asked_at=now,
        content_hash=technology.content_hash,
    )
    audit.record(
        "technology.renewal_asked",
        audit.subject(technology),
        actor=actor,
        details={"content_hash": made.content_hash},
    )
    attesting.note(technology, at=now)
    measure_mails.renewal_asked(made)
    return made
