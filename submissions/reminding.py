"""What of an activity and a declaration has a date, and who is reminded of it."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, User
from accounts.roles import Level
from core import dated
from core.moments import written
from core.reminders import Audience, Default, Due, Event, Reader, Subject
from submissions.joint import WAITS_IN
from submissions.models import Activity, Declaration, JointConfirmation
from submissions.states import ActivityStatus, JointStatus, Status

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


def drafting(dues: Sequence[Due]) -> Iterable[Iterable[Reader]]:
    """Yield who owns or edits a draft there, each once, with the drafts that are theirs."""
    drafts: dict[Any, list[Declaration]] = {}
    rows = (
        Declaration.objects.filter(
            activity__in={one.subject.id for one in dues}, status=Status.DRAFT
        )
        .only("title", "organisation", "activity")
        .order_by("created_at", "pk")
    )
    for one in rows:
        drafts.setdefault(str(one.activity_id), []).append(one)
    members = _members({one.organisation_id for some in drafts.values() for one in some})
    for due in dues:
        yield _with_drafts(drafts.get(due.subject.id, []), members)


def _with_drafts(drafts: list[Declaration], members: list[Membership]) -> Iterable[Reader]:
    mine: dict[Any, list[Declaration]] = {}
    people: dict[Any, User] = {}
    for one in members:
        found = [draft for draft in drafts if draft.organisation_id == one.organisation_id]
        if found:
            people[one.user_id] = one.user
            mine.setdefault(one.user_id, []).extend(found)
    for key, person in people.items():
        yield dated.reader(person, drafts=sorted(mine[key], key=drafts.index))


def _members(organisations: set[Any]) -> list[Membership]:
    """Return who owns or edits for these organisations and may sign in; one question."""
    rows = Membership.objects.filter(
        organisation__in=organisations,
        level__in=(Level.EDIT, Level.OWN),
        user__is_active=True,
    )
    return list(rows.select_related("user").order_by("user__joined_at", "user"))


CLOSES = Event(
    name="activity.closes",
    label=_("An activity closes"),
    template="activity_closes",
    due=closings,
    audiences={"drafting": Audience(_("owners and editors of drafts not submitted"), drafting)},
    seen=dated.seen(Activity),
    after=False,  # who did not submit by then has nothing left to do
    defaults=(Default(-7, "drafting"), Default(-3, "drafting"), Default(-1, "drafting")),
)

# Corrections are due ---------------------------------------------------------------------


def corrections(first: dt.datetime, last: dt.datetime) -> Iterable[Due]:
    """Yield the returned declarations whose day lies there: due at its last moment, Beijing."""
    rows = (
        Declaration.objects.filter(
            status=Status.RETURNED,
            corrections_due_on__range=dated.days(first, last),
        )
        .select_related("activity", "organisation", "checked_by", "version")
        .defer("content")
    )
    for one in rows.order_by("corrections_due_on", "pk"):
        day: dt.date = one.corrections_due_on  # type: ignore[assignment]  # filtered above
        at = dated.last_moment(day)
        yield Due(_returned(one), at, str(one.number), {"declaration": one, "due_on": day})


def _returned(declaration: Declaration) -> Subject:
    """Name this return: a second one with the same day is another, and reminded of anew."""
    number = declaration.version.number if declaration.version else 1
    again = f"/{number}" if number > 1 else ""
    return Subject("declaration", f"{declaration.pk}{again}")


def applicants(dues: Sequence[Due]) -> Iterable[Iterable[Reader]]:
    houses = [one.context["declaration"].organisation_id for one in dues]
    members = _members(set(houses))
    for house in houses:
        yield [dated.reader(one.user) for one in members if one.organisation_id == house]


def checking_officer(dues: Sequence[Due]) -> Iterable[Iterable[Reader]]:
    for due in dues:
        officer = due.context["declaration"].checked_by
        yield [dated.reader(officer)] if officer and officer.is_active else []


def declarations_seen(keys: Iterable[str], person: Any) -> set[str]:
    """Keep the keys of declarations the person may see; ``_returned`` made them."""
    by_key = {key: key.partition("/")[0] for key in keys}
    known = dated.seen(Declaration)(set(by_key.values()), person)
    return {key for key, declaration in by_key.items() if declaration in known}


CORRECTIONS = Event(
    name="corrections.due",
    label=_("Corrections are due"),
    template="corrections_due",
    due=corrections,
    audiences={
        "applicants": Audience(_("owners and editors of the applicant"), applicants),
        "officer": Audience(_("the officer who checks it"), checking_officer),
    },
    seen=declarations_seen,
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
        address__gt="",  # who gave none was not asked: an officer decides
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
    seen=dated.seen(JointConfirmation),
    defaults=(Default(5, "applicants"), Default(10, "applicants")),
)

EVENTS = (CLOSES, CORRECTIONS, CONFIRMATIONS)
