"""A score sheet as a spreadsheet: filled in without a line, read back, compared, then saved.

Reading saves nothing. What a file says is laid beside what is stored, as the entries of a page;
saving them goes by the door of the desk, with the marks of when they were compared.
"""

import io
from collections import Counter
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import override
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from core.errors import DomainError
from evaluation import spreadsheets
from evaluation.desk import evidence, page, sheet_choices
from evaluation.desk.forms import PARTS, TEXT, entry_of, name_of
from evaluation.desk.places import PlaceNames
from evaluation.desk.saving import WORDS, Entry, Given, mark_of, stored_entries
from evaluation.models import Dimension, Indicator, ScoreSheet
from evaluation.spreadsheets import SheetError
from reference.names import in_language
from submissions.models import DeclarationVersion

DECLARATION = "declaration"  # the line that says whose sheet this is
LONGEST = 8000  # characters of a cell
WIDTHS = (26, 24, 34, 60, 10, 12, 60, 40)
WIDTHS_OF_PLACES = (60, 60, 40)
WIDTHS_OF_CHOICES = (30, 80)
CODE, _DIMENSION, INDICATOR, _BANDS, SCORE, WITHOUT, COMMENT, EVIDENCE = range(8)


@dataclass(frozen=True, slots=True)
class Line:
    """What a file says otherwise than what is stored."""

    name: str
    stored: str
    read: str


@dataclass(slots=True)
class Read:
    """A file that was read: the data of a page, and what is wrong with single lines."""

    data: dict[str, Any]
    wrong: list[str] = field(default_factory=list)

    def refuse(self, name: str, error: DomainError) -> None:
        self.wrong.append(_("%(name)s: %(sentence)s") % {"name": name, "sentence": str(error)})


def headings() -> list[str]:
    return [
        _("Code"),
        _("Dimension"),
        _("Indicator"),
        _("Bands"),
        _("Score"),
        _("Not applicable (x)"),
        _("Comment"),
        _("Evidence (one place per line or after a semicolon; see the sheet “Places”)"),
    ]


def _first_headings() -> set[str]:
    """Return what stands over the codes, in every language a file may have been taken in."""
    found = set()
    for language in settings.LANGUAGES_COMPLETE:
        with override(language):
            found.add(headings()[CODE])
    return found


def workbook(sheet: ScoreSheet, dimensions: list[Dimension]) -> bytes:
    """Write the sheet as XLSX, with what is stored."""
    book = Workbook()
    first = book.active
    if not isinstance(first, Worksheet):
        raise TypeError("a new workbook begins with a worksheet")
    first.title = "scores"
    stored = stored_entries(sheet)
    rows: list[list[Any]] = [headings(), _whose(sheet)]
    for dimension in dimensions:
        rows += [_row(dimension, one, stored) for one in dimension.indicators.all()]
    rows += [_over_all(word, str(stored[word])) for word in WORDS]
    _fill(first, rows, WIDTHS)
    best = sheet.assignment.case.criteria_set.best
    sheet_choices.guard(first, best, _layout(rows, dimensions))
    _fill(book.create_sheet(_("Choices")), sheet_choices.rows(best), WIDTHS_OF_CHOICES)
    _fill(book.create_sheet(_("Places")), _places(sheet), WIDTHS_OF_PLACES)
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def _layout(rows: list[list[Any]], dimensions: list[Dimension]) -> sheet_choices.Layout:
    lines = {row[CODE]: number for number, row in enumerate(rows, 1)}
    scores, marks, texts = (get_column_letter(one + 1) for one in (SCORE, WITHOUT, COMMENT))
    return sheet_choices.Layout(
        scores,
        marks,
        texts,
        [(lines[_code(dim, one)], one) for dim in dimensions for one in dim.indicators.all()],
        lines["recommendation"],
    )


def _code(dimension: Dimension, one: Indicator) -> str:
    return f"{dimension.code}.{one.code}"


def _fill(page: Worksheet, rows: list[list[Any]], widths: tuple[int, ...]) -> None:
    for number, row in enumerate(rows, 1):
        for column, value in enumerate(row, 1):
            cell = page.cell(number, column, value)
            if isinstance(value, str):
                cell.data_type = "s"  # what begins with "=" is a text, too
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            cell.font = Font(bold=number == 1)
    for place, width in enumerate(widths):
        page.column_dimensions["ABCDEFGH"[place]].width = width
    page.freeze_panes = "A2"


def _places(sheet: ScoreSheet) -> list[list[str]]:
    """Return what can be named as evidence: the code and the name of each place and file."""
    names = evidence.labels_of(evidence.groups_of(page.read(sheet.assignment.case.version)))
    note = _("With “#page=3” behind the code it is page 3 of the file.")
    rows = [[code, name, note if code.startswith("file:") else ""] for code, name in names.items()]
    return [[_("Code"), _("Place in the declaration"), ""], *rows]


def read(upload: UploadedFile[Any], sheet: ScoreSheet, dimensions: list[Dimension]) -> Read:
    """Read a file into the data of a page; raise SheetError where it is no file of this sheet."""
    rows = spreadsheets.read(upload, longest=LONGEST, in_lines=True)
    lines = {row.texts[CODE]: row.texts for row in rows}
    version = sheet.assignment.case.version.content_hash
    if _cell(lines.get(DECLARATION, ()), INDICATOR) != version:
        raise SheetError(
            _("This file is no score sheet of this declaration and version. Take a new one.")
        )
    indicators = {
        _code(dimension, one): one for dimension in dimensions for one in dimension.indicators.all()
    }
    found, names = Read(_data_of(stored_entries(sheet))), PlaceNames(sheet.assignment.case.version)
    known = {DECLARATION, *_first_headings()}
    twice = {code for code, count in Counter(row.texts[CODE] for row in rows).items() if count > 1}
    for code, texts in lines.items():
        if code in twice & {*indicators, *WORDS}:
            found.wrong.append(_("“%s” stands in the file twice. Keep one of the lines.") % code)
        elif code in indicators:
            _take(found, indicators[code], texts, names)
        elif code in WORDS:
            _take_word(found, code, _cell(texts, COMMENT))
        elif code not in known:
            found.wrong.append(_("There is no indicator “%s” in this score sheet.") % code)
    return found


def without_refused(
    data: Mapping[str, Any], stored: Mapping[str, Entry], refused: Container[str]
) -> dict[str, Any]:
    """Put what is stored in the place of entries that cannot be taken: saving leaves them alone."""
    there = {key: one for key, one in _data_of(stored).items() if entry_of(key) in refused}
    return {key: one for key, one in data.items() if entry_of(key) not in refused} | there


def differences(
    stored: Mapping[str, Entry],
    read: Mapping[str, Entry],
    indicators: list[Indicator],
    version: DeclarationVersion,
) -> list[Line]:
    """Return what would change, in the order of the sheet, in the words of its reader."""
    names = {str(one.pk): one.name for one in indicators} | _names()
    empty: dict[str, Entry] = dict.fromkeys((str(one.pk) for one in indicators), Given())
    before = {**empty, **stored}
    changed = [key for key in names if key in read and mark_of(before[key]) != mark_of(read[key])]
    both = [one[key] for key in changed for one in (before, read)]
    places = _place_names(both, version)
    return [
        Line(names[key], *(in_words(key, one[key], places) for one in (before, read)))
        for key in changed
    ]


def _place_names(entries: Iterable[Entry], version: DeclarationVersion) -> dict[str, str]:
    """Return what places are called; the version is read only where an entry names one."""
    if not any(isinstance(one, Given) and one.evidence for one in entries):
        return {}
    return evidence.labels_of(evidence.groups_of(page.read(version)))


def in_words(name: str, entry: Entry, places: dict[str, str]) -> str:
    """Say what an entry holds; each place that is named as evidence on a line of its own."""
    if isinstance(entry, str):
        return page.text_in_words(name, entry.strip())
    value = _("not applicable") if entry.not_applicable else entry.value
    said = ["" if value is None else str(value), entry.comment.strip()]
    shown = [one.label for one in evidence.shown(entry.evidence, places)]
    lines = [" – ".join(one for one in said if one), *shown]
    return "\n".join(one for one in lines if one)


def _whose(sheet: ScoreSheet) -> list[str]:
    case = sheet.assignment.case
    told = f"{case.declaration.number} {case.declaration.title}"
    return [DECLARATION, "", case.version.content_hash, told]


def _row(dimension: Dimension, one: Indicator, stored: Mapping[str, Entry]) -> list[Any]:
    given = stored.get(str(one.pk), Given())
    if not isinstance(given, Given):
        raise TypeError(f"{one.pk} is an indicator")
    bands = "\n".join(f"{b['from']}–{b['to']}: {in_language(b['texts'])}" for b in one.bands)
    without = "x" if given.not_applicable else ""
    told = [given.value, without if one.not_applicable else "–", given.comment]
    return [
        _code(dimension, one),
        dimension.name,
        one.name,
        bands,
        *told,
        "; ".join(given.evidence),
    ]


def _names() -> dict[str, str]:
    return {
        "comment": _("Overall comment"),
        "recommendation": _("Your recommendation"),
        "remark": _("Confidential remark to the panel"),
    }


def _help(word: str) -> str:
    return sheet_choices.recommendation_help() if word == "recommendation" else ""


def _over_all(word: str, stored: str) -> list[str]:
    told = page.text_in_words(word, stored)
    return [word, "", _names()[word], _help(word), "", "", told]


def _data_of(stored: Mapping[str, Entry]) -> dict[str, Any]:
    data: dict[str, Any] = {}
    for name, entry in stored.items():
        if isinstance(entry, str):
            data[name_of(name, TEXT)] = entry
        else:
            told = (entry.value, entry.not_applicable, entry.comment, list(entry.evidence))
            data |= {name_of(name, part): one for part, one in zip(PARTS, told, strict=True)}
    return {key: "" if one is None else one for key, one in data.items() if one is not False}


def _take(found: Read, indicator: Indicator, texts: tuple[str, ...], names: PlaceNames) -> None:
    pk = indicator.pk
    try:
        named = _evidence(_cell(texts, EVIDENCE), names)
        without = sheet_choices.is_marked(indicator, _cell(texts, WITHOUT))
    except DomainError as error:  # all of the line stays as it is stored
        found.refuse(indicator.name, error)
        return
    found.data[name_of(pk, "value")] = _cell(texts, SCORE)
    found.data[name_of(pk, "comment")] = _cell(texts, COMMENT)
    found.data[name_of(pk, "evidence")] = named
    found.data.pop(name_of(pk, "without"), None)
    if without:
        found.data[name_of(pk, "without")] = "on"


def _take_word(found: Read, word: str, text: str) -> None:
    try:
        value = sheet_choices.recommendation(text) if word == "recommendation" else text
    except DomainError as error:
        found.refuse(_names()[word], error)
        return
    found.data[name_of(word, TEXT)] = value


def _evidence(text: str, names: PlaceNames) -> list[str]:
    typed = (one.strip() for one in text.replace("\n", ";").replace("；", ";").split(";"))
    return [names.text_of(one) for one in typed if one]


def _cell(texts: tuple[str, ...], place: int) -> str:
    return texts[place] if place < len(texts) else ""
