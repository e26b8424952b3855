"""Handing out a file: to who may see it now, and only ever as a download."""

from uuid import UUID

from django.http import FileResponse, Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from submissions.models import Attachment


@require_safe
@cache_control(private=True, no_store=True)
def download(request: HttpRequest, attachment_id: UUID) -> FileResponse:
    attachment = get_object_or_404(Attachment.objects.visible_to(request.user), pk=attachment_id)
    try:
        stream = attachment.file.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    response = FileResponse(
        stream,
        as_attachment=True,
        filename=attachment.file_name,
        content_type=attachment.media_type,
    )
    response["X-Content-Type-Options"] = "nosniff"
    return response
