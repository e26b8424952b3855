"""What the list of declarations is worked off with: who holds what, and accepting in bulk."""

from dataclasses import dataclass
from typing import Any

from django.contrib import admin, messages  # noqa: TID251 -- a page of the officers
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse  # noqa: TID251 -- what Django admin passes
from django.template.response import TemplateResponse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from core import rights
from core.errors import DomainError
from submissions import checklist
from submissions.filed import title_of
from submissions.files import scanner
from submissions.files.states import ScanStatus
from submissions.look_alikes import of_officer
from submissions.models import Attachment, CheckMark, Declaration
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


@dataclass(frozen=True, slots=True)
class Looked:
    """One of those chosen, and what has to be seen on its own page first (none: it is green)."""

    declaration: Declaration
    title: str
    why: tuple[str, ...]
    unscanned: int  # files no scanner looked at, where none is set up


@admin.action(description=_("Accept what is green in the checklist"))
def accept_green(
    model_admin: Any, request: HttpRequest, queryset: QuerySet[Declaration]
) -> HttpResponse | None:
    """Show which of the chosen are green; accept those once that is confirmed."""
    chosen = queryset.count()
    checked = rights.with_right(queryset, request.user, "check").filter(status=Status.IN_CHECK)
    in_check = checked.count()
    looked = _looked_at(checked, request.user)
    green = [one for one in looked if not one.why]
    red = [one for one in looked if one.why]
    if "confirmed" in request.POST:
        _accept(request, green, red)
        return None
    context = {
        **model_admin.admin_site.each_context(request),
        "title": _("Accept in bulk"),
        "opts": model_admin.opts,
        "green": green,
        "red": red,
        "count": chosen,
        "elsewhere": chosen - in_check,
        "beyond": in_check - len(looked),
        "most": MOST,
    }
    return TemplateResponse(request, "admin/submissions/accept_green.html", context)


def _looked_at(checked: QuerySet[Declaration], officer: Any) -> list[Looked]:
    rows = list(
        checked.defer(None)
        .select_related("activity__scheme", "activity__rule_set", "organisation", "version")
        .order_by("number")[:MOST]
    )
    marks = checklist.marks_of(rows)
    scans = _scans(rows)
    return [_look(one, officer, marks.get(one.pk, {}), scans) for one in rows]


def _look(
    declaration: Declaration,
    officer: Any,
    marks: dict[str, CheckMark],
    scans: dict[str, str],
) -> Looked:
    version = declaration.version
    if version is None:
        raise LookupError("what is in check was filed")
    version.declaration = declaration
    title = title_of(version)
    states = [scans.get(str(one["id"]), "") for one in version.content["attachments"]]
    unknown = states.count(ScanStatus.NOT_SCANNED)
    unseen = len(states) - states.count(ScanStatus.CLEAN)
    if not scanner.configured():  # then nobody will ever have looked at them: it is told, no more
        unseen -= unknown
    left = sum(line.is_open for line in checklist.lines(version, marks=marks))
    if left:
        text = ngettext("%(count)d line is open", "%(count)d lines are open", left)
        return Looked(declaration, title, (text % {"count": left},), unknown)
    why = []
    # Asked of those alone that would be accepted: it costs more than the checklist.
    if alike := len(of_officer(declaration, officer).look_alikes):
        text = ngettext("%(count)d look-alike", "%(count)d look-alikes", alike)
        why.append(text % {"count": alike})
    if unseen:
        text = ngettext(
            "%(count)d file without a malware scan",
            "%(count)d files without a malware scan",
            unseen,
        )
        why.append(text % {"count": unseen})
    return Looked(declaration, title, tuple(why), unknown)


def _scans(rows: list[Declaration]) -> dict[str, str]:
    files = Attachment.objects.filter(declaration__in=rows).values_list("pk", "status")
    return {str(pk): status for pk, status in files}


def _accept(request: HttpRequest, green: list[Looked], red: list[Looked]) -> None:
    """Accept them one by one; what is not green any more is named."""
    done = 0
    for one in green:
        try:
            perform("accept", one.declaration.pk, actor=request.user)
            done += 1
        except DomainError as error:
            messages.warning(request, f"{one.declaration.number}: {error}")
    for one in red:
        messages.warning(request, f"{one.declaration.number}: {gettext('; ').join(one.why)}")
    text = ngettext("%(count)d declaration accepted.", "%(count)d declarations accepted.", done)
    messages.success(request, text % {"count": done})
