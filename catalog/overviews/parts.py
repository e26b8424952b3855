"""The parts overviews are made of: counts with links, and technologies, the newest first."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse

from catalog import labels
from catalog.browsing.finding import in_order
from catalog.models import Technology, TechnologyQuerySet
from catalog.naming import holder_name, title_of
from catalog.overviews import links
from catalog.overviews.among import Among
from catalog.vocabulary import Vocabulary

NEWEST = 5
MOST = 8  # options of a group; the list itself has them all

Context = dict[str, Any]


def part(
    title: str, among: Among, chosen: dict[str, str], groups: Iterable[str], names: Vocabulary
) -> Context:
    """Return a set of technologies, narrowed from all by ``chosen``: how many, of what kinds.

    Its newest are ``places``, for ``filled`` to read.
    """
    made = [group(facet, among, chosen, names) for facet in groups]
    return {
        "title": title,
        "total": among.total(),
        "groups": [one for one in made if one["options"]],
        "list_url": links.list_of(**chosen),
        "places": among.newest(NEWEST),
        "rows": [],
    }


def group(facet: str, among: Among, chosen: dict[str, str] | None, names: Vocabulary) -> Context:
    """Count one facet; each option leads to the list narrowed to it as well.

    Where the list cannot be narrowed to the set (None), it leads to the page of the option.
    """
    known, counts = names.of(facet), among.counts(facet)
    most = sorted(counts, key=lambda code: (-counts[code], known.get(code, code)))[:MOST]
    return {
        "title": labels.label(labels.FACETS, facet),
        "options": [
            {
                "label": known.get(code, code),
                "count": counts[code],
                "url": links.page_of(facet, code)
                if chosen is None
                else links.list_of(**{**chosen, facet: code}),
            }
            for code in most
        ],
    }


def filled(parts: list[Context], rows: TechnologyQuerySet, names: Vocabulary) -> list[Context]:
    """Read the newest technologies of all parts; one query."""
    places = {place for one in parts for place in one["places"]}
    found = {one.place: one for one in in_order(rows, sorted(places))}
    for one in parts:
        one["rows"] = [row(found[place], names) for place in one["places"] if place in found]
    return parts


def row(one: Technology, names: Vocabulary) -> Context:
    language, title = title_of(one)
    return {
        "url": reverse("catalog:technology-detail", args=[one.pk]),
        "number": one.number,
        "title": title,
        "lang": language,
        "holder": holder_name(one.content.get("holder", {})),
        "country": names.country.get(one.country_id, one.country_id),
        "subcategory": names.subcategory.get(one.subcategory_id, one.subcategory_id),
    }
