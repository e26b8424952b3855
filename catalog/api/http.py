"""Answers: JSON with a strong ETag, problems, and what a copy at hand need not be sent again."""

import datetime as dt
import hashlib
import json
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import http_date

from catalog.api import links
from catalog.api.problems import Problem
from catalog.version import Version

# Raised when answers are written otherwise: a copy of before is then no copy of now.
FORM = "1"
FRESH = "public, no-cache"  # may be kept by anyone, who asks each time whether it still holds


def as_json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def answer(
    request: HttpRequest,
    make: Callable[[], Any],
    *,
    tag: str = "",
    changed_at: dt.datetime | None = None,
) -> HttpResponse:
    """Answer with what ``make`` returns, unless the asker holds it already.

    ``tag`` names the state it is made of: with it, nothing is made for one who has it. Without,
    the bytes themselves are the tag.
    """
    if tag:
        etag = f'"{FORM}-{tag}"'
        held = _conditional(request, etag, changed_at, None)
        if held is not None:
            return held
    body = as_json(make())
    if not tag:
        etag = f'"{FORM}-{hashlib.sha256(body).hexdigest()}"'
    response = HttpResponse(body, content_type="application/json")
    return _conditional(request, etag, changed_at, response) or response


def tag_of(request: HttpRequest, version: Version) -> str:
    """Return the tag of what follows from the address and a version; "" while one is in the making.

    Not for what is sorted by the best match: that moves with the months.
    """
    if version.pending:
        return ""
    asked = hashlib.sha256(request.get_full_path().encode()).hexdigest()
    return f"{version}-{asked[:16]}"


def _conditional(
    request: HttpRequest, etag: str, changed_at: dt.datetime | None, response: HttpResponse | None
) -> HttpResponse | None:
    """Return 304 or ``response``, with what tells its state; Problem where a condition fails."""
    seconds = int(changed_at.timestamp()) if changed_at else None
    found: Any = get_conditional_response(
        request, etag=etag, last_modified=seconds, response=response
    )
    if found is None:
        return None
    if found.status_code == HTTPStatus.PRECONDITION_FAILED:
        raise Problem("changed")
    if found.status_code == HTTPStatus.NOT_MODIFIED:
        del found["Content-Type"]
    found["ETag"] = etag
    found["Cache-Control"] = FRESH
    if seconds is not None:
        found["Last-Modified"] = http_date(seconds)
    answered: HttpResponse = found
    return answered


def problem_response(problem: Problem, request: HttpRequest) -> HttpResponse:
    document = problem.document(types=links.kinds_of_problems(), instance=request.path)
    response = HttpResponse(
        as_json(document),
        content_type="application/problem+json",
        status=problem.kind.status,
        headers=problem.headers,
    )
    response["Cache-Control"] = "no-store"
    return response
