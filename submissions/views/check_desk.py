"""The officers' desk for one declaration in the formal check: the list, and what was filed."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.errors import DomainError
from submissions import admin_look_alikes, checklist, queue
from submissions.changed import changes_between
from submissions.checklist import BY_EYE, Line, Verdict
from submissions.checks.remarks import LEVELS
from submissions.filed import read_version, title_of
from submissions.models import Declaration, DeclarationVersion
from submissions.notifications import remarks_on
from submissions.states import Status
from submissions.views.worklist import desk_url, filters_of, following_url, rows_of
from submissions.workflow import DECLARATIONS, perform

TONES = {"error": "danger", "warning": "warning", "information": "info"}


class CheckForm(forms.Form):
    """One input or two for each line of the checklist; what is left empty says nothing."""

    action = forms.CharField(required=False, max_length=20)

    def __init__(self, *args: Any, lines: list[Line], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = lines
        by_eye = [(one.value, one.label) for one in BY_EYE]
        for line in lines:
            marked = line.mark if line.holds or line.is_manual else None
            if line.is_manual:
                self.fields[f"verdict_{line.item}"] = forms.ChoiceField(
                    choices=by_eye,
                    required=False,
                    widget=forms.RadioSelect,
                    initial=marked.verdict if marked else "",
                )
            self.fields[f"reason_{line.item}"] = forms.CharField(
                required=False, max_length=1000, initial=marked.reason if marked else ""
            )

    def marks(self) -> list[dict[str, str]]:
        """Return what ``checklist.mark`` takes."""
        all_met = self.cleaned_data["action"] == "all_met"
        found = []
        for line in self.lines:
            reason = self.cleaned_data.get(f"reason_{line.item}", "")
            if line.is_manual:
                verdict = self.cleaned_data.get(f"verdict_{line.item}", "")
                verdict = verdict or (Verdict.MET if all_met else "")
            else:
                verdict = Verdict.STANDS if reason else ""
            if verdict:
                found.append({"item": line.item, "verdict": verdict, "reason": reason})
        return found


@require_http_methods(["GET", "HEAD", "POST"])
def check_desk(request: HttpRequest, declaration_id: UUID) -> HttpResponse:
    declaration = _seen(request, declaration_id)
    version = declaration.version
    if version is None:
        raise Http404
    version.declaration = declaration
    lines = checklist.lines(version)
    form = CheckForm(request.POST or None, lines=lines)
    if request.method == "POST" and form.is_valid() and _done(request, declaration, form):
        return redirect(_where_to(request, declaration, form.cleaned_data["action"]))
    return _page(request, declaration, version, form)


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


def _done(request: HttpRequest, declaration: Declaration, form: CheckForm) -> bool:
    try:
        checklist.mark(declaration.pk, form.marks(), actor=request.user)
        if form.cleaned_data["action"] == "accept":
            perform("accept", declaration.pk, actor=request.user)
    except DomainError as error:
        place = f"reason_{error.field}"
        form.add_error(place if place in form.fields else None, str(error))
        return False
    accepted = form.cleaned_data["action"] == "accept"
    messages.success(request, _("Accepted for evaluation.") if accepted else _("Saved."))
    return True


def _where_to(request: HttpRequest, declaration: Declaration, action: str) -> str:
    """Go on to the next of the queue once this one is decided."""
    return (
        following_url(request, declaration)
        if action == "accept"
        else desk_url(declaration, request)
    )


def _page(
    request: HttpRequest, declaration: Declaration, version: DeclarationVersion, form: CheckForm
) -> HttpResponse:
    before, after = queue.neighbours(declaration, rows_of(request))
    filters = filters_of(request)
    context = {
        **admin.site.each_context(request),
        "title": f"{declaration.number} {title_of(version)}",
        "opts": Declaration._meta,
        "original": declaration,
        "version": version,
        "form": form,
        "rows": [_row(form, line, version) for line in form.lines],
        "open": sum(line.is_open for line in form.lines),
        "in_check": declaration.status == Status.IN_CHECK,
        "steps": [
            (step, _step_url(declaration, step.name) + filters)
            for step in DECLARATIONS.open_to(request.user, declaration)
            if step.name != "accept"
        ],
        "before": before and desk_url(before, request),
        "after": after and desk_url(after, request),
        "asked": _asked(declaration, version),
        "alike": admin_look_alikes.panel(declaration, request.user),
        "whole": f"?{_whole(request)}",
        **_content(request, declaration, version),
    }
    return TemplateResponse(request, "admin/submissions/check_desk.html", context)


def _step_url(declaration: Declaration, step: str) -> str:
    return reverse("admin:submissions_declaration_step", args=[declaration.pk, step])


def _row(form: CheckForm, line: Line, version: DeclarationVersion) -> dict[str, Any]:
    """Return a line with its inputs, as the page takes it."""
    verdict = f"verdict_{line.item}"
    earlier = line.mark.version.number if line.mark and line.holds else version.number
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
    """List the corrections asked for of the version before, for what came back."""
    former = declaration.versions.filter(number=version.number - 1).first()
    return remarks_on(former, declaration.activity.scheme.load()) if former else []
