"""Two filed declarations laid side by side, field by field, with the passages they share."""

from collections.abc import Iterator, Set
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from submissions.checks.look_alikes import Piece, all_hashes, compared, marked, texts_of
from submissions.choices import Choices
from submissions.models import DeclarationVersion
from submissions.reading import Reader, ReadSection
from submissions.scheme import Scheme
from submissions.translations import in_force


@dataclass(frozen=True, slots=True)
class Cell:
    """What one of the two states: a text in pieces, or the rows of a table."""

    pieces: list[Piece] = field(default_factory=list)
    rows: list[str] = field(default_factory=list)
    lang: str = ""

    def __bool__(self) -> bool:
        return bool(self.pieces or self.rows)


@dataclass(slots=True)
class Row:
    """A field or table, as both state it."""

    part: str
    of: str  # label of the part
    key: str
    label: str
    cells: tuple[Cell, ...]  # of the first, of the second

    @property
    def place(self) -> str:
        return f"{self.part}.{self.key}"

    @property
    def shares(self) -> bool:
        return any(piece.shared for cell in self.cells for piece in cell.pieces)


@dataclass(slots=True)
class Part:
    """A section, or a translation, of both; what neither states is left out."""

    key: str
    label: str
    rows: list[Row] = field(default_factory=list)


NOTHING = Cell()
Laid = tuple[str, str, str, str, Cell]  # key and label of the part, key and label in it


def parts(mine: DeclarationVersion, theirs: DeclarationVersion) -> list[Part]:
    """Lay two versions side by side, in the order of the first."""
    ours, others = _Side(mine), _Side(theirs)
    laid = [list(ours.laid(others.hashes())), list(others.laid(ours.hashes()))]
    left, right = ({(one[0], one[2]): one[4] for one in side} for side in laid)
    found: dict[str, Part] = {}
    for part, label, key, name, _cell in (*laid[0], *laid[1]):
        cells = tuple(side.get((part, key), NOTHING) for side in (left, right))
        rows = found.setdefault(part, Part(part, label)).rows
        if any(cells) and key not in [one.key for one in rows]:
            rows.append(Row(part, label, key, name, cells))
    return [one for one in found.values() if one.rows]


class _Side:
    """One of the two."""

    def __init__(self, version: DeclarationVersion) -> None:
        self.content: dict[str, Any] = version.content
        self.language: str = version.content["language"]
        self.scheme: Scheme = version.declaration.activity.scheme.load()
        self.compared = compared(self.scheme)
        self.translations = {key: one.texts for key, one in in_force(version).items()}

    def hashes(self) -> frozenset[int]:
        """Return those of every text that is compared, in whatever language and field."""
        texts = list(texts_of(self.scheme, self.content["sections"]).values())
        for by_place in self.translations.values():
            texts += [text for place, text in by_place.items() if place in self.compared]
        return all_hashes(texts)

    def laid(self, theirs: Set[int]) -> Iterator[Laid]:
        reader = Reader(self.scheme, Choices(), self.language)
        for section in reader.sections(self.content["sections"], self.content["attachments"]):
            yield from self._section(section, theirs)
        labels = {f"{s.key}.{spec.key}": spec.label for s, spec in self.scheme.translatable()}
        for language, texts in self.translations.items():
            name = _("Translation: %(language)s") % {
                "language": get_language_info(language)["name_translated"]
            }
            for place, text in texts.items():
                cell = self._text(place, text, language, theirs)
                yield f"translation-{language}", name, place, labels.get(place, place), cell

    def _section(self, section: ReadSection, theirs: Set[int]) -> Iterator[Laid]:
        for fact in section.facts:
            place = f"{section.key}.{fact['key']}"
            cell = self._text(place, fact["value"], fact.get("lang", ""), theirs)
            yield section.key, section.label, fact["key"], fact["label"], cell
        for table in section.tables:
            rows = [_(", ").join(filter(None, (one["text"] for one in row))) for row in table.rows]
            yield section.key, section.label, table.key, table.label, Cell(rows=rows)

    def _text(self, place: str, text: str, language: str, theirs: Set[int]) -> Cell:
        if place in self.compared:
            return Cell(marked(text, theirs), lang=language)
        return Cell([Piece(text)] if text else [], lang=language)


def same_files(mine: DeclarationVersion, theirs: DeclarationVersion) -> list[str]:
    """Name the files of the first that were filed with the other too, to the byte."""
    there = {one["sha256"] for one in theirs.content["attachments"]}
    return [one["title"] for one in mine.content["attachments"] if one["sha256"] in there]
