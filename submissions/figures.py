"""Reads a figure the way a source states it: a number, a range, a limit, or words.

Pure: text in, plain decimal strings out. What cannot be read for certain stays words only.
"""

import re
from dataclasses import dataclass
from decimal import Decimal

NUMBER = r"-?\d+(?:,\d{3})*(?:\.\d+)?"
SHAPES = (
    (re.compile(rf"({NUMBER})-({NUMBER})"), ("minimum", "maximum")),
    (re.compile(rf"(?:>=?|≥|more than|over|at least) *({NUMBER})"), ("minimum",)),
    (re.compile(rf"(?:<=?|≤|less than|under|at most|up to) *({NUMBER})"), ("maximum",)),
    (re.compile(rf"(?:about|around|approximately)? *({NUMBER})"), ("typical",)),
)


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure as decimal strings, empty where there is none, beside the source's words."""

    as_stated: str
    minimum: str = ""
    typical: str = ""
    maximum: str = ""


def figure(value: float | int | str) -> Figure:
    """Read ``value``: 12.5, "11-19", "up to 80", ">=95", "about 10", "not detected"."""
    if not isinstance(value, str):
        return Figure(plain(value), typical=plain(value))
    for shape, ends in SHAPES:
        match = shape.fullmatch(value.strip())
        if match:
            numbers = [plain(number.replace(",", "")) for number in match.groups()]
            return Figure(value, **dict(zip(ends, numbers, strict=True)))
    return Figure(value)


def plain(number: float | int | str) -> str:
    """Write a number as a decimal without exponent and without zeros nobody stated."""
    # A float of the file is taken by its shortest text, which is what the file says.
    return f"{Decimal(str(number)):f}"
