"""What the list of declarations is worked off with: who holds what, and accepting in bulk."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import admin, messages  # noqa: TID251 -- a page of the officers
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse  # noqa: TID251 -- what Django admin passes
from django.template.response import TemplateResponse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from core import rights
from core.errors import DomainError
from submissions import checklist, looked_at
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
    seen: str  # what it is shown with, as the page carries it


@dataclass(frozen=True, slots=True)
class Following:
    """Those of the chosen in check that one press did not look at, and how the next one gets on."""

    after: str  # the last number looked at
    across: bool  # all of the list were chosen
    keys: tuple[UUID, ...]  # what is sent as chosen: one is enough where all of the list are
    beyond: int

    @property
    def count(self) -> int:
        return min(self.beyond, MOST)


@admin.action(description=_("Accept what is green in the checklist"))
def accept_green(
    model_admin: Any, request: HttpRequest, queryset: QuerySet[Declaration]
) -> HttpResponse | None:
    """Show which of the chosen are green; accept those once that is confirmed."""
    if after := request.POST.get("after"):
        queryset = queryset.filter(number__gt=after)
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
        "following": _following(request, checked, looked),
        "most": MOST,
    }
    return TemplateResponse(request, "admin/submissions/accept_green.html", context)


def _following(
    request: HttpRequest, checked: QuerySet[Declaration], looked: list[Looked]
) -> Following | None:
    if len(looked) < MOST:
        return None
    last = looked[-1].declaration
    rest = checked.filter(number__gt=last.number)
    across = request.POST.get("select_across") == "1"
    keys = (last.pk,) if across else tuple(rest.values_list("pk", flat=True))
    beyond = rest.count() if across else len(keys)
    return Following(str(last.number), across, keys, beyond) if beyond else None


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
    seen = looked_at.drawn_with_marks(declaration, marks.values())
    states = [scans.get(str(one["id"]), "") for one in version.content["attachments"]]
    unknown = states.count(ScanStatus.NOT_SCANNED)
    found = states.count(ScanStatus.FOUND)
    unseen = len(states) - states.count(ScanStatus.CLEAN) - found
    if not scanner.configured():  # then nobody will ever have looked at them: it is told, no more
        unseen -= unknown
    left = sum(line.is_open for line in checklist.lines(version, marks=marks))
    if left:
        text = ngettext("%(count)d line is open", "%(count)d lines are open", left)
        return Looked(declaration, title, (text % {"count": left},), unknown, seen)
    why = []
    # Asked of those alone that would be accepted: it costs more than the checklist.
    if alike := len(of_officer(declaration, officer).look_alikes):
        text = ngettext("%(count)d look-alike", "%(count)d look-alikes", alike)
        why.append(text % {"count": alike})
    if found:
        text = ngettext(
            "%(count)d file in which malware was found",
            "%(count)d files in which malware was found",
            found,
        )
        why.append(text % {"count": found})
    if unseen:
        text = ngettext(
            "%(count)d file without a malware scan",
            "%(count)d files without a malware scan",
            unseen,
        )
        why.append(text % {"count": unseen})
    return Looked(declaration, title, tuple(why), unknown, seen)


def _scans(rows: list[Declaration]) -> dict[str, str]:
    files = Attachment.objects.filter(declaration__in=rows).values_list("pk", "status")
    return {str(pk): status for pk, status in files}


def _accept(request: HttpRequest, green: list[Looked], red: list[Looked]) -> None:
    """Accept them one by one as they were shown; what is not green any more is named."""
    done = 0
    for one in green:
        seen = request.POST.get(f"seen_{one.declaration.pk}", "")
        try:
            perform("accept", one.declaration.pk, actor=request.user, seen=seen)
            done += 1
        except DomainError as error:
            messages.warning(request, f"{one.declaration.number}: {error}")
    for one in red:
        messages.warning(request, f"{one.declaration.number}: {gettext('; ').join(one.why)}")
    text = ngettext("%(count)d declaration accepted.", "%(count)d declarations accepted.", done)
    messages.success(request, text % {"count": done})
