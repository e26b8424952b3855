"""Two people saved one section: what each wrote, side by side, and the choice between them."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from submissions.forms import ComparisonForm, UploadForm
from submissions.reading import Reader
from submissions.scheme.differences import Difference, Side, differences
from submissions.scheme.fields import TEXTS, FieldSpec
from submissions.scheme.sections import RowsSpec
from submissions.views.section_desk import Desk

# What belongs to a page and its buttons; all else that is sent was typed, and is carried on.
OF_THE_PAGE = frozenset({"csrfmiddlewaretoken", "action", "revision", "begun"})
OF_OTHER_FORMS = (f"{ComparisonForm.prefix}-", f"{UploadForm.prefix}-")


def found(desk: Desk, mine: dict[str, Any]) -> list[Difference]:
    """List what differs between what was typed and what is stored now."""
    return differences(desk.section, mine, desk.stored(), desk.begun)


def page(desk: Desk, form: ComparisonForm, *, notice: str = "") -> HttpResponse:
    reader = desk.reader()
    rows = [_row(desk, form, one, reader) for one in form.differences]
    context = {
        **desk.head(),
        "notice": notice,
        "rows": rows,
        "errors": [(row["id"], row["label"], e) for row in rows for e in row["field"].errors],
        "carried": [
            (name, value)
            for name, values in desk.request.POST.lists()
            for value in values
            if name not in OF_THE_PAGE and not name.startswith(OF_OTHER_FORMS)
        ],
    }
    template = "submissions/declaration_comparison.html"
    return render(desk.request, template, context, status=409)


def _row(desk: Desk, form: ComparisonForm, one: Difference, reader: Reader) -> dict[str, Any]:
    mine, stored = form[one.key]
    return {
        "id": f"differs_{one.key}",
        "label": label(one),
        "field": form[one.key],
        "who": _who(one, begun=bool(desk.begun)),
        "sides": [
            {
                "input": mine,
                "heading": _("What you typed"),
                "lines": _lines(one, Side.MINE, reader),
            },
            {
                "input": stored,
                "heading": _("What is stored now"),
                "lines": _lines(one, Side.STORED, reader),
            },
        ],
    }


def label(one: Difference) -> str:
    if isinstance(one.part, FieldSpec):
        return one.part.label
    number = int(one.key.rpartition(".")[2]) + 1
    return _("%(table)s, row %(row)d") % {"table": one.part.label, "row": number}


def _who(one: Difference, *, begun: bool) -> str:
    if not begun:
        return ""
    if one.suggestion is Side.MINE:
        return _("You changed this.")
    if one.suggestion is Side.STORED:
        return _("Somebody else changed this; you did not.")
    return _("You and somebody else changed this.")


def _lines(one: Difference, side: Side, reader: Reader) -> list[dict[str, Any]]:
    """Write one side for people: a field is a line; a row a line per field, changed ones marked."""
    mine, stored = one.mine, one.stored
    value, other = (mine, stored) if side is Side.MINE else (stored, mine)
    if isinstance(one.part, RowsSpec):
        return _row_lines(one.part, value, other, reader)
    return [{"text": reader.value(one.part, value), "lang": _lang(one.part, reader)}]


def _row_lines(table: RowsSpec, value: Any, other: Any, reader: Reader) -> list[dict[str, Any]]:
    if value is None:
        return []
    return [
        {
            "label": spec.label,
            "text": text,
            "lang": _lang(spec, reader),
            "differs": other is not None and text != reader.value(spec, other.get(spec.key)),
        }
        for spec in table.fields
        if (text := reader.value(spec, value.get(spec.key)))
        or (other is not None and reader.value(spec, other.get(spec.key)))
    ]


def _lang(spec: FieldSpec, reader: Reader) -> str:
    return reader.language if spec.kind in TEXTS else ""
