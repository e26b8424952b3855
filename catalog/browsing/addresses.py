"""The address of a list: short, the same for the same list, to be kept and sent to others."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any
from urllib.parse import quote_plus

from django.http import QueryDict  # noqa: TID251 -- writes an address

from catalog.browsing.finding import Range, Wanted
from catalog.browsing.ordering import NEWEST, RELEVANCE
from catalog.browsing.traits import FACETS

LEAST, MOST = SIDES = ("least", "most")
PLACE, WRITTEN = "\0", "%00"  # where a code goes; no form lets this sign into an address


def address(wanted: Wanted, **other: Any) -> str:
    """Return the query string of what is wanted, with ``other`` of its fields in their place.

    It leads to the first page, unless ``after`` or ``before`` is among them.
    """
    one = replace(wanted, **{"after": None, "before": None, **other})
    query = QueryDict(mutable=True)
    for name, value in _pairs(one):
        query.appendlist(name, value)
    return f"?{query.urlencode()}"


def toggles(wanted: Wanted, facet: str) -> Callable[[str], str]:
    """Return what writes the address of the list with a code of this facet taken in, or away.

    A page holds hundreds of them: what they share is written once.
    """
    chosen = wanted.chosen.get(facet, [])
    with_it = address(wanted, chosen={**wanted.chosen, facet: [*chosen, PLACE]})

    def toggled(code: str) -> str:
        if code in chosen:
            left = [one for one in chosen if one != code]
            return address(wanted, chosen={**wanted.chosen, facet: left})
        return with_it.replace(WRITTEN, quote_plus(code))

    return toggled


def _pairs(wanted: Wanted) -> Iterator[tuple[str, str]]:
    if wanted.text:
        yield "q", wanted.text
    for name in FACETS:
        for code in wanted.chosen.get(name, ()):
            yield name, code
    yield from _bounds(wanted.ranges)
    # What a list is sorted by unless something is said.
    if wanted.order not in (RELEVANCE if wanted.text else NEWEST, RELEVANCE):
        yield "sort", wanted.order
    for name in ("after", "before"):
        if key := getattr(wanted, name):
            yield name, str(key)


def _bounds(ranges: tuple[Range, ...]) -> Iterator[tuple[str, str]]:
    for one in ranges:
        for side, bound in zip(SIDES, (one.least, one.most), strict=True):
            if bound is not None:
                yield f"{side}.{one.measure}", figure(bound)


def without(ranges: tuple[Range, ...], measure: str) -> tuple[Range, ...]:
    return tuple(one for one in ranges if one.measure != measure)


def figure(value: float) -> str:
    """Write a bound as a person would: 80, 0.5."""
    text = f"{Decimal(repr(value)):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def without_blanks(given: QueryDict) -> str | None:
    """Return the address without what a form left empty; None when it left nothing."""
    if all(value for _name, values in given.lists() for value in values):
        return None
    kept = given.copy()
    for name, values in given.lists():
        kept.setlist(name, [value for value in values if value])
    return f"?{kept.urlencode()}"
