"""Where the page of a declaration leads its applicant besides: pages of the apps above.

The lower app names nobody above it; the higher one says what it offers, from its ready().
"""

from collections.abc import Callable
from typing import Any

from accounts.models import User
from submissions.models import Declaration

Fact = dict[str, Any]  # as components/data_list.html takes it
Source = Callable[[Declaration, User], list[Fact]]
_sources: list[Source] = []


def register(source: Source) -> None:
    """Let a higher app lead from a declaration to a page of its own; called once."""
    _sources.append(source)


def facts(declaration: Declaration, person: User) -> list[Fact]:
    return [fact for source in _sources for fact in source(declaration, person)]
