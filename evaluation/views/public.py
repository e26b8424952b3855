"""What is shown of decisions and criteria: to the enterprise its own, to everyone the criteria."""

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
from evaluation.models import CriteriaChange, CriteriaSet, Decision
from evaluation.planning.told import draws_of, further_by_hand
from evaluation.states import ChangeStatus


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
