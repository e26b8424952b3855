"""The public catalogue: list, page and record of a technology. No session, no cookie."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from catalog import detail_page
from catalog.browsing import addresses, instead, page
from catalog.browsing.finding import browse
from catalog.browsing.forms import BrowseForm
from catalog.browsing.held import held_at
from catalog.harvest import feeds, schema_org
from catalog.middleware import same_for_everybody, without_query
from catalog.models import Technology
from catalog.states import GONE, TechnologyStatus
from catalog.version import version_now
from catalog.views.one import state_only, status_of, visible
from catalog.vocabulary import names_at
from core.canonical import canonical_json


@require_safe
@same_for_everybody
def technology_list(request: HttpRequest) -> HttpResponse:
    if (short := addresses.without_blanks(request.GET)) is not None:
        return HttpResponseRedirect(f"{request.path}{short}")
    version = version_now()
    names = names_at(version.edition)
    form = BrowseForm(request.GET, vocabulary=names)
    wanted = form.wanted()
    found = browse(Technology.objects.visible_to(request.user), wanted, version)
    context = page.list_page(found, wanted, form, names)
    context |= {
        "linked_data": schema_org.block(schema_org.of_catalogue()),
        "feed_query": feeds.query_of(wanted),
        "first_url": addresses.address(wanted),
    }
    if wanted.text and not found.unfiltered:
        context["instead"] = page.instead(instead.of(wanted.text, found.held, names), names)
    return render(request, "catalog/technology_list.html", context)


@require_safe
@without_query
@same_for_everybody
def technology_detail(request: HttpRequest, id: UUID) -> HttpResponse:
    technology = visible(request, id)
    if technology.status != TechnologyStatus.LISTED:
        return state_only(request, technology)
    version = version_now()
    names = names_at(version.edition)
    context = detail_page.detail_page(technology, names, held_at(version))
    context["linked_data"] = schema_org.block(schema_org.of_technology(technology, names))
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
