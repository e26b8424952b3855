"""Reads a spreadsheet (XLSX or CSV) into lines of text. It does not know what they are about.

The file is a stranger: an XLSX is first looked into by a process of its own, as every upload is
(``submissions.files``), which refuses bombs, macros and entities. Formulas are refused, never
computed; limits are stated.
"""

import csv
import io
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from openpyxl import load_workbook

from core.errors import DomainError
from submissions.files import uploads

MOST_BYTES = 1024 * 1024
MOST_LINES = 300
MOST_COLUMNS = 20
LAST_LINE = 1024 * 1024  # of any spreadsheet
MOST_CELLS = 1024 * 1024  # looked at, blank ones included
LONGEST_CELL = 2000
DELIMITERS = ",;\t"
FORMULA = "="


class SheetError(DomainError):
    """The file as a whole cannot be taken."""

    def __init__(self, message: str) -> None:
        super().__init__(message, field="file")


@dataclass(frozen=True, slots=True)
class Cells:
    """A line of the sheet: its number there, and the text of each of its cells."""

    number: int
    texts: tuple[str, ...]


def read(
    upload: UploadedFile[Any], *, longest: int = LONGEST_CELL, in_lines: bool = False
) -> list[Cells]:
    """Return the lines that are not blank, the heading first; raise SheetError at what is wrong.

    ``longest`` is how many characters a cell may have; ``in_lines`` keeps blanks and line ends
    within a cell as they were written.
    """
    tidy = _as_written if in_lines else _plain
    name = (upload.name or "").lower()
    if (upload.size or 0) > MOST_BYTES:
        raise SheetError(_("The file is larger than 1 MB."))
    if name.endswith(".xlsx"):
        found = _from_xlsx(upload)
    elif name.endswith(".csv"):
        found = _from_csv(upload.read())
    else:
        raise SheetError(_("Only XLSX and CSV files are taken."))
    rows = [row for row in (_tidy(one, longest, tidy) for one in found) if any(row.texts)]
    if len(rows) > MOST_LINES + 1:
        raise SheetError(
            _("There are more than %(most)d lines. Please part the file.") % {"most": MOST_LINES}
        )
    if len(rows) < 2:
        raise SheetError(_("There is no line below the heading."))
    return rows


def _from_xlsx(upload: UploadedFile[Any]) -> list[Cells]:
    try:
        uploads.inspect(upload)
    except uploads.UploadError as refusal:
        raise SheetError(str(refusal)) from None
    try:
        book = load_workbook(upload.file, read_only=True, keep_links=False)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # the size a file claims is not asked
        return list(islice(_with_text(sheet), MOST_LINES + 2))  # one more than may be
    except SheetError:
        raise
    except Exception as error:
        raise SheetError(_("This file cannot be read as a spreadsheet.")) from error


def _with_text(sheet: Any) -> Iterator[Cells]:
    """Pass over blank lines to the end of the sheet: nothing below them goes lost unsaid."""
    looked_at = 0
    for number, row in enumerate(sheet.iter_rows(max_row=LAST_LINE), 1):
        looked_at += len(row)
        if looked_at > MOST_CELLS:
            raise SheetError(_("This file cannot be read as a spreadsheet."))
        texts = tuple(_text(cell, number) for cell in row)
        if any(texts):
            yield Cells(number, texts)


def _text(cell: Any, number: int) -> str:
    if cell.data_type == "f":
        raise SheetError(
            _("There is a formula in line %(line)d. Put the values in its place.")
            % {"line": number}
        )
    value = cell.value
    if value is None or cell.data_type == "e":
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _from_csv(content: bytes) -> list[Cells]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise SheetError(_("This CSV file is not in UTF-8. Save it as “CSV UTF-8”.")) from None
    if "\0" in text:
        raise SheetError(_("This file cannot be read as a spreadsheet."))
    heading = text.partition("\n")[0]
    delimiter = max(DELIMITERS, key=heading.count)
    try:
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        return list(_with_numbers(rows))
    except csv.Error:
        raise SheetError(_("This file cannot be read as a spreadsheet.")) from None


def _with_numbers(rows: Iterable[Sequence[str]]) -> Iterator[Cells]:
    for number, row in enumerate(rows, 1):
        if any(one.lstrip().startswith(FORMULA) for one in row):
            raise SheetError(
                _("There is a formula in line %(line)d. Put the values in its place.")
                % {"line": number}
            )
        yield Cells(number, tuple(row))


def _tidy(row: Cells, longest: int, tidy: Callable[[str], str]) -> Cells:
    texts = tuple(map(tidy, row.texts))
    if any(texts[MOST_COLUMNS:]):
        raise SheetError(
            _("Line %(line)d has more than %(most)d columns. Please take out what is not asked.")
            % {"line": row.number, "most": MOST_COLUMNS}
        )
    if any(len(one) > longest for one in texts):
        raise SheetError(
            _("A cell in line %(line)d has more than %(most)d characters.")
            % {"line": row.number, "most": longest}
        )
    return Cells(row.number, texts[:MOST_COLUMNS])


def _plain(text: str) -> str:
    """Return a cell without what cannot be seen, and with single blanks."""
    seen = (" " if one.isspace() else one for one in text)
    return " ".join("".join(o for o in seen if unicodedata.category(o) != "Cc").split())


def _as_written(text: str) -> str:
    """Return a cell without what cannot be seen, line by line."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(o for o in lines if o in "\t\n" or unicodedata.category(o) != "Cc").strip()
