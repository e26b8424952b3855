"""Panel meetings in each state, made through the services a person uses."""

import datetime as dt
from typing import Any

from django.utils import timezone

from accounts.models import User
from evaluation import confidentiality
from evaluation.models import Case, Expert, PanelItem, PanelMeeting, PanelMember
from evaluation.panel import preparing, running, voting
from evaluation.panel.states import MeetingStatus, Presence, Seat
from evaluation.panel.workflow import MEETINGS, perform_item
from submissions.models import Activity
from tests.builders import accounts, evaluation, procedures

OFFICERS_WORDS = {"notes": "Discussed at length.", "conclusion": "It is sound."}


def activity(**more: Any) -> Activity:
    """Return an open activity whose decisions a panel prepares."""
    return procedures.activity(**{"experts_wanted": 1, "panel": True, **more})


def meeting(
    status: str = MeetingStatus.PREPARED,
    *,
    cases: int = 1,
    members: int = 3,
    secret: bool = True,
    of: Activity | None = None,
) -> PanelMeeting:
    """Return a meeting in ``status`` with so many scored cases and members, led by the chair."""
    officer = accounts.officer()
    made = preparing.prepare(
        of or activity(),
        actor=officer,
        title="First meeting",
        starts_at=timezone.now() + dt.timedelta(days=7),
        place="Room 1",
        secret=secret,
    )
    for number in range(members):
        sit(made, seat=Seat.MEMBER if number else Seat.CHAIR, actor=officer)
    scored = [evaluation.scored_case(activity=made.activity) for _n in range(cases)]
    if scored:
        preparing.add_items(made.pk, [one.pk for one in scored], actor=officer)
    for item in made.items.all():
        preparing.set_lead(made.pk, item.pk, chair(made).pk, actor=officer)
    return brought(made, status, officer)


def brought(made: PanelMeeting, status: str, officer: User) -> PanelMeeting:
    """Lead a meeting to a state, step by step; an item that shall be voted on is another matter."""
    way = {
        MeetingStatus.PREPARED: (),
        MeetingStatus.ANNOUNCED: ("announce",),
        MeetingStatus.IN_SESSION: ("announce", "open"),
        MeetingStatus.CLOSED: ("announce", "open", "close"),
        MeetingStatus.CANCELLED: ("cancel",),
    }[MeetingStatus(status)]
    for step in way:
        if step == "open":
            everybody_comes(made, officer)
        made = MEETINGS.perform(step, made.pk, actor=officer, reason="No room.")
    return made


def sit(
    made: PanelMeeting,
    expert: Expert | None = None,
    *,
    seat: str = Seat.MEMBER,
    actor: User | None = None,
) -> PanelMember:
    """Let an expert (or one made for it) sit on the panel, who promised confidentiality."""
    who = expert or evaluation.expert()
    member = preparing.add_member(made.pk, who.pk, actor=actor or accounts.officer(), seat=seat)
    promise(member)
    return member


def promise(member: PanelMember) -> None:
    confidentiality.promise(member.meeting.activity_id, member.expert.user)


def everybody_comes(made: PanelMeeting, officer: User | None = None) -> None:
    for member in made.members.all():
        comes(member, officer)


def comes(member: PanelMember, officer: User | None = None) -> PanelMember:
    actor = officer or accounts.officer()
    return running.attend(member.meeting_id, member.pk, Presence.PRESENT, actor=actor)


def chair(made: PanelMeeting) -> PanelMember:
    return made.members.select_related("expert__user").get(seat=Seat.CHAIR)


def people(made: PanelMeeting) -> list[PanelMember]:
    """Return the members, the chair first."""
    return list(made.members.select_related("expert__user").order_by("seat", "pk"))


def item_of(made: PanelMeeting, place: int = 1) -> PanelItem:
    rows = PanelItem.objects.select_related("case__declaration__organisation", "meeting__activity")
    return rows.get(meeting=made, place=place)


def number_of(item: PanelItem) -> str:
    """Return the number of the declaration an item is about, which it has since it was sent."""
    number = item.case.declaration.number
    assert number is not None
    return number


def voting_item(**how: Any) -> PanelItem:
    """Return an item whose vote is open, of a meeting in session."""
    item = item_of(meeting(MeetingStatus.IN_SESSION, **how))
    return opened(item)


def opened(item: PanelItem, officer: User | None = None) -> PanelItem:
    actor = officer or accounts.officer()
    running.note(item.pk, actor=actor, **OFFICERS_WORDS)
    return perform_item("open_vote", item.pk, actor=actor)


def say(item: PanelItem, *choices: str) -> None:
    """Let the members vote in their order, the chair first."""
    for member, choice in zip(people(item.meeting), choices, strict=False):
        voting.vote(item.pk, choice, actor=member.expert.user)


def voted(item: PanelItem, *choices: str, officer: User | None = None) -> PanelItem:
    """Open the vote if need be, let the members vote, and close it."""
    actor = officer or accounts.officer()
    if item.status == "waiting":
        item = opened(item, actor)
    say(item, *(choices or ("include",) * item.meeting.members.count()))
    return perform_item("close_vote", item.pk, actor=actor)


def spoken(case: Case, *choices: str) -> PanelMeeting:
    """Return a closed meeting in which the panel voted on a case."""
    officer = accounts.officer()
    made = meeting(cases=0, of=case.declaration.activity)
    preparing.add_items(made.pk, [case.pk], actor=officer)
    item = item_of(made)
    preparing.set_lead(made.pk, item.pk, chair(made).pk, actor=officer)
    made = brought(made, MeetingStatus.IN_SESSION, officer)
    voted(item_of(made), *choices, officer=officer)
    return MEETINGS.perform("close", made.pk, actor=officer)
