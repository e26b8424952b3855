"""A part of a page, as it is drawn on its picture: a rectangle in fractions of width and height.

It is written with three decimals, always, so that what is stored has one form and one hash.
"""

import re
from dataclasses import dataclass

WHOLE = 1000
_NUMBER = r"(?:0\.[0-9]{3}|1\.000)"
WRITTEN = rf"{_NUMBER}(?:,{_NUMBER}){{3}}"


@dataclass(frozen=True, slots=True)
class PagePart:
    """In thousandths of the page, from its upper left corner."""

    left: int
    top: int
    width: int
    height: int

    @classmethod
    def read(cls, text: str) -> "PagePart | None":
        """Read ``0.125,0.300,0.400,0.250``; None where it is no part of a page."""
        if not re.fullmatch(WRITTEN, text, re.ASCII):
            return None
        part = cls(*(int(one.replace(".", "")) for one in text.split(",")))
        return part if part.is_within() else None

    def is_within(self) -> bool:
        right, bottom = self.left + self.width, self.top + self.height
        return self.width > 0 and self.height > 0 and right <= WHOLE and bottom <= WHOLE

    @property
    def texts(self) -> list[str]:
        numbers = (self.left, self.top, self.width, self.height)
        return [f"{one // WHOLE}.{one % WHOLE:03}" for one in numbers]

    def __str__(self) -> str:
        return ",".join(self.texts)
