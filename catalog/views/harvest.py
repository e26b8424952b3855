"""What machines ask of the catalogue over HTTP. No session, no cookie, the same for everybody."""

import datetime as dt
import hashlib
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.translation import get_language
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from catalog.browsing.held import held_at
from catalog.harvest import about, dcat, linked, sitemaps
from catalog.harvest.linked import Node
from catalog.harvest.oai import own
from catalog.harvest.oai.answering import Repository
from catalog.models import Technology, TechnologyQuerySet
from catalog.states import GONE, TechnologyStatus
from catalog.version import Version, version_now
from catalog.vocabulary import reference_at
from core.clock import database_now
from core.http import preferred_type

# A change has its time before others see it: who reads on from the time of an answer misses none.
LATE = dt.timedelta(seconds=5)
# Raised when answers are written otherwise: a copy of before is then no copy of now.
FORM = "1"
FRESH = "public, no-cache"  # kept by whoever likes, asked about each time
XML = "application/xml; charset=utf-8"
TURTLE, JSON_LD, JSON, HTML = "text/turtle", "application/ld+json", "application/json", "text/html"


def public() -> TechnologyQuerySet:
    """Return what anybody sees; who asks is not looked at."""
    return Technology.objects.visible_to(AnonymousUser())


def told(request: HttpRequest, body: bytes | str, kind: str) -> HttpResponse:
    """Answer with something that may be kept, and has not to be sent twice."""
    response = HttpResponse(body, content_type=kind)
    response["ETag"] = etag = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
    response["Cache-Control"] = FRESH
    answer: Any = get_conditional_response(request, etag=etag, response=response)
    return answer or response


def told_once(
    request: HttpRequest, version: Version, make: Callable[[], bytes | str], kind: str
) -> HttpResponse:
    """Answer with what follows from the address and a version; not made for who has it."""
    if version.pending:
        return told(request, make(), kind)
    of = (request.get_full_path(), kind, about.origin(), about.terms(), about.contact())
    etag = f'"{FORM}-{version}-{hashlib.sha256(repr(of).encode()).hexdigest()[:16]}"'
    answer: Any = get_conditional_response(request, etag=etag)
    if answer is None:
        answer = HttpResponse(make(), content_type=kind)
    answer["ETag"] = etag
    answer["Cache-Control"] = FRESH
    return answer  # type: ignore[no-any-return]  # django-stubs: HttpResponseBase


# Harvesters send their question as a form, from no page of ours; it changes nothing.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def oai(request: HttpRequest) -> HttpResponse:
    given = request.POST if request.method == "POST" else request.GET
    answer = Repository(public(), database_now() - LATE).answer(dict(given.lists()))
    response = HttpResponse(answer, content_type="text/xml; charset=utf-8")
    response["Cache-Control"] = FRESH
    return response


@require_safe
def own_schema(request: HttpRequest) -> HttpResponse:
    return told(request, own.schema(), XML)


# Linked data ----------------------------------------------------------------------------


@require_safe
def catalogue(request: HttpRequest, form: str = "") -> HttpResponse:
    """Answer with a page of the catalogue, in the form of the address or the one preferred."""
    kind = form or preferred_type(request, [TURTLE, JSON_LD]) or TURTLE
    itself, after = f"{about.origin()}{request.path}", _after(request.GET.get("after", ""))
    version = version_now()

    def nodes() -> list[Node]:
        return dcat.catalogue(public(), reference_at(version.edition), after, itself)

    response = _written(request, version, nodes, kind)
    if not form:
        patch_vary_headers(response, ["Accept"])
    return response


def _after(text: str) -> int:
    if not text:
        return -1
    if not text.isascii() or not text.isdigit() or int(text) >= 2**31:
        raise Http404(text)
    return int(text)


def _written(
    request: HttpRequest, version: Version, nodes: Callable[[], list[Node]], kind: str
) -> HttpResponse:
    if kind == JSON_LD:
        return told_once(request, version, lambda: linked.json_ld(nodes()), JSON_LD)
    return told_once(request, version, lambda: linked.turtle(nodes()), f"{TURTLE}; charset=utf-8")


@require_safe
def item(request: HttpRequest, id: UUID) -> HttpResponse:
    """Answer the address that names a technology: with data, or the way to its page."""
    technology = get_object_or_404(public(), pk=id)
    kind = preferred_type(request, [HTML, TURTLE, JSON_LD, JSON]) or HTML
    response = _item(request, technology, kind)
    patch_vary_headers(response, ["Accept"])
    return response


def _item(request: HttpRequest, technology: Technology, kind: str) -> HttpResponse:
    if kind == JSON:
        return HttpResponseRedirect(about.record_of(technology.pk), status=303)
    if kind != HTML and technology.status in GONE:
        return HttpResponse(status=410)
    if kind == HTML or technology.status != TechnologyStatus.LISTED:
        page = about.page_of(technology.pk, get_language() or "en")
        return HttpResponseRedirect(page, status=303)
    version = version_now()
    return _written(
        request, version, lambda: dcat.one(technology, reference_at(version.edition)), kind
    )


# Site maps ------------------------------------------------------------------------------


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    version = version_now()
    return told_once(request, version, lambda: sitemaps.index(held_at(version).listed), XML)


@require_safe
def sitemap_pages(request: HttpRequest) -> HttpResponse:
    version = version_now()
    if not version.change:  # collections of a pool in which nothing was ever listed move nothing
        return told(request, sitemaps.pages(public(), reference_at(version.edition)), XML)
    return told_once(
        request, version, lambda: sitemaps.pages(public(), reference_at(version.edition)), XML
    )


@require_safe
def sitemap_technologies(request: HttpRequest, block: int) -> HttpResponse:
    version = version_now()
    if block not in sitemaps.blocks(held_at(version).listed):
        raise Http404(block)

    def made() -> bytes:
        if (found := sitemaps.technologies(public(), block)) is None:
            raise Http404(block)
        return found

    return told_once(request, version, made, XML)


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    return told(request, sitemaps.robots(), "text/plain; charset=utf-8")
