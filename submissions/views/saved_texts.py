"""What was saved in a section so far, by whom and when; any of it can be taken again."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.errors import DomainError
from submissions import services
from submissions.models import SavedValue
from submissions.scheme.fields import TEXTS, FieldSpec
from submissions.scheme.sections import RowsSpec
from submissions.views.access import may_edit, own, person
from submissions.views.activities import moment
from submissions.views.section_desk import Desk, desk_of

PAGE = 25


@require_http_methods(["GET", "HEAD", "POST"])
def saved_texts(request: HttpRequest, declaration_id: UUID, section: str) -> HttpResponse:
    desk = desk_of(request, own(request, declaration_id), section)
    if request.method == "POST":
        return _take_again(desk)
    rows = SavedValue.objects.filter(declaration=desk.declaration, section=section)
    if after := request.GET.get("after", ""):
        rows = rows.filter(pk__lt=int(after)) if after.isdecimal() else rows
    found = list(rows.select_related("saved_by").order_by("-pk")[: PAGE + 1])
    shown = found[:PAGE]
    context = {
        **desk.head(),
        "rows": [_row(desk, one) for one in shown],
        "next_key": len(found) > PAGE,
        "next_url": f"?after={shown[-1].pk}" if shown else "",
        "editable": may_edit(request, desk.declaration),
    }
    return render(request, "submissions/saved_texts.html", context)


def _take_again(desk: Desk) -> HttpResponse:
    number = desk.request.POST.get("text", "")
    rows = SavedValue.objects.filter(declaration=desk.declaration, section=desk.section.key)
    text = rows.filter(pk=number).first() if number.isdecimal() else None
    if text is None:
        raise Http404
    try:
        saved = services.save_members(
            desk.declaration.pk,
            desk.section.key,
            {text.member: text.value},
            actor=person(desk.request),
            begun=desk.request.POST.get("begun", ""),  # what was stored when the list was shown
        )
    except DomainError as error:
        messages.error(desk.request, str(error))
        return redirect("submissions:declaration-section", desk.declaration.pk, desk.section.key)
    if saved.aside:
        notice = _("Somebody else saved the same meanwhile. Nothing is lost: please choose.")
        messages.warning(desk.request, notice)
        name = "submissions:declaration-comparison"
        return redirect(name, desk.declaration.pk, desk.section.key)
    messages.success(desk.request, _("The earlier text is in its place again."))
    return redirect("submissions:declaration-section", desk.declaration.pk, desk.section.key)


def _row(desk: Desk, one: SavedValue) -> dict[str, Any]:
    part = next((part for part in desk.section.members if part.key == one.member), None)
    return {
        "pk": one.pk,
        "label": part.label if part else one.member,
        "who": one.saved_by.name,
        "at": moment(one.saved_at, seconds=True),
        "state": "" if one.state == SavedValue.State.APPLIED else one.get_state_display(),
        "stored": part is not None and desk.stored().get(one.member) == one.value,
        "lines": _lines(desk, part, one.value),
        "lang": desk.declaration.language if _is_text(part) else "",
    }


def _is_text(part: FieldSpec | RowsSpec | None) -> bool:
    return isinstance(part, FieldSpec) and part.kind in TEXTS


def _lines(desk: Desk, part: FieldSpec | RowsSpec | None, value: Any) -> list[str]:
    """Write a saved text for people: a field in one piece, a table a line per row."""
    if value is None or part is None:
        return []
    reader = desk.reader()
    if isinstance(part, FieldSpec):
        return [reader.value(part, value)]
    cells = ([reader.value(spec, row.get(spec.key)) for spec in part.fields] for row in value)
    return [" · ".join(filter(None, row)) for row in cells]
