"""What changed between two versions of a declaration, as people read it.

``changes_between`` is for every page that shows it: the applicant's comparison, the officers',
and whoever looks at what came back after a return. The templates are
``submissions/_changes.html`` and, in the officers' look, ``admin/submissions/_changes.html``; each
takes ``changes``.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from accounts.models import Organisation
from submissions import profiles
from submissions.choices import Choices
from submissions.files.shown import with_scans
from submissions.models import Attachment, DeclarationVersion
from submissions.reading import Reader
from submissions.scheme import Scheme
from submissions.scheme.changes import (
    ChangedField,
    ChangedFile,
    ChangedRow,
    ChangedSection,
    ChangedTable,
    Document,
    What,
    changed_files,
    changed_sections,
)
from submissions.scheme.fields import TEXTS, Kind
from submissions.scheme.wording import Segment, folded, segments
from submissions.translations import in_force

# Members of ``organisation`` in a document, beside its profile.
OF_ORGANISATION = (
    "name_en", "name_zh", "country", "kind", "website", "registration_number",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Value:
    """A field that changed. ``segments`` are there for a text that stands on both sides."""

    key: str  # of the field or table within its section
    label: str
    before: str
    after: str
    segments: tuple[Segment, ...] = ()
    lang: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    what: What
    heading: str  # "Row 2, added: COD removal"
    cells: tuple[Value, ...]
    lang: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    key: str
    label: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """``key`` is that of the scheme; "organisation", "profile-…", "translation-…" for the rest."""

    key: str
    label: str
    fields: tuple[Value, ...]
    tables: tuple[Table, ...] = ()


@dataclass(frozen=True, slots=True)
class File:
    """A file that changed; ``before`` and ``after`` as ``files.shown.with_scans`` gives them."""

    what: What
    kind: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class Changes:
    """All that is not the same in two versions; false when nothing is."""

    before: DeclarationVersion
    after: DeclarationVersion
    sections: tuple[Section, ...]
    files: tuple[File, ...]

    def __bool__(self) -> bool:
        return bool(self.sections or self.files)

    def of_the_technology(self) -> "Changes":
        """Leave out what the organisation says of itself: not everybody who reads is of it."""
        own = tuple(
            one
            for one in self.sections
            if one.key != "organisation" and not one.key.startswith("profile-")
        )
        return replace(self, sections=own)

    def places(self) -> frozenset[tuple[str, str]]:
        """Name the fields and tables of the scheme that changed: ("technology", "title")."""
        return frozenset(
            (section.key, key)
            for section in self.sections
            for key in [*(one.key for one in section.fields), *(one.key for one in section.tables)]
        )


def changes_between(version_a: DeclarationVersion, version_b: DeclarationVersion) -> Changes:
    """Say what changed from one version of a declaration to another, in either direction.

    Both belong to one declaration that whoever asks may see: that is asked before. They are read
    with the names and languages of the reader; four questions of the database, whatever they hold.
    """
    version_b.declaration = version_a.declaration
    scheme = version_a.declaration.activity.scheme.load()
    choices = Choices()
    old, new = version_a.content, version_b.content
    language = new["language"]
    sections = [
        *_organisation(old["organisation"], new["organisation"]),
        *_profile(old["organisation"], new["organisation"], choices, language),
        *_sections(_document(scheme, old), _document(scheme, new), choices, language),
        *_translations(version_a, version_b, scheme),
    ]
    return Changes(version_a, version_b, tuple(sections), tuple(_files(version_a, version_b)))


def _document(scheme: Scheme, content: Mapping[str, Any]) -> Document:
    return Document(scheme, content["sections"], content["attachments"])


def _organisation(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Section]:
    fields = tuple(
        Value(name, _label_of(name), _of_house(name, old), _of_house(name, new))
        for name in OF_ORGANISATION
        if old.get(name) != new.get(name)
    )
    if fields:
        yield Section("organisation", _("Organisation"), fields)


def _label_of(name: str) -> str:
    label = str(Organisation._meta.get_field(name).verbose_name)  # type: ignore[union-attr]  # a column
    return label[:1].upper() + label[1:]


def _of_house(name: str, house: Mapping[str, Any]) -> str:
    value = str(house.get(name) or "")
    if name == "country":
        return Choices().countries.get(value, value)
    kinds = dict(Organisation.Kind.choices)
    return str(kinds.get(value, value)) if name == "kind" else value


def _profile(
    old: Mapping[str, Any], new: Mapping[str, Any], choices: Choices, language: str
) -> Iterator[Section]:
    before, after = (_profile_document(one.get("profile", {})) for one in (old, new))
    for one in _sections(before, after, choices, language):
        yield Section(f"profile-{one.key}", one.label, one.fields, one.tables)


def _profile_document(filed: Mapping[str, Any]) -> Document:
    if not filed:
        return Document(profiles.scheme(), {})
    return Document(profiles.scheme(filed["scheme"]["version"]), filed["sections"])


def _sections(
    before: Document, after: Document, choices: Choices, language: str
) -> Iterator[Section]:
    writer = _Writer(
        Reader(before.scheme, choices, language),
        Reader(after.scheme, choices, language),
        _titles(before),
        _titles(after),
    )
    for one in changed_sections(before, after):
        yield writer.section(one)


def _titles(document: Document) -> dict[str, str]:
    return {str(one["id"]): str(one["title"]) for one in document.files}


@dataclass(frozen=True, slots=True)
class _Writer:
    """Writes what changed with the names of choices and the titles of files."""

    old: Reader
    new: Reader
    old_files: dict[str, str]
    new_files: dict[str, str]

    def section(self, one: ChangedSection) -> Section:
        return Section(
            key=one.section.key,
            label=one.section.label,
            fields=tuple(map(self.value, one.fields)),
            tables=tuple(map(self.table, one.tables)),
        )

    def table(self, one: ChangedTable) -> Table:
        rows = tuple(self.row(one, row) for row in one.rows)
        return Table(one.table.key, one.table.label, rows)

    def row(self, table: ChangedTable, one: ChangedRow) -> Row:
        named = next((f for f in table.table.fields if one.values.get(f.key)), None)
        is_old = one.what is What.REMOVED
        reader, files = (self.old, self.old_files) if is_old else (self.new, self.new_files)
        name = reader.value(named, one.values[named.key], files) if named else ""
        place = place_of(one)
        heading = _("%(row)s: %(name)s") % {"row": place, "name": name} if name else place
        return Row(one.what, heading, tuple(map(self.value, one.cells)))

    def value(self, one: ChangedField) -> Value:
        before = self.old.value(one.was, one.before, self.old_files)
        after = self.new.value(one.now, one.after, self.new_files)
        if before == after and one.now.kind is Kind.EVIDENCE:
            after = _("%(file)s (another file of the same title)") % {"file": after}
        return Value(
            key=one.now.key,
            label=one.now.label,
            before=before,
            after=after,
            segments=one.segments,
            lang=self.new.language if one.now.kind in TEXTS else "",
        )


def place_of(row: ChangedRow) -> str:
    """Say which row it is and what became of it."""
    if row.what is What.ADDED:
        return _("Row %(number)d, added") % {"number": row.now}
    if row.what is What.REMOVED:
        return _("Row %(number)d, removed") % {"number": row.was}
    if row.is_moved:
        places = {"now": row.now, "was": row.was}
        if row.what is What.MOVED:
            return _("Row %(now)d, moved here from row %(was)d") % places
        return _("Row %(now)d, changed and moved here from row %(was)d") % places
    return _("Row %(number)d, changed") % {"number": row.now}


def _translations(
    version_a: DeclarationVersion, version_b: DeclarationVersion, scheme: Scheme
) -> Iterator[Section]:
    """Compare what counts of each language beside either version."""
    labels = {f"{s.key}.{field.key}": field.label for s, field in scheme.translatable()}
    before, after = (
        {language: one.texts for language, one in in_force(version).items()}
        for version in (version_a, version_b)
    )
    for language in sorted({*before, *after}):
        old, new = before.get(language, {}), after.get(language, {})
        fields = tuple(
            _text(key, labels.get(key, key), old.get(key, ""), new.get(key, ""), language)
            for key in {**labels, **old, **new}
            if old.get(key, "") != new.get(key, "")
        )
        if fields:
            name = get_language_info(language)["name_translated"]
            label = _("Translation: %(language)s") % {"language": name}
            yield Section(f"translation-{language}", label, fields)


def _text(key: str, label: str, before: str, after: str, language: str) -> Value:
    parts = folded(segments(before, after)) if before and after else ()
    return Value(key, label, before, after, parts, language)


def _files(version_a: DeclarationVersion, version_b: DeclarationVersion) -> Iterator[File]:
    old, new = (
        with_scans(one.content["attachments"], version_a.declaration_id)
        for one in (version_a, version_b)
    )
    kinds = dict(Attachment.Kind.choices)
    for one in changed_files(old, new):
        yield _file(one, kinds)


def _file(one: ChangedFile, kinds: Mapping[str, Any]) -> File:
    kind = str((one.after or one.before or {})["kind"])
    before, after = (dict(side) if side else None for side in (one.before, one.after))
    return File(one.what, str(kinds.get(kind, kind)), before, after)
