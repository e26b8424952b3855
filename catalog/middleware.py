"""Answers from the pages that are kept (``catalog.kept``), before anything else is asked."""

import gzip
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseNotModified,
    HttpResponseRedirect,
)
from django.utils.cache import get_conditional_response, patch_vary_headers

from catalog import kept

# Whoever brings one of these may be shown something of their own.
PERSONAL = frozenset({settings.SESSION_COOKIE_NAME, CookieStorage.cookie_name})
PUBLIC = "public, no-cache"  # kept by others too, asked for each time whether it still holds

View = Callable[..., HttpResponse]


def same_for_everybody(view: View) -> View:
    """Mark a view whose pages say the same to all who bring no session."""

    @wraps(view)
    def marked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response.same_for_everybody = True  # type: ignore[attr-defined]  # read below
        return response

    return marked


def without_query(view: View) -> View:
    """Lead whoever asks a view that reads no query with one to its address without it.

    Each would else be a page of its own, drawn and kept: the languages beside it carry the query.
    """

    @wraps(view)
    def plain(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.META.get("QUERY_STRING"):
            return HttpResponseRedirect(request.path)
        return view(request, *args, **kwargs)

    return plain


class KeptPages:
    """Send a page that is kept; keep a page that may be."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        keeper = kept.keeper()
        if keeper is None or request.method not in ("GET", "HEAD") or _personal(request):
            return self.get_response(request)
        key = _key(request)
        # Looked at before the page is drawn: at worst it is drawn once more.
        version = kept.watch.version() if _may_be_kept(request) else ""
        if version and (page := keeper.find(key, version)) is not None:
            return _answer(request, page)
        response = self.get_response(request)
        if not version or not _can_be_kept(request, response):
            return response
        patch_vary_headers(response, ("Cookie", "Accept-Encoding"))
        response.headers.setdefault("Cache-Control", PUBLIC)
        page = kept.page(version, response.content, response.headers)
        keeper.keep(key, page)
        return _answer(request, page)


def _personal(request: HttpRequest) -> bool:
    return not PERSONAL.isdisjoint(request.COOKIES)


def _may_be_kept(request: HttpRequest) -> bool:
    return "/catalogue/" in request.path_info


def _key(request: HttpRequest) -> kept.Key:
    return kept.Key(
        request.scheme or "",
        request.META.get("HTTP_HOST", ""),
        request.path_info,
        request.META.get("QUERY_STRING", ""),
    )


def _can_be_kept(request: HttpRequest, response: HttpResponse) -> bool:
    return (
        request.method == "GET"
        and getattr(response, "same_for_everybody", False)
        and response.status_code == 200
        and not response.cookies
        and not response.streaming
        and not response.has_header("Content-Encoding")
    )


def _answer(request: HttpRequest, page: kept.Page) -> HttpResponse:
    packed = "gzip" in request.META.get("HTTP_ACCEPT_ENCODING", "")
    response = HttpResponse(page.body if packed else gzip.decompress(page.body))
    for name, value in page.headers.items():
        response.headers[name] = value
    response.headers["ETag"] = page.etag
    response.headers["Content-Length"] = str(len(response.content))
    if packed:
        response.headers["Content-Encoding"] = "gzip"
    if request.method == "HEAD":
        response.content = b""
    answer = get_conditional_response(request, etag=page.etag, response=response)
    if isinstance(answer, HttpResponseNotModified):
        answer.headers["Vary"] = page.headers["Vary"]
    return answer or response
