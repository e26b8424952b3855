"""What a set of technologies is made of: how many bear which trait, and the newest of them.

All of it is counted in the index in memory (``catalog.browsing.held``), never row by row.
"""

from dataclasses import dataclass
from typing import Any

from django.db.models import Aggregate, BinaryField
from pyroaring import BitMap

from catalog.browsing import columns, ordering
from catalog.browsing.held import Held
from catalog.browsing.ordering import NEWEST, Key, Place
from catalog.models import TechnologyQuerySet

PAGE = 20


class Places(Aggregate):
    """The places of some technologies, as ``columns.bits`` reads them."""

    template = "string_agg(int4send(%(expressions)s), '')"
    output_field: Any = BinaryField()


@dataclass(frozen=True, slots=True)
class Among:
    """Some listed technologies at one version of the index."""

    held: Held
    bits: BitMap

    def total(self) -> int:
        return len(self.bits)

    def count(self, facet: str, code: str) -> int:
        known = self.held.traits.get(facet, {}).get(code)
        return self.bits.intersection_cardinality(known) if known else 0

    def counts(self, facet: str) -> dict[str, int]:
        """Return how many bear each code of a facet; those nobody bears are left out."""
        numbers = {code: self.count(facet, code) for code in self.held.traits.get(facet, {})}
        return {code: number for code, number in numbers.items() if number}

    def bearing(self, facet: str, *codes: str) -> "Among":
        """Return those of them that bear one of these codes."""
        known = self.held.traits.get(facet, {})
        either = BitMap.union(BitMap(), *(known[code] for code in codes if code in known))
        return Among(self.held, self.bits & either)

    def newest(self, number: int) -> list[int]:
        return self.page(Place(NEWEST, None, None), number).places

    def page(self, where: Place, size: int = PAGE) -> ordering.Page:
        return ordering.page(self.held, self.bits, where, None, size)


def all_listed(held: Held) -> Among:
    return Among(held, held.listed)


def chosen(held: Held, rows: TechnologyQuerySet) -> Among:
    """Return those of ``rows`` that are listed; one query."""
    sent = rows.listed().aggregate(sent=Places("place"))
    return Among(held, held.listed & columns.bits(sent["sent"]))


def where(after: str, before: str) -> Place:
    """Read where in the list, the newest first, a page begins; what is no key begins it anew."""
    first, last = _key(after), _key(before)
    return Place(NEWEST, first, None if first else last)


def _key(text: str) -> Key | None:
    try:
        return ordering.read_key(text, NEWEST) if text else None
    except ValueError:
        return None
