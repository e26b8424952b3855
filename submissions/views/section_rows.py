"""Rows of a table on a section page: one more or less, a copy, moved, pasted. Not saved yet."""

from django.utils.translation import gettext as _

from submissions.forms import PasteForm
from submissions.scheme.sections import Finding, RowsSpec
from submissions.section_forms import SectionInput, retyped
from submissions.section_rows import Rows, Unread, add, copy, move, paste, remove
from submissions.views.section_desk import Desk

ROW_BUTTONS = frozenset({"add", "remove", "copy", "up", "down", "paste"})


def with_rows(desk: Desk, verb: str, argument: str) -> SectionInput:
    """Return the page as it was typed, with its rows changed; ``argument`` is ``table:row``.

    Raises DomainError when the table has no room.
    """
    key, _colon, place = argument.partition(":")
    table = next((one for one in desk.section.rows if one.key == key), None)
    if table is None or not desk.is_open(key):
        return desk.as_typed()
    number = int(place) if place.isdecimal() else -1
    unread: list[Unread] = []

    def change(rows: Rows) -> Rows:
        if verb != "paste":
            return _changed(table, verb, rows, number)
        pasted = PasteForm.read(desk.request.POST, table.key)
        laid, missed = paste(rows, table, desk.choices, pasted)
        unread.extend(missed)
        return laid

    page = retyped(desk.section, desk.choices, desk.request.POST, change=(key, change))
    page.remark(_finding(desk, table, one) for one in unread)
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


def _finding(desk: Desk, table: RowsSpec, one: Unread) -> Finding:
    message = _("“%(value)s” is not offered.") % {"value": one.text[:60]}
    return Finding(desk.section.key, f"{table.key}.{one.row}.{one.field}", message)
