"""What the rules read: a declaration as it is, with what they need to know around it. Pure."""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from submissions.scheme import Scheme
from submissions.scheme.fields import FieldSpec
from submissions.scheme.sections import RowsSpec, Section, rows_of

Found = tuple[str, str, str]  # section, field, sentence


@dataclass(frozen=True, slots=True)
class Alike:
    """Something on record that the declaration resembles, which whoever asks may open."""

    sentence: str  # whole, in the reader's language
    share: int  # per cent of the shorter text
    url: str
    language: str  # of the text they share
    passages: tuple[str, ...]  # out of the declaration's own text, the longest first


@dataclass(frozen=True, slots=True)
class Papers:
    """A declaration before its rules."""

    scheme: Scheme
    content: dict[str, Any]
    language: str
    today: dt.date  # at the portal's
    # Which units an indicator is given in: codes; empty when nobody says.
    units_of: Callable[[str], frozenset[str]]
    # What it resembles; empty where nobody looked for it.
    alike: tuple[Alike, ...] = ()

    def values(self, section: str) -> dict[str, Any]:
        found = self.content.get(section)
        return found if isinstance(found, dict) else {}

    def asks(self, section: str, table: str, *keys: str) -> bool:
        """Say whether the scheme has one of these columns; no rule misses what was not asked."""
        return any(
            field.key in keys
            for part in self.scheme.sections
            if part.key == section
            for one in part.rows
            if one.key == table
            for field in one.fields
        )

    def rows(self, section: str, table: str) -> list[dict[str, Any]]:
        """Return the rows of a table; none where the scheme has no such table."""
        found = self.values(section).get(table)
        rows = found if isinstance(found, list) else []
        return [row for row in rows if isinstance(row, dict)]

    def fields(self) -> Iterator[tuple[Section, FieldSpec, str, Any]]:
        """Yield each field of the scheme with its place and its value, rows included."""
        for section in self.scheme.sections:
            values = self.values(section.key)
            for spec in section.fields:
                yield section, spec, spec.key, values.get(spec.key)
            for table in section.rows:
                yield from self._cells(section, table, rows_of(values, table))

    def _cells(
        self, section: Section, table: RowsSpec, rows: list[Any]
    ) -> Iterator[tuple[Section, FieldSpec, str, Any]]:
        for number, row in enumerate(rows):
            row = row if isinstance(row, dict) else {}
            for spec in table.fields:
                yield section, spec, f"{table.key}.{number}.{spec.key}", row.get(spec.key)


def day(value: Any) -> dt.date | None:
    """Read a day as the document keeps it; None where there is none."""
    try:
        return dt.date.fromisoformat(value)
    except (TypeError, ValueError):
        return None
