"""The recommending unit: named by the applicant, asked by a link, answering without an account.

Its life stands beside the declaration's (docs/adr/0012): a declaration is submitted as ever, and
the formal check waits for the answer, or for an officer who waives it with a reason.
"""

import hashlib
import secrets
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from core import audit, mail, rights
from core.errors import DomainError
from core.workflow import Act, Step, Workflow
from submissions.models import Declaration, Recommendation
from submissions.states import RECOMMENDATION, RecommendationStatus, Status


@transaction.atomic
def name_unit(
    declaration_id: UUID, *, actor: Any, unit: str, address: str, language: str
) -> Recommendation:
    """Write down who is to recommend a draft; said again, it replaces what was said."""
    declaration = Declaration.objects.select_for_update(no_key=True).get(pk=declaration_id)
    if not rights.can(actor, "submit", declaration):
        raise PermissionDenied(f"submit declaration {declaration_id}")
    if declaration.status != Status.DRAFT:
        raise DomainError(_("The recommending unit was asked when the declaration was submitted."))
    if not declaration.activity.recommended:
        raise DomainError(_("This activity asks for no recommendation."))
    found, _is_new = Recommendation.objects.update_or_create(
        declaration=declaration,
        defaults={"unit": unit.strip(), "address": address.strip(), "language": language},
    )
    # Who reads the unit's mail may be a person: the chain keeps the unit alone.
    audit.record(
        "declaration.unit_named",
        audit.Subject("declaration", declaration.pk),
        actor=actor,
        details={"unit": found.unit},
    )
    return found


def by_token(token: str) -> Recommendation | None:
    """Return what the link of a mail leads to; None when it leads nowhere."""
    rows = Recommendation.objects.select_related(
        "declaration__activity__scheme", "declaration__organisation", "version"
    )
    found = rows.filter(token_hash=_hash(token)).first()
    gone = found is not None and found.declaration.status == Status.WITHDRAWN
    return None if gone else found


# What the steps of a declaration ask and do ------------------------------------------------


def unit_is_named(declaration: Declaration, act: Act) -> None:
    """Refuse a first filing without a unit, where the activity asks for one."""
    if declaration.status != Status.DRAFT or not declaration.activity.recommended:
        return
    if not Recommendation.objects.filter(declaration=declaration).exists():
        raise DomainError(_("Name the recommending unit before you submit."))


def ask_unit(declaration: Declaration, act: Act) -> None:
    """Ask with the first version; a correction later is the officers' business, not the unit's."""
    named = Recommendation.objects.filter(
        declaration=declaration, status=RecommendationStatus.NAMED
    ).first()
    if named and declaration.activity.recommended:
        RECOMMENDATIONS.perform("ask", named.pk, actor=None)


def unit_has_answered(declaration: Declaration, act: Act) -> None:
    waiting = Recommendation.objects.filter(
        declaration=declaration, status=RecommendationStatus.ASKED
    )
    if waiting.exists():
        raise DomainError(
            _(
                "The recommending unit has not answered yet. The formal check begins after its "
                "answer, or after an officer waived it."
            )
        )


# Its own life ------------------------------------------------------------------------------


def _ask(recommendation: Recommendation, act: Act) -> tuple[str, ...]:
    token = secrets.token_urlsafe(32)
    version = recommendation.declaration.version
    if version is None:
        raise DomainError(_("Nothing is submitted yet."))
    recommendation.version = version
    recommendation.token_hash = _hash(token)
    recommendation.asked_at = act.at
    act.details.update(version=version.number)
    with translation.override(recommendation.language):
        url = reverse("submissions:recommendation", args=[token])
    mail.write(
        "recommendation_asked",
        to=recommendation.address,
        language=recommendation.language,
        context={"recommendation": recommendation, "url": url},
        secret=True,
    )
    return ("version", "token_hash", "asked_at")


def _answer(recommendation: Recommendation, act: Act) -> tuple[str, ...]:
    opinion, signatory = (str(act.inputs.get(one, "")).strip() for one in ("opinion", "signatory"))
    if not opinion:
        raise DomainError(_("Write the unit’s opinion."), field="opinion")
    if not signatory:
        raise DomainError(_("Say who signs for the unit."), field="signatory")
    recommendation.opinion, recommendation.signatory = opinion, signatory
    recommendation.answered_at = act.at
    return ("opinion", "signatory", "answered_at")


def _still_there(recommendation: Recommendation, act: Act) -> None:
    if recommendation.declaration.status == Status.WITHDRAWN:
        raise DomainError(_("The declaration was withdrawn."))


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


RECOMMENDATIONS: Workflow[Recommendation] = Workflow(
    RECOMMENDATION,
    Recommendation,
    {
        "ask": Step(change=_ask),
        "recommend": Step(guards=(_still_there,), change=_answer),
        "decline": Step(guards=(_still_there,), change=_answer),
    },
)
