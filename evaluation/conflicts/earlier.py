"""What is known of experts from other declarations of the same organisation, for who assigns."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from evaluation.conflicts import earlier_reviews, found_late


def told(declaration: UUID, experts: Iterable[UUID], reader: Any) -> dict[UUID, list[str]]:
    """Return in words which conflict was found late, and what each judged before; five queries."""
    keys = list(experts)
    late = found_late.told(declaration, keys, reader)
    judged = earlier_reviews.told(declaration, keys, reader)
    return {one: [*late.get(one, ()), *judged.get(one, ())] for one in keys if one in late | judged}
