"""Handing out a file: to who may have it now, and only ever as a download; and its preview."""

from typing import Any, TypeVar
from uuid import UUID

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from submissions.files import counting, previews
from submissions.files.page_parts import PagePart
from submissions.models import Attachment

Response = TypeVar("Response", HttpResponse, FileResponse)
# Were it ever shown in spite of all: no script, no form, nothing fetched, an origin of its own.
SANDBOX = "sandbox; default-src 'none'"


def _served(request: HttpRequest, attachment_id: UUID) -> Attachment:
    rows = Attachment.objects.served_to(request.user).select_related("declaration")
    return get_object_or_404(rows, pk=attachment_id)


@require_safe
@cache_control(private=True, no_store=True)
def serve(request: HttpRequest, attachment_id: UUID) -> FileResponse:
    return handed_out(_served(request, attachment_id))


def handed_out(row: Any) -> FileResponse:
    """Return the file of a row as a download; who may have it is seen to by the caller."""
    try:
        stream = row.file.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    response = FileResponse(
        stream, as_attachment=True, filename=row.file_name, content_type=row.media_type
    )
    return guarded(response)


@require_safe
def download(_request: HttpRequest, attachment_id: UUID) -> HttpResponse:
    """Send on who kept a former address; whether the file is theirs is asked there."""
    return redirect("file", attachment_id, permanent=True)


@require_safe
@cache_control(private=True, no_store=True)
def preview(request: HttpRequest, attachment_id: UUID, page: int) -> HttpResponse:
    attachment = _served(request, attachment_id)
    # Who follows evidence sees the part of the page it names; what cannot be read marks nothing.
    part = PagePart.read(request.GET.get("part", ""))
    context: dict[str, Any] = {"file": attachment, "page": None, "number": page, "part": part}
    try:
        context["page"] = _page(request, attachment, page)
    except previews.TooMany as refused:
        context["refused"] = str(refused)
        return render(request, "submissions/attachment_preview.html", context, status=429)
    if context["page"] is None:
        context["refused"] = _why_not(attachment, page)
    return render(request, "submissions/attachment_preview.html", context)


def _why_not(attachment: Attachment, number: int) -> str:
    """Say why a page is not shown: who follows evidence is not sent to a page that is not there."""
    if number < 1:
        raise Http404
    if number == 1 or attachment.media_type not in previews.KINDS:
        return ""  # none is drawn of this file: it is offered for download
    named = {"media_type": attachment.media_type, "sha256": attachment.sha256, "id": attachment.pk}
    last = counting.pages_of(named)
    if last and number > last:
        return counting.no_such_page(attachment.title, last, number)
    return _("Of page %(page)d no picture is drawn; it is in the file.") % {"page": number}


@require_safe
@cache_control(private=True, no_store=True)
def page(request: HttpRequest, attachment_id: UUID, page: int) -> HttpResponse:
    try:
        drawn = _page(request, _served(request, attachment_id), page)
    except previews.TooMany as refused:
        return HttpResponse(str(refused), status=429, content_type="text/plain; charset=utf-8")
    if drawn is None:
        raise Http404
    return guarded(HttpResponse(drawn.picture, content_type=drawn.media_type))


def _page(request: HttpRequest, attachment: Attachment, number: int) -> previews.Page | None:
    try:
        return previews.page_of(attachment, number, reader=request.user)
    except FileNotFoundError:
        raise Http404 from None


def guarded(response: Response) -> Response:
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = SANDBOX
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response
