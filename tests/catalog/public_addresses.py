"""Every address that is open to the world, with what it can be asked for.

The names come from the addresses of the portal and its table of rights: a page that is new and
stands not here makes ``missing`` name it.
"""

import uuid
from collections.abc import Iterator
from typing import Any

from django.urls import get_resolver, reverse
from django.utils.translation import override

from catalog.browsing.held import held_at
from catalog.harvest import files, sitemaps
from catalog.models import Collection, EarlierList, Technology
from catalog.overviews.statistics import MONTHS, YEARS
from catalog.version import version_now
from core import rights
from evaluation.models import Case, CriteriaSet
from submissions.models import Activity
from tests.test_addresses import every_address

Values = dict[str, Any]
LANGUAGES = ("en", "zh-hans", "ar")
# Nothing that was planted is read there: pages for signing in, files an activity puts up, and
# the mail box of a demonstration, which shows letters on purpose.
NOT_ASKED = {
    *("account_", "mfa_", "admin:", "demo:", "accounts:"),
    *("submissions:annex-download", "submissions:supporter-logo"),
}
NO_LINK: Values = {"token": "not-a-token"}
OF_A_LINK: dict[str, Values] = {
    "catalog:enquiry": {},
    "catalog:enquiry-step": {"step": "close"},
    "catalog:saved-search": {},
    "catalog:saved-search-confirm": {},
    "catalog:saved-search-end": {},
    "evaluation:nomination": {},
    "evaluation:nomination-decline": {},
    "evaluation:objection": {},
    "evaluation:objection-step": {"step": "withdraw"},
    "evaluation:objection-file": {"file_id": uuid.UUID(int=1)},
    "submissions:joint-confirmation": {},
    "submissions:recommendation": {},
}
ONE_MORE: dict[str, list[str]] = {
    "catalog:technology-list": ["?q=membrane", "?field=WAT&after=1", "?order=title", "?q=nothing"],
    "catalog:feed-atom": ["?q=membrane"],
    "catalog:save-search": ["?q=membrane"],
    "api-v1:technologies": ["?size=1000&counts=true", "?q=membrane", "?size=0"],
    "api-v1:changes": ["?size=1000"],
    "trust:records": ["?before=1000000"],
    "harvest:oai": [
        *("?verb=Identify", "?verb=ListSets", "?verb=ListMetadataFormats"),
        *(f"?verb=ListRecords&metadataPrefix={form}" for form in ("oai_dc", "tp")),
        *(f"?verb=ListIdentifiers&metadataPrefix={form}" for form in ("oai_dc", "tp")),
    ],
}


def public() -> set[str]:
    """Return the names of all that is public."""
    names = {name for name, _path in every_address(get_resolver())}
    found = {name for name in names if rights.address_of(name) == rights.PUBLIC}
    return {name for name in found if not name.startswith(tuple(NOT_ASKED))}


def missing() -> set[str]:
    return public() - set(_values()) - {"root"}


def paths() -> Iterator[tuple[str, str]]:
    """Yield (name, path): each page with all there is to ask it for, in every language."""
    for name, given in _values().items():
        for path in {_path(name, one, code) for one in given for code in LANGUAGES}:
            yield name, path
            yield from ((name, path + more) for more in _more(name))


def _more(name: str) -> list[str]:
    if name in {"catalog:check", "catalog:compare", "catalog:compare-csv"}:
        numbers = list(Technology.objects.values_list("number", flat=True))
        asked = "?" + "&".join(f"with={number}" for number in numbers[:5])
        return [asked, *(f"?q={number}" for number in numbers)]
    return ONE_MORE.get(name, [])


def _path(name: str, given: Values, language: str) -> str:
    with override(language):
        return reverse(name, kwargs=given)


def _values() -> dict[str, list[Values]]:
    rows = list(Technology.objects.select_related("subcategory"))
    each: list[Values] = [{"id": one.pk} for one in rows]
    numbers: list[Values] = [{"number": one.number} for one in rows]
    versions = range(1, 4)
    cases = [{"case_id": pk} for pk in Case.objects.values_list("pk", flat=True)]
    sets = CriteriaSet.objects.values_list("code", "version")
    criteria = [{"code": code, "version": version} for code, version in sets]
    bulk: list[Values] = [{"name": name} for name in files.KINDS]
    now = files.current()
    found: dict[str, list[Values]] = {
        **{name: [{}] for name in _without_arguments()},
        **dict.fromkeys(_of_a_technology(), each),
        "catalog:technology-version": [{**one, "number": n} for one in each for n in versions],
        "api-v1:version": [{**one, "number": n} for one in each for n in versions],
        "trust:record": numbers,
        "trust:badge": numbers,
        "trust:code": [{"code": one.number} for one in rows],
        "trust:version": [{**one, "version": n} for one in numbers for n in versions],
        "catalog:by-field": [{"code": one.subcategory.field_id} for one in rows],
        "catalog:by-subcategory": [{"code": one.subcategory_id} for one in rows],
        "catalog:by-country": [{"code": one.country_id} for one in rows],
        "catalog:by-corridor": [{"code": "NELB"}],
        "catalog:by-holder": [{"id": one.holder_id} for one in rows],
        "catalog:by-activity": [{"code": code} for code in _codes(Activity)],
        "catalog:by-earlier-list": [{"code": code} for code in _codes(EarlierList)],
        "catalog:collection": [{"code": code} for code in _codes(Collection)],
        "catalog:statistics-csv": [{"name": name} for name in (YEARS, MONTHS)],
        **{name: [NO_LINK | more] for name, more in OF_A_LINK.items()},
        "harvest:bulk-newest": bulk,
        "harvest:bulk-file": [{"folder": now["folder"], **one} for one in bulk] if now else [],
        "harvest:sitemap-technologies": [
            {"block": block} for block in sitemaps.blocks(held_at(version_now()).listed)
        ],
        "submissions:activity-detail": [{"code": code} for code in _codes(Activity)],
        "evaluation:publicity-entry": cases,
        "evaluation:objection-form": cases,
        "evaluation:criteria-detail": criteria,
        "evaluation:criteria-document": criteria,
    }
    return {name: given for name, given in found.items() if given}


def _codes(model: Any) -> list[str]:
    return list(model.objects.values_list("code", flat=True))


def _without_arguments() -> set[str]:
    """Return what is public and takes no argument."""
    return {
        name
        for name, path in every_address(get_resolver())
        if name in public() and "<" not in path and "(?P" not in path
    }


def _of_a_technology() -> set[str]:
    return {
        *(f"catalog:technology-{part}" for part in ("detail", "record", "sheet", "versions")),
        *("catalog:technology-bib", "catalog:technology-ris", "catalog:enquiry-form"),
        *("api-v1:technology", "api-v1:versions", "harvest:item"),
    }


def of_a_link() -> set[str]:
    """Return what opens for who holds the link of a mail."""
    return set(OF_A_LINK)
