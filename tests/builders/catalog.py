"""Technologies in the catalogue: inserted for lists and the lake, or through the real chain."""

import copy
import datetime as dt
from itertools import count
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from accounts.models import Organisation, User
from catalog import attesting, indexing, publishing
from catalog.measure_states import HEARD, MeasureKind
from catalog.measures import MEASURES
from catalog.models import Attestation, Destination, ListingMeasure, Technology
from catalog.proposing import propose
from catalog.sync.deliveries import announce
from catalog.workflow import perform
from core.canonical import content_hash
from evaluation.models import Case
from evaluation.states import CaseStatus
from reference.models import Country
from submissions.models import Activity, Declaration, DeclarationVersion
from tests.builders import accounts, criteria, evaluation, submissions

_numbers = count(1)


def document(
    *,
    title: str = "Membrane bioreactor",
    title_zh: str = "",
    summary: str = "Treats leachate.",
    language: str = "en",
    subcategory: str = "WAT-01",
    maturity: str = "commercial",
    evidence: str = "peer_reviewed",
    case_countries: tuple[str, ...] = ("NO",),
    indicators: list[dict[str, str]] | None = None,
    economics: dict[str, str] | None = None,
    **technology: Any,
) -> dict[str, Any]:
    """Return what a declaration of this technology files, private parts included."""
    sections = copy.deepcopy(submissions.content(title))
    sections["technology"] |= {
        "summary": summary,
        "subcategory": subcategory,
        "maturity": maturity,
        **technology,
    }
    sections["evidence"]["evidence_grade"] = evidence
    if indicators is not None:
        sections["performance"]["indicators"] = indicators
    if economics is not None:
        sections["economics"] = {**sections["economics"], **economics}
    sections["cases"]["cases"] = [
        {"name": f"Plant {code}", "country": code} for code in case_countries
    ]
    translations = {"zh-hans": {"technology.title": title_zh}} if title_zh else {}
    return {
        "scheme": {"code": "demo", "version": 3, "hash": ""},
        "language": language,
        "sections": sections,
        "translations": translations,
        "attachments": [],
    }


@transaction.atomic
def technology(
    *,
    holder: Organisation | None = None,
    country: str = "NO",
    listed_at: dt.datetime | None = None,
    announced: bool = False,
    **content: Any,
) -> Technology:
    """Insert a listed technology with a true record, without the years it takes to get there.

    ``announced``: its event is owed to the destinations too.
    """
    now = timezone.now()
    case = _case(holder or _organisation(country), document(**content))
    made = Technology(
        number=f"GBR-{now.year}-{next(_numbers):04d}",
        case=case,
        holder=case.declaration.organisation,
        seq=1,
        listed_at=listed_at or now,
        changed_at=listed_at or now,
        confirmed_at=listed_at or now,
        valid_until=publishing.years_after(now.date(), publishing.VALID_YEARS),
        demonstration=True,
    )
    publishing.fill(made)
    made.save(force_insert=True)
    publishing.keep_version(made, at=now)
    indexing.index(made)
    indexing.note(made, "listed")
    if announced:
        announce(made, "technology.listed", at=now)
    return Technology.objects.get(pk=made.pk)


def numbered() -> None:
    """Give the changes of this test their numbers, as their commit would."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")


def technologies(number: int, **common: Any) -> list[Technology]:
    """Insert some, the newest last."""
    began = timezone.now() - dt.timedelta(days=1)
    return [
        technology(
            **{
                "title": f"Technology {place}",
                "listed_at": began + dt.timedelta(minutes=place),
                **common,
            }
        )
        for place in range(number)
    ]


def listed_technology(**more: Any) -> Technology:
    """Return a technology that was declared, checked, scored, decided, released and cleared."""
    case = evaluation.case(CaseStatus.CLEARED, **more)
    return Technology.objects.select_related("case", "holder").get(case=case)


def case_of(technology: Technology) -> Case:
    """Return the case of a technology that was declared here."""
    assert technology.case is not None
    return technology.case


def attested(technology: Technology) -> Attestation:
    """Let the holder confirm a listing that is a year old."""
    before = timezone.now() - dt.timedelta(days=365)
    Technology.objects.filter(pk=technology.pk).update(confirmed_at=before)
    return attesting.attest(technology.pk, actor=accounts.owner_of(technology.holder))


def take(technology: Technology, step: str) -> Technology:
    """Take a step as the portal does for a measure two officers agreed on."""
    until = publishing.years_after(timezone.localdate(), publishing.VALID_YEARS)
    more = {"until": until} if step == MeasureKind.RENEW else {}
    return perform(step, technology.pk, actor=None, reason="Because.", **more)


def proposed(
    technology: Technology | None = None,
    kind: str = MeasureKind.REVOKE,
    *,
    actor: User | None = None,
    **given: Any,
) -> ListingMeasure:
    """Return a measure that waits for a second officer, filled in as its kind wants it."""
    on, today = technology or owned(), timezone.localdate()
    values: dict[str, Any] = {"reason": "Because.", "statement": "The figures are in doubt."}
    if kind in HEARD:
        values["due_on"] = today + dt.timedelta(days=5)
    if kind == MeasureKind.RENEW:
        values["valid_until"] = publishing.years_after(on.valid_until, 3)
    if kind == MeasureKind.WITHDRAW:
        values["evidence"] = "Letter of the holder."
    return propose(on.pk, actor=actor or accounts.officer(), kind=kind, **{**values, **given})


def owned() -> Technology:
    """Return a listed technology whose holder has an owner."""
    return technology(holder=accounts.organisation())


def ending(technology: Technology, days: int = 30) -> Technology:
    """Let a listing end in so many days."""
    day = timezone.localdate() + dt.timedelta(days=days)
    Technology.objects.filter(pk=technology.pk).update(valid_until=day)
    return Technology.objects.get(pk=technology.pk)


def answer(measure: ListingMeasure, text: str = "The figures are right.") -> ListingMeasure:
    owner = accounts.owner_of(measure.technology.holder)
    return MEASURES.perform("answer", measure.pk, actor=owner, answer=text)


def confirm(measure: ListingMeasure, *, actor: User | None = None) -> ListingMeasure:
    return MEASURES.perform("confirm", measure.pk, actor=actor or accounts.second_officer())


def expire(technology: Technology) -> Technology:
    """Let the listing run out; its last day has to have passed."""
    return perform("expire", technology.pk, actor=None)


def platform() -> Destination:
    return Destination.objects.get(pk="big-data-platform")


def _organisation(country: str) -> Organisation:
    return Organisation.objects.create(
        name_en=f"Holder {next(_numbers)}",
        country=Country.objects.get(pk=country),
        kind=Organisation.Kind.ENTERPRISE,
        invented=True,
    )


def _activity() -> Activity:
    return Activity.objects.order_by("opens_at").first() or submissions.open_activity()


def _case(organisation: Organisation, filed: dict[str, Any]) -> Case:
    officer = User.objects.order_by("joined_at").first() or accounts.officer()
    filed["organisation"] = {
        "id": str(organisation.pk),
        "name_en": organisation.name_en,
        "name_zh": organisation.name_zh,
        "country": organisation.country_id,
        "kind": organisation.kind,
        "website": organisation.website,
        "registration_number": organisation.registration_number,
    }
    declaration = Declaration.objects.create(
        activity=_activity(),
        organisation=organisation,
        language=filed["language"],
        created_by=officer,
    )
    version = DeclarationVersion.objects.create(
        declaration=declaration,
        number=1,
        content=filed,
        content_hash=content_hash(filed),
        submitted_at=timezone.now(),
        submitted_by=officer,
    )
    return Case.objects.create(
        declaration=declaration,
        version=version,
        criteria_set=criteria.criteria(),
        experts_wanted=1,
    )


def many_measures() -> None:
    """Insert fifty measures, each on a technology of its own."""
    officer, now = accounts.officer(), timezone.now()
    ListingMeasure.objects.bulk_create(
        ListingMeasure(
            technology=one,
            kind=MeasureKind.RESUME,
            reason="Row",
            statement="Row",
            proposed_by=officer,
            proposed_at=now,
        )
        for one in technologies(50)
    )
