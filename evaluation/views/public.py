"""What is shown of decisions and criteria: to the enterprise its own, to everyone the criteria."""

from collections import defaultdict
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from core.canonical import canonical_json
from evaluation import standing
from evaluation.criteria.documents import document_of
from evaluation.criteria.reading import readable
from evaluation.letters import pages as letter_pages
from evaluation.models import ActivityCriteria, CriteriaChange, CriteriaSet, Decision
from evaluation.planning.told import draws_of, further_by_hand
from evaluation.states import ChangeStatus
from submissions.models import Activity
from submissions.states import ActivityStatus


@require_safe
def criteria_list(request: HttpRequest) -> HttpResponse:
    """Show every set an activity was judged by, the newest first, with those activities."""
    sets = CriteriaSet.objects.with_right(AnonymousUser(), "notice").order_by("code", "-version")
    now, before = _judged_now(), _judged_before()
    lines = [(one, now.get(one.pk, []), before.get(one.pk, [])) for one in sets]
    return render(request, "evaluation/criteria_list.html", {"lines": lines})


def _judged_now() -> dict[int, list[Activity]]:
    """Return the activities that were opened, by the set that is in force for them."""
    rows = ActivityCriteria.objects.exclude(activity__status=ActivityStatus.PREPARED)
    found: dict[int, list[Activity]] = defaultdict(list)
    for one in rows.select_related("activity").order_by("-activity__opens_at", "activity"):
        found[one.criteria_set_id].append(one.activity)
    return found


def _judged_before() -> dict[int, list[Activity]]:
    """Return the activities that went on by a later set, by the set they were opened with."""
    rows = CriteriaChange.objects.filter(status=ChangeStatus.CONFIRMED)
    found: dict[int, list[Activity]] = defaultdict(list)
    for one in rows.select_related("activity").order_by("-confirmed_at", "pk"):
        found[one.previous_id].append(one.activity)
    return found


@require_safe
def criteria_detail(request: HttpRequest, code: str, version: int) -> HttpResponse:
    """Show by what an activity is judged: every indicator with its weight and its bands."""
    criteria_set = _published(code, version)
    return render(
        request,
        "evaluation/criteria_detail.html",
        {
            "criteria_set": criteria_set,
            "dimensions": readable(document_of(criteria_set)["dimensions"]),
            "changes": (
                CriteriaChange.objects.filter(criteria_set=criteria_set)
                .filter(status=ChangeStatus.CONFIRMED)
                .select_related("activity", "previous")
            ),
        },
    )


@require_safe
def criteria_document(request: HttpRequest, code: str, version: int) -> HttpResponse:
    """Hand out the very bytes the seal is taken of, so that anybody can take it again."""
    sealed = canonical_json(document_of(_published(code, version)))
    response = HttpResponse(sealed, content_type="application/json")
    patch_cache_control(response, public=True, max_age=300)
    return response


def _published(code: str, version: int) -> CriteriaSet:
    public = CriteriaSet.objects.with_right(AnonymousUser(), "notice")
    return get_object_or_404(public, code=code, version=version)


@require_safe
def decision_detail(request: HttpRequest, declaration_id: UUID) -> HttpResponse:
    """Show outcome and statement; the figures and the experts are nobody's to see here."""
    decision = get_object_or_404(
        Decision.objects.visible_to(request.user)
        .filter(released_at__isnull=False)
        .select_related("case__declaration__activity"),
        case__declaration=declaration_id,
    )
    return render(
        request,
        "evaluation/decision_detail.html",
        {
            "decision": decision,
            "case": decision.case,
            "declaration": decision.case.declaration,
            "listed_at": standing.listed_at(decision.case),
            "tone": standing.TONES[Decision.Outcome(decision.outcome)],
            "removed": standing.was_removed(decision),
            "draws": draws_of(decision.case),
            "further_by_hand": further_by_hand(decision.case),
            **(letter_pages.to_enterprise(decision.case, request.user) or {}),
        },
    )
