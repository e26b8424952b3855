"""What the catalogue holds about a person who answers or asks for a holder."""

from typing import Any

from accounts.models import User
from accounts.personal import Records
from catalog.models import Attestation, ListingMeasure, RenewalRequest


def _answers(user: User) -> list[Any]:
    """List what the person answered; it stays as evidence, under the id alone."""
    rows = ListingMeasure.objects.filter(answered_by=user.pk).order_by("answered_at", "pk")
    return list(rows.values("technology__number", "kind", "status", "answer", "answered_at"))


def _renewals(user: User) -> list[Any]:
    rows = RenewalRequest.objects.filter(asked_by=user.pk).order_by("asked_at", "pk")
    return list(rows.values("technology__number", "asked_at", "content_hash"))


def _attestations(user: User) -> list[Any]:
    rows = Attestation.objects.filter(by=user.pk).order_by("at", "pk")
    return list(rows.values("technology__number", "at", "content_hash"))


RECORDS = (
    Records("listing_answers", _answers),
    Records("renewals_asked", _renewals),
    Records("listings_confirmed", _attestations),
)
