"""What a higher app adds to a page of a lower one: links to what belongs to the object.

The lower app names nobody above it; the higher one says, in its own admin, what stands beside.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model
from django.utils.functional import Promise


@dataclass(frozen=True, slots=True)
class Link:
    """A line under the heading of a page: what it is, and where it leads."""

    label: str | Promise
    text: str
    url: str


Finder = Callable[[Any, Any], Iterable[Link]]  # (object, person) -> what the person may see
_finders: dict[type[Model], list[Finder]] = {}


def beside(model: type[Model]) -> Callable[[Finder], Finder]:
    """Let a function find the links that stand on the pages of ``model``."""

    def register(find: Finder) -> Finder:
        _finders.setdefault(model, []).append(find)
        return find

    return register


def links(obj: Model, person: Any) -> list[Link]:
    """Return what stands beside ``obj`` for this person, in the order of registration."""
    return [link for find in _finders.get(type(obj), []) for link in find(obj, person)]
