"""Bars and shades of charts: whole numbers for SVG and classes. Pure.

A chart repeats what the table it stands in says in figures; who cannot see it misses nothing.
"""

from collections.abc import Sequence
from typing import NamedTuple

FULL = 100  # the longest bar
SHADES = 5
HIGH, WIDE, GAP = 100, 24, 8  # of a column chart: the highest column, each of them, between two


def length(number: int, most: int) -> int:
    """Return how long a bar is, of ``FULL``; what is there at all can be seen."""
    return max(1, round(FULL * number / most)) if number and most else 0


def shade(number: int, most: int) -> int:
    """Return one of ``SHADES`` steps, 1 the faintest; 0 for none."""
    return min(SHADES, 1 + (SHADES * (number - 1)) // most) if number and most else 0


class Column(NamedTuple):
    """A column of a chart over time; ``y`` is its upper end, counted from above."""

    x: int
    y: int
    height: int
    middle: int
    label: str
    number: int


class Columns(NamedTuple):
    width: int
    columns: list[Column]
    most: int


def columns(rows: Sequence[tuple[str, int]]) -> Columns:
    most = max((number for _label, number in rows), default=0)
    step = WIDE + GAP
    made = []
    for place, (label, number) in enumerate(rows):
        high = length(number, most) * HIGH // FULL
        left = GAP + place * step
        made.append(Column(left, HIGH - high, high, left + WIDE // 2, label, number))
    return Columns(GAP + step * len(rows), made, most)
