"""The rows of a table while they are typed: one more, one less, a copy, moved, or pasted.

Pure but for the names of choices. A row is what stands in its inputs, by field, not yet judged.
"""

import csv
import datetime as dt
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from io import StringIO
from typing import Any

from django.utils.translation import gettext as _

from core.errors import DomainError
from submissions.choices import Choices
from submissions.scheme.fields import DATE_FORMATS, SEVERAL, FieldSpec, Kind
from submissions.scheme.sections import RowsSpec

Row = dict[str, Any]
Rows = list[Row]
YES = frozenset(
    {"yes", "y", "true", "1", "x", "✓", "√", "是", "有", "да", "oui", "sí", "si", "نعم"}
)
NO = frozenset(
    {"no", "n", "false", "0", "-", "–", "✗", "×", "否", "无", "没有", "нет", "non", "لا"}
)


@dataclass(frozen=True, slots=True)
class Pasted:
    """Cells out of a spreadsheet: tab between cells, line end between rows."""

    text: str
    row: int  # where the first line goes
    column: str  # the field its first cell goes to; empty: the first of the table


@dataclass(frozen=True, slots=True)
class Unread:
    """A pasted cell that its column has no input for: no choice is called so, no day reads so."""

    row: int
    field: str
    text: str


def add(rows: Rows, table: RowsSpec) -> Rows:
    _require_room(rows, table)
    return [*rows, {}]


def copy(rows: Rows, table: RowsSpec, number: int) -> Rows:
    _require_room(rows, table)
    return [*rows[: number + 1], dict(rows[number]), *rows[number + 1 :]]


def _require_room(rows: Rows, table: RowsSpec) -> None:
    if len(rows) >= table.max_rows:
        raise DomainError(_too_many(table))


def remove(rows: Rows, number: int) -> Rows:
    return [*rows[:number], *rows[number + 1 :]]


def move(rows: Rows, number: int, by: int) -> Rows:
    """Let a row change places with the one before (-1) or after (+1) it, if there is one."""
    other = number + by
    if not 0 <= other < len(rows):
        return rows
    moved = list(rows)
    moved[number], moved[other] = moved[other], moved[number]
    return moved


def places(before: Rows, after: Rows) -> dict[int, int | None]:
    """Say where each row went, counted from 1; None: it was taken out."""
    now = {id(row): number for number, row in enumerate(after, 1)}
    return {number: now.get(id(row)) for number, row in enumerate(before, 1)}


def renumbered(rows: Rows, field: str, went: Mapping[int, int | None]) -> tuple[Rows, list[int]]:
    """Let ``field`` go on naming the row it named, by its new number.

    Returns the rows, and which of them named a row that was taken out: they name none now.
    """
    result, lost = [], []
    for at, row in enumerate(rows):
        typed = str(row.get(field) or "").strip()
        named = int(typed) if typed.isdecimal() else 0
        now = went.get(named, named)
        if now is None:
            lost.append(at)
        result.append(row if now == named else {**row, field: "" if now is None else str(now)})
    return result, lost


def paste(
    rows: Rows, table: RowsSpec, choices: Choices, pasted: Pasted
) -> tuple[Rows, list[Unread]]:
    """Lay cells into the table; return its rows, and the cells that have no place in an input.

    A first line that names columns of the table, in any language of the portal, says what goes
    where. Raises DomainError, and lays nothing, when the table has not room for all of it.
    """
    lines = _lines(pasted.text)
    if not lines:
        raise DomainError(_("There is nothing to paste."))
    heading = next(number for number, line in enumerate(lines) if any(line))
    columns = _named(lines[heading], table)
    if columns:
        lines = lines[heading + 1 :]
    columns = columns or _from(table, pasted.column)
    first = min(pasted.row, len(rows))
    if first + len(lines) > table.max_rows:
        raise DomainError(_too_many(table))
    result = [dict(row) for row in rows]
    result += [{} for _n in range(first + len(lines) - len(rows))]
    unread = []
    for number, line in enumerate(lines, first):
        row = result[number]
        cells = [(spec, cell) for spec, cell in zip(columns, line, strict=False) if spec and cell]
        # What has a place of its own comes first: what is put beside a list takes none away.
        left = [(spec, cell) for spec, cell in cells if not _laid(row, spec, cell, choices)]
        unread += [
            Unread(number, spec.key, cell)
            for spec, cell in left
            if not _laid_beside(row, table, spec, cell)
        ]
    return result, unread


def _laid(row: dict[str, Any], spec: FieldSpec, cell: str, choices: Choices) -> bool:
    value = _value(spec, cell, choices)
    if value is not None:
        row[spec.key] = value
    return value is not None


def _laid_beside(row: dict[str, Any], table: RowsSpec, spec: FieldSpec, cell: str) -> bool:
    """Put what the list of a field does not have into the field for that, if it is free."""
    place = _beside(table, spec)
    if place is None or row.get(place.key):
        return False
    row[place.key] = cell
    return True


def _beside(table: RowsSpec, choice: FieldSpec) -> FieldSpec | None:
    """Return the field for what a list does not have: ``unit_other``, or asked for instead."""
    for one in table.fields:
        told = one.required_when
        instead = told and told.field == choice.key and not told.filled
        if one.kind is Kind.TEXT and (one.key == f"{choice.key}_other" or instead):
            return one
    return None


def _lines(text: str) -> list[list[str]]:
    """Read tab-separated cells as spreadsheets write them, quotes and line ends inside included.

    A blank line is a row whose cells are blank: what follows stays beside its own. At the end it
    is what spreadsheets put there.
    """
    reader = csv.reader(StringIO(text), dialect="excel-tab", strict=False)
    lines = [[cell.strip() for cell in line] for line in reader]
    while lines and not any(lines[-1]):
        lines.pop()
    return lines


def _named(line: list[str], table: RowsSpec) -> list[FieldSpec | None]:
    """Return the columns a heading line names; none when it is no heading."""
    names = {_plain(name): spec for spec in table.fields for name in spec.labels.values()}
    names |= {spec.key: spec for spec in table.fields}
    found = [names.get(_plain(cell)) for cell in line]
    return found if sum(one is not None for one in found) * 2 > len(line) else []


def _from(table: RowsSpec, column: str) -> list[FieldSpec | None]:
    keys = [spec.key for spec in table.fields]
    start = keys.index(column) if column in keys else 0
    return list(table.fields[start:])


def _value(spec: FieldSpec, cell: str, choices: Choices) -> Any:
    """Return what the cell is in the input of its field; None: it has no place there."""
    if spec.kind is Kind.BOOLEAN:
        return True if _plain(cell) in YES else False if _plain(cell) in NO else None
    if spec.kind in (Kind.DATE, Kind.EVIDENCE):
        return _day(cell) if spec.kind is Kind.DATE else _file(cell, choices.codes(spec))
    if not (spec.source or spec.options):
        return cell
    codes = choices.codes(spec)
    if spec.kind in SEVERAL:
        found = [codes.get(_plain(one)) for one in _parts(cell)]
        return None if None in found else found
    return codes.get(_plain(cell))


def _day(cell: str) -> str | None:
    for form in DATE_FORMATS:
        with suppress(ValueError):
            return dt.datetime.strptime(cell, form).date().isoformat()  # noqa: DTZ007 -- a day has no zone
    return None


def _file(cell: str, codes: Mapping[str, str]) -> str | None:
    """Read the name of a file, and perhaps a page of it: ``report.pdf#3``."""
    if found := codes.get(_plain(cell)):
        return found
    name, _mark, page = cell.rpartition("#")
    found = codes.get(_plain(name))
    return f"{found}#{page.strip()}" if found else None


def _parts(cell: str) -> list[str]:
    for mark in "；、，;|\n":
        cell = cell.replace(mark, ",")
    return [one for one in (part.strip() for part in cell.split(",")) if one]


def _plain(text: str) -> str:
    return " ".join(text.casefold().split()).strip(" *:：")


def _too_many(table: RowsSpec) -> str:
    return _("%(table)s: at most %(count)d rows.") % {
        "table": table.label,
        "count": table.max_rows,
    }
