"""The publicity of a case: when it ends, what stays it, and how it ends by an objection."""

import datetime as dt
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import DomainError
from core.workflow import Act
from evaluation import procedures
from evaluation.models import Case, Objection
from evaluation.objections.states import ObjectionStatus
from evaluation.publicity import contents, days
from evaluation.publicity.days import Count
from reference.models import WorkingDayException
from reference.working_days import COUNTRY
from submissions import due
from submissions.models import Activity, Declaration


def set_publicity(case: Case, act: Act) -> tuple[str, ...]:
    """Fix the end as the publicity begins; what becomes of the calendar later moves nothing."""
    zone = timezone.get_default_timezone()
    counted = counted_from(case.declaration.activity, timezone.localtime(act.at, zone).date())
    case.publicity_began_at = act.at
    case.publicity_ends_at = days.end(act.at, counted, zone)
    case.publicity_count = counted.as_json()
    act.details["publicity"] = {**case.publicity_count, "ends_at": _utc(case.publicity_ends_at)}
    # Whoever confirms a translation in this moment waits for us, or is waited for.
    Declaration.objects.select_for_update(no_key=True).get(pk=case.declaration_id)
    act.details["shown"] = contents.fixed(case)
    return "publicity_began_at", "publicity_ends_at", "publicity_count"


def _utc(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).isoformat()


def counted_from(activity: Activity, day: dt.date) -> Count:
    """Count out the publicity of an activity from a day on."""
    working = procedures.of(activity).working_days
    exceptions = WorkingDayException.objects.of(COUNTRY) if working else {}
    return days.count(day, activity.publicity_days, working=working, exceptions=exceptions)


def warning(activity: Activity, began: dt.datetime) -> str:
    """Say which calendar is missing if the publicity begins then; empty when none is."""
    day = timezone.localtime(began, timezone.get_default_timezone()).date()
    return due.of_years(counted_from(activity, day).years_not_loaded)


def is_over(case: Case, act: Act) -> None:
    if case.publicity_ends_at is None or case.publicity_ends_at > act.at:
        raise DomainError(_("The publicity is not over yet."))


def nothing_is_objected(case: Case, _act: Act) -> None:
    """Let the one entry wait that somebody objects to; the others go on."""
    rows: Any = Objection.objects.filter(case=case)
    if rows.open().exists():
        raise DomainError(_("An objection to this entry has not been settled."))


def an_objection_is_upheld(case: Case, act: Act) -> None:
    upheld = Objection.objects.filter(case=case, status=ObjectionStatus.UPHELD)
    if act.inputs.get("objection") not in upheld.values_list("pk", flat=True):
        raise DomainError(_("No objection to this entry was upheld."))


def note_objection(_case: Case, act: Act) -> tuple[str, ...]:
    act.details["objection"] = str(act.inputs["objection"])
    return ()
