"""Site maps: every public page in every language, with the same page in the others beside it.

A file holds the pages of so many places (``Technology.place``), not of the first so many rows:
what leaves the pool moves nothing from one file into another.
"""

from collections.abc import Iterator
from uuid import UUID

from django.urls import reverse
from pyroaring import BitMap

from catalog.harvest import about, changes
from catalog.harvest.markup import Element, add, named, written
from catalog.models import TechnologyQuerySet

MOST = 10_000  # addresses in a file; the protocol allows 50,000, and 50 MB
BLOCKS = 50_000  # files an index may name
NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
_SPACES = {"xmlns": NAMESPACE, "xmlns:xhtml": "http://www.w3.org/1999/xhtml"}
_MAP = "urlset"
_NIL, _MOMENT = str(UUID(int=0)), "MOMENT"
PAGES = (
    *("home", "catalog:technology-list", "catalog:browse-by", "catalog:reference-cases"),
    *("catalog:statistics", "catalog:check", "catalog:machines", "catalog:mapping"),
)


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
    found = changes.with_changed(within).order_by("place").only("place", "changed_at")
    # Thousands of technologies differ in nothing but these: written once, and filled in.
    pattern = _written_of(_NIL, _MOMENT)
    filled = [
        pattern.replace(_NIL, str(one.pk)).replace(_MOMENT, changes.stamp(changes.changed(one)))
        for one in found
    ]
    if not filled:
        return None
    head, _sign, tail = written(named(_MAP, "|", _SPACES)).decode().partition("|")
    return "".join([head, *filled, tail]).encode()


def _written_of(pk: str, changed: str) -> str:
    """Return the pages of one technology, without the element around all of them."""
    root = named(_MAP, None, {})
    _add(root, {code: about.page_of(pk, code) for code in about.languages()}, changed)
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
