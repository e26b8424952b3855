"""Site maps: every public page in every language, with the same page in the others beside it.

A file holds the pages of so many places (``Technology.place``), not of the first so many rows:
what leaves the pool moves nothing from one file into another.
"""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef
from django.urls import reverse
from pyroaring import BitMap

from catalog.harvest import about, changes
from catalog.harvest.markup import Element, add, named, written
from catalog.models import Collection, Technology, TechnologyQuerySet
from catalog.overviews.links import PAGES as FACETS
from catalog.vocabulary import Reference

MOST = 10_000  # addresses in a file; the protocol allows 50,000, and 50 MB
MOST_OF_A_KIND = 1_000  # collections, activities, earlier lists: there are tens
NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
_SPACES = {"xmlns": NAMESPACE, "xmlns:xhtml": "http://www.w3.org/1999/xhtml"}
_MAP = "urlset"
_NIL, _MOMENT = str(UUID(int=0)), "MOMENT"
PAGES = (
    *("home", "catalog:technology-list", "catalog:browse-by", "catalog:reference-cases"),
    *("catalog:statistics", "catalog:check", "catalog:machines", "catalog:mapping"),
    *("catalog:api", "catalog:collections"),
)
ACTIVITY, EARLIER = "case__declaration__activity__code", "earlier__earlier_list__code"


def places() -> int:
    """Return how many places a file covers: of each a page, and one of its holder, at most."""
    return max(1, MOST // (2 * len(about.languages())))


def index(listed: BitMap) -> bytes:
    """Return the index: the file of the other pages, and one for each stretch of places."""
    root = named("sitemapindex", None, {"xmlns": NAMESPACE})
    for address in (
        about.address("harvest:sitemap-pages"),
        *(about.address("harvest:sitemap-technologies", block) for block in blocks(listed)),
    ):
        add(add(root, "sitemap"), "loc", address)
    return written(root)


def blocks(listed: BitMap) -> list[int]:
    """Return the numbers of the files there is something in."""
    if not listed:
        return []
    size = places()
    numbers = range(listed.min() // size, listed.max() // size + 1)
    return [one for one in numbers if listed.range_cardinality(one * size, (one + 1) * size)]


def pages(rows: TechnologyQuerySet, reference: Reference) -> bytes:
    """Return all pages but those of technologies and holders; three queries."""
    root = _urlset()
    for name, *arguments in (*((name,) for name in PAGES), *_coded(reference), *_made_of(rows)):
        _add(root, _in_all_languages(name, *arguments), "")
    return written(root)


def _coded(reference: Reference) -> Iterator[tuple[str, str]]:
    """Yield the page of every code of the reference, used or not: a code is never taken away."""
    known = {
        "field": reference.fields,
        "subcategory": reference.subcategories,
        "country": reference.countries,
        "corridor": reference.corridors,
    }
    for facet, codes in known.items():
        for code in sorted(codes):
            yield FACETS[facet], code


def _made_of(rows: TechnologyQuerySet) -> Iterator[tuple[str, str]]:
    """Yield the pages of collections, and of activities and lists with something listed."""
    shown = Collection.objects.with_right(AnonymousUser(), "see").order_by("code")
    listed = rows.listed().order_by()
    for name, codes in (
        ("catalog:collection", shown.values_list("code", flat=True)),
        ("catalog:by-activity", _codes(listed, ACTIVITY)),
        ("catalog:by-earlier-list", _codes(listed, EARLIER)),
    ):
        for code in codes[:MOST_OF_A_KIND]:
            yield name, code


def _codes(listed: TechnologyQuerySet, of: str) -> Any:
    told = listed.filter(**{f"{of}__isnull": False}).values_list(of, flat=True)
    return told.distinct().order_by(of)


def _in_all_languages(name: str, *arguments: Any) -> dict[str, str]:
    return {code: about.address(name, *arguments, language=code) for code in about.languages()}


def technologies(rows: TechnologyQuerySet, block: int) -> bytes | None:
    """Return the file of these places; None where nothing is listed.

    A holder stands in the file of its first technology, so that it stands in one.
    """
    size = places()
    within = rows.listed().filter(place__gte=block * size, place__lt=(block + 1) * size)
    earlier = rows.listed().filter(holder=OuterRef("holder"), place__lt=OuterRef("place"))
    found = (
        changes.with_changed(within)
        .annotate(is_first=~Exists(earlier))
        .order_by("place")
        .only("place", "changed_at", "holder_id")
    )
    # Thousands of technologies differ in nothing but these: written once, and filled in.
    pattern = _written_of("catalog:technology-detail", _MOMENT)
    of_holder = _written_of("catalog:by-holder", "")
    filled = []
    for one in found:
        at = changes.stamp(changes.changed(one))
        filled.append(pattern.replace(_NIL, str(one.pk)).replace(_MOMENT, at))
        if _is_first(one):
            filled.append(of_holder.replace(_NIL, str(one.holder_id)))
    if not filled:
        return None
    head, _sign, tail = written(named(_MAP, "|", _SPACES)).decode().partition("|")
    return "".join([head, *filled, tail]).encode()


def _is_first(one: Technology) -> bool:
    """Say of one of ``technologies`` whether it has a holder, of which it is the first."""
    return bool(one.holder_id and getattr(one, "is_first", False))


def _written_of(name: str, changed: str) -> str:
    """Return the pages of one thing with a key, without the element around all of them."""
    root = named(_MAP, None, {})
    _add(root, _in_all_languages(name, _NIL), changed)
    return (
        written(root, declared=False).decode().removeprefix(f"<{_MAP}>").removesuffix(f"</{_MAP}>")
    )


def _urlset() -> Element:
    return named(_MAP, None, _SPACES)


def _add(root: Element, there: dict[str, str], changed: str) -> None:
    """Add a page in each language; each names them all, itself among them."""
    for address in there.values():
        url = add(root, "url")
        add(url, "loc", address)
        if changed:
            add(url, "lastmod", changed)
        for tag, other in _tagged(there):
            add(url, "xhtml:link", rel="alternate", hreflang=tag, href=other)


def _tagged(there: dict[str, str]) -> Iterator[tuple[str, str]]:
    for code, address in there.items():
        yield about.tag(code), address
    yield "x-default", there["en"]


# What is of no use to a crawler: pages behind a sign-in, and lists narrowed in every way there is.
CLOSED = ("accounts/", "account/", "admin/", "work/", "catalogue/?")


def robots() -> str:
    lines = ["User-agent: *", *(f"Disallow: /*/{path}" for path in CLOSED)]
    return "\n".join([*lines, "", f"Sitemap: {about.origin()}{reverse('harvest:sitemap')}", ""])
