"""The public versions of a technology, and what changed from one to the next. No session."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from catalog import changed, versions
from catalog.middleware import same_for_everybody, without_query
from catalog.models import Technology
from catalog.naming import title_of
from catalog.states import TechnologyStatus
from catalog.version import version_now
from catalog.views.one import state_only, visible
from catalog.vocabulary import names_at

MOST_DIGITS = 9  # of a number a column of the database holds


@require_safe
@same_for_everybody
def version_list(request: HttpRequest, id: UUID) -> HttpResponse:
    technology = visible(request, id)
    if technology.status != TechnologyStatus.LISTED:
        return state_only(request, technology)
    asked = request.GET.get("before", "")
    before = int(asked) if asked.isdecimal() and len(asked) <= MOST_DIGITS else None
    page = {**_about(technology), "page": versions.page(technology, before=before)}
    return render(request, "catalog/version_list.html", page)


@require_safe
@without_query
@same_for_everybody
def version_changes(request: HttpRequest, id: UUID, number: int) -> HttpResponse:
    """Say what a version changed; of the first one, that it is the first."""
    technology = visible(request, id)
    if technology.status != TechnologyStatus.LISTED:
        return state_only(request, technology)
    found = versions.compared(technology, number)
    if found is None:
        raise Http404
    version, before = found
    page = {**_about(technology), "version": version, "before": before}
    if before is not None:
        old, new = (versions.as_it_was(technology, one) for one in (before, version))
        page["changes"] = changed.between(old, new, names_at(version_now().edition))
    return render(request, "catalog/version_changes.html", page)


def _about(technology: Technology) -> dict[str, Any]:
    language, title = title_of(technology)
    return {
        "technology": technology,
        "title": title,
        "title_lang": language,
        "list_url": reverse("catalog:technology-list"),
    }
