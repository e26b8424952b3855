"""What of a document fits another scheme, and what has to be left out of it. Pure.

What is only too long, too large or contradicts itself stays: whoever goes on with it is told by
the checks, and nothing that was written is lost.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from submissions.scheme import Scheme
from submissions.scheme.fields import (
    EMPTY,
    NUMBERS,
    SEVERAL,
    TEXTS,
    FieldSpec,
    Kind,
    Known,
)
from submissions.scheme.sections import RowsSpec, Section, rows_of

ALIKE = (TEXTS, frozenset({Kind.INTEGER, Kind.YEAR}))
REMARKED = TEXTS | NUMBERS | {Kind.DATE}  # a fault in these is remarked where it stands
Parts = Mapping[str, FieldSpec]
# Signed for one declaration and no other: kinds of files, and what fields tell of a signature.
PAPERS = frozenset({"commitment", "recommendation"})
SIGNED = {
    "commitment": frozenset({"signatory", "signed_on"}),
    "recommendation": frozenset({"opinion", "verdict", "signatory", "recommended_on"}),
}


class Why(StrEnum):
    GONE = "gone"  # the other scheme has no such place
    KIND = "kind"  # it takes something else there
    CHOICE = "choice"  # it is not offered there
    FILE = "file"  # the file it names did not come along
    PROMISE = "promise"  # who promises or signs does so each time
    ROWS = "rows"  # there are more rows than the table takes


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A value that was left behind, at its place in the document it comes from."""

    section: str
    member: str  # a field or a table
    why: Why
    value: Any
    row: int = 0  # of a table, counted from 1; 0: not in a row
    column: str = ""


@dataclass(slots=True)
class Carried:
    sections: dict[str, dict[str, Any]] = field(default_factory=dict)
    left_out: list[LeftOut] = field(default_factory=list)


def carried(
    source: Scheme, target: Scheme, content: Any, known: Known, files: Mapping[str, str]
) -> Carried:
    """Bring what ``content`` says over to another scheme.

    ``known``: what the target offers; ``files``: the ids of files that came along, old to new.
    """
    made = Carried()
    content = content if isinstance(content, dict) else {}
    places = {section.key: section for section in target.sections}
    for section in source.sections:
        values = content.get(section.key)
        if isinstance(values, dict) and values:
            _Bearer(section, places.get(section.key), known, files, made).carry(values)
    return made


@dataclass(frozen=True, slots=True)
class _Bearer:
    """Carries one section; its place in the other scheme may be gone."""

    section: Section
    place: Section | None
    known: Known
    files: Mapping[str, str]
    made: Carried

    def carry(self, values: dict[str, Any]) -> None:
        new = {one.key: one for one in self.place.fields} if self.place else {}
        kept: dict[str, Any] = {}
        for was in self.section.fields:
            value = values.get(was.key)
            if value not in EMPTY:
                kept |= self._taken(was, new.get(was.key), value, was.key)
        for table in self.section.rows:
            if rows := list(self._rows(table, rows_of(values, table))):
                kept[table.key] = rows
        if kept:
            self.made.sections[self.section.key] = kept

    def _rows(self, table: RowsSpec, rows: list[Any]) -> Iterator[dict[str, Any]]:
        tables = self.place.rows if self.place else ()
        place = next((one for one in tables if one.key == table.key), None)
        if place is None:
            if rows:
                self._leave(table.key, Why.GONE, len(rows))
            return
        new = {one.key: one for one in place.fields}
        for number, row in enumerate(rows, 1):
            if number > place.max_rows:
                self._leave(table.key, Why.ROWS, len(rows) - place.max_rows)
                return
            kept: dict[str, Any] = {}
            for was in table.fields:
                value = row.get(was.key)
                if value not in EMPTY:
                    kept |= self._taken(was, new.get(was.key), value, table.key, number)
            if kept:
                yield kept

    def _taken(
        self, was: FieldSpec, now: FieldSpec | None, value: Any, member: str, row: int = 0
    ) -> dict[str, Any]:
        """Return the value under its key; nothing when it stays behind."""
        column = was.key if row else ""
        why = _hindrance(self.section.key, was, now, value)
        if now is None or why:
            self._leave(member, why or Why.GONE, value, row, column)
            return {}
        if now.kind is Kind.EVIDENCE:
            file, mark, page = str(value).partition("#")
            value = f"{self.files.get(file, file)}{mark}{page}"
        if now.kind in SEVERAL:
            return self._some(now, value, member, row, column)
        if now.kind in REMARKED or not now.fault(value, self.known):
            return {now.key: value}
        self._leave(
            member, Why.FILE if now.kind is Kind.EVIDENCE else Why.CHOICE, value, row, column
        )
        return {}

    def _some(
        self, now: FieldSpec, values: Any, member: str, row: int, column: str
    ) -> dict[str, Any]:
        """Take of several choices those that are offered."""
        offered = [one for one in values if not now.fault([one], self.known)]
        if rest := [one for one in values if one not in offered]:
            self._leave(member, Why.CHOICE, rest, row, column)
        return {now.key: offered} if offered else {}

    def _leave(self, member: str, why: Why, value: Any, row: int = 0, column: str = "") -> None:
        self.made.left_out.append(LeftOut(self.section.key, member, why, value, row, column))


def _hindrance(section: str, was: FieldSpec, now: FieldSpec | None, value: Any) -> Why | None:
    if now is None:
        return Why.GONE
    alike = was.kind is now.kind or any({was.kind, now.kind} <= kinds for kinds in ALIKE)
    folds = now.kind is Kind.TEXT and "\n" in str(value)  # a line cannot hold paragraphs
    if not alike or (folds and was.kind is Kind.LONG_TEXT):
        return Why.KIND
    promised = now.kind is Kind.BOOLEAN and (now.required or now.recommended)
    signed = was.key in SIGNED.get(section, ()) or bool(PAPERS & set(was.attachments))
    return Why.PROMISE if promised or signed else None
