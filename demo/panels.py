"""The panel of the round under review: one meeting that is over, with minutes, and one announced.

The votes are invented and all say the same; of real organisations nothing is said that could harm
them. Where a visitor was quicker, the rest is theirs.
"""

import datetime as dt
import time
from collections.abc import Iterable
from uuid import UUID

import structlog
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from core.clock import database_now
from core.errors import DomainError
from demo import accounts, people, records
from demo.plan import REVIEW_ROUND, Destiny, Item
from evaluation import confidentiality, procedures
from evaluation.models import Case, Expert, PanelItem, PanelMeeting, PanelMember
from evaluation.panel import preparing, running
from evaluation.panel.barred import members_of, reasons
from evaluation.panel.states import Choice, ItemStatus, MeetingStatus, Presence, Seat
from evaluation.panel.voting import vote
from evaluation.panel.workflow import MEETINGS, perform_item
from evaluation.states import CaseStatus
from submissions.models import Activity

logger = structlog.get_logger(__name__)

NAME = "panel"
HELD, TO_COME = "First meeting (demonstration)", "Second meeting (demonstration)"
SIZES = {HELD: 5, TO_COME: 3}  # of the second, a visitor can sign in as everybody
# The first is announced, held and closed within one load: it begins seconds afterwards.
SOON, LATER = dt.timedelta(seconds=5), dt.timedelta(days=30)
TEN = dt.time(10)  # when a meeting of a panel begins
PLACE = "Room of the demonstration"
NOTES = "The members read the figures and the experts’ remarks. Invented for the demonstration."
CONCLUSION = "The scores agree, and the evidence bears them. Invented for the demonstration."


def hold(items: Iterable[Item]) -> None:
    """Hold the meeting about what is to be decided, and announce another about what is not."""
    activity = Activity.objects.filter(code=REVIEW_ROUND).first()
    if activity is None or not procedures.of(activity).panel:
        return
    officer = accounts.account(people.OFFICER)
    spoken = [one for one in items if one.activity == REVIEW_ROUND and _is_spoken_of(one)]
    try:
        _hold(activity, _scored(activity, [one.key for one in spoken]), officer)
        left = Case.objects.filter(declaration__activity=activity, status=CaseStatus.SCORED)
        known = PanelItem.objects.filter(meeting__activity=activity, meeting__title=HELD)
        _announce(activity, list(left.exclude(pk__in=known.values("case"))), officer)
    except DomainError as error:
        logger.warning("left to the visitor", panel=activity.code, why=str(error))


def _is_spoken_of(item: Item) -> bool:
    """What is to be decided, and an invented one whose decision is left to the visitor."""
    if item.destiny == Destiny.SCORED:
        return item.technology in records.invented()
    return item.destiny == Destiny.DECIDED


def _scored(activity: Activity, keys: list[UUID]) -> list[Case]:
    rows = Case.objects.filter(declaration__activity=activity, status=CaseStatus.SCORED)
    return list(rows.filter(declaration__start_key__in=keys).order_by("declaration__number"))


def _hold(activity: Activity, cases: list[Case], officer: User) -> None:
    meeting = _prepared(activity, HELD, cases, officer)
    if meeting is None:
        return
    if meeting.status == MeetingStatus.ANNOUNCED:
        for member in meeting.members.all():
            running.attend(meeting.pk, member.pk, Presence.PRESENT, actor=officer)
        meeting = MEETINGS.perform("open", meeting.pk, actor=officer)
    if meeting.status == MeetingStatus.IN_SESSION:
        for item in meeting.items.order_by("place"):
            _discuss(item, officer)
        _wait_for(meeting.starts_at)
        MEETINGS.perform("close", meeting.pk, actor=officer)


def _wait_for(begins: dt.datetime) -> None:
    """Close no meeting before it begins, however fast the load is."""
    left = (begins - database_now()).total_seconds()
    time.sleep(min(max(left, 0), SOON.total_seconds()))


def _announce(activity: Activity, cases: list[Case], officer: User) -> None:
    _prepared(activity, TO_COME, cases, officer)


def _begins(title: str) -> dt.datetime:
    now = database_now()
    if title == HELD:
        return now + SOON
    zone = timezone.get_default_timezone()
    return dt.datetime.combine(timezone.localtime(now + LATER, zone).date(), TEN, tzinfo=zone)


def _prepared(
    activity: Activity, title: str, cases: list[Case], officer: User
) -> PanelMeeting | None:
    """Return the meeting, announced; None where there is nothing to meet about."""
    meeting = PanelMeeting.objects.filter(activity=activity, title=title).first()
    if meeting is None and not cases:
        return None
    given = {"title": title, "place": PLACE, "secret": True}
    if meeting is None:
        begins = database_now() + LATER
        meeting = preparing.prepare(activity, actor=officer, starts_at=begins, **given)
    if meeting.status != MeetingStatus.PREPARED:
        return meeting
    _seat(meeting, officer)
    waiting = set(preparing.waiting(meeting, officer).values_list("pk", flat=True))
    if new := [one.pk for one in cases if one.pk in waiting]:
        preparing.add_items(meeting.pk, new, actor=officer)
    for item in meeting.items.filter(lead=None).select_related("case__declaration"):
        preparing.set_lead(meeting.pk, item.pk, _able(item)[0].pk, actor=officer)
    with transaction.atomic():  # else a load that is killed between changes it again
        preparing.edit(meeting.pk, actor=officer, starts_at=_begins(title), **given)
        return MEETINGS.perform("announce", meeting.pk, actor=officer)


def _seat(meeting: PanelMeeting, officer: User) -> None:
    """Let the expert a visitor signs in as have the chair, and others sit beside."""
    offered = preparing.candidates(meeting).order_by("user__email")
    emails = [one.person.email for one in people.EXPERTS][: SIZES[meeting.title]]
    for expert in offered.filter(user__email__in=emails):
        seat = Seat.CHAIR if expert.user.email == people.EXPERT.email else Seat.MEMBER
        preparing.add_member(meeting.pk, expert.pk, actor=officer, seat=seat)
    for expert in Expert.objects.filter(panels__meeting=meeting).select_related("user"):
        confidentiality.promise(meeting.activity_id, expert.user)


def _able(item: PanelItem) -> list[PanelMember]:
    members = members_of(item)
    out = reasons(item, members)
    return [one for one in members if one.expert_id not in out]


def _discuss(item: PanelItem, officer: User) -> None:
    if item.status == ItemStatus.WAITING:
        if not item.notes:
            running.note(item.pk, actor=officer, notes=NOTES, conclusion=CONCLUSION)
        item = perform_item("open_vote", item.pk, actor=officer)
    if item.status == ItemStatus.VOTING:
        voted = set(item.voters.values_list("member", flat=True))
        for member in _able(item):
            if member.pk not in voted:
                vote(item.pk, Choice.INCLUDE, actor=member.expert.user)
        perform_item("close_vote", item.pk, actor=officer)
