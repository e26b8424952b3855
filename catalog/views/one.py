"""What the pages of one technology share: the row behind the address, and its state alone."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from catalog import detail_page
from catalog.models import Technology
from catalog.states import GONE


def visible(request: HttpRequest, pk: UUID) -> Technology:
    rows = Technology.objects.visible_to(request.user)
    return get_object_or_404(rows.select_related("subcategory__field", "country", "holder"), pk=pk)


def status_of(technology: Technology) -> int:
    return 410 if technology.status in GONE else 200


def state_only(request: HttpRequest, technology: Technology) -> HttpResponse:
    """Answer for a technology that is not listed: with its state, and nothing it said before."""
    page = detail_page.state_page(technology)
    status = status_of(technology)
    return render(request, "catalog/technology_state.html", page, status=status)
