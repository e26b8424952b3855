"""Where a technology comes from, and the public record that follows from it.

Either it was declared and evaluated here (a case), or it stands in an earlier list, evaluated
before the portal (an entry). Nobody else has to ask which.
"""

import datetime as dt
from typing import Any

from django.utils import timezone

from catalog import record
from catalog.models import EarlierEntry, Technology
from catalog.states import TechnologyStatus
from evaluation.models import Case
from reference.models import Subcategory
from submissions import profiles, translations
from submissions.scheme import load

Document = record.Document


def record_of(technology: Technology, at: dt.datetime | None = None) -> Document:
    """Return the full record of a technology; ``at``: with the translations that counted then."""
    if technology.case is not None:
        return _declared(technology, technology.case, at)
    if technology.earlier is None:
        raise LookupError(f"technology {technology.pk} comes from nowhere")
    return _stated(technology, technology.earlier)


def year_of(technology: Technology) -> int | None:
    """Return the year of the activity in which it was filed, or of the list it stands in."""
    if technology.case is not None:
        return timezone.localtime(technology.case.declaration.activity.opens_at).year
    return technology.earlier.earlier_list.year if technology.earlier else None


def _declared(technology: Technology, case: Case, at: dt.datetime | None) -> Document:
    activity = case.declaration.activity
    translated = translations.in_force(case.version, at)
    texts = {language: dict(one.texts) for language, one in translated.items()}
    content = case.version.content | {"translations": texts}
    days = {language: timezone.localdate(one.confirmed_at) for language, one in translated.items()}
    listing = _listing(
        technology,
        content["sections"]["technology"]["subcategory"],
        activity=activity.code,
        activity_titles=activity.titles,
        version=case.version.number,
        confirmed_on=days,
    )
    public = load(activity.scheme.sections).public_keys(content["sections"])
    profile = profiles.scheme().public_keys({})
    return record.public_record(content, public, listing, profile=profile)


def _stated(technology: Technology, entry: EarlierEntry) -> Document:
    """Return the record of an entry: what the list says, with the list as its source."""
    return record.earlier_record(stated(entry), _listing(technology, entry.subcategory_id))


def stated(entry: EarlierEntry) -> Document:
    """Return what an entry says, as ``record.earlier_record`` takes it."""
    of = entry.earlier_list
    summaries = {"en": entry.summary_en, "zh-hans": entry.summary_zh}
    titles = entry.titles
    # The language of the list where the entry has its title in it.
    language = of.language if of.language in titles else next(iter(titles))
    own_source = {"title": entry.source_title, "url": entry.source_url, "year": entry.source_year}
    list_source = {"title": of.title_in(language), "url": of.source_url, "year": of.year}
    return {
        "language": language,
        "texts": {
            code: {"title": title, "summary": summaries[code]} for code, title in titles.items()
        },
        "subcategory": entry.subcategory_id,
        "maturity": entry.maturity,
        "holder": {
            "name_en": entry.holder_en,
            "name_zh": entry.holder_zh,
            "country": entry.country_id,
            "website": entry.website,
        },
        "indicators": entry.indicators,
        "cases": entry.cases,
        "sources": [
            one
            for one in (list_source, own_source if entry.source_title or entry.source_url else {})
            if one
        ],
        "evidence_grade": entry.evidence_grade,
        "earlier": {
            "list": of.code,
            "titles": of.titles,
            "authority": of.authority,
            "year": of.year,
            "published_on": of.published_on.isoformat() if of.published_on else "",
            "number": entry.number,
            "source": of.source_url,
        },
    }


def _listing(technology: Technology, subcategory: str, **declared: Any) -> record.Listing:
    return record.Listing(
        id=str(technology.pk),
        number=technology.number,
        state=TechnologyStatus.LISTED,
        field=Subcategory.objects.get(pk=subcategory).field_id,
        listed_on=timezone.localdate(technology.listed_at),
        valid_until=technology.valid_until,
        demonstration=technology.demonstration,
        **declared,
    )
