"""Cases that do not go on by themselves: those that lack experts, and decisions held back."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, Exists, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest  # noqa: TID251 -- what Django admin passes
from django.utils.translation import gettext_lazy as _

from evaluation import releasing
from evaluation.models import Assignment, Case, Replacement
from evaluation.states import CaseStatus


def lacking_experts(cases: QuerySet[Case]) -> QuerySet[Case]:
    """Return those of them for which somebody has to be asked further.

    Where a plan owes the seat a replacement, the portal asks by itself first.
    """
    standing = Assignment.objects.standing().filter(case=OuterRef("pk")).order_by()
    seats = standing.values("case").annotate(number=Count("pk")).values("number")
    drawn = Replacement.objects.filter(declined__case=OuterRef("pk"), drawn_at=None)
    short = cases.filter(status=CaseStatus.IN_REVIEW).alias(seats=Coalesce(Subquery(seats), 0))
    return short.filter(seats__lt=F("experts_wanted")).exclude(Exists(drawn))


class Lacking(admin.SimpleListFilter):
    """Which cases somebody has to be asked for."""

    title = _("experts")
    parameter_name = "experts"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("lacking", _("fewer than wanted"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Case]) -> QuerySet[Case]:
        return lacking_experts(queryset) if self.value() == "lacking" else queryset


class HeldBack(admin.SimpleListFilter):
    """Which decisions are signed and due, and still not released: their page says why."""

    title = _("release")
    parameter_name = "release"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("held", _("due and held back"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Case]) -> QuerySet[Case]:
        if self.value() != "held":
            return queryset
        return releasing.held_back(queryset)
