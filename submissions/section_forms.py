"""The forms of one section page, built from the scheme: what is typed, and what is made of it.

A draft may be incomplete, so nothing is required here; the star at a label says what filing
asks for. A value must still be readable: the rules are those of ``submissions.scheme.fields``.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from crispy_forms.layout import Column, Field, Row
from django import forms

from core.forms import helper
from submissions.choices import Choices
from submissions.form_fields import ManyBoxes, form_field
from submissions.scheme.fields import NUMBERS, FieldSpec, Kind
from submissions.scheme.sections import Finding, RowsSpec, Section, rows_of
from submissions.section_rows import Rows, places

NARROW = NUMBERS | {Kind.COUNTRY, Kind.DATE}
WIDE = frozenset({Kind.LONG_TEXT, Kind.CHOICES, Kind.COUNTRIES, Kind.BOOLEAN, Kind.SUBCATEGORY})


class SpecForm(forms.Form):
    """A form over some fields of the scheme: a section's own, or those of one row."""

    use_required_attribute = False

    def __init__(
        self,
        *args: Any,
        specs: tuple[FieldSpec, ...],
        choices: Choices,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.specs = specs
        for spec in specs:
            self.fields[spec.key] = form_field(spec, choices)
        self.helper = helper(*_layout(specs, self.fields))
        # The page shows one list of errors for all its forms.
        self.helper.template = "submissions/_fields.html"

    def values(self) -> dict[str, Any]:
        """Return what was typed as JSON-able values, empty ones left out."""
        cleaned = ((spec.key, _plain(self.cleaned_data.get(spec.key))) for spec in self.specs)
        return {key: value for key, value in cleaned if value not in (None, "", [])}

    def remark(self, name: str, message: str) -> None:
        """Show a message at a field, also of a form that was not sent but comes from the store."""
        self.errors.setdefault(name, self.error_class(renderer=self.renderer)).append(message)

    def close(self, name: str, value: Any) -> None:
        """Show a field as it is stored, whatever was sent or not; it cannot be changed."""
        field = self.fields[name]
        if self.is_bound:  # what was said of it was said of what was sent
            self.errors.pop(name, None)
        field.disabled = True
        field.widget.attrs["disabled"] = True
        self[name].initial = value

    def typed(self) -> dict[str, Any]:
        """Return what was typed, letter for letter, whatever it is."""
        return {
            name: field.widget.value_from_datadict(self.data, self.files, self.add_prefix(name))
            for name, field in self.fields.items()
        }


class RowSet(forms.BaseFormSet[SpecForm]):
    """The rows of one table. A row left blank is no row."""

    def __init__(self, *args: Any, table: RowsSpec, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.table = table

    def initial_form_count(self) -> int:
        # Each row counts as added, so that one which was blanked is skipped, not refused.
        return 0

    def add_fields(self, form: SpecForm, index: int | None) -> None:
        super().add_fields(form, index)
        form.empty_permitted = True


@dataclass(frozen=True, slots=True)
class SectionInput:
    """All that is typed on one section page."""

    section: Section
    choices: Choices
    form: SpecForm
    tables: tuple[RowSet, ...]

    def is_valid(self, *, limits: bool = False) -> bool:
        """Read what was typed; whatever cannot be taken gets its message at the field.

        ``limits``: a text that is too long is not taken either.
        """
        tables = [rows.is_valid() for rows in self.tables]  # all of them, whatever the first says
        read = self.form.is_valid() and all(tables)
        values = self.readable(blank_rows=True)
        part = self.section.only(self._read)
        for finding in part.faults(values, self.choices.known, limits=limits):
            form, name = self._field(finding.field)
            form.add_error(name, finding.short or finding.message)
            read = False
        return read

    def readable(self, *, blank_rows: bool = False) -> dict[str, Any]:
        """Return the content of the fields and tables in which nothing was refused."""
        values = self.values(blank_rows=blank_rows)
        return {key: value for key, value in values.items() if key in self._read}

    @property
    def _read(self) -> set[str]:
        return {one.key for one in self.section.members} - self.refused()

    def remark(self, findings: Iterable[Finding]) -> None:
        """Show what was found in the stored values, each at its field."""
        for finding in findings:
            form, name = self._field(finding.field)
            form.remark(name, finding.short or finding.message)

    def close(self, keys: Collection[str], stored: Mapping[str, Any]) -> None:
        """Let these fields and tables be read as they are stored; browsers send nothing of them."""
        for name in keys:
            if name in self.form.fields:
                self.form.close(name, stored.get(name))
        for rows in self.tables:
            if rows.table.key in keys:
                kept = rows_of(dict(stored), rows.table)
                for number, form in enumerate(rows.forms):
                    row = kept[number] if number < len(kept) else {}
                    for name in form.fields:
                        form.close(name, row.get(name))

    def values(self, *, blank_rows: bool = False) -> dict[str, Any]:
        """Return the section's content. Blank rows count only where a message needs its row."""
        tables = {rows.table.key: [_of_row(form) for form in rows.forms] for rows in self.tables}
        if not blank_rows:
            tables = _without_blanks(self.section, tables)
        return self.form.values() | {key: rows for key, rows in tables.items() if rows}

    def refused(self) -> set[str]:
        """Name the fields and tables of which something could not be taken."""
        tables = {
            rows.table.key for rows in self.tables if rows.non_form_errors() or any(rows.errors)
        }
        return tables | set(self.form.errors)

    def errors(self) -> Iterator[tuple[str, str, str]]:
        """Yield anchor, label and message of each field that was refused."""
        for form in (self.form, *(row for rows in self.tables for row in rows.forms)):
            for name, messages in form.errors.items():
                for message in messages:
                    bound = form[name]
                    yield f"div_{bound.auto_id}", str(bound.label), str(message)
        for rows in self.tables:
            for message in rows.non_form_errors():
                yield f"div_id_{rows.prefix}", rows.table.label, str(message)

    def _field(self, at: str) -> tuple[SpecForm, str]:
        table, _dot, rest = at.partition(".")
        if not rest:
            return self.form, table
        number, _dot, name = rest.partition(".")
        rows = next(rows for rows in self.tables if rows.table.key == table)
        return rows.forms[int(number)], name


def shown(section: Section, choices: Choices, values: Mapping[str, Any]) -> SectionInput:
    """Return the page as it is stored; a table that needs rows begins with a blank one."""
    rows = {table.key: rows_of(dict(values), table) for table in section.rows}
    for table in section.rows:
        if table.min_rows and not rows[table.key]:
            rows[table.key] = [{}]
    return _unbound(section, choices, values, rows)


def typed(section: Section, choices: Choices, data: Any) -> SectionInput:
    """Return the page as it was sent, to be read."""
    return _build(section, choices, data=data)


def retyped(
    section: Section,
    choices: Choices,
    data: Any,
    *,
    change: Callable[[dict[str, Rows]], None] | None = None,
) -> SectionInput:
    """Return the page as it was typed, not yet judged; ``change`` is done to its tables."""
    sent = typed(section, choices, data)
    rows: dict[str, Rows] = {
        table.table.key: [form.typed() for form in table.forms] for table in sent.tables
    }
    if change:
        change(rows)
    return _unbound(section, choices, sent.form.typed(), rows)


def anchor(section: str, at: str) -> str:
    """Return the id of the place on the section's page where ``at`` is filled in.

    A table has one as its fields do: what is said of the whole of it leads there.
    """
    table, _dot, rest = at.partition(".")
    if not rest:
        return f"div_id_{section}-{table}"
    number, _dot, name = rest.partition(".")
    return f"div_id_{section}-{table}-{number}-{name}"


def _unbound(
    section: Section,
    choices: Choices,
    values: Mapping[str, Any],
    rows: dict[str, list[Any]],
) -> SectionInput:
    return _build(section, choices, initial=values, rows=rows)


def _build(
    section: Section,
    choices: Choices,
    *,
    data: Any = None,
    initial: Mapping[str, Any] | None = None,
    rows: dict[str, list[Any]] | None = None,
) -> SectionInput:
    form = SpecForm(
        data, prefix=section.key, initial=initial, specs=section.fields, choices=choices
    )
    tables = tuple(
        _rows(section, table, choices, data, (rows or {}).get(table.key, []))
        for table in section.rows
    )
    return SectionInput(section, choices, form, tables)


def _rows(
    section: Section, table: RowsSpec, choices: Choices, data: Any, rows: list[Any]
) -> RowSet:
    kind: Any = forms.formset_factory(
        SpecForm,
        formset=RowSet,
        extra=len(rows),
        max_num=table.max_rows,
        validate_max=True,
        absolute_max=table.max_rows + 10,
    )
    result: RowSet = kind(
        data,
        prefix=f"{section.key}-{table.key}",
        initial=rows or None,
        table=table,
        form_kwargs={"specs": table.fields, "choices": choices},
    )
    return result


def _without_blanks(section: Section, tables: dict[str, Rows]) -> dict[str, Rows]:
    """Leave blank rows out; what names a row below one by its number goes on naming it."""
    kept = {key: [row for row in rows if row] for key, rows in tables.items()}
    for table in section.rows:
        went = places(tables[table.key], kept[table.key])
        for other, field in section.naming(table):
            named = (_naming(row, field.key, went) for row in kept[other.key])
            kept[other.key] = [row for row in named if row]
    return kept


def _naming(row: dict[str, Any], field: str, went: Mapping[int, int | None]) -> dict[str, Any]:
    if row.get(field) not in went:
        return row
    now = went[row[field]]
    rest = {key: value for key, value in row.items() if key != field}
    return rest if now is None else rest | {field: now}


def _of_row(form: SpecForm) -> dict[str, Any]:
    """Return the values of a row; a box that is not ticked says nothing, so a blank row is none."""
    return {key: value for key, value in form.values().items() if value is not False}


def _layout(specs: tuple[FieldSpec, ...], fields: dict[str, forms.Field]) -> list[Any]:
    """Stand short fields side by side, numbers in threes, long ones alone."""
    groups = groupby(specs, key=lambda spec: _width(spec.kind))
    return [Row(*(_column(spec, fields[spec.key]) for spec in group)) for _w, group in groups]


def _width(kind: Kind) -> str:
    return "col-sm-4" if kind in NARROW else "col-12" if kind in WIDE else "col-md-6"


def _column(spec: FieldSpec, field: forms.Field) -> Column:
    many = isinstance(field.widget, ManyBoxes)
    inner = Field(spec.key, template="submissions/_many_boxes.html") if many else Field(spec.key)
    return Column(inner, css_class=_width(spec.kind))


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value
