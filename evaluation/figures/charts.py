"""Where the marks of a chart stand: whole numbers for an SVG, nothing of Django.

A chart repeats what the table beside it says in figures; who cannot see it misses nothing.
"""

import math
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

LEFT, WIDTH, RIGHT = 150, 480, 20  # names, the field of the marks, the margin after it
TOP, LINE, FOOT = 10, 20, 24
CELL = 14
DIGIT = 7  # the width of one, at most
NAME_ROOM = 22  # letters
STEPS = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0)
MOST_TICKS = 8
FAINT = 10  # per cent of the colour of the lowest total


@dataclass(frozen=True, slots=True)
class Interval:
    """One line to be drawn: its name, its figure, the ends, and a second mark or none."""

    name: str
    value: float
    lower: float
    upper: float
    other: float | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    name: str
    text: int  # where the name stands, from above
    y: int
    x: int
    from_x: int
    to_x: int
    other_x: int | None


@dataclass(frozen=True, slots=True)
class Tick:
    x: int
    label: str


@dataclass(frozen=True, slots=True)
class Intervals:
    """A chart of figures with their intervals, one line each; ``line_x``: a line across."""

    width: int
    height: int
    floor: int
    label_y: int
    marks: list[Mark]
    ticks: list[Tick]
    line_x: int | None


def intervals(rows: Sequence[Interval], *, line: float | None = None) -> Intervals | None:
    """Lay out a chart; None without rows."""
    if not rows:
        return None
    low, high, step = _scale(_ends(rows, line))
    floor = TOP + LINE * len(rows)

    def across(value: float) -> int:
        return LEFT + round(WIDTH * (value - low) / (high - low))

    marks = [
        Mark(
            short(one.name),
            TOP + LINE * place + 14,
            TOP + LINE * place + 10,
            across(one.value),
            across(one.lower),
            across(one.upper),
            None if one.other is None else across(one.other),
        )
        for place, one in enumerate(rows)
    ]
    count = round((high - low) / step)
    ticks = [low + step * number for number in range(count + 1)]
    return Intervals(
        LEFT + WIDTH + RIGHT,
        floor + FOOT,
        floor,
        floor + 16,
        marks,
        [Tick(across(value), f"{value:g}") for value in ticks],
        None if line is None else across(line),
    )


def _ends(rows: Sequence[Interval], line: float | None) -> tuple[float, float]:
    values = [x for one in rows for x in (one.lower, one.upper, one.value)]
    values += [one.other for one in rows if one.other is not None]
    values += [] if line is None else [line]
    return min(values), max(values)


def _scale(ends: tuple[float, float]) -> tuple[float, float, float]:
    """Return round ends of the axis and the step of its ticks."""
    low, high = ends
    reach = max(high - low, STEPS[0])
    step = next((one for one in STEPS if reach / one <= MOST_TICKS), STEPS[-1])
    first, last = math.floor(low / step), math.ceil(high / step)
    return first * step, max(last, first + 1) * step, step


@dataclass(frozen=True, slots=True)
class Cell:
    x: int
    y: int
    opacity: str  # 0.10 to 1.00
    says: str


@dataclass(frozen=True, slots=True)
class Label:
    x: int
    y: int
    text: str


@dataclass(frozen=True, slots=True)
class HeatMap:
    width: int
    height: int
    cells: list[Cell]
    rows: list[Label]
    columns: list[Label]
    side: int  # of a cell, across
    left_out: Sequence[str]  # numbers and names of experts without a column


def heat_map(
    rows: Sequence[tuple[str, Mapping[str, str]]],
    columns: Mapping[str, tuple[str, str]],
    left_out: Sequence[str] = (),
) -> HeatMap | None:
    """Lay out the totals of sheets; ``columns`` are number and name of each expert, by key."""
    if not rows or not columns:
        return None
    wide = _across(number for number, _name in columns.values())
    places = {key: place for place, key in enumerate(columns)}
    values = [float(total) for _name, given in rows for total in given.values()]
    low, high = min(values, default=0.0), max(values, default=0.0)
    cells = [
        Cell(
            LEFT + wide * places[expert],
            TOP + CELL * (row + 1),
            _opacity(float(total), low, high),
            f"{name} – {columns[expert][1]}: {total}",
        )
        for row, (name, given) in enumerate(rows)
        for expert, total in given.items()
    ]
    return HeatMap(
        LEFT + wide * len(columns) + RIGHT,
        TOP + CELL * (len(rows) + 1) + RIGHT,
        cells,
        [
            Label(LEFT - 6, TOP + CELL * (row + 1) + 11, name)
            for row, (name, _given) in enumerate(rows)
        ],
        list(_numbers(columns.values(), wide)),
        wide - 1,
        left_out,
    )


def _across(numbers: Iterable[str]) -> int:
    """Return how wide a column is: the numbers above do not run together."""
    return max(CELL, 6 + DIGIT * max(len(one) for one in numbers))


def _numbers(columns: Iterable[tuple[str, str]], wide: int) -> Iterable[Label]:
    for place, (number, _name) in enumerate(columns):
        yield Label(LEFT + wide * place + wide // 2, TOP + 10, number)


def _opacity(total: float, low: float, high: float) -> str:
    share = (total - low) / (high - low) if high > low else 1.0
    return f"{(FAINT + (100 - FAINT) * share) / 100:.2f}"


def short(name: str) -> str:
    """Cut a name to what fits beside a chart; Chinese signs are twice as wide."""
    room, kept = NAME_ROOM, ""
    for sign in name:
        room -= 2 if unicodedata.east_asian_width(sign) in "WF" else 1
        if room < 0:
            return f"{kept}…"
        kept += sign
    return kept


@dataclass(frozen=True, slots=True)
class Bar:
    name: str
    y: int
    text: int
    length: int
    value: str


@dataclass(frozen=True, slots=True)
class Bars:
    """Points from 0 to 100, one bar each."""

    left: int
    width: int
    height: int
    bars: list[Bar]


def bars(rows: Sequence[tuple[str, str | None]]) -> Bars:
    return Bars(
        LEFT,
        LEFT + WIDTH + 3 * RIGHT,
        TOP + LINE * len(rows) + TOP,
        [
            Bar(
                short(name),
                TOP + LINE * place,
                TOP + LINE * place + 12,
                round(WIDTH * float(value or 0) / 100),
                value or "–",
            )
            for place, (name, value) in enumerate(rows)
        ],
    )
