"""Two texts of one section laid together: what differs, and what becomes of a choice. Pure.

Fields are compared one by one, rows as wholes: rows have no name of their own, so they are laid
beside each other by what is equal in them, and cells of different rows are never mixed.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import zip_longest
from typing import Any

from core.canonical import canonical_json, content_hash
from submissions.scheme.fields import SEVERAL, FieldSpec
from submissions.scheme.sections import RowsSpec, Section, rows_of

_MARK = re.compile(r"(\w+):([0-9a-f.]*)")


class Side(StrEnum):
    MINE = "mine"
    STORED = "stored"


@dataclass(frozen=True, slots=True)
class Difference:
    """A field, or a row of a table, that is not the same in both texts; None: not there."""

    key: str  # "title", or "indicators.2" for the third of the rows laid together
    part: FieldSpec | RowsSpec
    mine: Any
    stored: Any
    suggestion: Side | None  # the side that somebody changed, when only one side did


def marks(section: Section, values: Mapping[str, Any]) -> str:
    """Write down what a page began with, so that later it can be told who changed what."""
    return " ".join(f"{one.key}:{mark(one, values)}" for one in section.members)


def begun_marks(begun: str) -> dict[str, str]:
    """Read what ``marks`` wrote, by field or table."""
    return dict(_MARK.findall(begun))


def differences(
    section: Section, mine: Mapping[str, Any], stored: Mapping[str, Any], begun: str = ""
) -> list[Difference]:
    """List what differs; ``begun`` is what ``marks`` gave when the page was begun."""
    before = begun_marks(begun)
    return [
        Difference(key, part, my, its, _suggestion(part, my, its, before.get(part.key)))
        for part in section.members
        for key, my, its in _laid_together(part, mine, stored)
        if key
    ]


def merged(
    section: Section,
    mine: Mapping[str, Any],
    stored: Mapping[str, Any],
    chosen: Mapping[str, str],
) -> dict[str, Any]:
    """Return the section with each difference as chosen; KeyError when one is not."""
    values: dict[str, Any] = {}
    for part in section.members:
        kept = [
            its if not key or chosen[key] == Side.STORED else my
            for key, my, its in _laid_together(part, mine, stored)
        ]
        kept = [one for one in kept if one is not None]
        if isinstance(part, RowsSpec):
            values[part.key] = kept
        elif kept:
            values[part.key] = kept[0]
    return values


def _laid_together(
    part: FieldSpec | RowsSpec, mine: Mapping[str, Any], stored: Mapping[str, Any]
) -> Iterator[tuple[str, Any, Any]]:
    """Yield what is mine beside what is stored, with a key where the two differ."""
    if isinstance(part, RowsSpec):
        yield from _rows_laid_together(part, rows_of(dict(mine), part), rows_of(dict(stored), part))
        return
    my, its = mine.get(part.key), stored.get(part.key)
    same = plain(part, my) == plain(part, its)
    yield "" if same else part.key, my, its


def _rows_laid_together(
    table: RowsSpec, mine: list[Any], stored: list[Any]
) -> Iterator[tuple[str, Any, Any]]:
    matcher = SequenceMatcher(
        None, [_row(table, row) for row in stored], [_row(table, row) for row in mine], False
    )
    number = 0
    for verb, its_from, its_to, my_from, my_to in matcher.get_opcodes():
        for its, my in zip_longest(stored[its_from:its_to], mine[my_from:my_to]):
            yield "" if verb == "equal" else f"{table.key}.{number}", my, its
            number += 1


def _suggestion(part: FieldSpec | RowsSpec, my: Any, its: Any, begun: str | None) -> Side | None:
    """Name the side that changed, when the other is as the page began; rows may come and go."""
    if begun is None:
        return None
    known = begun.split(".")
    mine_is_old, stored_is_old = (_mark_of_one(part, one) in known for one in (my, its))
    if isinstance(part, RowsSpec) and my is None:
        return Side.MINE if stored_is_old else Side.STORED
    if isinstance(part, RowsSpec) and its is None:
        return Side.STORED if mine_is_old else Side.MINE
    return Side.STORED if mine_is_old else Side.MINE if stored_is_old else None


def mark(part: FieldSpec | RowsSpec, values: Mapping[str, Any]) -> str:
    """Sum up what a field or a table holds: equal marks, equal content."""
    if isinstance(part, RowsSpec):
        return ".".join(_mark_of_one(part, row) for row in rows_of(dict(values), part))
    return _mark_of_one(part, values.get(part.key))


def _mark_of_one(part: FieldSpec | RowsSpec, value: Any) -> str:
    """Sum up a value or a row, shortly: a hidden field carries all of a page."""
    if isinstance(part, FieldSpec):
        return content_hash(plain(part, value))[:16]
    return content_hash(_row(part, value).decode() if value is not None else None)[:16]


def _row(table: RowsSpec, row: dict[str, Any]) -> bytes:
    values = {field.key: plain(field, row.get(field.key)) for field in table.fields}
    return canonical_json({key: value for key, value in values.items() if value is not None})


def plain(field: FieldSpec, value: Any) -> Any:
    """Take away what makes no difference: empty or unticked, and the order of a choice."""
    if value in ("", []) or value is False:
        return None
    return sorted(value) if field.kind in SEVERAL and isinstance(value, list) else value
