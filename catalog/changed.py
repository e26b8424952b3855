"""What changed from one public version of a technology to the next, in words.

A record is laid out as its page prints it: codes are names, a unit is what one writes. Two of
them are then compared as two versions of a declaration are (``submissions.scheme.changes``), and
drawn by the same template (``submissions/_changes.html``).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language_info, gettext_lazy
from django.utils.translation import gettext as _

from catalog import detail_page, labels
from catalog.models import Technology
from catalog.vocabulary import Vocabulary
from reference.names import FALLBACK
from submissions.changed import Row, Table, Value, place_of
from submissions.changed import Section as Shown
from submissions.scheme import Scheme
from submissions.scheme.changes import ChangedField, ChangedRow, Document, changed_sections
from submissions.scheme.fields import FieldSpec, Kind
from submissions.scheme.sections import RowsSpec, Section

Record = dict[str, Any]
Facts = list[dict[str, Any]]  # label, value
TEXTS = "texts-"
SOURCES = {
    "title": {"label": gettext_lazy("Title")},
    "url": {"label": gettext_lazy("Address")},
    "programme": {"label": gettext_lazy("Programme")},
    "year": {"label": gettext_lazy("Year")},
}


@dataclass(frozen=True, slots=True)
class Changes:
    """As ``submissions/_changes.html`` takes it; false when nothing that is printed changed."""

    sections: tuple[Shown, ...]
    files: tuple[()] = ()

    def __bool__(self) -> bool:
        return bool(self.sections)


def between(before: Technology, after: Technology, names: Vocabulary) -> Changes:
    """Say what changed between two records; each as ``read`` gives it."""
    found = changed_sections(_laid_out(before, names), _laid_out(after, names))
    return Changes(
        tuple(
            Shown(
                one.section.key,
                one.section.label,
                tuple(_value(field, _language_of(one.section.key)) for field in one.fields),
                tuple(
                    Table(t.table.key, t.table.label, tuple(map(_row, t.rows))) for t in one.tables
                ),
            )
            for one in found
        )
    )


def _language_of(section: str) -> str:
    return section.removeprefix(TEXTS) if section.startswith(TEXTS) else ""


def _value(one: ChangedField, language: str = "") -> Value:
    before, after = str(one.before or ""), str(one.after or "")
    return Value(one.now.key, one.now.label, before, after, one.segments, language)


def _row(one: ChangedRow) -> Row:
    name = next((str(value) for value in one.values.values() if value), "")
    place = place_of(one)
    heading = _("%(row)s: %(name)s") % {"row": place, "name": name} if name else place
    return Row(one.what, heading, tuple(map(_value, one.cells)))


# A record laid out ------------------------------------------------------------------------


def _laid_out(one: Technology, names: Vocabulary) -> Document:
    sections: list[Section] = []
    values: dict[str, Any] = {}
    for section, held in (*_texts(one.content), *_particulars(one, names), _tables(one, names)):
        sections.append(section)
        values[section.key] = held
    return Document(Scheme(tuple(sections)), values)


def _texts(record: Record) -> Iterator[tuple[Section, dict[str, Any]]]:
    words = {"title": _("Title"), **labels.TEXTS}
    for language, texts in record["texts"].items():
        name = get_language_info(language)["name_translated"]
        told = {key: str(texts[key]) for key in words if texts.get(key)}
        told["note"] = detail_page.text_note(record, language)
        fields = {**{key: str(label) for key, label in words.items()}, "note": _("Translation")}
        label = _("Texts in %(language)s") % {"language": name}
        yield _section(f"{TEXTS}{language}", label, fields), told


def _particulars(one: Technology, names: Vocabulary) -> Iterator[tuple[Section, dict[str, Any]]]:
    page = detail_page.body_of(one, names)
    evidence = [{"label": _("Evidence"), "value": page["evidence"]["label"]}]
    until = detail_page.day_of(one.content["valid_until"])
    parts: tuple[tuple[str, str, Facts], ...] = (
        ("listing", _("Listing"), [{"label": _("Valid until"), "value": until}]),
        ("facts", _("Classification"), page["facts"] + evidence),
        ("holder", _("Holder"), page["holder"]),
        ("economics", _("Economics of the reference plant"), page["economics"]),
    )
    for key, heading, facts in parts:
        told = {str(fact["label"]): str(fact["value"]) for fact in facts}
        yield _section(key, heading, {label: label for label in told}), told


def _tables(one: Technology, names: Vocabulary) -> tuple[Section, dict[str, Any]]:
    record = one.content
    named = detail_page.named_rows(record, names)
    parts = (
        ("indicators", _("Performance"), detail_page.INDICATORS, named["indicators"]),
        ("costs", _("Costs"), detail_page.COSTS, named["costs"]),
        ("cases", _("Reference cases"), detail_page.CASES, named["cases"]),
        ("property", _("Intellectual property"), detail_page.PROPERTY, named["property"]),
        ("sources", _("Sources"), SOURCES, record["sources"]),
    )
    tables = tuple(
        RowsSpec(key, _named(heading), {}, tuple(_fields(_columns(columns))))
        for key, heading, columns, _rows in parts
    )
    held = {
        key: [{name: str(row[name]) for name in columns if row.get(name)} for row in rows]
        for key, _heading, columns, rows in parts
    }
    return Section("tables", _named(_("Figures, cases and sources")), {}, (), tables), held


def _columns(columns: Mapping[str, Any]) -> dict[str, str]:
    return {key: str(one["label"]) for key, one in columns.items()}


def _section(key: str, label: str, fields: Mapping[str, str]) -> Section:
    return Section(key, _named(label), {}, tuple(_fields(fields)), ())


def _fields(named: Mapping[str, str]) -> Iterator[FieldSpec]:
    return (FieldSpec(key, Kind.TEXT, _named(label), {}) for key, label in named.items())


def _named(label: str) -> dict[str, str]:
    """Return a label that is in the reader's language already, as a scheme holds names."""
    return {FALLBACK: str(label)}
