"""The officers' page that makes the next version of a scheme, one section after the other."""

import json
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Max
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from core import rights
from core.errors import DomainError
from reference.names import in_language
from submissions import services
from submissions.models import DeclarationScheme
from submissions.scheme.documents import SchemeError, read_sections
from submissions.scheme.revising import revised
from submissions.scheme_forms import CarriedForm, SchemeSectionForm

LAY_DOWN = "lay_down"


def prepare(request: HttpRequest, scheme_id: int) -> HttpResponse:
    """Change one section after the other; the page carries what was changed before."""
    scheme = DeclarationScheme.objects.visible_to(request.user).filter(pk=scheme_id).first()
    if scheme is None:
        raise Http404
    if not rights.may_ever(request.user, "add", DeclarationScheme):
        raise PermissionDenied("add scheme")
    key = request.GET.get("section", scheme.sections[0]["key"])
    if request.method != "POST":
        return _page(request, scheme, key, {})
    carried = CarriedForm(request.POST)
    if not carried.is_valid():
        messages.error(request, str(carried.errors["changes"][0]))
        return redirect(prepare_url(scheme))
    return _posted(request, scheme, key, carried.cleaned_data)


def _posted(
    request: HttpRequest, scheme: DeclarationScheme, key: str, carried: dict[str, Any]
) -> HttpResponse:
    changes: dict[str, Any] = carried["changes"]
    form = SchemeSectionForm(request.POST, section=_section(scheme, key))
    if not form.is_valid():
        return _page(request, scheme, key, changes, form)
    # What this page says replaces what it said when it was last here.
    kept = {at: one for at, one in changes.items() if not at.startswith(f"{key}.")}
    changes = {**kept, **form.changes()}
    action = carried["action"]
    if action != LAY_DOWN:
        wanted = action.removeprefix("section:")
        return _page(request, scheme, wanted if action else key, changes)
    try:
        made = _lay_down(scheme, changes, actor=request.user)
    except (DomainError, SchemeError) as error:
        messages.error(request, _("Not laid down: %(why)s") % {"why": error})
        return _page(request, scheme, key, changes)
    done = _("Version %(version)d is laid down. An activity can use it now.")
    messages.success(request, done % {"version": made.version})
    return redirect("admin:submissions_declarationscheme_change", made.pk)


def _page(
    request: HttpRequest,
    scheme: DeclarationScheme,
    key: str,
    changes: dict[str, Any],
    form: SchemeSectionForm | None = None,
) -> HttpResponse:
    section = _section(scheme, key)
    if form is None:
        form = SchemeSectionForm(section=section, initial=_typed(section, changes))
    context = {
        **admin.site.each_context(request),
        "title": _("New version after %(scheme)s") % {"scheme": scheme},
        "opts": DeclarationScheme._meta,
        "original": scheme,
        "form": form,
        "changes": json.dumps(changes, ensure_ascii=False),
        "changed": len(changes),
        "current": key,
        "action_url": f"{prepare_url(scheme)}?section={key}",
        "sections": [
            {"key": one["key"], "label": in_language(one["labels"])} for one in scheme.sections
        ],
    }
    return TemplateResponse(request, "admin/submissions/scheme_prepare.html", context)


def prepare_url(scheme: DeclarationScheme) -> str:
    return reverse("admin:submissions_declarationscheme_prepare", args=[scheme.pk])


def _section(scheme: DeclarationScheme, key: str) -> dict[str, Any]:
    found: dict[str, Any] | None = next((s for s in scheme.sections if s["key"] == key), None)
    if found is None:
        raise Http404
    return found


def _typed(section: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """Return the inputs of a section as they were left when it was last here."""
    initial: dict[str, Any] = {}
    for at, change in changes.items():
        if not at.startswith(f"{section['key']}."):
            continue
        for name, value in change.items():
            if name == "helps":
                initial |= SchemeSectionForm.helps_as_typed(at, value)
            else:
                initial[f"{at}:{name}"] = value
    return initial


def _lay_down(
    scheme: DeclarationScheme, changes: dict[str, Any], *, actor: Any
) -> DeclarationScheme:
    if not changes:
        raise DomainError(_("Nothing is changed yet."))
    try:
        sections = revised(scheme.sections, changes)
    except (TypeError, ValueError, AttributeError):
        raise DomainError(_("This page cannot be read any more. Please begin again.")) from None
    read_sections(sections)
    same = DeclarationScheme.objects.filter(code=scheme.code)
    newest = same.aggregate(newest=Max("version"))["newest"]
    document = {
        "code": scheme.code,
        "version": newest + 1,
        "names": scheme.names,
        "sections": sections,
    }
    return services.create_scheme(document, actor=actor)
