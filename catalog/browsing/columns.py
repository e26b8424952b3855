"""Figures as sparse columns: of each measure who states one, from what to what.

Columns are replaced, never changed: a reader on another thread keeps the one it has.
"""

from array import array
from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from pyroaring import BitMap

_FIGURES = """
    SELECT figure->>0,
           string_agg(int4send(place), '' ORDER BY place),
           string_agg(float8send((figure->>1)::float8), '' ORDER BY place),
           string_agg(float8send((figure->>2)::float8), '' ORDER BY place)
      FROM catalog_technology, jsonb_array_elements(figures) AS figure
     WHERE status = 'listed'
     GROUP BY figure->>0
"""

Figures = Iterable[list[Any]]  # [measure, low, high]


class Column(NamedTuple):
    """What technologies state on one measure; places ascend."""

    places: NDArray[np.uint32]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    bits: BitMap  # of the places

    def between(self, least: float | None, most: float | None) -> BitMap:
        """Return who states something that lies in these bounds, at least in part."""
        found = np.ones(len(self.places), bool)
        if least is not None:
            found &= self.high >= least
        if most is not None:
            found &= self.low <= most
        return bits_of(self.places[found])

    def without(self, gone: NDArray[np.uint32]) -> "Column":
        kept = ~np.isin(self.places, gone)
        return column(self.places[kept], self.low[kept], self.high[kept])

    def and_also(self, rows: list[tuple[int, float, float]]) -> "Column":
        places, low, high = (np.array(values) for values in zip(*rows, strict=True))
        joined = np.concatenate([self.places, places.astype(np.uint32)])
        order = np.argsort(joined)
        return column(
            joined[order],
            np.concatenate([self.low, low.astype(np.float64)])[order],
            np.concatenate([self.high, high.astype(np.float64)])[order],
        )


def bits(sent: bytes | memoryview | None) -> BitMap:
    """Return the set of the numbers that PostgreSQL sent one after the other (int4send)."""
    return BitMap() if sent is None else bits_of(np.frombuffer(sent, ">u4"))


def bits_of(places: NDArray[Any]) -> BitMap:
    # Ten times as fast as from the numbers one by one.
    return BitMap(array("I", places.astype(np.uint32).tobytes()))


def column(
    places: NDArray[np.uint32], low: NDArray[np.float64], high: NDArray[np.float64]
) -> Column:
    return Column(places, low, high, bits_of(places))


EMPTY = column(np.zeros(0, np.uint32), np.zeros(0, np.float64), np.zeros(0, np.float64))


def read(cursor: Any) -> dict[str, Column]:
    cursor.execute(_FIGURES)
    return {
        measure: column(
            np.frombuffer(places, ">u4").astype(np.uint32),
            np.frombuffer(low, ">f8").astype(np.float64),
            np.frombuffer(high, ">f8").astype(np.float64),
        )
        for measure, places, low, high in cursor.fetchall()
    }


def replaced(
    known: dict[str, Column], gone: BitMap, now: Iterable[tuple[int, Figures]]
) -> dict[str, Column]:
    """Return the columns without what is gone and with what is there now."""
    left = np.array(gone.to_array(), np.uint32)
    columns = {
        measure: one.without(left) if gone.intersect(one.bits) else one
        for measure, one in known.items()
    }
    added: dict[str, list[tuple[int, float, float]]] = {}
    for place, figures in now:
        for measure, low, high in figures:
            added.setdefault(measure, []).append((place, low, high))
    for measure, rows in added.items():
        columns[measure] = columns.get(measure, EMPTY).and_also(rows)
    return {measure: one for measure, one in columns.items() if one.bits}
