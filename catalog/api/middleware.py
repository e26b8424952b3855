"""The frame of the interface: no session, no cookie, no language, no redirect; errors as problems.

It stands before the middleware of the pages, which an address below /api/ never reaches.
"""

from collections.abc import Callable
from typing import Any

import structlog
from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured, PermissionDenied, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.middleware.security import SecurityMiddleware
from django.urls import Resolver404, resolve
from django.utils import translation
from django.utils.cache import patch_vary_headers

from catalog.api import callers
from catalog.api.http import problem_response
from catalog.api.problems import Problem
from core import rights
from core.http import preferred_type
from core.logs import shape_of
from core.middleware import without_body

logger = structlog.get_logger("api")

BELOW = "/api/"
METHODS = ("GET", "HEAD", "OPTIONS")
RETRY = {"Retry-After": "5"}
# Any page may read this, without its cookies: there are none.
CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Last-Modified, RateLimit, RateLimit-Policy, "
    "Retry-After, X-Request-Id",
}
PREFLIGHT = {
    "Allow": ", ".join(METHODS),
    "Access-Control-Allow-Methods": ", ".join(METHODS),
    "Access-Control-Allow-Headers": "Accept, Authorization, If-Modified-Since, If-None-Match",
    "Access-Control-Max-Age": "86400",
}
POLICY = "default-src 'none'; frame-ancestors 'none'"

Handler = Callable[[HttpRequest], HttpResponse]


def api_frame(get_response: Handler) -> Handler:
    secure = SecurityMiddleware(get_response)

    def middleware(request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(BELOW):
            return get_response(request)
        with translation.override("en"):
            response = _guarded(request)
        for name, value in {**CORS, "Content-Security-Policy": POLICY}.items():
            response[name] = value
        patch_vary_headers(response, ["Accept"])
        secure.process_response(request, response)
        if request.method == "HEAD":
            without_body(response)
        return response

    return middleware


def _guarded(request: HttpRequest) -> HttpResponse:
    """Answer, whatever happens."""
    standing: dict[str, str] = {}  # how often one may still ask, said with whatever comes
    try:
        response = _answer(request, standing)
    except Problem as problem:
        response = problem_response(problem, request)
    except SuspiciousOperation as error:
        logger.warning("refused", path=shape_of(request), error=type(error).__name__)
        response = problem_response(Problem("bad-request"), request)
    except (OperationalError, InterfaceError):
        logger.warning("database gone", path=shape_of(request), exc_info=True)
        response = problem_response(Problem("unavailable", headers=RETRY), request)
    except Exception:  # the log has it; the asker gets a problem like any other
        logger.exception("failed", path=shape_of(request))
        response = problem_response(Problem("internal-error"), request)
    for name, value in standing.items():
        response[name] = value
    return response


def _answer(request: HttpRequest, standing: dict[str, str]) -> HttpResponse:
    request.get_host()
    if settings.SECURE_SSL_REDIRECT and not request.is_secure():
        # A redirect would come too late: a token would have travelled in the open.
        raise Problem("bad-request", "Ask by HTTPS.")
    if request.method not in METHODS:
        raise Problem("method-not-allowed", headers={"Allow": ", ".join(METHODS)})
    if request.method == "OPTIONS":
        _match(request)
        return HttpResponse(status=204, headers=PREFLIGHT)
    caller, told = callers.counted(request.headers.get("Authorization"), _address(request))
    standing.update(told)
    match = _match(request)
    request.scopes = caller.scopes  # type: ignore[attr-defined]  # read by catalog.api.views
    if preferred_type(request, ["application/json"]) is None:
        raise Problem("not-acceptable")
    method, request.method = request.method, "GET"
    try:
        response: HttpResponse = match.func(request, *match.args, **match.kwargs)
    finally:
        request.method = method
    return response


def _address(request: HttpRequest) -> str | None:
    """Return from where it is asked, behind one's own proxies; None where nobody can say."""
    try:
        address: str = get_adapter(request).get_client_ip(request)
    except (PermissionDenied, ImproperlyConfigured):
        return None
    return address


def _match(request: HttpRequest) -> Any:
    """Return what answers at this address; what the table of rights does not know is not there."""
    try:
        match = resolve(request.path_info)
    except Resolver404 as error:
        raise Problem("not-found") from error
    request.resolver_match = match
    if rights.address_of(match.view_name) != rights.PUBLIC:
        raise Problem("not-found")
    return match
