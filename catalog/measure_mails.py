"""Who is mailed what about a measure on a listing, in the language of each reader.

What a confirmed measure does to the listing is told by ``catalog.notifications``.
"""

from typing import Any

from accounts.holders import officers_with
from accounts.models import User
from accounts.notifications import address
from catalog.acting import members_of
from catalog.measure_states import HEARD, MeasureKind
from catalog.models import ListingMeasure, RenewalRequest, Technology
from core import mail


def proposed(measure: ListingMeasure, *, asks_holder: bool) -> None:
    """Hear the holder where it is to be heard; tell the officers who may confirm."""
    if measure.kind in HEARD:
        _to_holder("listing_notice", measure.technology, measure=measure)
    elif measure.kind == MeasureKind.RENEW and asks_holder:
        _to_holder("listing_renewal_wanted", measure.technology)
    for officer in officers_with("confirm", measure):
        if officer.pk != measure.proposed_by_id:
            _to_officer("listing_measure_waits", officer, measure)


def answered(measure: ListingMeasure) -> None:
    for officer in officers_with("confirm", measure):
        _to_officer("listing_notice_answered", officer, measure)


def dropped(measure: ListingMeasure) -> None:
    """Tell who proposed it; and the holder, where it was heard."""
    if measure.proposed_by.is_active:
        _to_officer("listing_measure_dropped", measure.proposed_by, measure)
    if measure.kind in HEARD:
        _to_holder("listing_notice_dropped", measure.technology, measure=measure)


def suspension_confirmed(measure: ListingMeasure) -> None:
    """Tell the holder that what holds already was confirmed."""
    _to_holder("listing_suspension_confirmed", measure.technology, measure=measure)


def renewal_asked(request: RenewalRequest) -> None:
    technology = request.technology
    for officer in officers_with("propose", technology):
        _write(
            "listing_renewal_asked",
            officer,
            address("admin:catalog_technology_change", technology.pk, language=officer.language),
            technology=technology,
        )


def _to_officer(template: str, officer: User, measure: ListingMeasure) -> None:
    link = address("admin:catalog_listingmeasure_change", measure.pk, language=officer.language)
    _write(template, officer, link, technology=measure.technology, measure=measure)


def _to_holder(template: str, technology: Technology, **context: Any) -> None:
    for person in members_of(technology):
        link = address("catalog:listing", technology.pk, language=person.language)
        _write(template, person, link, technology=technology, **context)


def _write(template: str, to: User, link: str, **context: Any) -> None:
    values = {"reader": to.name, "link": link, **context}
    mail.write(template, to=to.email, language=to.language, context=values)
