"""What the enterprise is told about an accepted declaration, and what it is not.

Until the release there is nothing here to tell: submissions says "under evaluation", whatever
happens with experts and scores.
"""

from collections.abc import Mapping
from uuid import UUID

from django.utils.translation import gettext as _

from evaluation.models import Case, Decision
from evaluation.states import CaseStatus
from submissions.models import Declaration
from submissions.standing import Event, Standing

TONES = {
    Decision.Outcome.INCLUDED: "success",
    Decision.Outcome.NOT_INCLUDED: "danger",
    Decision.Outcome.DEFERRED: "warning",
}


def of(declarations: list[Declaration]) -> Mapping[UUID, Standing]:
    """Return the standing of those whose decision is released; one query."""
    released = Decision.objects.filter(
        case__declaration__in=declarations, released_at__isnull=False
    ).select_related("case")
    return {one.case.declaration_id: _standing(one) for one in released}


def _standing(decision: Decision) -> Standing:
    label, text = _words(decision.case, decision)
    return Standing(
        label=label,
        tone="info" if _in_publicity(decision.case) else TONES[Decision.Outcome(decision.outcome)],
        text=text,
        events=(_event(decision),),
    )


def _words(case: Case, decision: Decision) -> tuple[str, str]:
    if _in_publicity(case):
        return _("In publicity"), _("It is to be included unless an objection is upheld.")
    labels = {
        Decision.Outcome.INCLUDED: _("Included in the pool"),
        Decision.Outcome.NOT_INCLUDED: _("Not included"),
        Decision.Outcome.DEFERRED: _("Deferred"),
    }
    return labels[Decision.Outcome(decision.outcome)], ""


def _in_publicity(case: Case) -> bool:
    return case.status == CaseStatus.PUBLICITY


def _event(decision: Decision) -> Event:
    assert decision.released_at is not None  # noqa: S101 -- asked for by ``of``
    return Event(
        title=_("Decision: %s") % decision.get_outcome_display(),
        at=decision.released_at,
        text=decision.statement,
        tone=TONES[Decision.Outcome(decision.outcome)],
    )
