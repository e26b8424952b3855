"""What a replay finds: rows that differ, what could not be checked, and how much was rebuilt."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model


@dataclass(frozen=True, slots=True)
class Fault:
    """A row that is not what the audit says, or what follows from it."""

    row: str  # "evaluation.Score 17"
    says: str

    def __str__(self) -> str:
        return f"{self.row}: {self.says}"


@dataclass(frozen=True, slots=True)
class Ranked:
    """A declaration with the place its total has; equal totals share a place."""

    place: int
    total: str
    number: str


@dataclass(slots=True)
class Findings:
    """Of one activity, or of what all activities share."""

    about: str
    counts: Counter[str] = field(default_factory=Counter)
    unchecked: Counter[str] = field(default_factory=Counter)
    faults: list[Fault] = field(default_factory=list)
    ranking: list[Ranked] = field(default_factory=list)

    def fault(self, row: Model | str, says: str) -> None:
        self.faults.append(Fault(row if isinstance(row, str) else name_of(row), says))


def name_of(row: Model) -> str:
    """Return how a row is named to whoever looks for it: model and key."""
    return f"{row._meta.label} {row.pk}"


def differing(stored: Any, rebuilt: Any, path: str = "") -> Iterator[str]:
    """Yield where two documents differ: "total.mean: stored 70.00, rebuilt 69.00"."""
    if isinstance(stored, dict) and isinstance(rebuilt, dict):
        for key in sorted(stored.keys() | rebuilt.keys()):
            inner = f"{path}.{key}" if path else str(key)
            yield from differing(stored.get(key), rebuilt.get(key), inner)
    elif stored != rebuilt:
        yield f"{path}: stored {stored}, rebuilt {rebuilt}"
