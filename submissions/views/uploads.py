"""Files sent in parts, by the protocol tus 1.0 (https://tus.io/protocols/resumable-upload).

Core, creation, termination, checksum, expiration. Every call asks whether the person may edit
the declaration now; what is not theirs is 404. A refusal is 422 with ``{"refused": sentence}``.
"""

import base64
import binascii
from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.http import http_date
from django.views.decorators.http import require_http_methods

from core.errors import DomainError
from submissions.files import resuming
from submissions.files.names import NotNow
from submissions.files.resuming import Announced, Checksum, OffsetConflict, WrongChecksum
from submissions.models import PartialUpload
from submissions.views import slow_lines
from submissions.views.access import own, person

VERSION = "1.0.0"
EXTENSIONS = "creation,termination,checksum,expiration"
PART_TYPE = "application/offset+octet-stream"
CHECKSUM_MISMATCH = 460  # of the protocol


class BadRequest(Exception):  # noqa: N818 -- it says what is
    """The request does not keep the protocol."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.code = status


@require_http_methods(["OPTIONS", "POST"])
def uploads(request: HttpRequest, declaration_id: UUID) -> HttpResponse:
    declaration = own(request, declaration_id)
    if request.method == "OPTIONS":
        return _described()
    return _answered(request, lambda: _begin(request, declaration.pk))


@require_http_methods(["HEAD", "PATCH", "DELETE", "POST", "OPTIONS"])
def upload(request: HttpRequest, declaration_id: UUID, upload_id: UUID) -> HttpResponse:
    if request.method == "OPTIONS":
        return _described()
    rows = PartialUpload.objects.with_right(person(request), "edit")
    found = get_object_or_404(rows, pk=upload_id, declaration_id=declaration_id)
    return _answered(request, lambda: _called(request, found))


def _described() -> HttpResponse:
    return _headed(
        HttpResponse(status=HTTPStatus.NO_CONTENT),
        {
            "Tus-Version": VERSION,
            "Tus-Extension": EXTENSIONS,
            "Tus-Max-Size": settings.ATTACHMENT_MAX_BYTES,
            "Tus-Checksum-Algorithm": ",".join(resuming.ALGORITHMS),
        },
    )


def _answered(request: HttpRequest, call: Callable[[], HttpResponse]) -> HttpResponse:
    if request.headers.get("Tus-Resumable") != VERSION:
        answer = HttpResponse(status=HTTPStatus.PRECONDITION_FAILED)
        return _headed(answer, {"Tus-Version": VERSION})
    try:
        return _headed(call())
    except (BadRequest, OffsetConflict, WrongChecksum) as error:
        return _headed(HttpResponse(status=_status_of(error)))
    except PermissionDenied:
        raise Http404 from None
    except DomainError as error:
        return _headed(JsonResponse({"refused": str(error)}, status=_status_of(error)))


def _status_of(error: Exception) -> int:
    if isinstance(error, BadRequest):
        return error.code
    known = {
        OffsetConflict: HTTPStatus.CONFLICT,
        WrongChecksum: CHECKSUM_MISMATCH,
        NotNow: HTTPStatus.INSUFFICIENT_STORAGE,
    }
    return known.get(type(error), HTTPStatus.UNPROCESSABLE_ENTITY)


def _headed(answer: HttpResponse, headers: dict[str, Any] | None = None) -> HttpResponse:
    for name, value in {"Tus-Resumable": VERSION, **(headers or {})}.items():
        answer[name] = str(value)
    patch_cache_control(answer, private=True, no_store=True)
    return answer


def _begin(request: HttpRequest, declaration_id: UUID) -> HttpResponse:
    told = _metadata(request.headers.get("Upload-Metadata", ""))
    file = Announced(
        section=told.get("section", ""),
        kind=told.get("kind", ""),
        title=told.get("title", ""),
        name=told.get("filename", ""),
        size=_number(request, "Upload-Length"),
    )
    made = resuming.begin(declaration_id, file, actor=person(request))
    answer = _standing(made, HTTPStatus.CREATED)
    answer["Location"] = reverse("submissions:upload", args=[declaration_id, made.pk])
    return answer


def _called(request: HttpRequest, found: PartialUpload) -> HttpResponse:
    method = request.method
    if method == "POST":  # where something on the way lets only old methods through
        method = request.headers.get("X-HTTP-Method-Override", "").upper()
    if method == "HEAD":
        answer = _standing(found, HTTPStatus.OK)
        answer["Upload-Length"] = str(found.size)
        return answer
    if method == "DELETE":
        resuming.give_up(found)
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    if method != "PATCH":
        raise BadRequest(HTTPStatus.METHOD_NOT_ALLOWED)
    return _append(request, found)


def _append(request: HttpRequest, found: PartialUpload) -> HttpResponse:
    if request.content_type != PART_TYPE:
        raise BadRequest(HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
    offset = _number(request, "Upload-Offset")
    if offset != found.offset:
        raise OffsetConflict
    if _number(request, "Content-Length") > found.size - offset:
        raise BadRequest(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    grown = resuming.append(
        found,
        offset,
        slow_lines.hurried(request),
        actor=person(request),
        checksum=_checksum(request),
    )
    return _standing(grown, HTTPStatus.NO_CONTENT)


def _standing(upload: PartialUpload, status: int) -> HttpResponse:
    answer = HttpResponse(status=status)
    answer["Upload-Offset"] = str(upload.offset)
    if hasattr(upload.touched_at, "timestamp"):  # as it was read; what was just set is later
        answer["Upload-Expires"] = http_date((upload.touched_at + resuming.KEPT).timestamp())
    return answer


def _number(request: HttpRequest, name: str) -> int:
    told = request.headers.get(name, "")
    if not (told.isascii() and told.isdigit() and len(told) < 16):
        raise BadRequest(HTTPStatus.BAD_REQUEST)
    return int(told)


def _metadata(told: str) -> dict[str, str]:
    """Read ``name base64,name base64``."""
    pairs = (one.strip().partition(" ") for one in told.split(",") if one.strip())
    return {name: _decoded(value).decode(errors="replace") for name, _space, value in pairs}


def _checksum(request: HttpRequest) -> Checksum | None:
    told = request.headers.get("Upload-Checksum")
    if told is None:
        return None
    algorithm, _space, digest = told.partition(" ")
    if algorithm not in resuming.ALGORITHMS:
        raise BadRequest(HTTPStatus.BAD_REQUEST)
    return Checksum(algorithm, _decoded(digest))


def _decoded(value: str) -> bytes:
    try:
        return base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        raise BadRequest(HTTPStatus.BAD_REQUEST) from None
