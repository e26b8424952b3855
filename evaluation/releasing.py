"""From the second signature to the moment at which a decision is known.

On the short road there is nothing between them. Where an activity announced a moment, signed
decisions wait for it, all of them; where CAEPI releases together with FECO, for its signature.
"""

import datetime as dt
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from core.clock import PortalNow
from core.errors import DomainError
from core.workflow import Act
from evaluation import notifications, procedures
from evaluation.models import Case, Decision, Procedure
from evaluation.states import CaseStatus
from evaluation.steps import standing_decision

ON_THE_WAY = dt.timedelta(minutes=5)  # what is due is released one after the other


def sign(case: Case, act: Act) -> tuple[str, ...]:
    decision = standing_decision(case)
    decision.released_by, decision.signed_at = act.actor, act.at
    decision.save(update_fields=["released_by", "signed_at"])
    act.details.update(decision=decision.pk, outcome=decision.outcome)
    return ()


def tell_co_releaser(case: Case, _act: Act) -> None:
    how = _procedure(case)
    if how.co_releaser is not None:
        notifications.to_co_release(case, how.co_releaser)


def officer_signs_not_for_caepi(case: Case, act: Act) -> None:
    """Keep the third signature possible: who gives it takes no part before."""
    signer = _procedure(case).co_releaser
    if signer is not None and signer == act.actor:
        raise DomainError(_("You sign for CAEPI in this activity."))


def signs_for_caepi(case: Case, act: Act) -> None:
    how = _procedure(case)
    if how.co_releaser is None:
        raise DomainError(_("In this activity nobody signs for CAEPI."))
    if how.co_releaser != act.actor:
        raise DomainError(_("%s signs for CAEPI in this activity.") % how.co_releaser)
    if standing_decision(case).co_released_at is not None:
        raise DomainError(_("This decision is signed for CAEPI already."))


def signer_is_a_third(case: Case, act: Act) -> None:
    decision = standing_decision(case)
    if act.actor.pk in (decision.decided_by_id, decision.released_by_id):
        raise DomainError(_("A third officer signs for CAEPI: you have signed already."))


def co_sign(case: Case, act: Act) -> tuple[str, ...]:
    decision = standing_decision(case)
    decision.co_released_by, decision.co_released_at = act.actor, act.at
    decision.save(update_fields=["co_released_by", "co_released_at"])
    act.details["decision"] = decision.pk
    return ()


def to_sign(cases: QuerySet[Case], officer: Any) -> QuerySet[Case]:
    """Return those of them that are decided and wait for the second signature of this officer.

    Not what the officer decided, nor what one signs for CAEPI later.
    """
    own = Decision.objects.standing().filter(decided_by=officer.pk)
    decided = cases.filter(status=CaseStatus.DECIDED).exclude(pk__in=own.values("case"))
    return decided.exclude(declaration__activity__procedure__co_releaser=officer.pk)


def is_due(case: Case, at: dt.datetime) -> bool:
    """Say whether nothing stands between the signatures and the release."""
    how = _procedure(case)
    co_signed = not how.co_release or standing_decision(case).co_released_at is not None
    return co_signed and (how.release_at is None or how.release_at <= at)


def nobody_is_waited_for(case: Case, _act: Act) -> None:
    if _procedure(case).co_release and standing_decision(case).co_released_at is None:
        raise DomainError(_("The signature for CAEPI is missing."))


def moment_has_come(case: Case, act: Act) -> None:
    moment = _procedure(case).release_at
    if moment is not None and moment > act.at:
        raise DomainError(_("The moment of the release has not come."))


def note_release(case: Case, act: Act) -> tuple[str, ...]:
    decision = standing_decision(case)
    decision.released_at = act.at
    decision.save(update_fields=["released_at"])
    act.details.update(decision=decision.pk, outcome=decision.outcome)
    return ()


def due() -> list[UUID]:
    """Return the cases whose decision can be made known now, those of one moment together."""
    found = _nothing_is_waited_for(Case.objects.all(), PortalNow())
    return list(found.order_by("opened_at", "pk").values_list("pk", flat=True))


def held_back(cases: QuerySet[Case]) -> QuerySet[Case]:
    """Return those that were due and stay as they are.

    A conflict or the vote of the panel holds them back: their pages say what.
    """
    return _nothing_is_waited_for(cases, PortalNow() - ON_THE_WAY)


def _nothing_is_waited_for(cases: QuerySet[Case], now: Any) -> QuerySet[Case]:
    """Return those of them that are signed by all who sign, and whose moment has come."""
    signed = cases.filter(status=CaseStatus.SIGNED)
    how = "declaration__activity__procedure__"
    in_time = signed.filter(Q(**{f"{how}release_at": None}) | Q(**{f"{how}release_at__lte": now}))
    waiting = Decision.objects.standing().filter(
        case__declaration__activity__procedure__co_release=True, co_released_at=None
    )
    return in_time.exclude(pk__in=waiting.values("case"))


def _procedure(case: Case) -> Procedure:
    return procedures.of(case.declaration.activity)
