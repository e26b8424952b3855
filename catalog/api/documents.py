"""What answers hold: public records in an envelope with links. No HTTP."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from catalog.api import cursors, links
from catalog.api.listing import Listing
from catalog.browsing.finding import Sifted
from catalog.models import Change, Technology, TechnologyVersion
from catalog.version import Version
from catalog.vocabulary import Names, Reference

Document = dict[str, Any]


def moment(at: dt.datetime) -> str:
    return at.astimezone(dt.UTC).isoformat(timespec="microseconds")


def technology(one: Technology) -> Document:
    return {
        "record": one.content,
        "hash": one.content_hash,
        "changed_at": moment(one.changed_at),
        "links": {
            "self": links.technology(one.pk),
            "versions": links.technology(one.pk, "/versions"),
            "page": links.page("technology-detail", one.pk),
        },
    }


def listing(listed: Listing, pages: links.Pages, version: Version, *, counts: bool) -> Document:
    """Return a page of the list."""
    page = listed.page
    told = {
        "version": str(version),
        "since": version.change,
        "total": len(listed.sifted.all),
        "items": [technology(one) for one in listed.rows],
        "links": {
            "self": pages.here(),
            "next": pages.at(page.next) if page.next else None,
            "previous": pages.at(page.previous, cursors.BEFORE) if page.previous else None,
        },
    }
    return told | counted(listed.sifted) if counts else told


def counted(sifted: Sifted) -> Document:
    return {"counts": sifted.counts(), "measures": sifted.measures()}


def versions(one: Technology, rows: Iterable[TechnologyVersion]) -> Document:
    return {
        "items": [version_line(row) for row in rows],
        "links": {
            "self": links.technology(one.pk, "/versions"),
            "technology": links.technology(one.pk),
        },
    }


def version_line(row: TechnologyVersion) -> Document:
    where = links.technology(row.technology_id, f"/versions/{row.number}")
    return {
        "number": row.number,
        "hash": row.content_hash,
        "published_at": moment(row.published_at),
        "links": {"self": where},
    }


def version(row: TechnologyVersion) -> Document:
    line = version_line(row)
    line["links"]["technology"] = links.technology(row.technology_id)
    return {**line, "record": row.content}


def change(row: Change, tombstone: Document | None) -> Document:
    """Return a change with what the technology is now; of one that is gone, what remains."""
    one = row.technology
    told: Document = {
        "number": row.number,
        "kind": row.kind,
        "at": row.at and moment(row.at),  # given with the number
        "technology": {"id": str(one.pk), "number": one.number, "state": one.status},
        "seq": row.seq,
        "links": {"technology": links.technology(one.pk)},
    }
    return {**told, "tombstone": tombstone} if tombstone else told


def taxonomy(reference: Reference, edition: int) -> Document:
    return {
        "edition": edition,
        "fields": [
            {**entry, "subcategories": _subcategories(reference, entry["code"])}
            for entry in _entries(reference.fields)
        ],
        "countries": [
            {**entry, "corridors": reference.corridors_of.get(entry["code"], [])}
            for entry in _entries(reference.countries)
        ],
        "corridors": _entries(reference.corridors),
        "terms": {name: _entries(terms) for name, terms in sorted(reference.terms.items())},
        "units": [
            {"code": code, "symbol": symbol, "names": names}
            for code, (symbol, names) in sorted(reference.units.items())
        ],
        "indicators": _entries(reference.indicators),
        "links": {"self": links.to("/taxonomy")},
    }


def _subcategories(reference: Reference, field: str) -> list[Document]:
    within = {
        code: names
        for code, names in reference.subcategories.items()
        if reference.field_of[code] == field
    }
    return _entries(within)


def _entries(names: Names) -> list[Document]:
    return [{"code": code, "names": told} for code, told in sorted(names.items())]


def statistics(sifted: Sifted, version: Version) -> Document:
    return {
        "version": str(version),
        "listed": len(sifted.all),
        **counted(sifted),
        "links": {"self": links.to("/statistics"), "technologies": links.to("/technologies")},
    }


def entry() -> Document:
    """Return where everything is."""
    paths = ("technologies", "changes", "taxonomy", "statistics", "openapi.json")
    return {
        "links": {
            "self": links.to("/"),
            **{path.partition(".")[0]: links.to(f"/{path}") for path in paths},
            "documentation": links.page("api"),
        }
    }
