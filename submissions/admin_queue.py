"""What the list of declarations is worked off with: who holds what, and accepting in bulk."""

from typing import Any

from django.contrib import admin, messages  # noqa: TID251 -- a page of the officers
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse  # noqa: TID251 -- what Django admin passes
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from core.errors import DomainError
from submissions import checklist
from submissions.models import Declaration
from submissions.queue import WAITING
from submissions.states import Status
from submissions.workflow import perform

MOST = 100  # as many as one press looks at


class Holder(admin.SimpleListFilter):
    """Who has a waiting declaration in hand."""

    title = _("who holds it")
    parameter_name = "holder"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("mine", _("I")), ("nobody", _("nobody yet")), ("others", _("another officer"))]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[Declaration]
    ) -> QuerySet[Declaration]:
        held = {
            "mine": Q(checked_by=request.user.pk),
            "nobody": Q(checked_by=None),
            "others": Q(checked_by__isnull=False) & ~Q(checked_by=request.user.pk),
        }.get(self.value() or "")
        return queryset if held is None else queryset.filter(held, status__in=WAITING)


@admin.action(description=_("Accept what is green in the checklist"))
def accept_green(
    model_admin: Any, request: HttpRequest, queryset: QuerySet[Declaration]
) -> HttpResponse | None:
    """Show which of the chosen are green; accept those once that is confirmed."""
    chosen = list(
        queryset.defer(None)
        .filter(status=Status.IN_CHECK)
        .select_related("activity__scheme", "activity__rule_set", "version")
        .order_by("number")[:MOST]
    )
    green = [one for one in chosen if _is_green(one)]
    if "confirmed" in request.POST:
        _accept(request, green)
        return None
    context = {
        **model_admin.admin_site.each_context(request),
        "title": _("Accept in bulk"),
        "opts": model_admin.opts,
        "green": green,
        "red": [one for one in chosen if one not in green],
        "chosen": request.POST.getlist("_selected_action"),
        "count": len(request.POST.getlist("_selected_action")),
    }
    return TemplateResponse(request, "admin/submissions/accept_green.html", context)


def _is_green(declaration: Declaration) -> bool:
    version = declaration.version
    if version is None:
        return False
    version.declaration = declaration
    return not any(line.is_open for line in checklist.lines(version))


def _accept(request: HttpRequest, green: list[Declaration]) -> None:
    done = 0
    for one in green:
        try:
            perform("accept", one.pk, actor=request.user)
            done += 1
        except DomainError as error:
            messages.warning(request, f"{one.number}: {error}")
    text = ngettext("%(count)d declaration accepted.", "%(count)d declarations accepted.", done)
    messages.success(request, text % {"count": done})
