"""What a newer version says otherwise than the one that is judged, for the expert who judges."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from evaluation.desk.version_judged import differences
from evaluation.models import ScoreSheet

RELATED = (
    "assignment__case__version__declaration__activity__scheme",
    "assignment__case__declaration",
)


@require_safe
def newer_version(request: HttpRequest, assignment_id: UUID) -> HttpResponse:
    """Compare the version on the desk with the newest one; 404 while there is no newer one."""
    opened = ScoreSheet.objects.with_right(request.user, "open")
    mine = opened.filter(assignment__expert=request.user.pk)
    sheet = get_object_or_404(mine.select_related(*RELATED), pk=assignment_id)
    changes = differences(sheet.assignment)
    if changes is None:
        raise Http404
    context = {
        "declaration": sheet.assignment.case.declaration,
        "assignment": sheet.assignment,
        "changes": changes,
    }
    return render(request, "evaluation/newer_version.html", context)
