"""The officers' page of recommendations: read, and waived where a unit does not answer."""

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest  # noqa: TID251 -- what Django admin passes
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Organisation
from core.admin import StepsAdmin
from core.beside import Link, beside
from submissions.models import Declaration, Recommendation
from submissions.recommending import RECOMMENDATIONS


class RecommendationAdmin(StepsAdmin[Recommendation]):
    workflow = RECOMMENDATIONS
    list_display = ("number", "unit", "status", "asked_at", "answered_at")
    list_display_links = ("number", "unit")
    list_select_related = ("declaration",)
    list_filter = ("status", "declaration__activity")
    search_fields = ("declaration__number", "unit")
    fields = ("number", "unit", "status", "asked_at", "answered_at", "opinion", "signatory")
    readonly_fields = ("number",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Recommendation]:
        # Here one is an officer, not a member: what is one's own organisation's is not here.
        mine = Organisation.objects.of_member(request.user)
        rows = super().get_queryset(request)
        return rows.exclude(declaration__organisation__in=mine.values("pk"))

    @admin.display(description=gettext_lazy("number"), ordering="declaration__number")
    def number(self, one: Recommendation) -> str:
        return one.declaration.number or ""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(
        self, request: HttpRequest, obj: Recommendation | None = None
    ) -> bool:
        return False


@beside(Declaration)
def recommendation_of(declaration: Declaration, person: Any) -> Iterator[Link]:
    for one in Recommendation.objects.visible_to(person).filter(declaration=declaration):
        url = reverse("admin:submissions_recommendation_change", args=[one.pk])
        yield Link(_("Recommendation"), f"{one.unit} ({one.get_status_display()})", url)
