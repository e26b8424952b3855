"""What an activity of the benchmark holds before the first door: people, organisations, filings.

Inserted at once where the door would take hours; every act from the check on is real.
"""

import datetime as dt
import uuid
from collections.abc import Iterable

from django.utils import timezone

from accounts.models import Membership, Organisation, User
from accounts.roles import Level
from core.canonical import content_hash
from evaluation.desk.saving import Given
from evaluation.models import Expert
from evaluation.pool.workflow import EXPERTS
from evaluation.statistics.chance import Chance
from reference.models import Country, Subcategory
from submissions.models import Activity, Declaration, DeclarationVersion
from submissions.states import Status
from tests.builders import catalog, evaluation

SUBCATEGORIES = 10  # declarations are spread over so many, of two fields
KNOWN = 3  # sub-categories of an expert
EXPLAINED = range(60, 90)  # scores in the middle bands need no words


def filed(activity: Activity, number: int) -> list[Declaration]:
    """Return declarations that are filed, each of an organisation and an owner of its own."""
    houses, owners = _houses(activity.code, number)
    codes = _codes()
    now = timezone.now()
    rows = Declaration.objects.bulk_create(
        Declaration(
            activity=activity,
            organisation=house,
            language="en",
            title=f"Technology {place} of {activity.code}",
            subcategory_id=codes[place % SUBCATEGORIES],
            created_by=owner,
        )
        for place, (house, owner) in enumerate(zip(houses, owners, strict=True))
    )
    versions = DeclarationVersion.objects.bulk_create(
        (_version(row, now) for row in rows), batch_size=500
    )
    for place, (row, version) in enumerate(zip(rows, versions, strict=True)):
        row.content, row.version, row.submitted_at = version.content, version, now
        row.status, row.number = Status.SUBMITTED, f"{activity.code}-{place:04}"
    columns = ["content", "version", "submitted_at", "status", "number"]
    Declaration.objects.bulk_update(rows, columns, batch_size=200)
    return rows


def _houses(code: str, number: int) -> tuple[list[Organisation], list[User]]:
    owners = User.objects.bulk_create(
        User(email=f"{code.lower()}-{n}@example.org", name=f"Owner {n}") for n in range(number)
    )
    country, kind = Country.objects.get(pk="NO"), Organisation.Kind.ENTERPRISE
    houses = Organisation.objects.bulk_create(
        Organisation(name_en=f"{code} house {n}", country=country, kind=kind, invented=True)
        for n in range(number)
    )
    Membership.objects.bulk_create(
        Membership(organisation=house, user=owner, level=Level.OWN)
        for house, owner in zip(houses, owners, strict=True)
    )
    return houses, owners


def _codes() -> list[str]:
    rows = Subcategory.objects.filter(pk__startswith="WAT").order_by("pk")
    return list(rows.values_list("pk", flat=True)[:SUBCATEGORIES])


def _version(row: Declaration, now: dt.datetime) -> DeclarationVersion:
    house = row.organisation
    content = catalog.document(title=row.title, subcategory=str(row.subcategory_id))
    content["organisation"] = {
        "id": str(house.pk),
        "name_en": house.name_en,
        "name_zh": "",
        "country": house.country_id,
        "kind": house.kind,
        "website": "",
        "registration_number": "",
    }
    return DeclarationVersion(
        declaration=row,
        number=1,
        content=content,
        content_hash=content_hash(content),
        submitted_at=now,
        submitted_by_id=row.created_by_id,
    )


def experts(number: int, officer: User) -> list[Expert]:
    """Return the pool, enlarged to a number of experts: two of each institute, two in five judge
    economics."""
    codes = _codes()
    for place in range(Expert.objects.count(), number):
        known = [codes[(place * KNOWN + n * n) % len(codes)] for n in range(KNOWN)]
        applied = evaluation.applicant(
            subcategories=list(dict.fromkeys(known)),
            employer_name=f"Institute {place // 2}",
            economics=place % 5 < 2,
            name=f"Judge {place}",
        )
        EXPERTS.perform("enrol", applied.pk, actor=officer)
    return list(Expert.objects.select_related("user").order_by("pk"))


class Scores:
    """Scores that differ by merit of the declaration, severity of the expert, and chance."""

    def __init__(self, declarations: Iterable[uuid.UUID], pool: Iterable[Expert], seed: int):
        self.chance = Chance(seed)
        keys, people = sorted(declarations), [one.pk for one in pool]
        self.merit = dict(zip(keys, 75 + 5 * self.chance.normal(len(keys)), strict=True))
        self.severity = dict(zip(people, 2 * self.chance.normal(len(people)), strict=True))

    def of(
        self, declaration: uuid.UUID, expert: uuid.UUID, indicators: list[int]
    ) -> dict[int, Given]:
        middle = self.merit[declaration] + self.severity[expert]
        exact = middle + 4 * self.chance.normal(len(indicators))
        low, high = EXPLAINED[0], EXPLAINED[-1]
        values = [min(max(round(float(one)), low), high) for one in exact]
        return {key: Given(value) for key, value in zip(indicators, values, strict=True)}
