"""The declaration as one file: asked for, waited for, downloaded."""

from uuid import UUID

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_safe

from core.http import attempt
from evaluation.dossier import asking
from evaluation.models import ScoreSheet
from submissions.views.access import person
from submissions.views.attachments import SANDBOX


@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(private=True, no_store=True)
def dossier(request: HttpRequest, assignment_id: UUID) -> HttpResponse:
    """Say how far the file is; a post has it made."""
    opened = ScoreSheet.objects.with_right(request.user, "open")
    mine = opened.filter(assignment__expert=request.user.pk)
    sheet = get_object_or_404(
        mine.select_related("assignment__case__declaration"), pk=assignment_id
    )
    if request.method == "POST" and attempt(
        request,
        None,
        lambda: asking.ask(sheet.pk, actor=person(request), language=get_language() or "en"),
    ):
        return redirect("evaluation:dossier", sheet.pk)
    found = asking.of(sheet.pk, person(request))
    context = {
        "declaration": sheet.assignment.case.declaration,
        "assignment": sheet.assignment,
        "dossier": found,
        "ready": asking.to_hand_out(sheet.pk, person(request)) is not None,
    }
    return render(request, "evaluation/dossier.html", context)


@require_safe
@cache_control(private=True, no_store=True)
def dossier_file(request: HttpRequest, assignment_id: UUID) -> FileResponse:
    found = asking.to_hand_out(assignment_id, person(request))
    if found is None:
        raise Http404
    try:
        stream = found.file.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    name = f"{found.assignment.case.declaration.number}-{found.language}.pdf"
    response = FileResponse(
        stream, as_attachment=True, filename=name, content_type="application/pdf"
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = SANDBOX
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response
