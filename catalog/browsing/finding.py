"""What the list of technologies shows: filters, ranges, counts, order, and pages by key.

Within a facet the choices add up (air or water); facets narrow each other. The counts of a
facet are taken with all other facets applied and its own left out, so that each number is what
one would see after choosing it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from pyroaring import BitMap

from catalog import bigrams
from catalog.browsing import ordering, search
from catalog.browsing.columns import bits_of
from catalog.browsing.held import Held, held_at
from catalog.browsing.ordering import NEWEST, Key
from catalog.browsing.search import Hits
from catalog.browsing.traits import FACETS
from catalog.models import Technology, TechnologyQuerySet
from catalog.version import Version

PAGE = 20
# What a row of the list is made of; to read whole technologies would cost half as much again.
COLUMNS = (
    *("place", "number", "status", "content", "titles", "language", "confirmed_at"),
    *("subcategory", "country", "maturity", "evidence_grade"),
)


@dataclass(frozen=True, slots=True)
class Range:
    """Bounds on one measure, in its unit; None: no bound."""

    measure: str
    least: float | None = None
    most: float | None = None


@dataclass(frozen=True)
class Wanted:
    """What the reader asked for, clean."""

    text: str = ""
    chosen: dict[str, list[str]] = field(default_factory=dict)
    ranges: tuple[Range, ...] = ()
    order: str = NEWEST
    after: Key | None = None
    before: Key | None = None

    @cached_property
    def asked(self) -> bigrams.Asked:
        return bigrams.asked(self.text)

    @property
    def narrowed(self) -> bool:
        return bool(self.ranges or any(self.chosen.values()))


@dataclass(frozen=True, slots=True)
class Found:
    """One page of what was found, and what filters would leave of it."""

    rows: list[Technology]
    total: int
    unfiltered: int  # by the words alone
    counts: dict[str, dict[str, int]]
    measures: dict[str, int]  # how many of those found state a figure on it
    next: Key | None
    previous: Key | None
    held: Held  # what it was found in


def browse(rows: TechnologyQuerySet, wanted: Wanted, version: Version) -> Found:
    """Return one page, the number of all rows, and the counts of every facet.

    At most three queries for what is there: the search, and the rows of the page; the index is
    brought up to ``version`` before, where something changed.
    """
    held = held_at(version)
    hits = search.hits(wanted.asked) if wanted.text else None
    sifted = Sifted(held, wanted, hits)
    where = ordering.Place(wanted.order, wanted.after, wanted.before)
    page = ordering.page(held, sifted.all, where, hits, PAGE)
    return Found(
        rows=in_order(rows.only(*COLUMNS), page.places),
        total=len(sifted.all),
        unfiltered=len(sifted.base),
        counts=sifted.counts(),
        measures=sifted.measures(),
        next=page.next,
        previous=page.previous,
        held=held,
    )


def in_order(rows: TechnologyQuerySet, places: Iterable[int]) -> list[Technology]:
    """Return the technologies of these places, those that are still listed, in this order."""
    listed = rows.listed().filter(place__in=list(places)).defer("search", "traits", "figures")
    listed = listed.order_by()  # the order is that of the places
    by_place = {one.place: one for one in listed}
    return [by_place[place] for place in places if place in by_place]


class Sifted:
    """The sets of technologies that what is wanted leaves, with and without each facet."""

    def __init__(self, held: Held, wanted: Wanted, hits: Hits | None) -> None:
        self.held, self.wanted = held, wanted
        self.base = held.listed
        if hits is not None:
            self.base = held.listed & bits_of(hits.places)
        self._within = self.base
        for one in wanted.ranges:
            self._within = self._within & _between(held, one)
        self._chosen = {
            facet: self._bearing(facet, codes) for facet, codes in wanted.chosen.items() if codes
        }
        self.all = self._but(None)

    def _bearing(self, facet: str, codes: Iterable[str]) -> BitMap:
        known = self.held.traits.get(facet, {})
        return BitMap.union(BitMap(), *(known[code] for code in codes if code in known))

    def _but(self, facet: str | None) -> BitMap:
        """Return what all filters but those of ``facet`` leave."""
        left = self._within
        for name, bearing in self._chosen.items():
            if name != facet:
                left = left & bearing
        return left

    def counts(self) -> dict[str, dict[str, int]]:
        return {facet: dict(self._counted(facet)) for facet in FACETS}

    def _counted(self, facet: str) -> Iterator[tuple[str, int]]:
        among = self._but(facet) if facet in self._chosen else self.all
        for code, bearing in self.held.traits.get(facet, {}).items():
            if number := among.intersection_cardinality(bearing):
                yield code, number

    def measures(self) -> dict[str, int]:
        """Count, for each measure, who of those found states a figure on it."""
        whole = self.all == self.held.listed
        found: dict[str, int] = {}
        for measure, column in self.held.figures.items():
            among = len(column.bits) if whole else self.all.intersection_cardinality(column.bits)
            if among:
                found[measure] = among
        return found


def _between(held: Held, wanted: Range) -> BitMap:
    column = held.figures.get(wanted.measure)
    return BitMap() if column is None else column.between(wanted.least, wanted.most)
