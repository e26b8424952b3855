"""What changed from one document to another: fields, rows of tables, files. Pure.

Both may be of different versions of a scheme: a part that only one of them knows was added or
removed with it. Values stay as they are stored; ``submissions.changed`` writes them for people.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain
from typing import Any, TypeVar

from submissions.scheme import Scheme
from submissions.scheme.differences import plain
from submissions.scheme.fields import TEXTS, FieldSpec, Kind
from submissions.scheme.matching import Pair, pairs
from submissions.scheme.sections import RowsSpec, Section, rows_of
from submissions.scheme.wording import Segment, folded, segments

Part = TypeVar("Part", FieldSpec, RowsSpec, Section)
File = Mapping[str, Any]  # as in a document: id, kind, title, sha256


class What(StrEnum):
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"
    RENAMED = "renamed"


@dataclass(frozen=True, slots=True)
class Document:
    """What was filed, by section and field, and the files laid beside it."""

    scheme: Scheme
    sections: Mapping[str, Any]
    files: Sequence[File] = ()

    def hashes(self) -> dict[str, str]:
        return {str(one["id"]): str(one["sha256"]) for one in self.files}


@dataclass(frozen=True, slots=True)
class ChangedField:
    """A field with what it held; each value is read by the field as its own scheme has it."""

    was: FieldSpec
    now: FieldSpec
    before: Any
    after: Any
    segments: tuple[Segment, ...] = ()  # of texts that stand on both sides


@dataclass(frozen=True, slots=True)
class ChangedRow:
    """A row that came, went, changed or changed its place; numbers count from 1, 0: not there."""

    what: What
    was: int
    now: int
    values: Mapping[str, Any]  # as it is now; of a removed row, as it was
    cells: tuple[ChangedField, ...]
    is_moved: bool = False


@dataclass(frozen=True, slots=True)
class ChangedTable:
    table: RowsSpec
    rows: tuple[ChangedRow, ...]


@dataclass(frozen=True, slots=True)
class ChangedSection:
    section: Section
    fields: tuple[ChangedField, ...]
    tables: tuple[ChangedTable, ...]


@dataclass(frozen=True, slots=True)
class ChangedFile:
    """A file that came, went, was replaced (changed) or was only called otherwise (renamed)."""

    what: What
    before: File | None
    after: File | None


def changed_sections(before: Document, after: Document) -> list[ChangedSection]:
    """List the sections in which anything changed, in the order of the later document."""
    files = before.hashes(), after.hashes()
    found = []
    for was, now in _together(before.scheme.sections, after.scheme.sections):
        old, new = (_values(doc, part) for doc, part in ((before, was), (after, now)))
        fields = tuple(_fields(_parts(was, "fields"), _parts(now, "fields"), old, new, files))
        tables = tuple(_tables(_parts(was, "rows"), _parts(now, "rows"), old, new, files))
        if fields or tables:
            found.append(ChangedSection(now or was, fields, tables))  # type: ignore[arg-type]  # one of both is there
    return found


def changed_files(before: Sequence[File], after: Sequence[File]) -> list[ChangedFile]:
    """List the files that changed: known by their bytes and their kind, not by their name."""
    old = {(one["sha256"], one["kind"]): one for one in before}
    new = {(one["sha256"], one["kind"]): one for one in after}
    gone = [one for key, one in old.items() if key not in new]
    found = []
    for key, one in new.items():
        same = old.get(key)
        if same is None:
            replaced = _replaced(one, gone, [new[k] for k in new if k not in old])
            if replaced:
                gone.remove(replaced)
            found.append(ChangedFile(What.CHANGED if replaced else What.ADDED, replaced, one))
        elif same["title"] != one["title"]:
            found.append(ChangedFile(What.RENAMED, same, one))
    return found + [ChangedFile(What.REMOVED, one, None) for one in gone]


def _replaced(one: File, gone: list[File], come: list[File]) -> File | None:
    """Name the file it stands for: of its kind and title, or the only one to come and go."""
    mine = [other for other in gone if other["kind"] == one["kind"]]
    titled = next((other for other in mine if other["title"] == one["title"]), None)
    alone = len(mine) == 1 and sum(other["kind"] == one["kind"] for other in come) == 1
    return titled or (mine[0] if alone else None)


def _together(
    before: Sequence[Part], after: Sequence[Part]
) -> Iterator[tuple[Part | None, Part | None]]:
    """Pair the parts of one key, in the order of the later ones; what is gone comes last."""
    old, new = {one.key: one for one in before}, {one.key: one for one in after}
    for key in chain(new, (key for key in old if key not in new)):
        yield old.get(key), new.get(key)


def _parts(section: Section | None, name: str) -> Any:
    return getattr(section, name) if section else ()


def _values(document: Document, section: Section | None) -> dict[str, Any]:
    found = document.sections.get(section.key) if section else None
    return found if isinstance(found, dict) else {}


Hashes = tuple[Mapping[str, str], Mapping[str, str]]  # of the files before and after, by id


def _fields(
    before: Sequence[FieldSpec],
    after: Sequence[FieldSpec],
    old: Mapping[str, Any],
    new: Mapping[str, Any],
    files: Hashes,
) -> Iterator[ChangedField]:
    for was, now in _together(before, after):
        one = was or now
        if one is None:
            continue
        mine = old.get(one.key) if was else None
        its = new.get(one.key) if now else None
        was, now = was or one, now or one
        if _known_by(was, mine, files[0]) != _known_by(now, its, files[1]):
            yield ChangedField(was, now, mine, its, _wording(was, now, mine, its))


def _known_by(field: FieldSpec, value: Any, hashes: Mapping[str, str]) -> Any:
    """Return what a value is told apart by: evidence by the bytes of its file and the page."""
    if field.kind is Kind.EVIDENCE and isinstance(value, str):
        file, mark, page = value.partition("#")
        return f"{hashes.get(file, file)}{mark}{page}"
    return plain(field, value)


def _wording(was: FieldSpec, now: FieldSpec, before: Any, after: Any) -> tuple[Segment, ...]:
    texts = was.kind in TEXTS and now.kind in TEXTS
    if not texts or not isinstance(before, str) or not isinstance(after, str):
        return ()
    return folded(segments(before, after)) if before and after else ()


def _tables(
    before: Sequence[RowsSpec],
    after: Sequence[RowsSpec],
    old: dict[str, Any],
    new: dict[str, Any],
    files: Hashes,
) -> Iterator[ChangedTable]:
    for was, now in _together(before, after):
        table = now or was
        if table is None:
            continue
        rows = tuple(
            _rows(
                was.fields if was else (),
                now.fields if now else (),
                rows_of(old, was) if was else [],
                rows_of(new, now) if now else [],
                files,
            )
        )
        if rows:
            yield ChangedTable(table, rows)


def _rows(
    before: Sequence[FieldSpec],
    after: Sequence[FieldSpec],
    old: list[Any],
    new: list[Any],
    files: Hashes,
) -> Iterator[ChangedRow]:
    both = [now or was for was, now in _together(before, after)]
    for pair in pairs([one for one in both if one], old, new):
        mine = old[pair.was] if pair.was is not None else {}
        its = new[pair.now] if pair.now is not None else {}
        cells = tuple(_fields(before, after, mine, its, files))
        if what := _what(pair, cells):
            was, now = ((at + 1 if at is not None else 0) for at in (pair.was, pair.now))
            yield ChangedRow(what, was, now, its or mine, cells, pair.is_moved)


def _what(pair: Pair, cells: tuple[ChangedField, ...]) -> What | None:
    if pair.was is None:
        return What.ADDED
    if pair.now is None:
        return What.REMOVED
    return What.CHANGED if cells else What.MOVED if pair.is_moved else None
