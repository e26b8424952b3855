"""Site maps: every public page in every language, with the same page in the others beside it.

A file holds the pages of so many places (``Technology.place``), not of the first so many rows:
what leaves the pool moves nothing from one file into another.
"""

from collections.abc import Iterator

from django.urls import reverse
from pyroaring import BitMap

from catalog.harvest import about, changes
from catalog.harvest.markup import Element, add, named, written
from catalog.models import TechnologyQuerySet

MOST = 10_000  # addresses in a file; the protocol allows 50,000, and 50 MB
BLOCKS = 50_000  # files an index may name
NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
_XHTML = "http://www.w3.org/1999/xhtml"
PAGES = ("home", "catalog:technology-list", "catalog:machines", "catalog:mapping")


def places() -> int:
    """Return how many places a file covers: each has a page in every language."""
    return MOST // len(about.languages())


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


def pages() -> bytes:
    """Return the pages that are there whatever is listed."""
    root = _urlset()
    for name in PAGES:
        there = {code: about.address(name, language=code) for code in about.languages()}
        _add(root, there, "")
    return written(root)


def technologies(rows: TechnologyQuerySet, block: int) -> bytes | None:
    """Return the file of these places; None where nothing is listed."""
    size = places()
    within = rows.listed().filter(place__gte=block * size, place__lt=(block + 1) * size)
    found = changes.with_changed(within).order_by("place")
    root = _urlset()
    for one in found.only("place", "changed_at"):
        there = {code: about.page_of(one.pk, code) for code in about.languages()}
        _add(root, there, changes.stamp(changes.changed(one)))
    return written(root) if len(root) else None


def _urlset() -> Element:
    return named("urlset", None, {"xmlns": NAMESPACE, "xmlns:xhtml": _XHTML})


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
