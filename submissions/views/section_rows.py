"""Rows of a table on a section page: one more or less, a copy, moved, pasted. Not saved yet."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from core.errors import DomainError
from submissions.forms import PasteForm
from submissions.scheme.fields import Kind
from submissions.scheme.sections import Finding, RowsSpec
from submissions.section_forms import SectionInput, retyped
from submissions.section_rows import (
    Rows,
    Unread,
    add,
    copy,
    move,
    paste,
    places,
    remove,
    renumbered,
)
from submissions.views.section_desk import Desk

ROW_BUTTONS = frozenset({"add", "remove", "copy", "up", "down", "paste"})


def with_rows(desk: Desk, verb: str, argument: str) -> SectionInput:
    """Return the page as it was typed, with its rows changed; ``argument`` is ``table:row``.

    Raises DomainError when the table has no room, or when another one that may not be changed
    would name other rows than it does.
    """
    key, _colon, place = argument.partition(":")
    table = next((one for one in desk.section.rows if one.key == key), None)
    if table is None or not desk.is_open(key):
        return desk.as_typed()
    number = int(place) if place.isdecimal() else -1
    findings: list[Finding] = []

    def change(tables: dict[str, Rows]) -> None:
        before = tables[key]
        if verb == "paste":
            pasted = PasteForm.read(desk.request.POST, table.key)
            tables[key], missed = paste(before, table, desk.choices, pasted)
            findings.extend(_unread(desk, table, one) for one in missed)
            return
        tables[key] = _changed(table, verb, before, number)
        findings.extend(_renumber(desk, table, tables, places(before, tables[key])))

    page = retyped(desk.section, desk.choices, desk.request.POST, change=change)
    page.remark(findings)
    return page


def _changed(table: RowsSpec, verb: str, rows: Rows, number: int) -> Rows:
    if verb == "add":
        return add(rows, table)
    if not 0 <= number < len(rows):
        return rows
    if verb == "copy":
        return copy(rows, table, number)
    if verb == "remove":
        return remove(rows, number)
    return move(rows, number, -1 if verb == "up" else 1)


def _renumber(
    desk: Desk, table: RowsSpec, tables: dict[str, Rows], went: dict[int, int | None]
) -> Iterator[Finding]:
    """Let the tables that name rows of this one go on naming the same; yield who lost its row."""
    for other, field in desk.section.naming(table):
        if not desk.is_open(other.key):
            _require_unmoved(desk, other, field.key, went)
            continue
        tables[other.key], lost = renumbered(tables[other.key], field.key, went)
        message = _("The row of “%(table)s” was taken out: say where this belongs.")
        for at in lost:
            place = f"{other.key}.{at}.{field.key}"
            yield Finding(desk.section.key, place, message % {"table": table.label})


def _require_unmoved(desk: Desk, other: RowsSpec, field: str, went: dict[int, int | None]) -> None:
    named = {row.get(field) for row in desk.stored().get(other.key, [])}
    if any(number in named and now != number for number, now in went.items()):
        message = _(
            "“%(table)s” names these rows by number and cannot be changed now. "
            "Leave the rows it names where they are; new ones go to the end."
        )
        raise DomainError(message % {"table": other.label})


def _unread(desk: Desk, table: RowsSpec, one: Unread) -> Finding:
    kind = next(spec.kind for spec in table.fields if spec.key == one.field)
    message = _("“%(value)s” is not offered.") % {"value": one.text[:60]}
    if kind is Kind.DATE:
        message = _("“%(value)s”: write a date as 2026-03-31.") % {"value": one.text[:60]}
    elif kind is Kind.BOOLEAN:
        message = _("“%(value)s”: answer yes or no.") % {"value": one.text[:60]}
    return Finding(desk.section.key, f"{table.key}.{one.row}.{one.field}", message)
