"""Pages of what was found, by the key of the last row: page 1,000 costs what page 1 costs.

Three orders: the newest first (a place is given when a technology is listed, so the highest is
the newest), the best match first, and by a figure; whoever states none then comes after those
who do, the newest first. A key is the place of a row, and what it was sorted by.
"""

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from pyroaring import BitMap

from catalog.browsing.columns import EMPTY
from catalog.browsing.held import Held
from catalog.browsing.search import Hits

NEWEST, RELEVANCE = "newest", "relevance"
LOW, HIGH = "low.", "high."  # before a measure: the lowest figure first, the highest first


class Key(NamedTuple):
    place: int
    value: float | None = None  # its rank, or its figure; None where it has none

    def __str__(self) -> str:
        return f"{self.place}" if self.value is None else f"{self.place}_{self.value!r}"


class Place(NamedTuple):
    """Where in which order."""

    order: str
    after: Key | None
    before: Key | None


class Page(NamedTuple):
    places: list[int]
    next: Key | None
    previous: Key | None


def read_key(text: str, order: str) -> Key:
    """Return the key an address carries; ValueError when it is none of this order."""
    place, _sign, value = text.partition("_")
    if not place.isascii() or not place.isdigit() or int(place) >= 2**32:
        raise ValueError(text)
    number = float(value) if value else None
    if number is not None and not np.isfinite(number):
        raise ValueError(text)
    if order in (NEWEST, RELEVANCE) and (number is None) != (order == NEWEST):
        raise ValueError(text)
    return Key(int(place), number)


def page(held: Held, found: BitMap, where: Place, hits: Hits | None, size: int) -> Page:
    """Return up to ``size`` places of ``found``, and the keys by which its neighbours are asked."""
    sequence = _sequence(held, found, where.order, hits)
    if where.before:
        end = sequence.position(where.before, after=False)
        keys = list(reversed(list(_take(sequence.backward(end), size + 1))))
        more_before, keys = len(keys) > size, keys[-size:]
        return Page(
            [key.place for key in keys],
            keys[-1] if keys else None,
            keys[0] if keys and more_before else None,
        )
    start = sequence.position(where.after, after=True) if where.after else 0
    keys = list(_take(sequence.forward(start), size + 1))
    more, keys = len(keys) > size, keys[:size]
    return Page(
        [key.place for key in keys],
        keys[-1] if keys and more else None,
        keys[0] if keys and where.after else None,
    )


def _take(keys: Iterator[Key], number: int) -> Iterator[Key]:
    for _turn, key in zip(range(number), keys, strict=False):
        yield key


class _Sequence(NamedTuple):
    """Keys in an order, to be walked from any of them; positions count what is walked over."""

    position: Callable[..., int]
    forward: Callable[[int], Iterator[Key]]
    backward: Callable[[int], Iterator[Key]]


def _sequence(held: Held, found: BitMap, order: str, hits: Hits | None) -> _Sequence:
    if order == RELEVANCE and hits is not None:
        return _sorted(hits.places, hits.ranks, found, descending=True)
    if order.startswith((LOW, HIGH)):
        return _by_figure(held, found, order)
    return _newest(found)


def _newest(found: BitMap) -> _Sequence:
    """The highest place first."""
    whole = len(found)

    def position(key: Key, *, after: bool) -> int:
        below = found.rank(key.place - 1) if key.place else 0
        return whole - below if after else whole - found.rank(key.place)

    def forward(start: int) -> Iterator[Key]:
        for at in range(whole - 1 - start, -1, -1):
            yield Key(found[at])

    def backward(end: int) -> Iterator[Key]:
        for at in range(whole - end, whole):
            yield Key(found[at])

    return _Sequence(position, forward, backward)


def _sorted(
    places: NDArray[np.uint32], told: NDArray[np.float64], found: BitMap, *, descending: bool
) -> _Sequence:
    """By what is told; among equals the highest place comes first."""
    sortable = -told if descending else told

    def position(key: Key, *, after: bool) -> int:
        value = np.float64(key.value or 0.0) * (-1 if descending else 1)
        first = int(np.searchsorted(sortable, value, "left"))
        last = int(np.searchsorted(sortable, value, "right"))
        within = -places[first:last].astype(np.int64)
        return first + int(np.searchsorted(within, -key.place, "right" if after else "left"))

    def walk(indices: range) -> Iterator[Key]:
        for at in indices:
            place = int(places[at])
            if place in found:
                yield Key(place, float(told[at]))

    return _Sequence(
        position,
        lambda start: walk(range(start, len(places))),
        lambda end: walk(range(end - 1, -1, -1)),
    )


def _by_figure(held: Held, found: BitMap, order: str) -> _Sequence:
    """Those who state the figure, by it; then the others, the newest first."""
    descending = order.startswith(HIGH)
    column = held.figures.get(order.partition(".")[2], EMPTY)
    told = column.high if descending else column.low
    sortable = -told if descending else told
    by_figure = np.lexsort((-column.places.astype(np.int64), sortable))
    stated = _sorted(column.places[by_figure], told[by_figure], found, descending=descending)
    others = _newest(found - column.bits)
    number = len(column.places)

    def position(key: Key, *, after: bool) -> int:
        if key.value is None:
            return number + others.position(key, after=after)
        return stated.position(key, after=after)

    def forward(start: int) -> Iterator[Key]:
        if start < number:
            yield from stated.forward(start)
        yield from others.forward(max(0, start - number))

    def backward(end: int) -> Iterator[Key]:
        if end > number:
            yield from others.backward(end - number)
        yield from stated.backward(min(end, number))

    return _Sequence(position, forward, backward)
