"""Asking for a plan. The seed is drawn by the portal, so that nobody chooses who is drawn."""

import secrets
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.recording import check
from core import audit, progress, rights
from core.clock import database_now
from core.errors import DomainError
from core.wakeup import wake
from evaluation.models import ActivityCriteria, AssignmentPlan, Case, Expert
from evaluation.planning.states import DRAWN
from evaluation.relations import ASSIGNABLE
from submissions.models import Activity

COMPUTE = "evaluation.compute.plans"
STEPS = 7  # of evaluation.assignment.solve, which only the worker can ask
ASKED = ("need", "cap", "per_organisation", "specialists", "economists", "price")


def progress_name(plan: AssignmentPlan) -> str:
    return f"plan-{plan.pk}"


@transaction.atomic
def ask(
    activity: Activity,
    *,
    actor: User,
    name: str,
    base: AssignmentPlan | None = None,
    **wishes: Any,
) -> AssignmentPlan:
    """Owe a plan for what waits in an activity now; a worker computes it."""
    locked = Activity.objects.select_for_update(no_key=True).get(pk=activity.pk)
    _may_ask(locked, actor)
    _fits(locked, wishes, base)
    _something_waits(locked)
    plan = create(locked, actor=actor, name=name, base=base, **wishes)
    progress.begin(progress_name(plan), total=STEPS)
    transaction.on_commit(lambda: wake(COMPUTE))
    return plan


def create(
    activity: Activity,
    *,
    actor: User,
    name: str,
    base: AssignmentPlan | None,
    seed: str = "",
    **wishes: Any,
) -> AssignmentPlan:
    """Write the row of a plan, in an activity that is locked; ``seed``: of a draw that was."""
    name = " ".join(name.split())
    if AssignmentPlan.objects.filter(activity=activity, name=name).exists():
        raise DomainError(_("There is a plan of this name already."), field="name")
    plan = AssignmentPlan(
        activity=activity,
        name=name,
        base=base,
        seed=seed or secrets.token_hex(16),
        asked_by=actor,
        asked_at=database_now(),
        **wishes,
    )
    check(plan)
    plan.save(force_insert=True)
    audit.record(
        "assignment plan.asked",
        audit.subject(plan),
        actor=actor,
        change=("", plan.status),
        details={
            "activity": activity.code,
            "seed": plan.seed,
            "base": str(base.pk) if base else None,
            "origin": plan.origin,
            **{key: getattr(plan, key) for key in ASKED},
        },
    )
    return plan


def _may_ask(activity: Activity, actor: User) -> None:
    if not rights.may_ever(actor, "add", AssignmentPlan) or not rights.can(
        actor, "manage", activity
    ):
        raise PermissionDenied(f"plan the assignment of activity {activity.pk}")


def _fits(activity: Activity, wishes: dict[str, Any], base: AssignmentPlan | None) -> None:
    need = wishes.get("need", 5)
    if need % 2 == 0:
        raise DomainError(_("Choose an odd number of experts: no tie then."), field="need")
    criteria = ActivityCriteria.objects.filter(activity=activity).first()
    if criteria is not None and need < criteria.experts_wanted:
        raise DomainError(
            _("This activity wants %(wanted)d score sheets of each declaration.")
            % {"wanted": criteria.experts_wanted},
            field="need",
        )
    if wishes.get("specialists", 0) > need:
        raise DomainError(
            _("There cannot be more experts of the sub-category than experts."),
            field="specialists",
        )
    if base is not None and (base.activity_id != activity.pk or base.status not in DRAWN):
        raise DomainError(
            _("Choose a plan of the same activity that has been drawn."), field="base"
        )
    if base is None and wishes.get("price"):
        raise DomainError(
            _("Choose the plan of which as little as possible changes."), field="base"
        )


def _something_waits(activity: Activity) -> None:
    if not Case.objects.filter(declaration__activity=activity, status__in=ASSIGNABLE).exists():
        raise DomainError(_("No declaration of this activity waits for experts."), field="activity")
    if not Expert.objects.available().exists():
        raise DomainError(_("No expert of the pool can be asked today."))
