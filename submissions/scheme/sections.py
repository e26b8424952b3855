"""A section of a declaration: its fields and tables, and what is missing or wrong in them. Pure."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reference.names import in_language
from submissions.scheme.fields import FieldSpec, Kind, Known, Names


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to put right before a declaration can be filed, and where."""

    section: str
    field: str  # "title", "indicators" or "indicators.0.name"
    message: str  # a whole sentence, with the name of the field
    short: str = ""  # the same, to stand at the field


class ProfileAsked(StrEnum):
    """Whether the profile of the organisation is filed with the declaration."""

    NOT = ""
    OPTIONAL = "optional"  # as it is
    REQUIRED = "required"  # once nothing that is required is missing in it


class Missing(Finding):
    """Something that is required and not there."""


class Recommended(Finding):
    """Something that is wished for and not there; it keeps nothing from being filed."""


@dataclass(frozen=True, slots=True)
class RowsSpec:
    """A table within a section: rows of the same fields."""

    key: str
    labels: Names
    helps: Names
    fields: tuple[FieldSpec, ...]
    min_rows: int = 0
    recommended_rows: int = 0  # wished for; filing does with min_rows
    max_rows: int = 50
    one_of: tuple[str, ...] = ()  # each row states at least one of these

    @property
    def label(self) -> str:
        return in_language(self.labels)

    @property
    def help(self) -> str:
        return in_language(self.helps)


@dataclass(frozen=True, slots=True)
class Section:
    """One page of the declaration."""

    key: str
    labels: Names
    helps: Names
    fields: tuple[FieldSpec, ...]
    rows: tuple[RowsSpec, ...]
    attachments: tuple[str, ...] = ()  # the kinds of files that belong here
    withholdable: bool = False  # the applicant may keep it from being published
    profile: ProfileAsked = ProfileAsked.NOT

    @property
    def label(self) -> str:
        return in_language(self.labels)

    @property
    def help(self) -> str:
        return in_language(self.helps)

    @property
    def members(self) -> tuple[FieldSpec | RowsSpec, ...]:
        return (*self.fields, *self.rows)

    def only(self, keys: Collection[str]) -> "Section":
        """Return the section with these of its fields and tables alone."""
        return replace(
            self,
            fields=tuple(one for one in self.fields if one.key in keys),
            rows=tuple(one for one in self.rows if one.key in keys),
        )

    def naming(self, table: RowsSpec) -> Iterator[tuple[RowsSpec, FieldSpec]]:
        """Yield the columns of other tables that name a row by its number: ``case``, ``cases``."""
        for other in self.rows:
            for field in other.fields:
                called = field.kind is Kind.INTEGER and f"{field.key}s" == table.key
                if called and other.key != table.key:
                    yield other, field

    def missing(self, values: Any) -> Iterator[Missing]:
        values = values if isinstance(values, dict) else {}
        yield from self._missing_in(self.fields, values, "")
        for table in self.rows:
            yield from self._missing_rows(table, rows_of(values, table))

    def recommended(self, values: Any) -> Iterator[Recommended]:
        """Yield what is wished for and not there."""
        values = values if isinstance(values, dict) else {}
        yield from self._recommended_in(self.fields, values, "")
        for table in self.rows:
            rows = rows_of(values, table)
            if len(rows) < table.recommended_rows:
                message = ngettext(
                    "%(table)s: %(count)d row is recommended.",
                    "%(table)s: %(count)d rows are recommended.",
                    table.recommended_rows,
                ) % {"table": table.label, "count": table.recommended_rows}
                yield Recommended(self.key, table.key, message)
            for number, row in enumerate(rows):
                row = row if isinstance(row, dict) else {}
                yield from self._recommended_in(table.fields, row, f"{table.key}.{number}.")

    def faults(self, values: Any, known: Known, *, limits: bool = True) -> Iterator[Finding]:
        """Yield what is wrong with what is there, whatever form or program put it there.

        ``limits``: a text that is too long is wrong too; a draft keeps it as it was typed.
        """
        if not isinstance(values, dict):
            yield Finding(self.key, "", _("This is not a section."))
            return
        yield from self._unknown(values, {one.key for one in self.members}, "")
        yield from self._faults_in(self.fields, values, "", known, limits)
        for table in self.rows:
            yield from self._row_faults(table, values.get(table.key, []), known, limits)

    def _missing_in(
        self, fields: tuple[FieldSpec, ...], values: dict[str, Any], at: str
    ) -> Iterator[Missing]:
        for field in fields:
            if field.is_required(values) and not field.is_filled(values.get(field.key)):
                tick = field.kind is Kind.BOOLEAN
                message = (
                    _("Please tick: %(field)s") if tick else _("%(field)s: please fill this in.")
                )
                message %= {"field": field.label}
                yield Missing(self.key, f"{at}{field.key}", message)

    def _recommended_in(
        self, fields: tuple[FieldSpec, ...], values: dict[str, Any], at: str
    ) -> Iterator[Recommended]:
        for field in fields:
            if field.recommended and not field.is_filled(values.get(field.key)):
                message = _("%(field)s: recommended.") % {"field": field.label}
                yield Recommended(self.key, f"{at}{field.key}", message)

    def _missing_rows(self, table: RowsSpec, rows: list[Any]) -> Iterator[Missing]:
        if len(rows) < table.min_rows:
            message = ngettext(
                "%(table)s: give at least %(count)d row.",
                "%(table)s: give at least %(count)d rows.",
                table.min_rows,
            ) % {"table": table.label, "count": table.min_rows}
            yield Missing(self.key, table.key, message)
        for number, row in enumerate(rows):
            row = row if isinstance(row, dict) else {}
            at = f"{table.key}.{number}."
            yield from self._missing_in(table.fields, row, at)
            if table.one_of and not any(row.get(key) for key in table.one_of):
                labels = [field.label for field in table.fields if field.key in table.one_of]
                message = _("%(table)s, row %(row)d: state at least one of: %(fields)s.") % {
                    "table": table.label,
                    "row": number + 1,
                    "fields": ", ".join(labels),
                }
                yield Missing(self.key, f"{at}{table.one_of[0]}", message)

    def _faults_in(
        self,
        fields: tuple[FieldSpec, ...],
        values: dict[str, Any],
        at: str,
        known: Known,
        limits: bool,
    ) -> Iterator[Finding]:
        for field in fields:
            if fault := field.fault(values.get(field.key), known, limits=limits):
                message = _("%(field)s: %(fault)s") % {"field": field.label, "fault": fault}
                yield Finding(self.key, f"{at}{field.key}", message, fault)

    def _row_faults(
        self,
        table: RowsSpec,
        rows: Any,
        known: Known,
        limits: bool,
    ) -> Iterator[Finding]:
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            yield Finding(self.key, table.key, _("%(table)s: not rows.") % {"table": table.label})
            return
        if len(rows) > table.max_rows:
            message = _("%(table)s: at most %(count)d rows.") % {
                "table": table.label,
                "count": table.max_rows,
            }
            yield Finding(self.key, table.key, message)
        for number, row in enumerate(rows):
            at = f"{table.key}.{number}."
            yield from self._unknown(row, {field.key for field in table.fields}, at)
            yield from self._faults_in(table.fields, row, at, known, limits)

    def _unknown(self, values: dict[str, Any], expected: set[str], at: str) -> Iterator[Finding]:
        for key in sorted(set(values) - expected):
            yield Finding(
                self.key, f"{at}{key}", _("The scheme has no field %(key)s.") % {"key": key}
            )


def rows_of(values: dict[str, Any], table: RowsSpec) -> list[Any]:
    rows = values.get(table.key)
    return rows if isinstance(rows, list) else []
