"""What is taken along of a technology: the sheet as PDF, and how it is cited. No session."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from catalog import citing, sheet, versions
from catalog.citing import Citation
from catalog.models import Technology
from catalog.states import TechnologyStatus
from catalog.version import version_now
from catalog.views.one import state_only, visible
from catalog.vocabulary import names_at
from core.canonical import content_hash

FORMATS: dict[str, tuple[Callable[[Citation], str], str]] = {
    "bib": (Citation.bibtex, "application/x-bibtex; charset=utf-8"),
    "ris": (Citation.ris, "application/x-research-info-systems; charset=utf-8"),
}


@require_safe
def citation_file(request: HttpRequest, id: UUID, kind: str) -> HttpResponse:
    technology = visible(request, id)
    if technology.status != TechnologyStatus.LISTED:
        return state_only(request, technology)
    cited = _cited(technology)
    made, media_type = FORMATS[kind]
    response = HttpResponse(made(cited), content_type=media_type)
    response["Content-Disposition"] = f'attachment; filename="{cited.key}.{kind}"'
    response["Cache-Control"] = "public, no-cache"
    return response


@require_safe
def sheet_file(request: HttpRequest, id: UUID) -> HttpResponse:
    """Answer with the sheet; it is printed only for who does not have it already."""
    technology = visible(request, id)
    if technology.status != TechnologyStatus.LISTED:
        return state_only(request, technology)
    cited = _cited(technology)
    paper = sheet.paper_of(technology, names_at(version_now().edition), cited)
    key = content_hash(paper.data())
    etag = f'"{key}"'
    known: Any = get_conditional_response(request, etag=etag)
    if known is not None:
        known["ETag"] = etag
        return known  # type: ignore[no-any-return]  # the stubs of Django leave it open
    try:
        made = sheet.printed(paper, key)
    except sheet.BusyError:
        busy = HttpResponse(status=503)
        busy["Retry-After"] = str(sheet.RETRY_AFTER)
        return busy
    response = HttpResponse(made, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{cited.key}-{get_language()}.pdf"'
    response["X-Robots-Tag"] = "noindex"
    response["ETag"] = etag
    response["Cache-Control"] = "public, no-cache"
    return response


def _cited(technology: Technology) -> Citation:
    newest = versions.page(technology, most=1).rows[0]
    return citing.citation(technology, newest.number, newest.at)
