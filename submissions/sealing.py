"""Sealed activities: until the closing officers know that there is a declaration, and no more.

The seal is a bar of the table of rights (``submissions.rights``): it takes every right of an
officer but "know". An early look at one declaration lifts it for reading, for the officer who
asked, for a day; a second officer grants it, and both are in the audit and on the applicant's
page of what happened. The seal ends with the closing, which no officer brings forward.
"""

import datetime as dt
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from core import audit, rights
from core.clock import PortalNow, database_now
from core.errors import DomainError
from submissions.models import Activity, Declaration, EarlyLook
from submissions.states import ActivityStatus

LOOK = dt.timedelta(hours=24)
SEALED_IN = (ActivityStatus.PREPARED, ActivityStatus.OPEN)


def sealed(_user: Any) -> Q | None:
    """Name the declarations under seal."""
    return Q(activity__sealed=True, activity__status__in=SEALED_IN)


def sealed_to(user: Any) -> Q | None:
    """Name those under seal that the person has no early look at."""
    looks = EarlyLook.objects.filter(asked_by=user.pk, until__gt=PortalNow())
    return Q(activity__sealed=True, activity__status__in=SEALED_IN) & ~Q(
        pk__in=looks.values("declaration")
    )


def of_sealed(_user: Any) -> Q | None:
    """Name what belongs to a declaration under seal."""
    return Q(declaration__activity__sealed=True, declaration__activity__status__in=SEALED_IN)


def is_sealed(activity: Activity) -> bool:
    return activity.sealed and activity.status in SEALED_IN


@transaction.atomic
def ask_look(declaration_id: UUID, *, actor: Any, reason: str) -> EarlyLook:
    """Ask to read a declaration under seal; asked again before it is granted, it is the same."""
    declaration = _known(declaration_id, actor)
    if not reason.strip():
        raise DomainError(_("Please give a reason."), field="reason")
    look, is_new = EarlyLook.objects.get_or_create(
        declaration=declaration,
        asked_by=actor,
        granted_at=None,
        defaults={"reason": reason.strip(), "asked_at": database_now()},
    )
    if is_new:
        _record("declaration.look_asked", look, actor)
    return look


@transaction.atomic
def grant_look(look_id: UUID, *, actor: Any) -> EarlyLook:
    """Let the officer who asked read the declaration for a day; nobody grants their own."""
    look = EarlyLook.objects.select_for_update(no_key=True).get(pk=look_id)
    _known(look.declaration_id, actor)
    if look.asked_by_id == actor.pk:
        raise DomainError(_("Another officer has to grant this."))
    if look.granted_at:
        raise DomainError(_("This has been granted already."))
    look.granted_by, look.granted_at = actor, database_now()
    look.until = look.granted_at + LOOK
    look.save(update_fields=["granted_by", "granted_at", "until"])
    _record("declaration.look_granted", look, actor)
    return look


def _known(declaration_id: UUID, actor: Any) -> Declaration:
    """Return a declaration whose existence the officer knows, and which is under seal."""
    declaration = Declaration.objects.select_related("activity").get(pk=declaration_id)
    if not rights.can(actor, "know", declaration):
        raise PermissionDenied(f"know of declaration {declaration_id}")
    if not is_sealed(declaration.activity):
        raise DomainError(_("This declaration is not under seal."))
    return declaration


def _record(act: str, look: EarlyLook, actor: Any) -> None:
    details = {"look": str(look.pk)}
    if look.until:
        details |= {"asked_by": str(look.asked_by_id), "until": look.until.isoformat()}
    audit.record(
        act,
        audit.Subject("declaration", look.declaration_id),
        actor=actor,
        reason=look.reason,
        details=details,
    )
