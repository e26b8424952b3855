"""A declaration laid out for paper: what a page says, in which order. Pure; PDF and DOCX follow it.

``Paper.data()`` is JSON: it is handed to the PDF's template as data, so that nothing a person
typed is ever read as markup.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

# More columns do not fit across a sheet: each row is then a list of its own.
MOST_COLUMNS = 6


@dataclass(frozen=True, slots=True)
class Line:
    """A label and what stands beside it; ``lang`` of the value, when it is a text as written."""

    label: str
    value: str
    lang: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """A group of lines with a heading of its own: a row of a wide table."""

    heading: str
    lines: list[Line]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table narrow enough to be one."""

    heading: str
    columns: list[str]
    rows: list[list[str]]


@dataclass(frozen=True, slots=True)
class Part:
    """A section: its lines, its tables, its files."""

    heading: str
    lines: list[Line]
    grids: list[Grid]
    blocks: list[Block]
    files: list[Line]


@dataclass(frozen=True, slots=True)
class Paper:
    """All that is printed of one declaration, in one language."""

    language: str  # of labels: BCP 47
    rtl: bool
    banner: str  # across the head of each page: a draft, a demonstration
    kicker: str
    title: str
    title_lang: str
    facts: list[Line]
    parts: list[Part]
    seal_heading: str  # empty: no place for a seal
    seal_lines: list[str]  # to be filled in by hand
    footer: str
    page_word: str

    def data(self) -> dict[str, Any]:
        return asdict(self)


def part_of(section: Any, row_word: str, files_word: str) -> Part:
    """Lay out a section as ``submissions.reading`` gives it; what is not stated is left out."""
    lines = [
        Line(str(one["label"]), str(one["value"]), str(one.get("lang", "")))
        for one in section.facts
        if one["value"]
    ]
    grids, blocks = [], []
    for table in section.tables:
        if not table.rows:
            continue
        used = [
            n for n, _c in enumerate(table.columns) if any(row[n]["text"] for row in table.rows)
        ]
        columns = [str(table.columns[n]["label"]) for n in used]
        rows = [[str(row[n]["text"]) for n in used] for row in table.rows]
        if len(columns) <= MOST_COLUMNS:
            grids.append(Grid(table.label, columns, rows))
        else:
            blocks += _blocks(table.label, columns, rows, row_word)
    files = [
        Line(files_word, f"{one['title']} ({one['file_name']})") for one in section.attachments
    ]
    return Part(section.label, lines, grids, blocks, files)


def _blocks(
    label: str, columns: list[str], rows: Iterable[list[str]], row_word: str
) -> list[Block]:
    return [
        Block(
            row_word.format(table=label, row=number),
            [Line(name, value) for name, value in zip(columns, row, strict=True) if value],
        )
        for number, row in enumerate(rows, 1)
    ]
