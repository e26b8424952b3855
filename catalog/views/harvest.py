"""What machines ask of the catalogue over HTTP. No session, no cookie, the same for everybody."""

import hashlib
from typing import Any
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from catalog.harvest import about
from catalog.harvest.oai import own
from catalog.harvest.oai.answering import Repository
from catalog.models import Technology, TechnologyQuerySet

FRESH = "public, no-cache"  # kept by whoever likes, asked about each time


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


# Harvesters send their question as a form, from no page of ours; it changes nothing.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def oai(request: HttpRequest) -> HttpResponse:
    given = request.POST if request.method == "POST" else request.GET
    answer = Repository(public(), timezone.now()).answer(dict(given.lists()))
    response = HttpResponse(answer, content_type="text/xml; charset=utf-8")
    response["Cache-Control"] = FRESH
    return response


@require_safe
def own_schema(request: HttpRequest) -> HttpResponse:
    return told(request, own.schema(), "application/xml; charset=utf-8")


@require_safe
def item(request: HttpRequest, id: UUID) -> HttpResponse:
    """Answer the address that names a technology: see its page."""
    get_object_or_404(public(), pk=id)
    return HttpResponseRedirect(about.page_of(id))
