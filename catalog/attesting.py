"""The holder confirms once a year that the particulars of a listing still hold.

What nobody confirmed for two years is marked and sinks in searches; after three it lapses: the
portal lets it expire. Listing and renewal confirm too, for others looked at it then.
"""

import datetime as dt
from typing import NamedTuple
from uuid import UUID

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Case, Exists, Min, OuterRef, Q, Subquery, TextChoices, Value, When
from django.utils.formats import date_format
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from catalog import indexing
from catalog.acting import acting
from catalog.measure_states import MeasureKind
from catalog.models import (
    Attestation,
    Change,
    ListingMeasure,
    RenewalRequest,
    Technology,
    TechnologyVersion,
)
from catalog.states import TechnologyStatus
from core import audit, rights
from core.clock import database_now
from core.dated import first_moment, months_after
from core.errors import DomainError

AGAIN = dt.timedelta(days=30)  # what was confirmed is not confirmed anew before
# Of what is suspended the record of before is confirmed: it may be listed again.
ATTESTABLE = frozenset({TechnologyStatus.LISTED, TechnologyStatus.SUSPENDED})
LAPSED = gettext_lazy("Its particulars were not confirmed for too long.")


class Occasion(TextChoices):
    LISTING = "listing", gettext_lazy("with the listing")
    HOLDER = "holder", gettext_lazy("by the holder")
    RENEWAL = "renewal", gettext_lazy("with the renewal")
    COUNTED = "counted", gettext_lazy("as counted when the yearly confirmation began")


class Confirmed(NamedTuple):
    on: dt.date
    occasion: Occasion


def last_confirmed(technology: Technology) -> Confirmed:
    """Return the day the particulars were last confirmed, and on what occasion; one query.

    A translation confirms nothing: it says the same in other words.
    """
    at = technology.confirmed_at
    if at == technology.listed_at:
        return Confirmed(localdate(at), Occasion.LISTING)
    of = {"technology": technology}
    attested = Q(Exists(Attestation.objects.filter(at=at, **of)))
    asked = Q(Exists(RenewalRequest.objects.filter(asked_at=at, **of)))
    shown = Q(Exists(TechnologyVersion.objects.filter(published_at=at, **of)))
    measures = ListingMeasure.objects.filter(confirmed_at=at, kind=MeasureKind.RENEW, **of)
    occasion = Case(
        When(attested | asked, then=Value(Occasion.HOLDER)),
        When(shown | Q(Exists(measures)), then=Value(Occasion.RENEWAL)),
        default=Value(Occasion.COUNTED),
    )
    rows = Technology.objects.filter(pk=technology.pk).values_list(occasion, flat=True)
    return Confirmed(localdate(at), Occasion(rows[0]))


def due_on(technology: Technology) -> dt.date:
    """Return the day by which the holder is asked to confirm."""
    return months_after(localdate(technology.confirmed_at), settings.ATTESTATION_MONTHS)


def answerable_since() -> Subquery:
    """Return since when somebody who acts for the holder now could have answered."""
    rows = acting().filter(organisation=OuterRef("holder")).order_by("since")
    return Subquery(rows.values("since")[:1])


def lapses_on(technology: Technology) -> dt.date:
    """Return the last day of a listing that nobody confirms, as long as somebody can."""
    rows = acting().filter(organisation=technology.holder_id)
    return lapses_after(technology.confirmed_at, rows.aggregate(since=Min("since"))["since"])


def lapses_after(confirmed_at: dt.datetime, could: dt.datetime | None) -> dt.date:
    """Return the last day of what was confirmed then, when somebody could answer since."""
    began = max(confirmed_at, could or confirmed_at)
    return months_after(localdate(began), settings.ATTESTATION_LAPSE_MONTHS)


def opens_on(technology: Technology) -> dt.date:
    """Return the day from which it can be confirmed anew."""
    return localdate(technology.confirmed_at + AGAIN)


def not_confirmed_since(technology: Technology, today: dt.date) -> str:
    """Say since when nobody confirmed a listing; nothing, while that is not long."""
    day = localdate(technology.confirmed_at)
    if day >= months_after(today, -settings.ATTESTATION_STALE_MONTHS):
        return ""
    return _("Not confirmed since %(day)s") % {"day": date_format(day, "DATE_FORMAT")}


def lapsing(now: dt.datetime) -> Q:
    """Name what lapses: nobody confirmed it for so long, though the holder could.

    The holder of an earlier listing may have nobody here, or the people of another may have
    left. The silence of who was never asked says nothing: a listing lapses once somebody who
    acts for its holder now could answer for as long, else at its end only.
    """
    before = first_moment(months_after(localdate(now), -settings.ATTESTATION_LAPSE_MONTHS))
    could = acting().filter(organisation=OuterRef("holder"), since__lt=before)
    return Q(confirmed_at__lt=before) & Q(Exists(could))


def has_lapsed(technology: Technology, now: dt.datetime) -> bool:
    return Technology.objects.filter(lapsing(now), pk=technology.pk).exists()


def can_be_confirmed(technology: Technology, now: dt.datetime) -> bool:
    return technology.status in ATTESTABLE and now >= technology.confirmed_at + AGAIN


@transaction.atomic
def attest(technology_id: UUID, *, actor: User) -> Attestation:
    """Confirm that the particulars of a listing still hold."""
    technology = Technology.objects.select_for_update(no_key=True).get(pk=technology_id)
    if not rights.can(actor, "attest", technology):
        raise PermissionDenied(f"confirm the particulars of technology {technology_id}")
    now = database_now()
    known = technology.attestations.filter(at=technology.confirmed_at).first()
    if known and now < known.at + AGAIN:  # pressed twice is once
        return known
    if not can_be_confirmed(technology, now):
        day = date_format(opens_on(technology), "DATE_FORMAT")
        raise DomainError(_("It can be confirmed anew from %(day)s on.") % {"day": day})
    made = Attestation.objects.create(
        technology=technology, by=actor, at=now, content_hash=_shown(technology)
    )
    audit.record(
        "technology.confirmed",
        audit.subject(technology),
        actor=actor,
        details={"content_hash": made.content_hash},
    )
    note(technology, at=now)
    return made


def note(technology: Technology, *, at: dt.datetime) -> None:
    """Write down that the particulars were confirmed; pages say so. The row is locked."""
    technology.confirmed_at = at
    technology.save(update_fields=["confirmed_at"])
    if technology.status == TechnologyStatus.LISTED:
        indexing.note(technology, Change.Kind.CONFIRMED)


def _shown(technology: Technology) -> str:
    """Return the checksum of what is public; of what is suspended, of what was public last."""
    if technology.status == TechnologyStatus.LISTED:
        return technology.content_hash
    shown = technology.versions.filter(content__state=TechnologyStatus.LISTED)
    return shown.order_by("-number").values_list("content_hash", flat=True)[0]
