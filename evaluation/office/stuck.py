"""Cases that wait for an officer: for experts, a panel, a decision, or what holds one back."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest  # noqa: TID251 -- what Django admin passes
from django.utils.translation import gettext_lazy as _

from evaluation import releasing
from evaluation.case_page import Asked
from evaluation.conflicts import seats
from evaluation.models import Assignment, Case, Replacement
from evaluation.office.next_steps import NextStep
from evaluation.states import CaseStatus


def lacking_experts(cases: QuerySet[Case]) -> QuerySet[Case]:
    """Return those of them for which somebody has to be asked further.

    Who may not judge any more fills no seat. Where a plan owes a seat a replacement, the portal
    asks by itself first.
    """
    standing = seats.free(Assignment.objects.standing()).filter(case=OuterRef("pk"))
    drawn = Replacement.objects.filter(drawn_at=None, declined__case=OuterRef("pk"))
    short = cases.filter(status=CaseStatus.IN_REVIEW).alias(
        seats=_number_of(standing, "case"), owed=_number_of(drawn, "declined__case")
    )
    return short.filter(experts_wanted__gt=F("seats") + F("owed"))


def _number_of(rows: QuerySet[Any], case: str) -> Coalesce:
    numbers = rows.order_by().values(case).annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(numbers), 0)


def of_case(case: Case, people: list[Asked]) -> dict[str, Any]:
    """Return what the page of a case says of seats that wait for nobody; two queries at most.

    Where experts lack, how many hold a seat and how many are wanted; and whose assignment is to be
    cancelled: who was asked may not judge any more, and so not even decline.
    """
    if case.status != CaseStatus.IN_REVIEW:
        return {"lacking": None, "to_cancel": []}
    short = lacking_experts(Case.objects.filter(pk=case.pk)).annotate(have=F("seats"))
    have = short.values_list("have", flat=True).first()
    barred = set(seats.barred(case.assignments.unfinished()).values_list("pk", flat=True))
    return {
        "lacking": None if have is None else {"have": have, "wanted": case.experts_wanted},
        "to_cancel": [one for one in people if one.assignment.pk in barred],
    }


class Lacking(admin.SimpleListFilter):
    """Which cases somebody has to be asked for."""

    title = _("experts")
    parameter_name = "experts"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("lacking", _("fewer than wanted"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Case]) -> QuerySet[Case]:
        return lacking_experts(queryset) if self.value() == "lacking" else queryset


class Release(admin.SimpleListFilter):
    """Which decisions wait for one's own signature, and which are due and still not released.

    The page of the latter says why.
    """

    title = _("release")
    parameter_name = "release"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("mine", _("waits for my signature")), ("held", _("due and held back"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Case]) -> QuerySet[Case]:
        if self.value() == "mine":
            rows = Case.objects.with_right(request.user, "release")
            return queryset.filter(pk__in=releasing.to_sign(rows, request.user).values("pk"))
        return releasing.held_back(queryset) if self.value() == "held" else queryset


FILTERS = (Lacking, NextStep, Release)
