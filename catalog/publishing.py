"""Putting a technology into the catalogue, and keeping its public record true.

Listing follows the end of publicity in the same transaction (``CASES.then("clear", ...)``);
what happens later to a listed technology are the steps of ``catalog.workflow``.
"""

import datetime as dt
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils import timezone

from catalog import indexing, notifications, origins
from catalog.models import Technology, TechnologyVersion
from catalog.states import TechnologyStatus
from catalog.sync.deliveries import announce
from catalog.trust import signing
from core import audit
from core.canonical import content_hash
from core.clock import database_now
from core.workflow import Act
from evaluation.models import Case
from submissions.models import Declaration, TranslationVersion

# Long enough for a listing to be relied on in a project, short enough that figures, prices and
# contacts are looked at again. The calls we know name no term; FECO may set another one.
VALID_YEARS = 5
NUMBER = "GBR-{year}-{place:04d}"
_NUMBER_LOCK = 731004

# What of a technology is written when its record is.
COLUMNS = (
    "content",
    "content_hash",
    "titles",
    "language",
    "subcategory",
    "country",
    "maturity",
    "evidence_grade",
    "case_countries",
)


def list_technology(case: Case, act: Act) -> None:
    """Put the technology of a cleared case into the catalogue, within the step that cleared it."""
    # Whoever confirms a translation in this moment waits for us, or is waited for.
    Declaration.objects.select_for_update(no_key=True).get(pk=case.declaration_id)
    enter(Technology(case=case, holder_id=case.declaration.organisation_id), act)


def enter(technology: Technology, act: Act) -> None:
    """List a technology that has its origin and holder: number, record, version, event, mails."""
    today = timezone.localdate(act.at)
    technology.number = _next_number(today.year)
    technology.seq = 1
    technology.listed_at = technology.changed_at = technology.confirmed_at = act.at
    technology.valid_until = years_after(today, VALID_YEARS)
    technology.demonstration = settings.DEMO
    fill(technology)
    technology.save(force_insert=True)
    audit.record(
        "technology.listed",
        audit.Subject("technology", technology.pk),
        actor=act.actor,
        change=("", TechnologyStatus.LISTED),
        details={"number": technology.number, "content_hash": technology.content_hash},
    )
    publish(technology, "listed", act)


def publish_translation(confirmed: TranslationVersion) -> None:
    """Show a translation the applicant confirmed, within the transaction of the confirmation.

    Of a technology that is suspended or expired only its state is public: the translation
    waits, and is shown when the technology is listed again (``fill``).
    """
    # Locked first and looked at afterwards: whoever lists it again in this moment has not seen
    # the translation, and is waited for.
    rows = Technology.objects.filter(case__version=confirmed.version_id)
    technology = rows.select_for_update(of=("self",), no_key=True).first()
    if technology is None or technology.status != TechnologyStatus.LISTED:
        return
    known = technology.content_hash
    fields = fill(technology)
    if technology.content_hash == known:  # nothing of it is public
        return
    # Under the row's lock: the order of events, and of their times, is the order of commits.
    at = database_now()
    technology.seq += 1
    technology.changed_at = at
    technology.save(update_fields=["seq", "changed_at", *fields])
    audit.record(
        "technology.translated",
        audit.Subject("technology", technology.pk),
        actor=confirmed.confirmed_by,
        details={"language": confirmed.language, "content_hash": technology.content_hash},
    )
    show(technology, "translated", at=at)


def fill(technology: Technology, at: dt.datetime | None = None) -> tuple[str, ...]:
    """Write the full record and what lists read of it; return the names of the fields set.

    ``at``: with the translations that counted then.
    """
    set_content(technology, origins.record_of(technology, at))
    read_columns(technology)
    return COLUMNS


def set_content(technology: Technology, content: dict[str, Any]) -> None:
    technology.content = content
    technology.content_hash = content_hash(content)


def read_columns(technology: Technology) -> None:
    """Read out of the full record what rows of the catalogue are looked at by."""
    content = technology.content
    technology.titles = content["titles"]
    technology.language = content["language"]
    technology.subcategory_id = content["subcategory"]
    technology.country_id = content["holder"]["country"]
    technology.maturity = content["maturity"]
    technology.evidence_grade = content["evidence_grade"]
    technology.case_countries = sorted({c["country"] for c in content["cases"] if "country" in c})


def publish(technology: Technology, change: str, act: Act) -> None:
    """Let a change be seen, and tell the holder: by the statement, where there is one."""
    show(technology, change, at=act.at)
    said = act.inputs.get("statement") or act.reason
    notifications.tell_holder(technology, change, reason=said)


def show(technology: Technology, change: str, *, at: dt.datetime) -> None:
    """Let a change be seen: version, lists and search, platform. The row is locked or new."""
    keep_version(technology, at=at)
    indexing.index(technology)
    indexing.note(technology, change)
    announce(technology, f"technology.{change}", at=at)


def keep_version(technology: Technology, *, at: dt.datetime) -> None:
    """Keep what is public from now on as a version, and sign it."""
    last = technology.versions.order_by("-number").first()
    if last and last.content_hash == technology.content_hash:
        return
    version = TechnologyVersion.objects.create(
        technology=technology,
        number=last.number + 1 if last else 1,
        content=technology.content,
        content_hash=technology.content_hash,
        published_at=at,
    )
    signing.sign(version)


def years_after(day: dt.date, years: int) -> dt.date:
    """Return the same day some years later; of a 29 February, the 28th where there is none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def _next_number(year: int) -> str:
    """Return the next number of the year. The lock is held until commit, so there are no gaps."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_NUMBER_LOCK])
    # Technologies are never deleted: a withdrawn one keeps its number.
    taken = Technology.objects.filter(number__startswith=f"GBR-{year}-").count()
    return NUMBER.format(year=year, place=taken + 1)
