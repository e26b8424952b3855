"""What of an activity and a declaration has a date, and who is reminded of it."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import F, Max
from django.utils.timezone import get_default_timezone, localtime
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, User
from accounts.roles import Level
from core.moments import written
from core.reminders import Audience, Default, Due, Event, Reader, Subject
from submissions.joint import WAITS_IN
from submissions.models import Activity, Declaration, JointConfirmation
from submissions.notifications import readers
from submissions.states import ActivityStatus, JointStatus, Status

LAST_MOMENT = dt.time(23, 59, 59, 999999)


def reader(person: User, **context: Any) -> Reader:
    return Reader(str(person.pk), person.email, person.language, {"reader": person, **context})


# An activity closes ----------------------------------------------------------------------


def closings(first: dt.datetime, last: dt.datetime) -> Iterable[Due]:
    rows = Activity.objects.filter(
        status=ActivityStatus.OPEN, closes_at__gte=first, closes_at__lte=last
    )
    for one in rows.order_by("closes_at", "pk"):
        context = {"activity": one, "closes": written(one.closes_at)}
        yield Due(
            Subject("activity", str(one.pk)), one.closes_at, f"{one.code} {one.title}", context
        )


def drafting(due: Due) -> Iterable[Reader]:
    """Yield who owns or edits a draft there, each once, with the drafts that are theirs."""
    drafts = list(
        Declaration.objects.filter(activity=due.context["activity"], status=Status.DRAFT)
        .only("title", "organisation", "activity")
        .order_by("created_at", "pk")
    )
    members = Membership.objects.filter(
        organisation__in={one.organisation_id for one in drafts},
        level__in=(Level.EDIT, Level.OWN),
        user__is_active=True,
    )
    people: dict[Any, User] = {}
    houses: dict[Any, set[Any]] = {}
    for one in members.select_related("user").order_by("user__joined_at", "user"):
        people[one.user_id] = one.user
        houses.setdefault(one.user_id, set()).add(one.organisation_id)
    for key, person in people.items():
        mine = [one for one in drafts if one.organisation_id in houses[key]]
        yield reader(person, drafts=mine)


CLOSES = Event(
    name="activity.closes",
    label=_("An activity closes"),
    template="activity_closes",
    due=closings,
    audiences={"drafting": Audience(_("owners and editors of drafts not submitted"), drafting)},
    defaults=(Default(-7, "drafting"), Default(-3, "drafting"), Default(-1, "drafting")),
)

# Corrections are due ---------------------------------------------------------------------


def corrections(first: dt.datetime, last: dt.datetime) -> Iterable[Due]:
    """Yield the returned declarations whose day lies there: due at its last moment, Beijing."""
    zone = get_default_timezone()
    rows = (
        Declaration.objects.filter(status=Status.RETURNED)
        .annotate(due_on=Max("version__corrections__due_on"))
        .filter(due_on__gte=localtime(first, zone).date(), due_on__lte=localtime(last, zone).date())
        .select_related("activity", "organisation", "checked_by", "version")
        .defer("content")
    )
    for one in rows.order_by("due_on", "pk"):
        day: dt.date = one.due_on  # type: ignore[attr-defined]  # annotated above
        at = dt.datetime.combine(day, LAST_MOMENT, tzinfo=zone)
        yield Due(_returned(one), at, str(one.number), {"declaration": one, "due_on": day})


def _returned(declaration: Declaration) -> Subject:
    """Name this return: a second one with the same day is another, and reminded of anew."""
    number = declaration.version.number if declaration.version else 1
    again = f"/{number}" if number > 1 else ""
    return Subject("declaration", f"{declaration.pk}{again}")


def applicants(due: Due) -> Iterable[Reader]:
    return map(reader, readers(due.context["declaration"]))


def checking_officer(due: Due) -> Iterable[Reader]:
    officer = due.context["declaration"].checked_by
    return [reader(officer)] if officer and officer.is_active else []


CORRECTIONS = Event(
    name="corrections.due",
    label=_("Corrections are due"),
    template="corrections_due",
    due=corrections,
    audiences={
        "applicants": Audience(_("owners and editors of the applicant"), applicants),
        "officer": Audience(_("the officer who checks it"), checking_officer),
    },
    defaults=(
        Default(-3, "applicants", working_days=True),
        Default(-1, "applicants", working_days=True),
        Default(1, "officer", working_days=True),
    ),
)

# A joint applicant was asked to confirm ----------------------------------------------------


def confirmations(first: dt.datetime, last: dt.datetime) -> Iterable[Due]:
    """Yield who was asked about a version that is in force and has not answered."""
    rows = JointConfirmation.objects.filter(
        status=JointStatus.ASKED,
        asked_at__gte=first,
        asked_at__lte=last,
        declaration__status__in=WAITS_IN,
        declaration__version=F("version"),
    ).select_related("declaration__activity", "declaration__organisation")
    for one in rows.order_by("asked_at", "pk"):
        declaration = one.declaration
        context = {"confirmation": one, "declaration": declaration}
        subject = Subject("joint confirmation", str(one.pk))
        yield Due(subject, one.asked_at, str(declaration.number), context)


CONFIRMATIONS = Event(
    name="joint.asked",
    label=_("A joint applicant was asked to confirm"),
    template="joint_waiting",
    due=confirmations,
    audiences={"applicants": Audience(_("owners and editors of the applicant"), applicants)},
    defaults=(Default(5, "applicants"), Default(10, "applicants")),
)

EVENTS = (CLOSES, CORRECTIONS, CONFIRMATIONS)
