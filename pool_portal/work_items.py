"""One line of "My work"."""

from dataclasses import dataclass

from django.utils.functional import Promise

SHOWN = 8  # of a kind


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that waits, and where it is done."""

    title: str
    url: str
    meta: str = ""
    status: dict[str, str | Promise] | None = None
