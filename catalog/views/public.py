"""The public catalogue: list, page and record of a technology. No session, no cookie."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from catalog import browsing, detail_page, list_page
from catalog.forms import BrowseForm
from catalog.models import Technology
from catalog.states import GONE, TechnologyStatus
from catalog.views.one import state_only, status_of, visible
from catalog.vocabulary import Vocabulary
from core.canonical import canonical_json


@require_safe
def technology_list(request: HttpRequest) -> HttpResponse:
    vocabulary = Vocabulary()
    form = BrowseForm(request.GET, vocabulary=vocabulary)
    wanted = form.wanted()
    found = browsing.browse(Technology.objects.visible_to(request.user), wanted)
    context = list_page.list_page(found, wanted, form, vocabulary)
    return render(request, "catalog/technology_list.html", context)


@require_safe
def technology_detail(request: HttpRequest, id: UUID) -> HttpResponse:
    technology = visible(request, id)
    if technology.status != TechnologyStatus.LISTED:
        return state_only(request, technology)
    context = detail_page.detail_page(technology, Vocabulary())
    return render(request, "catalog/technology_detail.html", context)


@require_safe
def technology_record(request: HttpRequest, id: UUID) -> HttpResponse:
    """Answer with the record exactly as its hash is taken of it."""
    technology = visible(request, id)
    etag = f'"{technology.content_hash}"'
    response = HttpResponse(
        canonical_json(technology.content),
        content_type="application/json",
        status=status_of(technology),
    )
    response["ETag"] = etag
    response["Cache-Control"] = "public, no-cache"
    if technology.status in GONE:
        return response
    answer: Any = get_conditional_response(request, etag=etag, response=response)
    return answer or response
