"""The officers' desk for one declaration in the formal check: the list, and what was filed."""

from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.errors import DomainError
from submissions import admin_look_alikes, checklist, looked_at, queue
from submissions.changed import changes_between
from submissions.checklist import Line
from submissions.checks.remarks import LEVELS
from submissions.contests import rejections_of
from submissions.filed import read_version, title_of
from submissions.mark_forms import MarksForm
from submissions.models import CheckMark, Declaration, DeclarationVersion, JointConfirmation
from submissions.notifications import remarks_on
from submissions.states import JointStatus, Status
from submissions.views.worklist import desk_url, filters_of, following_url, rows_of
from submissions.workflow import offered, perform

TONES = {"error": "danger", "warning": "warning", "information": "info"}


@require_http_methods(["GET", "HEAD", "POST"])
def check_desk(request: HttpRequest, declaration_id: UUID) -> HttpResponse:
    version = _filed(request, declaration_id)
    form = MarksForm(request.POST or None, version=version)
    if request.method != "POST":
        return _page(request, version, form)
    seen = form["seen"].data or ""
    try:
        looked_at.require(version.declaration, seen)
        made = _marked(version.declaration, form, request.user, seen)
    except looked_at.MovedOn as error:
        return _moved_on(request, declaration_id, seen, error)
    if made is None:
        return _page(request, version, form, _("Nothing is saved yet; see what is marked below."))
    return _saved(request, version, looked_at.after(seen, made), form.cleaned_data["action"])


def _marked(
    declaration: Declaration, form: MarksForm, officer: Any, seen: str
) -> list[CheckMark] | None:
    """Write down what was found; None, and the form says why, when that cannot be."""
    if not form.is_valid():
        return None
    try:
        return checklist.mark(declaration.pk, form.marks(), actor=officer, seen=seen)
    except looked_at.MovedOn:
        raise
    except DomainError as error:
        place = f"reason_{error.field}"
        form.add_error(place if place in form.fields else None, str(error))
        return None


def _saved(
    request: HttpRequest, version: DeclarationVersion, seen: str, action: str
) -> HttpResponse:
    """Go on from a checklist that is saved: accept it if that was asked."""
    declaration = version.declaration
    if action != "accept":
        messages.success(request, _("Saved."))
        return redirect(desk_url(declaration, request))
    try:
        perform("accept", declaration.pk, actor=request.user, seen=seen)
    except DomainError as error:
        messages.success(request, _("The checklist is saved."))
        now = _filed(request, declaration.pk)
        return _page(request, now, MarksForm(version=now), str(error))
    messages.success(request, _("Accepted for evaluation."))
    return redirect(following_url(request, declaration))


def _moved_on(
    request: HttpRequest, declaration_id: UUID, seen: str, error: DomainError
) -> HttpResponse:
    """Show what is there by now, with what was typed; what was not touched follows."""
    version = _filed(request, declaration_id)
    form = MarksForm(request.POST, version=version)
    shown, mark = looked_at.read(seen)
    former = version.declaration.versions.filter(pk=shown).first()
    if former:
        former.declaration = version.declaration
        form.follow(MarksForm(version=former, until=mark))
    form.is_valid()  # so that it can be told
    not_yet = _("What you entered stands below and is not saved yet.")
    return _page(request, version, form, f"{error} {not_yet}")


def _filed(request: HttpRequest, declaration_id: UUID) -> DeclarationVersion:
    """Return the version in force of a declaration that is on this officer's desk."""
    declaration = _seen(request, declaration_id)
    if declaration.version is None:
        raise Http404
    declaration.version.declaration = declaration
    return declaration.version


def _seen(request: HttpRequest, declaration_id: UUID) -> Declaration:
    # As on the list of the desk: of one's own organisation's one is no officer.
    model_admin = admin.site.get_model_admin(Declaration)
    rows = (
        model_admin.get_queryset(request)
        .defer(None)
        .select_related(
            "activity__scheme", "activity__rule_set", "organisation", "version", "checked_by"
        )
    )
    return get_object_or_404(rows, pk=declaration_id)


def _page(
    request: HttpRequest, version: DeclarationVersion, form: MarksForm, refused: str = ""
) -> HttpResponse:
    declaration = version.declaration
    before, after = queue.neighbours(declaration, rows_of(request))
    filters = filters_of(request)
    steps = offered(declaration, request.user)
    context = {
        **admin.site.each_context(request),
        "title": f"{declaration.number} {title_of(version)}",
        "opts": Declaration._meta,
        "original": declaration,
        "version": version,
        "form": form,
        "refused": refused,
        "seen": form.drawn_with,
        "rows": [_row(form, line, version) for line in form.lines],
        "open": sum(line.is_open for line in form.lines),
        # Who may read a declaration and not judge it marks nothing either.
        "in_check": any(step.name == "accept" for step in steps),
        "reads_only": declaration.status in queue.WAITING and not steps,
        "steps": [
            (step, _step_url(declaration, step.name) + filters)
            for step in steps
            if step.name != "accept"
        ],
        "before": before and desk_url(before, request),
        "after": after and desk_url(after, request),
        "rejections": rejections_of(declaration),
        "asked": _asked(declaration, version),
        "unconfirmed": JointConfirmation.objects.filter(
            version=version, status__in=(JointStatus.ASKED, JointStatus.DECLINED)
        ),
        "alike": admin_look_alikes.panel(declaration, request.user),
        "whole": f"?{_whole(request)}",
        **_content(request, declaration, version),
    }
    return TemplateResponse(request, "admin/submissions/check_desk.html", context)


def _step_url(declaration: Declaration, step: str) -> str:
    return reverse("admin:submissions_declaration_step", args=[declaration.pk, step])


def _row(form: MarksForm, line: Line, version: DeclarationVersion) -> dict[str, Any]:
    """Return a line with its inputs, as the page takes it."""
    verdict = f"verdict_{line.item}"
    earlier = line.mark.version.number if line.mark else version.number
    return {
        "line": line,
        "tone": TONES.get(line.level or "", "neutral"),
        "level": LEVELS[line.level] if line.level else _("by eye"),
        "verdict": form[verdict] if verdict in form.fields else None,
        "reason": form[f"reason_{line.item}"],
        "earlier": earlier if earlier != version.number else None,
    }


def _content(
    request: HttpRequest, declaration: Declaration, version: DeclarationVersion
) -> dict[str, Any]:
    """Return what came back changed; the whole version of a first filing, or when asked for."""
    former = declaration.versions.filter(number=version.number - 1).first()
    read = read_version(version)
    if former is None:
        return read
    former.declaration = declaration
    read["changes"] = changes_between(former, version)
    if "whole" not in request.GET:
        read["sections"] = []
    return read


def _whole(request: HttpRequest) -> str:
    """Return the page's own query, asking for all that was filed."""
    asked = request.GET.copy()
    asked["whole"] = "1"
    return asked.urlencode()


def _asked(declaration: Declaration, version: DeclarationVersion) -> list[Any]:
    """List the corrections asked for: of the version before, for what came back; while it is
    with the applicant, of this one.
    """
    number = version.number - (declaration.status != Status.RETURNED)
    asked = declaration.versions.filter(number=number).first()
    return remarks_on(asked, declaration.activity.scheme.load()) if asked else []
