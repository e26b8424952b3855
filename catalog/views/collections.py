"""Collections for everybody: all of them, and the technologies of each."""

from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from catalog.browsing import page
from catalog.browsing.finding import browse
from catalog.browsing.forms import BrowseForm
from catalog.models import Collection, Technology
from catalog.version import Version, version_now
from catalog.vocabulary import names_at


@require_safe
def collection_list(request: HttpRequest) -> HttpResponse:
    """Show all that are published; officers make tens of them, not thousands."""
    rows = Collection.objects.with_right(request.user, "see").order_by("-published_at", "code")
    response = render(request, "catalog/collections/list.html", {"collections": rows})
    return _kept(response, version_now())


@require_safe
def collection(request: HttpRequest, code: str) -> HttpResponse:
    rows = Collection.objects.with_right(request.user, "see")
    one = get_object_or_404(rows, code=code)
    version = version_now()
    page = _page(request, one, version)
    return _kept(render(request, "catalog/collections/collection.html", page), version)


def _kept(response: HttpResponse, version: Version) -> HttpResponse:
    """Let the page be kept, by a version that moves with collections: from the first listing on."""
    response.same_for_everybody = bool(version.change)  # type: ignore[attr-defined]  # for KeptPages
    return response


def _page(request: HttpRequest, one: Collection, version: Version) -> dict[str, Any]:
    names = names_at(version.edition)
    form = BrowseForm(QueryDict(one.rule.removeprefix("?")), vocabulary=names)
    wanted = form.wanted()
    visible = Technology.objects.visible_to(request.user)
    lost = bool(form.errors or form.notices())
    rows: list[Technology]
    if lost:  # by what is left of its rule more would be found than was meant
        rows, total = [], 0
    elif one.rule:
        found = browse(visible, wanted, version)
        rows, total = found.rows, found.total
    else:
        listed = visible.listed().filter(number__in=one.numbers)
        by_number = {row.number: row for row in listed.defer("search", "traits", "figures")}
        rows = [by_number[number] for number in one.numbers if number in by_number]
        total = len(rows)
    return {
        "collection": one,
        "rows": page.rows(rows, wanted, form, names),
        "total": total,
        "lost": lost,
        "list_url": reverse("catalog:technology-list"),
        "all_url": f"{reverse('catalog:technology-list')}{one.rule}"
        if one.rule and not lost
        else "",
    }
