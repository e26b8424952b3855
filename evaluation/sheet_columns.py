"""What the columns of a spreadsheet are called, which of them a file has, and an empty one.

Whoever reads a spreadsheet of rows (experts to nominate, technologies of an earlier list) says
which columns there are and what a cell means; here each line is read cell by cell, and every
fault is told with its column.
"""

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from openpyxl import Workbook

from core.errors import DomainError
from evaluation.spreadsheets import Cells, SheetError

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the sheet: its heading in either language, and what it is called on the page."""

    key: str
    headings: tuple[str, str]
    label: str | Promise
    longest: int = 200
    needed: bool = False


Places = dict[str, int]  # in which cell of a line each column is
Read = Callable[[str, str], Any]  # of a column and the text of a cell: the value, or DomainError


def places_of(heading: Cells, columns: Sequence[Column]) -> Places:
    """Return in which cell of a line each column is; unknown and missing headings are refused."""
    known = {one: column.key for column in columns for one in (column.key, *column.headings)}
    places: Places = {}
    for place, text in enumerate(heading.texts):
        if not text:
            continue
        key = known.get(text.casefold().rstrip("*").strip())
        if key is None:
            raise SheetError(_("The heading “%(heading)s” is not known.") % {"heading": text[:60]})
        if key in places:
            raise SheetError(_("The heading “%(heading)s” is there twice.") % {"heading": text})
        places[key] = place
    for column in columns:
        if column.needed and column.key not in places:
            raise SheetError(_("The column “%(column)s” is missing.") % {"column": column.label})
    return places


def read_line(
    row: Cells, places: Places, columns: Sequence[Column], read: Read
) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    """Return the values of a line by column, and its faults: column and sentence."""
    values: dict[str, Any] = {}
    faults: list[tuple[str, str]] = []
    for column in columns:
        place = places.get(column.key)
        text = row.texts[place] if place is not None and place < len(row.texts) else ""
        try:
            if len(text) > column.longest:
                raise DomainError(_("At most %(most)d characters.") % {"most": column.longest})
            if column.needed and not text:
                raise DomainError(_("This is missing."))
            values[column.key] = read(column.key, text)
        except DomainError as refusal:
            faults.append((str(column.label), str(refusal)))
    return values, faults


def by_name(rows: Iterable[Any]) -> dict[str, str]:
    """Return the code of each row of a vocabulary by the code itself and by its names."""
    return {
        str(word).casefold(): one.code for one in rows for word in (one.code, *one.names.values())
    }


def headings(columns: Sequence[Column], language: str) -> list[str]:
    """Return the heading of an empty sheet; what must be filled in carries a star."""
    place = 1 if language.startswith("zh") else 0
    return [capfirst(column.headings[place]) + ("*" if column.needed else "") for column in columns]


def empty_sheet(columns: Sequence[Column], kind: str, language: str) -> bytes:
    """Return a sheet with nothing but its heading; ``kind``: xlsx or csv."""
    heading = headings(columns, language)
    return _as_xlsx(heading) if kind == "xlsx" else _as_csv(heading)


def _as_xlsx(heading: list[str]) -> bytes:
    book, content = Workbook(), io.BytesIO()
    sheet: Any = book.active
    sheet.append(heading)
    for cell in sheet[1]:
        sheet.column_dimensions[cell.column_letter].width = 24
    book.save(content)
    return content.getvalue()


def _as_csv(heading: list[str]) -> bytes:
    content = io.StringIO(newline="")
    csv.writer(content).writerow(heading)
    return content.getvalue().encode("utf-8-sig")  # by the mark Excel knows that it is UTF-8
