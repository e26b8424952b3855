"""Two people wrote one text: what each wrote, side by side, and the choice between them."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.errors import DomainError
from submissions import services
from submissions.forms import ComparisonForm
from submissions.models import SavedValue
from submissions.reading import Reader
from submissions.scheme.differences import Difference, Side, differences, marks, merged
from submissions.scheme.fields import TEXTS, FieldSpec
from submissions.scheme.sections import RowsSpec
from submissions.views.access import own, person
from submissions.views.section_desk import Desk, desk_of
from submissions.writing import set_aside


@require_http_methods(["GET", "HEAD", "POST"])
def comparison(request: HttpRequest, declaration_id: UUID, section: str) -> HttpResponse:
    desk = desk_of(request, own(request, declaration_id), section)
    texts = set_aside(desk.declaration, section, person(request))
    waiting = [one for one in texts if desk.is_open(one.member)]
    if not waiting:
        messages.info(request, _("Nothing waits for a choice here: this is what is stored."))
        return _back(desk)
    desk.section = desk.section.only([one.member for one in waiting])
    mine = {one.member: one.value for one in waiting if one.value is not None}
    begun = " ".join(f"{one.member}:{one.begun}" for one in waiting if one.begun)
    found = differences(desk.section, mine, desk.stored(), begun)
    if request.method == "POST":
        return _chosen(desk, waiting, mine, found)
    return _page(desk, waiting, ComparisonForm(differences=found))


def _chosen(
    desk: Desk, waiting: list[SavedValue], mine: dict[str, Any], found: list[Difference]
) -> HttpResponse:
    seen = desk.request.POST.get("begun", "")
    if desk.request.POST.get("action") == "drop":
        return _settle(desk, dict(desk.stored()), seen, _("What is stored was kept."))
    form = ComparisonForm(desk.request.POST, differences=found)
    if seen != marks(desk.section, desk.stored()):
        notice = _("Somebody saved this once more. Please choose again.")
        return _page(desk, waiting, ComparisonForm(differences=found), notice=notice)
    if not form.is_valid():
        return _page(desk, waiting, form)
    chosen = merged(desk.section, mine, desk.stored(), form.cleaned_data)
    return _settle(desk, chosen, seen, _("Saved as chosen."))


def _settle(desk: Desk, chosen: dict[str, Any], begun: str, done: str) -> HttpResponse:
    whole = {one.key: chosen.get(one.key) for one in desk.section.members}
    try:
        saved = services.settle(
            desk.declaration.pk, desk.section.key, whole, actor=person(desk.request), begun=begun
        )
    except DomainError as error:
        messages.error(desk.request, str(error))
        return redirect("submissions:declaration-detail", desk.declaration.pk)
    if saved.aside:
        return redirect("submissions:declaration-comparison", desk.declaration.pk, desk.section.key)
    messages.success(desk.request, done)
    return _back(desk)


def _back(desk: Desk) -> HttpResponse:
    return redirect("submissions:declaration-section", desk.declaration.pk, desk.section.key)


def _page(
    desk: Desk, waiting: list[SavedValue], form: ComparisonForm, *, notice: str = ""
) -> HttpResponse:
    reader = desk.reader()
    rows = [_row(form, one, reader) for one in form.differences]
    context = {
        **desk.head(),
        "begun": marks(desk.section, desk.stored()),
        "notice": notice,
        "since": waiting[0].saved_at,
        "rows": rows,
        "errors": [(row["id"], row["label"], e) for row in rows for e in row["field"].errors],
    }
    status = 409 if notice else 200
    template = "submissions/declaration_comparison.html"
    return render(desk.request, template, context, status=status)


def _row(form: ComparisonForm, one: Difference, reader: Reader) -> dict[str, Any]:
    mine, stored = form[one.key]
    return {
        "id": f"differs_{one.key}",
        "label": label(one),
        "field": form[one.key],
        "who": _who(one),
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


def _who(one: Difference) -> str:
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
