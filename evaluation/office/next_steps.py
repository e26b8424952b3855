"""Which scored cases wait for which step of an officer: lines of the work, a filter of the list.

A panel that voted on other figures than those of now, or with somebody barred since, is told of on
the page of the case: it is among those to decide until an officer opens it.
"""

from typing import Any

from django.contrib import admin
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest  # noqa: TID251 -- what Django admin passes
from django.utils.translation import gettext_lazy as _

from evaluation.models import Case, PanelItem, Procedure, Verification
from evaluation.panel import deciding
from evaluation.panel.states import NOT_OVER
from evaluation.states import CaseStatus
from evaluation.verifications.states import Kind, VerificationStatus

HOW = "declaration__activity__procedure__"


def scored(officer: Any) -> QuerySet[Case]:
    """Return the cases on which an officer may take one of the steps."""
    return Case.objects.with_right(officer, "decide").filter(status=CaseStatus.SCORED)


def steps(officer: Any) -> dict[str, Any]:
    """Return which of the scored cases wait for which step, as conditions.

    A case that waits for a meeting or a visit waits for nobody; one whose release one signs for
    CAEPI is for others to decide.
    """
    lacking, on_agenda = _lacks_a_visit(), Q(pk__in=_on_agendas())
    panel = Q(**{f"{HOW}panel": True})
    heard = Q(pk__in=deciding.voted().values("case"))
    arranged = Verification.objects.filter(status=VerificationStatus.ARRANGED)
    waits = on_agenda | lacking | Q(pk__in=arranged.values("case"))
    signs = Q(**{f"{HOW}co_releaser": officer.pk, f"{HOW}co_releaser__isnull": False})
    return {
        "arrange": lacking,
        "agenda": panel & ~heard & ~on_agenda,
        "decide": (heard | ~panel) & ~waits & ~signs,
    }


def counts(officer: Any) -> dict[str, int]:
    """Return how many cases wait for each step; one query."""
    asked = {step: Count("pk", filter=which) for step, which in steps(officer).items()}
    return scored(officer).order_by().aggregate(**asked)


def _lacks_a_visit() -> Any:
    """Ask for cases whose activity wants a defence or visit of each that nobody arranged."""
    lacking: Any = Q(pk__in=())
    for kind in Kind:
        there = Verification.objects.filter(case=OuterRef("pk"), kind=kind).exclude(
            status=VerificationStatus.CANCELLED
        )
        wanted = Q(**{f"{HOW}{kind.value}": Procedure.Verified.EVERY})
        lacking |= wanted & ~Exists(there)
    return lacking


def _on_agendas() -> Any:
    return PanelItem.objects.filter(meeting__status__in=NOT_OVER).values("case")


class NextStep(admin.SimpleListFilter):
    """Which scored cases wait for which step of the reader."""

    title = _("my next step")
    parameter_name = "next"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("arrange", _("arrange a defence or visit")),
            ("agenda", _("put on an agenda")),
            ("decide", _("decide")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Case]) -> QuerySet[Case]:
        which = steps(request.user).get(self.value() or "")
        if which is None:
            return queryset
        return queryset.filter(pk__in=scored(request.user).filter(which).values("pk"))
