"""What "My work" is made of: desks, and their lines."""

from dataclasses import dataclass, field

from django.utils.functional import Promise

SHOWN = 8  # of a kind


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that waits, and where it is done."""

    title: str
    url: str
    meta: str = ""
    status: dict[str, str | Promise] | None = None


@dataclass(frozen=True, slots=True)
class Desk:
    """What waits in one role."""

    title: str
    items: list[Item]
    nothing: str
    url: str = ""
    action: str = ""
    extra: list[Item] = field(default_factory=list)
