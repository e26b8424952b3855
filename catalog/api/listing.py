"""A page of the list as programs ask for it: of any size, counted only where that is asked."""

from typing import NamedTuple

from catalog.browsing import ordering, search
from catalog.browsing.finding import Sifted, Wanted, in_order
from catalog.browsing.held import held_at
from catalog.browsing.ordering import Page
from catalog.models import Technology, TechnologyQuerySet
from catalog.version import Version


class Listing(NamedTuple):
    rows: list[Technology]
    page: Page
    sifted: Sifted


def everything(version: Version) -> Sifted:
    """Return all that is listed, to be counted."""
    return Sifted(held_at(version), Wanted(), None)


def listing(rows: TechnologyQuerySet, wanted: Wanted, version: Version, size: int) -> Listing:
    """Return one page; as ``catalog.browsing.finding.browse`` does, in the same queries."""
    held = held_at(version)
    hits = search.hits(wanted.asked) if wanted.text else None
    sifted = Sifted(held, wanted, hits)
    where = ordering.Place(wanted.order, wanted.after, wanted.before)
    page = ordering.page(held, sifted.all, where, hits, size)
    return Listing(in_order(rows, page.places), page, sifted)
