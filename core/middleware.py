"""Each request gets an id, and one line in the log; which methods are answered, and with what."""

import time
import uuid
from collections.abc import Callable

import structlog
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, StreamingHttpResponse
from django.urls import Resolver404, resolve
from django.utils import translation

from core import rights
from core.logs import shape_of

logger = structlog.get_logger("request")

METHODS = ("GET", "HEAD", "OPTIONS", "POST")


def request_log(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Bind a request id to every log line of the request and answer with it."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request_id = uuid.uuid4().hex
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        began = time.perf_counter()
        response = get_response(request)
        logger.info(
            "answered",
            method=request.method,
            path=shape_of(request),
            status=response.status_code,
            ms=round((time.perf_counter() - began) * 1000, 1),
        )
        response["X-Request-Id"] = request_id
        return response

    return middleware


def known_methods(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Refuse methods no view answers, before any view; answer HEAD as GET, but without a body."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.method not in METHODS and request.method not in _more_methods(request.path_info):
            return HttpResponseNotAllowed(METHODS)
        response = get_response(request)
        if request.method == "HEAD":
            without_body(response)
        return response

    return middleware


def _more_methods(path: str) -> frozenset[str]:
    """Return what the table of rights says is answered at an address besides the usual."""
    # The language has not been chosen yet, and is part of the path.
    with translation.override(translation.get_language_from_path(path)):
        try:
            address = rights.address_of(resolve(path).view_name)
        except Resolver404:
            return frozenset()
    return address.methods if address else frozenset()


def without_body(response: HttpResponse | StreamingHttpResponse) -> None:
    """Take the body away, leave its length; the server would drop it with a warning each time."""
    if isinstance(response, StreamingHttpResponse):
        response.streaming_content = ()
        return
    response.setdefault("Content-Length", str(len(response.content)))
    response.content = b""
