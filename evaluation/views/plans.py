"""The officers' pages of a plan: its seats, one declaration, a seat changed by hand, two plans."""

from typing import Any, cast
from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from core import rights
from core.errors import DomainError
from core.http import attempt
from evaluation.forms import KeyForm
from evaluation.models import AssignmentPlan, Case
from evaluation.planning import by_hand, pages, words
from evaluation.planning.by_hand import Edit
from evaluation.planning.forms import CoupleForm, HandForm, OtherForm
from evaluation.planning.reading import compared, declarations_of
from evaluation.planning.states import DRAWN

MOST_PAIRS = 200  # of a comparison, on one page


@require_safe
def seats(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """Show declarations and their experts, page by page."""
    plan = _plan(request, plan_id)
    shown = pages.seats(plan, request.user, KeyForm(request.GET).key())
    return _page(request, plan, "plan_seats.html", _("Seats"), {"page": shown})


@require_safe
def declaration(request: HttpRequest, plan_id: UUID, case_id: UUID) -> HttpResponse:
    """Show why these experts judge a declaration, and why no other does."""
    plan = _plan(request, plan_id)
    case = _case(request, plan, case_id)
    context = {
        "case": case,
        **pages.of_case(plan, case, request.user),
        "may_edit": _may_edit(request, plan, case),
        "term_names": words.term_names(),
    }
    return _page(request, plan, "plan_declaration.html", str(case.declaration.number), context)


@require_http_methods(("GET", "HEAD", "POST"))
def change_seat(request: HttpRequest, plan_id: UUID, case_id: UUID) -> HttpResponse:
    """Show what a change of a seat would do; sent, it becomes a plan of its own."""
    plan = _plan(request, plan_id)
    case = _case(request, plan, case_id)
    if not _may_edit(request, plan, case):
        raise PermissionDenied(f"edit plan {plan.pk}")
    couple = CoupleForm(request.GET).couple()
    if couple is None:
        raise Http404
    edits = _edits(request, plan, case, *couple)
    back = reverse("admin:evaluation_assignmentplan_declaration", args=[plan.pk, case.pk])
    try:
        outcome = by_hand.effect(plan, edits)
    except DomainError as refusal:
        messages.warning(request, str(refusal))
        return redirect(back)
    form = HandForm(request.POST or None, initial={"name": _new_name(plan)})
    made: list[AssignmentPlan] = []

    def derive() -> None:
        name = form.cleaned_data["name"]
        made.append(by_hand.derive(plan, edits, actor=cast(User, request.user), name=name))

    if request.method == "POST" and form.is_valid() and attempt(request, form, derive):
        messages.success(request, _("The edited plan is kept beside the one it was made from."))
        return redirect("admin:evaluation_assignmentplan_change", made[0].pk)
    context = {
        "case": case,
        "form": form,
        "back_to_case": back,
        "edits": _named(edits, request),
        "before": pages.told(plan, plan.outcome, request.user),
        "after": pages.told(plan, outcome, request.user),
    }
    return _page(request, plan, "plan_by_hand.html", _("Change a seat"), _beside(context))


@require_safe
def compare(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """Show two plans of one activity beside each other."""
    plan = _plan(request, plan_id)
    form = OtherForm(request.GET or None, plan=plan, reader=request.user)
    context: dict[str, Any] = {"form": form}
    if form.is_bound and form.is_valid():
        context |= _compared(request, plan, form.cleaned_data["other"])
    return _page(request, plan, "plan_compare.html", _("Compare"), context)


def _compared(request: HttpRequest, plan: AssignmentPlan, other: AssignmentPlan) -> dict[str, Any]:
    found = compared(plan, other)
    differing = list(found.declarations)
    numbers = pages.numbers_of(differing, request.user)
    people = pages.names_of({one for pair in found.only_first + found.only_second for one in pair})
    first, second = _by_case(found.only_first, people), _by_case(found.only_second, people)
    shown = sorted(numbers.items(), key=lambda one: one[1])[:MOST_PAIRS]
    return _beside(
        {
            "other": other,
            "common": found.common,
            "differing": len(differing),
            "rows": [(number, first.get(key, []), second.get(key, [])) for key, number in shown],
            "hidden": len(differing) - len(shown),
            "before": pages.told(plan, plan.outcome, request.user),
            "after": pages.told(other, other.outcome, request.user),
        }
    )


def _beside(context: dict[str, Any]) -> dict[str, Any]:
    """Add the figures of both sides, line by line."""
    lines = zip(context["before"]["figures"], context["after"]["figures"], strict=True)
    return {
        **context,
        "lines": [(label, one, other, one != other) for (label, one), (_l, other) in lines],
    }


def _by_case(pairs: Any, people: dict[str, str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for case, expert in pairs:
        found.setdefault(case, []).append(people.get(expert, ""))
    return {case: sorted(some) for case, some in found.items()}


def _edits(
    request: HttpRequest, plan: AssignmentPlan, case: Case, coming: UUID, leaving: UUID | None
) -> list[Edit]:
    if leaving is None:
        found = pages.exchange(plan, case, coming, request.user)
        return found or [Edit(case.pk, None, coming)]
    return [Edit(case.pk, leaving, coming)]


def _named(edits: list[Edit], request: HttpRequest) -> list[tuple[str, str, str]]:
    numbers = pages.numbers_of([str(one.case) for one in edits], request.user)
    keys = {str(one) for edit in edits for one in (edit.leaving, edit.coming) if one}
    people = pages.names_of(keys)
    return [
        (numbers.get(str(one.case), "…"), people.get(str(one.leaving), ""), people[str(one.coming)])
        for one in edits
    ]


def _new_name(plan: AssignmentPlan) -> str:
    made = AssignmentPlan.objects.filter(base=plan, origin=AssignmentPlan.Origin.BY_HAND).count()
    return _("%(plan)s, edited %(number)d") % {"plan": plan.name[:90], "number": made + 1}


# Reading ----------------------------------------------------------------------------------


def _plan(request: HttpRequest, plan_id: UUID) -> AssignmentPlan:
    drawn = AssignmentPlan.objects.visible_to(request.user).filter(status__in=DRAWN)
    return get_object_or_404(drawn.select_related("activity"), pk=plan_id)


def _case(request: HttpRequest, plan: AssignmentPlan, case_id: UUID) -> Case:
    if case_id not in declarations_of(plan):
        raise Http404
    cases = Case.objects.visible_to(request.user)
    return get_object_or_404(cases.select_related("declaration"), pk=case_id)


def _may_edit(request: HttpRequest, plan: AssignmentPlan, case: Case) -> bool:
    return rights.can(request.user, "derive", plan) and rights.can(request.user, "assign", case)


def _page(
    request: HttpRequest, plan: AssignmentPlan, template: str, title: str, context: dict[str, Any]
) -> HttpResponse:
    return TemplateResponse(
        request,
        f"evaluation/admin/{template}",
        {
            **admin.site.each_context(request),
            "title": title,
            "plan": plan,
            "opts": AssignmentPlan._meta,
            "back": reverse("admin:evaluation_assignmentplan_change", args=[plan.pk]),
            **context,
        },
    )
