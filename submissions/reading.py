"""A declaration as people read it: labels instead of keys, names instead of codes.

Pure but for the names, which ``Choices`` reads once. Used by the enterprise's pages, the
officers' desk and the experts' page alike.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from submissions.choices import Choices
from submissions.scheme import Scheme
from submissions.scheme.fields import SEVERAL, TEXTS, FieldSpec, Kind
from submissions.scheme.prose import in_words_of
from submissions.scheme.sections import RowsSpec, Section, rows_of

Files = Mapping[str, str]  # titles of the files laid beside, by id


@dataclass(frozen=True, slots=True)
class Table:
    """A table within a section, as ``components/table.html`` takes it."""

    key: str
    label: str
    columns: list[dict[str, Any]]
    rows: list[list[dict[str, Any]]]
    lang: str = ""  # of its texts, where it has some


@dataclass(frozen=True, slots=True)
class ReadSection:
    """A section, as ``components/data_list.html`` and ``table.html`` take it."""

    key: str
    label: str
    facts: list[dict[str, Any]]
    tables: list[Table]
    attachments: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads one document of one scheme."""

    scheme: Scheme
    choices: Choices
    language: str  # of the texts
    public_only: bool = False
    names_only: bool = False  # files are named and not handed out

    def sections(
        self, content: dict[str, Any], attachments: list[dict[str, Any]] | None = None
    ) -> list[ReadSection]:
        """Read all sections; ``attachments`` as in the document, each shown where it belongs."""
        withheld = self.scheme.withheld(content) if self.public_only else ()
        return [
            self.section(one, content.get(one.key, {}), attachments)
            for one in self.scheme.sections
            if one.key not in withheld
        ]

    def section(
        self,
        section: Section,
        values: dict[str, Any],
        attachments: list[dict[str, Any]] | None = None,
    ) -> ReadSection:
        laid = attachments or []
        files = {str(one["id"]): str(one["title"]) for one in laid}
        shown = self._shown(section.fields)
        return ReadSection(
            key=section.key,
            label=section.label,
            facts=[self._fact(spec, values.get(spec.key), files) for spec in shown],
            tables=[self._table(table, rows_of(values, table), files) for table in section.rows],
            attachments=[
                one for one in laid if one["kind"] in section.attachments and not self.names_only
            ],
        )

    def value(self, spec: FieldSpec, value: Any, files: Files | None = None) -> str:
        """Write one value for people; empty when nothing is stated."""
        if value in (None, "", []):
            return ""
        if spec.kind is Kind.EVIDENCE:
            return self._evidence(str(value), files)
        if spec.source or spec.options:
            codes = value if spec.kind in SEVERAL else [value]
            return _(", ").join(self.choices.label(spec, str(code)) for code in codes)
        if spec.kind is Kind.DATE and (day := parse_date(str(value))):
            return date_format(day)
        return _yes_or_no(value) if spec.kind is Kind.BOOLEAN else str(value)

    def _shown(self, fields: tuple[FieldSpec, ...]) -> Iterator[FieldSpec]:
        return (spec for spec in fields if spec.public or not self.public_only)

    def _evidence(self, value: str, files: Files | None) -> str:
        file, _mark, page = value.partition("#")
        if files is None:
            files = {str(one.pk): one.title for one in self.choices.files}
        title = files.get(file) or _("a file that is no longer there")
        return _("%(file)s, page %(page)s") % {"file": title, "page": page} if page else title

    def _fact(self, spec: FieldSpec, value: Any, files: Files) -> dict[str, Any]:
        fact = {"key": spec.key, "label": spec.label, "value": self.value(spec, value, files)}
        if spec.kind is Kind.EVIDENCE and value and not self.names_only:
            fact["url"] = evidence_url(value)
        if spec.kind in TEXTS and value:
            fact["lang"] = self.language
        return fact

    def _table(self, table: RowsSpec, rows: list[Any], files: Files) -> Table:
        shown = list(self._shown(table.fields))
        read = [[self._cell(spec, row.get(spec.key), files) for spec in shown] for row in rows]
        return Table(
            key=table.key,
            label=table.label,
            columns=[{"label": spec.label} for spec in shown],
            rows=read,
            lang=self.language if any("lang" in cell for row in read for cell in row) else "",
        )

    def _cell(self, spec: FieldSpec, value: Any, files: Files) -> dict[str, Any]:
        cell: dict[str, Any] = {"text": self.value(spec, value, files)}
        if value and spec.kind in (Kind.URL, Kind.EVIDENCE):
            cell["url"] = value if spec.kind is Kind.URL else evidence_url(value)
        if spec.kind in TEXTS and in_words_of(self.language, cell["text"]):
            cell["lang"] = self.language
        return cell


def _yes_or_no(value: Any) -> str:
    return _("yes") if value is True else _("no")


def evidence_url(value: str) -> str:
    """Return where a file lies that is named as evidence, opened at its page."""
    file, _mark, page = value.partition("#")
    if page.isdecimal() and int(page):
        return reverse("submissions:attachment-preview", args=[file, int(page)])
    return reverse("file", args=[file])


def place(scheme: Scheme, section: str, at: str = "") -> str:
    """Name a section, and a field or table in it, in the reader's language."""
    try:
        part = scheme.section(section)
    except KeyError:
        return section
    labels = {one.key: one.label for one in part.members}
    return f"{part.label} – {labels.get(at, at)}" if at else part.label
