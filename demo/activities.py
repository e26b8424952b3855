"""The four rounds of the demonstration: prepared, opened and closed as an officer would."""

import datetime as dt
import json

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from core.clock import database_now
from demo import records
from demo.plan import LISTED_ROUND, OPEN_ROUND, PUBLICITY_ROUND, REVIEW_ROUND
from evaluation import procedures
from evaluation.criteria import documents
from evaluation.criteria.sealing import seal_criteria, set_activity_criteria
from evaluation.models import ActivityCriteria, Procedure
from reference.models import Field
from submissions import services
from submissions.activities import SCHEMES
from submissions.models import Activity, DeclarationScheme
from submissions.states import ActivityStatus
from submissions.workflow import ACTIVITIES

# Days between the opening and the moment of the load: the newest round is listed first.
OPENED = {LISTED_ROUND: 4, PUBLICITY_ROUND: 3, REVIEW_ROUND: 2, OPEN_ROUND: 1}
DAYS_OF_PUBLICITY = {PUBLICITY_ROUND: 30}
DAYS_OF_REVIEW = dt.timedelta(days=60)
OPEN_FOR = dt.timedelta(days=365)
# The rounds that end closed stay open only while they are filled; a second load prolongs them,
# within this time: afterwards the clock has closed them.
WHILE_FILLED = dt.timedelta(hours=12)
SOURCE = "feco"
CONTACT = "objections@demo.example (demonstration: nobody reads it)"


def opened(code: str, *, officer: User, experts_wanted: int) -> Activity:
    """Return the round; prepare and open it, or go on where that stopped."""
    activity = Activity.objects.filter(code=code).first() or _prepare(code, officer)
    if not ActivityCriteria.objects.filter(activity=activity).exists():
        criteria_set = seal_criteria(documents.default())
        set_activity_criteria(activity, criteria_set, experts_wanted=experts_wanted, actor=officer)
    activity = _prolonged(activity, officer)
    if activity.status == ActivityStatus.PREPARED:
        if code == REVIEW_ROUND and not Procedure.objects.filter(activity=activity).exists():
            _announce(activity, officer)
        activity = ACTIVITIES.perform("open", activity.pk, actor=officer)
    return activity


def _announce(activity: Activity, officer: User) -> None:
    """Let a panel speak and officers arrange visits, and say until when experts score."""
    zone = timezone.get_default_timezone()
    review_until = timezone.localtime(activity.closes_at, zone).date() + DAYS_OF_REVIEW
    procedures.set_procedure(
        activity,
        procedures.Steps(panel=True, site_visit=Procedure.Verified.ARRANGED),
        procedures.Timetable(review_until=review_until),
        actor=officer,
    )


def closed(activity: Activity, *, officer: User) -> None:
    """Close a round that is filled. None is closed before its time, so its time is now."""
    activity.refresh_from_db()
    if activity.status == ActivityStatus.OPEN:
        with transaction.atomic():  # else a load that is killed between prolongs it again
            passed = database_now() - dt.timedelta(milliseconds=1)
            Activity.objects.filter(pk=activity.pk).update(closes_at=passed)
            ACTIVITIES.perform("close", activity.pk, actor=officer)


def _prepare(code: str, officer: User) -> Activity:
    now = database_now()
    record = records.activities()[code]
    return services.create_activity(
        actor=officer,
        code=code,
        titles=record["titles"],
        notices={
            language: text.format(source=records.organisations()[SOURCE]["source"]["url"])
            for language, text in record["notices"].items()
        },
        field_codes=Field.objects.values_list("code", flat=True),
        scheme=_scheme(officer),
        contact=CONTACT,
        opens_at=now - dt.timedelta(days=OPENED[code]),
        closes_at=now + (OPEN_FOR if code == OPEN_ROUND else WHILE_FILLED),
        publicity_days=DAYS_OF_PUBLICITY.get(code, 0),
    )


def _scheme(officer: User) -> DeclarationScheme:
    document = json.loads((SCHEMES / "demo-3.json").read_text(encoding="utf-8"))
    return services.create_scheme(document, actor=officer)


def _prolonged(activity: Activity, officer: User) -> Activity:
    """Give a round that an earlier load left half filled the time to be filled."""
    enough = database_now() + WHILE_FILLED / 2
    if activity.status == ActivityStatus.CLOSED or activity.closes_at >= enough:
        return activity
    return services.edit_activity(
        activity.pk,
        actor=officer,
        closes_at=database_now() + WHILE_FILLED,
        closing_reason="The demonstration is filled in again.",
    )
