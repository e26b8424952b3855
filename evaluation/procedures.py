"""The procedure of an activity: set while it is prepared, its dates moved afterwards."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Role
from core import rights
from core.clock import database_now
from core.errors import DomainError
from core.workflow import Act
from evaluation import notifications
from evaluation.models import Decision, Procedure
from evaluation.states import CaseStatus
from evaluation.writes import record
from submissions.models import Activity
from submissions.states import ActivityStatus


@dataclass(frozen=True, slots=True)
class Steps:
    """What an activity does beside the short road; the values of ``Procedure``."""

    panel: bool = False
    defence: str = Procedure.Verified.NONE
    site_visit: str = Procedure.Verified.NONE
    working_days: bool = False
    co_release: bool = False


@dataclass(frozen=True, slots=True)
class Timetable:
    """What may move after the opening: announced dates, and who signs for CAEPI."""

    review_until: dt.date | None = None
    release_at: dt.datetime | None = None
    co_releaser: User | None = None


def of(activity: Activity) -> Procedure:
    """Return the procedure of an activity; where none was set, the short road (not stored)."""
    found = Procedure.objects.select_related("co_releaser").filter(activity=activity).first()
    return found or Procedure(activity=activity)


@transaction.atomic
def set_procedure(
    activity: Activity, steps: Steps, timetable: Timetable, *, actor: User | None
) -> Procedure:
    """Say what an activity that is being prepared will do beside the short road."""
    locked = _held(activity)
    if not rights.can(actor, "manage", locked):
        raise PermissionDenied(f"set the procedure of activity {locked.pk}")
    if locked.status != ActivityStatus.PREPARED:
        raise DomainError(_("The procedure is fixed: the activity has been opened."))
    _release_lies_ahead(None, timetable.release_at)
    _check(locked, steps.co_release, timetable)
    values = {name: getattr(steps, name) for name in Steps.__slots__}
    dates = {name: getattr(timetable, name) for name in Timetable.__slots__}
    made, _new = Procedure.objects.update_or_create(activity=locked, defaults=values | dates)
    record("activity.procedure_set", locked, actor, details=values | _told(timetable))
    return made


@transaction.atomic
def reschedule(
    activity: Activity, timetable: Timetable, *, reason: str, actor: User | None
) -> Procedure:
    """Move the announced dates of an activity that was opened, or who signs for CAEPI."""
    locked = _held(activity)
    row = Procedure.objects.select_for_update(no_key=True, of=("self",)).get(activity=locked)
    if not rights.can(actor, "edit", row):
        raise PermissionDenied(f"reschedule activity {locked.pk}")
    if not reason.strip():
        raise DomainError(_("Please give a reason."), field="reason")
    _release_lies_ahead(row.release_at, timetable.release_at)
    _check(locked, row.co_release, timetable)
    before = Timetable(row.review_until, row.release_at, row.co_releaser)
    for name in Timetable.__slots__:
        setattr(row, name, getattr(timetable, name))
    row.save(update_fields=list(Timetable.__slots__))
    signer = timetable.co_releaser
    if signer is not None and signer != before.co_releaser:
        _ask_to_sign(locked, signer)
    details = {"from": _told(before), "to": _told(timetable), "reason": reason.strip()}
    record("activity.rescheduled", locked, actor, details=details)
    return row


def _ask_to_sign(activity: Activity, signer: User) -> None:
    """Tell a new signer for CAEPI what waits for the signature already."""
    waiting = Decision.objects.standing().filter(
        case__declaration__activity=activity,
        case__status=CaseStatus.SIGNED,
        co_released_at=None,
    )
    for one in waiting.select_related("case").order_by("signed_at", "pk"):
        notifications.to_co_release(one.case, signer)


def _held(activity: Activity) -> Activity:
    return Activity.objects.select_for_update(no_key=True).get(pk=activity.pk)


def _check(activity: Activity, co_release: bool, timetable: Timetable) -> None:
    signer = timetable.co_releaser
    if co_release and signer is None:
        raise DomainError(_("Say who signs for CAEPI."), field="co_releaser")
    if signer is not None and not co_release:
        raise DomainError(_("Nobody signs where decisions are not released together."),
                          field="co_releaser")  # fmt: skip
    if signer is not None and not may_sign(signer):
        raise DomainError(_("Who signs for CAEPI is an officer of the portal."),
                          field="co_releaser")  # fmt: skip
    _check_dates(activity, timetable)


def _release_lies_ahead(before: dt.datetime | None, after: dt.datetime | None) -> None:
    """Refuse to move a moment that has passed, and to announce one that lies in the past."""
    if before == after:
        return
    now = database_now()
    if before is not None and before <= now:
        raise DomainError(_("The moment of the release has passed."), field="release_at")
    if after is not None and after <= now:
        raise DomainError(_("This moment has passed already."), field="release_at")


def announced_still_holds(activity: Activity) -> None:
    """Refuse to prolong an activity past the end of its reviews, or past its release."""
    row = Procedure.objects.filter(activity=activity).first()
    if row is None:
        return
    try:
        _check_dates(activity, Timetable(row.review_until, row.release_at))
    except DomainError as error:
        raise DomainError(
            _("%(why)s Move the announced dates first.") % {"why": error}, field="closes_at"
        ) from None


def write_short_road(activity: Activity, _act: Act) -> None:
    """Write what an activity does when nothing was said of it, so that its dates can move."""
    Procedure.objects.get_or_create(activity=activity)


def may_sign(person: User) -> bool:
    return person.is_active and Role.OFFICER in person.roles


def _check_dates(activity: Activity, timetable: Timetable) -> None:
    zone = timezone.get_default_timezone()
    closes_on = timezone.localtime(activity.closes_at, zone).date()
    review, release = timetable.review_until, timetable.release_at
    if review is not None and review < closes_on:
        raise DomainError(_("Reviews end after the activity closes."), field="review_until")
    if release is None:
        return
    if release < activity.closes_at:
        raise DomainError(_("Decisions are released after the activity closes."),
                          field="release_at")  # fmt: skip
    if review is not None and timezone.localtime(release, zone).date() < review:
        raise DomainError(_("Decisions are released after the reviews end."), field="release_at")


def _told(timetable: Timetable) -> dict[str, Any]:
    review, release, signer = timetable.review_until, timetable.release_at, timetable.co_releaser
    return {
        "review_until": review and review.isoformat(),
        "release_at": release and release.isoformat(),
        "co_releaser": signer and str(signer.pk),
    }
