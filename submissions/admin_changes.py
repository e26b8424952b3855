"""The officers' page of what changed between two versions of a declaration."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse  # noqa: TID251 -- a page of the officers
from django.shortcuts import redirect  # noqa: TID251 -- as above
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from submissions.changed import changes_between
from submissions.forms import VersionsForm
from submissions.models import Declaration


def changes_page(
    request: HttpRequest,
    declaration: Declaration,
    numbers: tuple[int, int],
    context: dict[str, Any],
) -> HttpResponse:
    """Show the page of a declaration the officer may see; ``context`` is that of the desk."""
    versions = list(declaration.versions.order_by("-number"))
    asked = VersionsForm(request.GET, versions=versions)
    if asked.is_valid():
        return redirect("admin:submissions_declaration_changes", declaration.pk, *asked.chosen())
    by_number = {one.number: one for one in versions}
    if any(number not in by_number for number in numbers):
        raise Http404
    old, new = (by_number[number] for number in numbers)
    old.declaration = declaration
    words = {"number": declaration.number, "before": old.number, "after": new.number}
    context |= {
        "title": _("%(number)s: from version %(before)d to version %(after)d") % words,
        "declaration": declaration,
        "versions": versions,
        "changes": changes_between(old, new),
    }
    return TemplateResponse(request, "admin/submissions/changes.html", context)
