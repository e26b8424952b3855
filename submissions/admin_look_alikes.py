"""The officers' page of two declarations that are alike, and the panel that leads there."""

from typing import Any

from django.http import HttpRequest, HttpResponse  # noqa: TID251 -- a page of the officers
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from submissions.filed import title_of
from submissions.look_alikes import LookAlike, of_officer
from submissions.models import Declaration, DeclarationVersion
from submissions.side_by_side import parts, same_files


def panel(declaration: Declaration, officer: Any) -> dict[str, list[dict[str, Any]]]:
    """Return what the page of a declaration says of those alike; no passages: they take long."""
    seen = of_officer(declaration, officer)
    return {
        "look_alikes": [_line(declaration, one) for one in seen.look_alikes],
        "elsewhere": [_line(declaration, one) for one in seen.elsewhere],
    }


def _line(declaration: Declaration, one: LookAlike) -> dict[str, Any]:
    other, found = one.declaration, one.found
    languages = dict.fromkeys((found.mine, found.theirs))
    names = [str(get_language_info(code)["name_translated"]) for code in languages]
    return {
        "declaration": other,
        "title": one.title,
        "lang": other.language,
        "note": _before(declaration, other),
        "share": found.share,
        "languages": " – ".join(names),
        "url": reverse("admin:submissions_declaration_alike", args=[declaration.pk, other.pk]),
    }


def _before(declaration: Declaration, other: Declaration) -> str:
    mine, theirs = ((one.submitted_at, str(one.pk)) for one in (declaration, other))
    said = _("Filed before in %(activity)s") if theirs < mine else _("Filed later in %(activity)s")
    return said % {"activity": other.activity.title}


def alike_page(
    request: HttpRequest, mine: Declaration, theirs: Declaration, context: dict[str, Any]
) -> HttpResponse:
    """Show two declarations side by side; ``context`` is that of the officers' desk."""
    pair = [_in_force(mine), _in_force(theirs)]
    laid = parts(*pair)
    context |= {
        "title": _("%(one)s and %(other)s side by side")
        % {"one": mine.number, "other": theirs.number},
        "pair": [
            {"declaration": one.declaration, "version": one, "title": title_of(one)} for one in pair
        ],
        "parts": laid,
        "shared": [row for part in laid for row in part.rows if row.shares],
        "same_files": same_files(*pair),
        "same_organisation": mine.organisation_id == theirs.organisation_id,
    }
    return TemplateResponse(request, "admin/submissions/alike.html", context)


def _in_force(declaration: Declaration) -> DeclarationVersion:
    version = declaration.version
    if version is None:
        raise LookupError("officers see what was filed")
    version.declaration = declaration
    return version
