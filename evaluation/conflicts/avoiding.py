"""Requests of enterprises that a named person does not judge: asked, decided, withdrawn.

They are asked before the declaration is accepted, so that no answer of the portal tells whether
anybody has been asked to judge; and nobody is asked before they are decided.
"""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet, Value
from django.utils.translation import gettext as _

from accounts.keys import NameKey
from accounts.models import User
from accounts.recording import check
from core import audit, rights
from core.clock import database_now
from core.errors import DomainError
from core.workflow import Act, Step, Workflow
from evaluation import notifications
from evaluation.conflicts.avoidance_states import AVOIDANCE, AvoidanceStatus
from evaluation.models import AvoidanceRequest, Case
from submissions.models import Declaration

MOST = 10  # of one declaration


@transaction.atomic
def ask(
    declaration_id: UUID,
    *,
    actor: User,
    named: str,
    reason: str,
    unit: str = "",
    evidence: str = "",
) -> AvoidanceRequest:
    """Ask in writing that a person does not judge a declaration that is not accepted yet."""
    # Held: it is accepted before this, or after.
    declaration = Declaration.objects.select_for_update(no_key=True).get(pk=declaration_id)
    if not rights.can(actor, "avoid", declaration):
        if rights.can(actor, rights.READ, declaration):
            raise DomainError(_("This can be asked until the declaration is accepted."))
        raise PermissionDenied(f"ask that somebody does not judge {declaration_id}")
    row = AvoidanceRequest(
        declaration=declaration,
        named=" ".join(named.split()),
        unit=unit.strip(),
        reason=reason.strip(),
        evidence=evidence.strip(),
        asked_by=actor,
        asked_at=database_now(),
    )
    _may_be_asked(row)
    check(row)
    row.save(force_insert=True)
    # The chain is never rewritten: who is named stays in the row, which can be blanked.
    audit.record(
        "avoidance request.asked",
        audit.subject(row),
        actor=actor,
        change=("", row.status),
        details={"declaration": str(declaration.pk)},
    )
    notifications.avoidance_asked(row)
    return row


def _may_be_asked(row: AvoidanceRequest) -> None:
    if not row.named:
        raise DomainError(_("Please give the name of the person."), field="named")
    if not row.reason:
        raise DomainError(_("Please give a reason."), field="reason")
    earlier: Any = AvoidanceRequest.objects.filter(declaration=row.declaration)
    open_ones = earlier.filter(status__in=(AvoidanceStatus.ASKED, AvoidanceStatus.ADMITTED))
    same = open_ones.annotate(key=NameKey("named")).filter(key=NameKey(Value(row.named)))
    if same.exists():
        raise DomainError(_("You have asked this already."), field="named")
    if earlier.count() >= MOST:
        raise DomainError(_("At most %(most)d requests for one declaration.") % {"most": MOST})


def namesakes(row: AvoidanceRequest) -> QuerySet[User]:
    """Return the accounts of the name that is asked about."""
    people: Any = User.objects.annotate(key=NameKey("name"))
    found: QuerySet[User] = people.filter(key=NameKey(Value(row.named)), is_active=True)
    return found.order_by("joined_at", "pk")


def none_waits(case: Case, _act: Act) -> None:
    """Ask no expert while it is open who shall not be one."""
    none_wait_in([case.pk])


def none_wait_in(cases: Iterable[UUID]) -> None:
    """Refuse while a request about one of the cases is open."""
    rows = AvoidanceRequest.objects.filter(declaration__case__in=list(cases))
    if rows.filter(status=AvoidanceStatus.ASKED).exists():
        raise DomainError(
            _("The applicant asked that a person does not judge. Decide on it first."),
            field="experts",
        )


def _person_is_one(_row: AvoidanceRequest, act: Act) -> None:
    person = act.inputs.get("person")
    if person is not None and not isinstance(person, User):
        raise DomainError(_("No account has this address."), field="address")


def _admit(row: AvoidanceRequest, act: Act) -> tuple[str, ...]:
    row.person = act.inputs.get("person")
    act.details["person"] = str(row.person.pk) if row.person else None
    return "person", *_decide(row, act)


def _decide(row: AvoidanceRequest, act: Act) -> tuple[str, ...]:
    row.decided_by, row.decided_at, row.answer = act.actor, act.at, act.reason
    return "decided_by", "decided_at", "answer"


def _tell(row: AvoidanceRequest, _act: Act) -> None:
    notifications.avoidance_decided(row)


AVOIDANCES: Workflow[AvoidanceRequest] = Workflow(
    AVOIDANCE,
    AvoidanceRequest,
    {
        "admit": Step(guards=(_person_is_one,), change=_admit, after=(_tell,)),
        "refuse": Step(change=_decide, after=(_tell,)),
    },
)
