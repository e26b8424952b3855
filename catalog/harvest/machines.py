"""What the pages for machines print: addresses of everything that can be fetched, and a mapping."""

from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from catalog.harvest import about, files
from catalog.harvest.mapping import MAPPING

Context = dict[str, Any]


def machines_page() -> Context:
    return {
        "ways": [_way(*one) for one in _ways()],
        "files": _files(),
        "terms": about.terms(),
        "terms_url": about.terms() if about.terms_are_an_address() else "",
        "terms_lang": "en" if about.terms() == about.TERMS else "",
        "contact": about.contact(),
    }


def _ways() -> list[tuple[str, str, str]]:
    """Return what there is: its name, its address, what to know of it."""
    here = get_language() or "en"
    return [
        (
            "REST API v1",
            about.address("catalog:api", language=here),
            _("Search with every filter, records, versions, changes and counts, as JSON."),
        ),
        (
            "OAI-PMH 2.0",
            f"{about.address('harvest:oai')}?verb=Identify",
            _("Harvesting: what changed since a moment, in sets; deletions are kept for good."),
        ),
        (
            "DCAT-AP 3",
            about.address("harvest:dcat"),
            _("The catalogue as linked data, Turtle or JSON-LD by what is asked for."),
        ),
        (
            "Atom",
            about.address("catalog:feed-atom", language=here),
            _("What is new; the query of any list may be put behind it."),
        ),
        (
            "RSS 2.0",
            about.address("catalog:feed-rss", language=here),
            _("The same for readers of RSS."),
        ),
        (
            _("Site map"),
            about.address("harvest:sitemap"),
            _("Every public page in every language, with the day of its last change."),
        ),
        (
            _("Whole files"),
            about.address("harvest:bulk-manifest"),
            _("All listed records as JSON lines, CSV and Parquet, with checksums."),
        ),
        (
            _("Signed records"),
            about.address("trust:keys"),
            _("Every version is signed; these are the keys. A file checks it without the portal."),
        ),
        (
            "schema.org",
            about.address("catalog:technology-list", language=here),
            _("In the page of each technology, as JSON-LD."),
        ),
    ]


def _way(name: str, address: str, note: str) -> Context:
    return {"name": name, "url": address, "note": note}


def _files() -> Context | None:
    """Return the table of the whole files, None before they were first written."""
    manifest = files.current()
    if manifest is None:
        return None
    return {
        "count": manifest["count"],
        "version": manifest["version"],
        "at": date_format(localtime(files.written_at(manifest)), "DATETIME_FORMAT"),
        "all": manifest["files"],
    }


COLUMNS = (
    gettext_lazy("Meaning"),
    gettext_lazy("Field of the record"),
    "GB/T 21063.3",
    "Dublin Core",
    "DCAT-AP 3",
    "schema.org",
)


def mapping_page() -> Context:
    return {
        "columns": [{"label": label} for label in COLUMNS],
        "rows": [
            [
                {"text": str(one.label)},
                {"text": one.field},
                {"text": one.gb_t_21063, "lang": "zh-hans"} if one.gb_t_21063 else {"text": ""},
                *({"text": text} for text in (one.dublin_core, one.dcat, one.schema_org)),
            ]
            for one in MAPPING
        ],
    }
