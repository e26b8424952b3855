"""Each request gets an id, and one line in the log."""

import time
import uuid
from collections.abc import Callable

import structlog
from django.http import HttpRequest, HttpResponse

logger = structlog.get_logger("request")


def _shape(request: HttpRequest) -> str:
    """Return the address without what is in it: a reset link is a key."""
    match = request.resolver_match
    return f"/{match.route}" if match else request.path


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
            path=_shape(request),
            status=response.status_code,
            ms=round((time.perf_counter() - began) * 1000, 1),
        )
        response["X-Request-Id"] = request_id
        return response

    return middleware
