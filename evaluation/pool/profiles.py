"""The writes of the expert pool that are no steps: applying, the profile, days away, the clock."""

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

import structlog
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from accounts.recording import check
from core import audit, rights
from core.clock import database_now
from core.errors import DomainError, TransitionError
from evaluation.models import Absence, Employment, Expert
from evaluation.pool import employments
from evaluation.pool.employments import lock
from evaluation.pool.states import LIVE, ExpertStatus
from evaluation.pool.workflow import EXPERTS, day_of

logger = structlog.get_logger(__name__)

MOST_KEYWORDS = 30
LONGEST_KEYWORD = 60
MOST_ABSENCES = 20
PROFILE = (
    "title",
    "fields",
    "subcategories",
    "keywords",
    "works_since",
    "languages",
    "economics",
    "biography",
    "cap",
    "statement",
)
MANY = ("fields", "subcategories")
# What the audit keeps of an edited profile is what assigning depends on; the rest describes a
# person, who can be erased, while the chain is never rewritten.
WITHHELD = frozenset(PROFILE) - {"fields", "cap", "economics"}


@transaction.atomic
def apply(*, actor: User, employment: dict[str, Any], **profile: Any) -> Expert:
    """Ask to be taken into the pool, oneself; an officer decides.

    ``employment``: the present employer, or the last one. Who was refused, removed or left may
    ask again.
    """
    if not rights.may_ever(actor, "apply", Expert):
        raise PermissionDenied("apply to the expert pool")
    expert = _begun(actor)
    _fill(expert, profile)
    _name_employer(expert, actor, employment)
    return expert


def _begun(person: User) -> Expert:
    """Return the row of who applies, in the state of an application; locked."""
    now = database_now()
    User.objects.select_for_update(no_key=True).get(pk=person.pk)  # pressed twice is once
    known = Expert.objects.filter(pk=person.pk).first()
    if known is None:
        expert = Expert(user=person, applied_at=now, confirmed_at=now, status_since=now)
        expert.save(force_insert=True)
        audit.record("expert.applied", audit.subject(expert), actor=person)
        return expert
    if known.status in LIVE:
        raise DomainError(_("You are in the pool already, or have applied."))
    return EXPERTS.perform("apply", known.pk, actor=person)


def _name_employer(expert: Expert, actor: User, given: dict[str, Any]) -> None:
    """Write down the employer of an application, unless the history has it from before."""
    name = str(given.get("name", "")).strip()
    known = expert.employments.filter(
        kind=Employment.Kind.EMPLOYED, name__iexact=name, until=None, mistaken=False
    )
    if name and given.get("until") is None and known.exists():
        return
    try:
        employments.record(expert, actor=actor, kind=Employment.Kind.EMPLOYED, **given)
    except DomainError as refusal:  # the names of the form, where several things are asked
        raise DomainError(refusal.message, field=f"employer_{refusal.field}") from None


@transaction.atomic
def edit(expert_id: UUID, *, actor: User, **given: Any) -> Expert:
    """Change the profile: the person the own one, an officer that of others."""
    expert = lock(expert_id)
    if not (rights.can(actor, "maintain", expert) or rights.can(actor, "edit", expert)):
        raise PermissionDenied(f"edit expert {expert_id}")
    before = audit.values(expert, PROFILE)
    _fill(expert, given)
    changed = audit.differences(before, audit.values(expert, PROFILE), WITHHELD)
    audit.record("expert.edited", audit.subject(expert), actor=actor, details=changed)
    return expert


def _fill(expert: Expert, given: dict[str, Any]) -> None:
    if unknown := set(given) - set(PROFILE):
        raise TypeError(f"no part of a profile: {sorted(unknown)}")
    many = {name: list(given[name]) for name in MANY if name in given}
    plain = {name: value for name, value in given.items() if name not in MANY}
    if "keywords" in plain:
        plain["keywords"] = keywords(plain["keywords"])
    if "languages" in plain:
        plain["languages"] = list(plain["languages"])
    for name, value in plain.items():
        setattr(expert, name, value)
    if not many.get("fields", True):
        raise DomainError(_("Choose at least one field."), field="fields")
    check(expert)
    expert.save(update_fields=sorted(plain))
    for name, rows in many.items():
        getattr(expert, name).set(rows)


def keywords(given: Iterable[str]) -> list[str]:
    """Return short texts, each once, in their order; refuse too many or too long ones."""
    kept = {" ".join(one.split()).casefold(): " ".join(one.split()) for one in given}
    kept.pop("", None)
    if len(kept) > MOST_KEYWORDS:
        raise DomainError(
            _("At most %(most)d keywords.") % {"most": MOST_KEYWORDS}, field="keywords"
        )
    if any(len(one) > LONGEST_KEYWORD for one in kept.values()):
        raise DomainError(
            _("A keyword has at most %(most)d characters.") % {"most": LONGEST_KEYWORD},
            field="keywords",
        )
    return list(kept.values())


# Days away ------------------------------------------------------------------------------


@transaction.atomic
def be_away(expert_id: UUID, *, actor: User, from_on: dt.date, until_on: dt.date) -> Absence:
    """Say on which days the expert cannot be asked."""
    expert = _kept_up(expert_id, actor)
    if until_on < from_on:
        raise DomainError(_("It cannot end before it begins."), field="until_on")
    if until_on < day_of(database_now()):
        raise DomainError(_("These days have passed."), field="until_on")
    if expert.absences.count() >= MOST_ABSENCES:
        raise DomainError(
            ngettext("At most %(most)d absence.", "At most %(most)d absences.", MOST_ABSENCES)
            % {"most": MOST_ABSENCES}
        )
    absence = Absence.objects.create(expert=expert, from_on=from_on, until_on=until_on)
    audit.record("expert.away", audit.subject(expert), actor=actor)
    return absence


@transaction.atomic
def be_back(absence: Absence, *, actor: User) -> None:
    """Take days away back."""
    expert = _kept_up(absence.expert_id, actor)
    expert.absences.filter(pk=absence.pk).delete()
    audit.record("expert.back", audit.subject(expert), actor=actor)


def _kept_up(expert_id: UUID, actor: User) -> Expert:
    expert = lock(expert_id)
    if not (rights.can(actor, "maintain", expert) or rights.can(actor, "edit", expert)):
        raise PermissionDenied(f"days away of expert {expert_id}")
    return expert


# The clock ------------------------------------------------------------------------------


def lapse_overdue() -> int:
    """Let every membership lapse whose year is over; return how many. Safe to run twice."""
    due = Expert.objects.filter(
        status=ExpertStatus.ENROLLED, renewed_until__lt=day_of(database_now())
    ).order_by("renewed_until", "pk")
    return each(
        due.values_list("pk", flat=True), lambda pk: EXPERTS.perform("lapse", pk, actor=None)
    )


def each(keys: Iterable[Any], take: Callable[[Any], object]) -> int:
    """Take a step for each, one transaction each; what fails stands in the way of no other."""
    done = 0
    for key in list(keys):
        try:
            take(key)
        except TransitionError:
            continue  # somebody was quicker
        except Exception:
            logger.exception("step of the pool not taken", key=str(key))
            continue
        done += 1
    return done
