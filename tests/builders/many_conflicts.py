"""Fifty rows of a kind about conflicts, inserted at once for lists."""

from django.utils import timezone

from evaluation.models import AvoidanceRequest, ConflictRule, Connection
from tests.builders import accounts
from tests.builders.many import MANY, declarations, organisations, users


def connections() -> None:
    """Insert connections of two people, and of a person and an organisation."""
    now, officer = timezone.now(), accounts.officer()
    pairs = zip(users(), organisations(), strict=True)
    Connection.objects.bulk_create(
        Connection(
            kind="kin",
            person=user,
            organisation=one,
            organisation_name="Row",
            source="Row",
            recorded_by=officer,
            recorded_at=now,
        )
        for user, one in pairs
    )


def conflict_rules() -> None:
    ConflictRule.objects.bulk_create(ConflictRule(kind=f"row-{n}") for n in range(MANY))


def avoidances() -> None:
    now, person = timezone.now(), accounts.user()
    AvoidanceRequest.objects.bulk_create(
        AvoidanceRequest(declaration=one, named="Row", reason="Row", asked_by=person, asked_at=now)
        for one in declarations()
    )
