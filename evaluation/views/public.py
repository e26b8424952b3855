"""What is shown of decisions: to the enterprise its own, to everyone what is in publicity."""

from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from evaluation import standing
from evaluation.forms import KeyForm
from evaluation.models import Case, Decision
from submissions.paging import newest_first


@require_safe
def publicity_list(request: HttpRequest) -> HttpResponse:
    # Everybody sees the same page: it is asked for as nobody.
    public = Case.objects.with_right(AnonymousUser(), "notice").select_related(
        "declaration__organisation", "declaration__activity"
    )
    shown = newest_first(public, by="publicity_began_at", after=KeyForm(request.GET).key())
    return render(request, "evaluation/publicity_list.html", {"page": shown})


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
            "tone": standing.TONES[Decision.Outcome(decision.outcome)],
        },
    )
