"""The writes of evaluation that are no steps: experts, the end of publicity."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

import structlog
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Organisation, User
from accounts.roles import Role
from accounts.services import grant_role
from core import audit, rights
from core.clock import database_now
from core.errors import DomainError, TransitionError
from evaluation.models import Case, Expert
from evaluation.states import CaseStatus
from evaluation.workflow import CASES
from evaluation.writes import demand_ever, record
from reference.models import Field, Subcategory

logger = structlog.get_logger(__name__)

# What the audit keeps of an edited profile is what assigning depends on; the rest describes a
# person, who can be erased, while the chain is never rewritten.
WITHHELD = frozenset({"title", "employer_name", "subcategories", "languages"})
PROFILE = ("active", "employer", "fields", *WITHHELD)

# Experts --------------------------------------------------------------------------------


@transaction.atomic
def enrol_expert(  # noqa: PLR0913 -- the columns of one row, by name
    user: User,
    *,
    actor: User,
    employer: Organisation | None,
    employer_name: str,
    title: str = "",
    fields: Iterable[Field],
    subcategories: Iterable[Subcategory] = (),
    languages: Iterable[str] = (),
) -> Expert:
    """Take a person into the expert pool; with it comes the role of an expert."""
    demand_ever(actor, "add", Expert)
    if actor.pk == user.pk:
        raise DomainError(_("You cannot take yourself into the expert pool."), field="user")
    if Expert.objects.filter(user=user).exists():
        raise DomainError(_("This person is in the expert pool already."), field="user")
    expert = Expert(user=user)
    _fill(
        expert,
        employer=employer,
        employer_name=employer_name,
        title=title,
        languages=languages,
        fields=fields,
        subcategories=subcategories,
    )
    if Role.EXPERT not in user.roles:
        grant_role(user, Role.EXPERT, actor=None)  # the enrolment is what an officer decides
    record("expert.enrolled", expert, actor)
    return expert


@transaction.atomic
def edit_expert(expert_id: UUID, *, actor: User | None, **given: Any) -> Expert:
    """Change what the pool knows about an expert; ``active`` False: asked no more."""
    demand_ever(actor, "edit", Expert)
    expert = Expert.objects.select_for_update(of=("self",), no_key=True).get(pk=expert_id)
    # The employer is what an expert's own conflicts are found by.
    if actor is not None and actor.pk == expert.user_id:
        raise DomainError(_("You cannot edit your own expert profile."))
    if not rights.can(actor, "edit", expert):
        raise PermissionDenied(f"edit expert {expert_id}")
    before = audit.values(expert, PROFILE)
    if "active" in given:
        expert.active = given.pop("active")
    _fill(expert, **given)
    changed = audit.differences(before, audit.values(expert, PROFILE), WITHHELD)
    record("expert.edited", expert, actor, details=changed)
    return expert


def _fill(expert: Expert, **given: Any) -> None:
    """Set what is given; an employer in the portal stands in for a name that is not."""
    many = {name: given.pop(name) for name in ("fields", "subcategories") if name in given}
    if "languages" in given:
        given["languages"] = list(given["languages"])
    for name, value in given.items():
        setattr(expert, name, value)
    if not expert.employer_name.strip() and expert.employer:
        expert.employer_name = expert.employer.name
    if not expert.employer_name.strip():
        raise DomainError(
            _("Name the employer; conflicts are looked for by it."), field="employer_name"
        )
    if "fields" in many and not list(many["fields"]):
        raise DomainError(_("Choose at least one field."), field="fields")
    expert.save()
    for name, rows in many.items():
        getattr(expert, name).set(rows)


# Publicity ------------------------------------------------------------------------------


def end_due_publicity() -> int:
    """Clear every case whose publicity is over, one transaction each; return how many.

    Safe to run twice at once: who comes second finds the case cleared already. A case that
    cannot be cleared is logged and stands in the way of no other.
    """
    due = Case.objects.filter(
        status=CaseStatus.PUBLICITY, publicity_ends_at__lte=database_now()
    ).order_by("publicity_ends_at", "pk")
    return sum(_clear(pk) for pk in due.values_list("pk", flat=True))


def _clear(pk: UUID) -> bool:
    try:
        CASES.perform("clear", pk, actor=None)
    except TransitionError:
        return False  # somebody was quicker
    except Exception:
        logger.exception("publicity not ended", case=str(pk))
        return False
    return True
