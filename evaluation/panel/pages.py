"""What members and officers are shown of a meeting: agenda, papers, figures without names.

A score sheet is that of "expert 1", "expert 2" and so on, in the order of keys drawn at random.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from core.moments import written
from evaluation import case_page
from evaluation.case_page import Figures
from evaluation.desk import page as desk
from evaluation.models import Case, PanelItem, PanelMeeting, PanelMember, ScoreSheet
from evaluation.panel.counting import quorate, wanted
from evaluation.panel.states import (
    NOT_OVER,
    WITH_PAPERS,
    Choice,
    ItemStatus,
    MeetingStatus,
    Presence,
    Proposal,
)
from evaluation.states import WITH_FIGURES, CaseStatus
from evaluation.verifications import pages as verification_pages
from evaluation.words import VERDICTS

TONES = {
    MeetingStatus.PREPARED: "neutral",
    MeetingStatus.ANNOUNCED: "info",
    MeetingStatus.IN_SESSION: "progress",
    MeetingStatus.CLOSED: "success",
    MeetingStatus.CANCELLED: "danger",
}
ITEM_TONES = {
    ItemStatus.WAITING: "neutral",
    ItemStatus.VOTING: "progress",
    ItemStatus.VOTED: "success",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of an agenda; ``item`` is None where the reader takes no part in it."""

    place: int
    item: PanelItem | None
    tone: str = ""
    state: str = ""  # for officers
    room: Any = None  # for officers: panel.rooms.Room
    # For officers, until it is over: who may present it, and whether who was named may not.
    may_lead: Sequence[PanelMember] = ()
    lead_is_out: bool = False


def agenda(meeting: PanelMeeting, mine: QuerySet[PanelItem]) -> list[Entry]:
    """Return the agenda; of items that are not among ``mine`` only their number. Two queries."""
    rows = mine.filter(meeting=meeting).select_related("case__declaration", "lead__expert__user")
    seen = {one.place: one for one in rows}
    places = meeting.items.order_by("place").values_list("place", flat=True)
    return [
        Entry(place, item, ITEM_TONES[ItemStatus(item.status)], state(item, meeting))
        if item
        else Entry(place, None)
        for place in places
        for item in [seen.get(place)]
    ]


def state(item: PanelItem, meeting: PanelMeeting) -> str:
    """Return whether an item is voted on, or cannot be as its case stands.

    For officers: a member learns of a decision when it is released.
    """
    left = item.case.status != CaseStatus.SCORED and meeting.status in NOT_OVER
    waits = item.status == ItemStatus.WAITING
    return _("no vote now") if waits and left else item.get_status_display()


@dataclass(frozen=True, slots=True)
class OnAgenda:
    """An item about a case, as its page shows it."""

    item: PanelItem
    begins: str
    state: str


def of_case(case: Case, mine: QuerySet[PanelItem]) -> list[OnAgenda]:
    """Return the items about a case, in the order of their meetings; one query."""
    rows = mine.filter(case=case).select_related("case", "meeting", "lead__expert__user")
    ordered = rows.defer("meeting__minutes").order_by("meeting__starts_at", "pk")
    return [
        OnAgenda(one, written(one.meeting.starts_at), state(one, one.meeting)) for one in ordered
    ]


def to_come(case: Case) -> PanelMeeting | None:
    """Return the meeting on whose agenda a case is, where it is not over."""
    return PanelMeeting.objects.filter(items__case=case, status__in=NOT_OVER).first()


def attendance(meeting: PanelMeeting) -> dict[str, Any]:
    """Return the members, and whether they make a quorum; one query."""
    rows = meeting.members.select_related("expert__user").order_by("seat", "pk")
    members = list(rows)
    present = sum(one.presence == Presence.PRESENT for one in members)
    return {
        "members": members,
        "present": present,
        "wanted": wanted(len(members)),
        "quorate": quorate(present, len(members)),
    }


def neighbours(entries: list[Entry], item: PanelItem) -> dict[str, PanelItem | None]:
    """Return the items before and after this one that the reader sees."""
    shown = [one.item for one in entries if one.item]
    here = [one.pk for one in shown].index(item.pk)
    return {
        "before": shown[here - 1] if here else None,
        "after": shown[here + 1] if here + 1 < len(shown) else None,
    }


@dataclass(frozen=True, slots=True)
class Opinion:
    """What an expert wrote to the panel."""

    number: int
    recommendation: str
    comment: str
    remark: str


def papers(item: PanelItem) -> dict[str, Any]:
    """Return the declaration, its figures, and what experts wrote, without the experts' names."""
    if item.meeting.status not in WITH_PAPERS:
        return {}
    return {"sections": desk.read(item.case.version), **judged(item)}


def judged(item: PanelItem) -> dict[str, Any]:
    """Return the figures, what experts wrote, and what defences and visits found."""
    found = figures_of(item)
    return {
        "verified": verification_pages.to_panel(item.case),
        "figures": found,
        "verdict": VERDICTS[found.verdict] if found else None,
        "opinions": opinions(item) if found else [],
    }


def figures_of(item: PanelItem) -> Figures | None:
    case = item.case
    if case.status not in WITH_FIGURES:
        return None
    people = sorted(case_page.asked(case), key=lambda one: one.assignment.pk)
    return case_page.figures(case, people, case_page.decision_of(case))


def opinions(item: PanelItem) -> list[Opinion]:
    sheets = ScoreSheet.objects.submitted().filter(assignment__case=item.case_id)
    return [
        Opinion(number, one.get_recommendation_display(), one.comment, one.remark)
        for number, one in enumerate(sheets.order_by("pk"), 1)
    ]


def outcome(item: PanelItem) -> dict[str, Any] | None:
    """Return what the vote came to; nothing before it was closed."""
    if item.status != ItemStatus.VOTED:
        return None
    return {
        "counts": [(one.label, item.counts.get(one.value, 0)) for one in Choice],
        "proposal": Proposal(item.proposal),
    }


def own_seat(meeting: PanelMeeting, person: Any) -> PanelMember:
    return meeting.members.select_related("expert__user").get(expert=person.pk)
