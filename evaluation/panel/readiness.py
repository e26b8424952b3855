"""What a meeting still lacks before it is announced or opened.

The steps refuse with the first of it; the officer's page names all of it before the button.
"""

import datetime as dt
from collections.abc import Callable, Iterator

from django.utils.translation import gettext as _

from accounts.roles import Role
from evaluation.models import PanelItem, PanelMeeting, PanelMember
from evaluation.panel import barred
from evaluation.panel.counting import LEAST_MEMBERS, quorate, wanted
from evaluation.panel.states import Presence, Seat
from evaluation.states import CaseStatus

TakesPart = Callable[[PanelItem, PanelMember], bool]


def to_announce(meeting: PanelMeeting, now: dt.datetime) -> Iterator[str]:
    """Say what is missing, in the order in which it is asked for."""
    yield from of_meeting(meeting, now)
    for item in agenda(meeting):
        yield from of_item(item)


def of_meeting(meeting: PanelMeeting, now: dt.datetime) -> Iterator[str]:
    """Say what is missing of all but the items."""
    if meeting.starts_at <= now:
        yield _("The meeting would begin in the past. Set its date first.")
    yield from _members(meeting)
    if not meeting.items.exists():
        yield _("There is nothing on the agenda.")


def _members(meeting: PanelMeeting) -> Iterator[str]:
    members = list(meeting.members.select_related("expert__user").order_by("pk"))
    if len(members) < LEAST_MEMBERS:
        yield _("A panel has at least %(least)d members.") % {"least": LEAST_MEMBERS}
    if not any(one.seat == Seat.CHAIR for one in members):
        yield _("Say who has the chair.")
    # Asked when a member is added, and again: who sits may have become an officer.
    granted = meeting.members.filter(
        expert__user__grants__role=Role.OFFICER, expert__user__grants__revoked_at=None
    )
    officers = set(granted.values_list("pk", flat=True))
    for member in members:
        if member.pk in officers:
            yield _("%s is an officer by now and does not sit on the panel.") % member


def agenda(meeting: PanelMeeting) -> list[PanelItem]:
    rows = meeting.items.select_related("case__declaration", "lead__expert")
    return list(rows.order_by("place"))


def of_item(item: PanelItem, may: TakesPart = barred.takes_part) -> Iterator[str]:
    """Say what is missing of an item; ``may`` says who takes part in it."""
    if item.case.status != CaseStatus.SCORED:
        yield not_scored(item)
    yield from lead(item, may)


def not_scored(item: PanelItem) -> str:
    return _("Item %(item)d is not scored any more.") % {"item": item.place}


def lead(item: PanelItem, may: TakesPart = barred.takes_part) -> Iterator[str]:
    """Say that nobody presents an item, or somebody who may not."""
    if item.lead is None:
        yield _("Item %(item)d has no lead reviewer.") % {"item": item.place}
    elif not may(item, item.lead):
        said = _("The lead reviewer of item %(item)d may not take part in it. Name another.")
        yield said % {"item": item.place}


def to_open(meeting: PanelMeeting) -> Iterator[str]:
    members = meeting.members.count()
    present = meeting.members.filter(presence=Presence.PRESENT).count()
    if not quorate(present, members):
        yield (
            _("%(present)d of %(members)d members are present; %(wanted)d make the quorum.")
            % {"present": present, "members": members, "wanted": wanted(members)}
        )
