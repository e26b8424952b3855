"""What changed between two versions of a declaration."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from submissions.changed import changes_between
from submissions.forms import VersionsForm
from submissions.views.access import own


@require_safe
def changes(request: HttpRequest, declaration_id: UUID, before: int, after: int) -> HttpResponse:
    """Compare two versions; ``?before=&after=`` of the page's own form leads to two others."""
    declaration = own(request, declaration_id)
    versions = list(declaration.versions.order_by("-number"))
    asked = VersionsForm(request.GET, versions=versions)
    if asked.is_valid():
        return redirect("submissions:declaration-changes", declaration.pk, *asked.chosen())
    numbers = {one.number: one for one in versions}
    if before not in numbers or after not in numbers:
        raise Http404
    old, new = numbers[before], numbers[after]
    old.declaration = declaration
    context = {
        "declaration": declaration,
        "versions": versions,
        "changes": changes_between(old, new),
    }
    return render(request, "submissions/declaration_changes.html", context)
