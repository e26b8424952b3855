"""A declaration as people read it: labels instead of keys, names instead of codes.

Pure but for the names, which ``Choices`` reads once. Used by the enterprise's pages, the
officers' desk and the experts' page alike.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from submissions.choices import Choices
from submissions.scheme import Scheme
from submissions.scheme.fields import SEVERAL, TEXTS, FieldSpec, Kind
from submissions.scheme.sections import RowsSpec, Section, rows_of


@dataclass(frozen=True, slots=True)
class Table:
    """A table within a section, as ``components/table.html`` takes it."""

    key: str
    label: str
    columns: list[dict[str, Any]]
    rows: list[list[dict[str, Any]]]


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

    def sections(
        self, content: dict[str, Any], attachments: list[dict[str, Any]] | None = None
    ) -> list[ReadSection]:
        """Read all sections; ``attachments`` as in the document, each shown where it belongs."""
        return [self.section(s, content.get(s.key, {}), attachments) for s in self.scheme.sections]

    def section(
        self,
        section: Section,
        values: dict[str, Any],
        attachments: list[dict[str, Any]] | None = None,
    ) -> ReadSection:
        files = [one for one in attachments or [] if one["kind"] in section.attachments]
        return ReadSection(
            key=section.key,
            label=section.label,
            facts=[self._fact(spec, values.get(spec.key)) for spec in self._shown(section.fields)],
            tables=[self._table(table, rows_of(values, table)) for table in section.rows],
            attachments=files,
        )

    def value(self, spec: FieldSpec, value: Any) -> str:
        """Write one value for people; empty when nothing is stated."""
        if value in (None, "", []):
            return ""
        if spec.kind is Kind.BOOLEAN:
            return _("yes") if value is True else _("no")
        if spec.source or spec.options:
            codes = value if spec.kind in SEVERAL else [value]
            return _(", ").join(self.choices.label(spec, str(code)) for code in codes)
        if spec.kind is Kind.DATE and (day := parse_date(str(value))):
            return date_format(day)
        return str(value)

    def _shown(self, fields: tuple[FieldSpec, ...]) -> Iterator[FieldSpec]:
        return (spec for spec in fields if spec.public or not self.public_only)

    def _fact(self, spec: FieldSpec, value: Any) -> dict[str, Any]:
        fact = {"key": spec.key, "label": spec.label, "value": self.value(spec, value)}
        if spec.kind in TEXTS and value:
            fact["lang"] = self.language
        return fact

    def _table(self, table: RowsSpec, rows: list[Any]) -> Table:
        shown = list(self._shown(table.fields))
        return Table(
            key=table.key,
            label=table.label,
            columns=[{"label": spec.label} for spec in shown],
            rows=[[self._cell(spec, row.get(spec.key)) for spec in shown] for row in rows],
        )

    def _cell(self, spec: FieldSpec, value: Any) -> dict[str, Any]:
        cell: dict[str, Any] = {"text": self.value(spec, value)}
        if spec.kind is Kind.URL and value:
            cell["url"] = value
        return cell


def place(scheme: Scheme, section: str, at: str = "") -> str:
    """Name a section, and a field or table in it, in the reader's language."""
    try:
        part = scheme.section(section)
    except KeyError:
        return section
    labels = {one.key: one.label for one in part.members}
    return f"{part.label} – {labels.get(at, at)}" if at else part.label
