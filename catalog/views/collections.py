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
from catalog.version import version_now
from catalog.vocabulary import names_at


@require_safe
def collection_list(request: HttpRequest) -> HttpResponse:
    """Show all that are published; officers make tens of them, not thousands."""
    rows = Collection.objects.with_right(request.user, "see").order_by("-published_at", "code")
    return render(request, "catalog/collections/list.html", {"collections": rows})


@require_safe
def collection(request: HttpRequest, code: str) -> HttpResponse:
    rows = Collection.objects.with_right(request.user, "see")
    one = get_object_or_404(rows, code=code)
    return render(request, "catalog/collections/collection.html", _page(request, one))


def _page(request: HttpRequest, one: Collection) -> dict[str, Any]:
    version = version_now()
    names = names_at(version.edition)
    form = BrowseForm(QueryDict(one.rule.removeprefix("?")), vocabulary=names)
    wanted = form.wanted()
    visible = Technology.objects.visible_to(request.user)
    if one.rule:
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
        "list_url": reverse("catalog:technology-list"),
        "all_url": f"{reverse('catalog:technology-list')}{one.rule}" if one.rule else "",
    }
