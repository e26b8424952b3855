"""The minutes as a document: everything that was noted and voted, sealed by its hash.

People are in it by their ids, so that it stays true, and its hash with it, when a person is
erased; whoever shows it puts the names to the ids.
"""

from typing import Any

from core.canonical import content_hash
from evaluation.models import PanelItem, PanelMeeting, PanelMember
from evaluation.panel import barred, voting
from evaluation.panel.counting import wanted
from evaluation.panel.states import ItemStatus, Presence

VERSION = "1"


def document_of(meeting: PanelMeeting, closed_at: Any) -> dict[str, Any]:
    """Return what the minutes say of a meeting that is being closed."""
    members = list(meeting.members.order_by("seat", "pk"))
    rows = meeting.items.select_related("case__declaration", "lead").order_by("place")
    return {
        "minutes": VERSION,
        "meeting": {
            "id": str(meeting.pk),
            "activity": meeting.activity.code,
            "number": meeting.number,
            "title": meeting.title,
            "place": meeting.place,
            "starts_at": meeting.starts_at.isoformat(),
            "opened_at": meeting.opened_at.isoformat() if meeting.opened_at else None,
            "closed_at": closed_at.isoformat(),
            "ballot": "secret" if meeting.secret else "open",
        },
        "members": [_member(one) for one in members],
        "quorum": {
            "members": len(members),
            "wanted": wanted(len(members)),
            "attended": sum(one.presence in _ATTENDED for one in members),
        },
        "items": [_item(meeting, one, members) for one in rows],
    }


_ATTENDED = (Presence.PRESENT, Presence.LEFT)


def _member(one: PanelMember) -> dict[str, Any]:
    return {
        "expert": str(one.expert_id),
        "seat": one.seat,
        "attendance": one.presence,
        "present_from": one.present_from.isoformat() if one.present_from else None,
        "left_at": one.left_at.isoformat() if one.left_at else None,
    }


def _item(meeting: PanelMeeting, item: PanelItem, members: list[PanelMember]) -> dict[str, Any]:
    item.meeting = meeting
    voted = item.status == ItemStatus.VOTED
    away = item.away if voted else away_from(item)
    by_open_ballot = [] if meeting.secret or not voted else _said(item)
    return {
        "item": item.place,
        "id": str(item.pk),
        "case": str(item.case_id),
        "number": item.case.declaration.number,
        "title": str(item.case.declaration),
        "lead": str(item.lead.expert_id) if item.lead else None,
        "away": away,
        "notes": item.notes,
        "conclusion": item.conclusion,
        "possible": item.voters_possible,
        "present": item.voters_present,
        "voted": sorted(str(one.expert_id) for one in voting.voted(item)) if voted else [],
        "votes": item.counts,
        "said": by_open_ballot,
        "proposal": item.proposal,
        "figures": item.figures_hash,
        "annulled": item.annulled,
    }


def _said(item: PanelItem) -> list[list[str]]:
    rows = item.voters.values_list("member__expert", "choice")
    return sorted([str(expert), choice] for expert, choice in rows)


def away_from(item: PanelItem) -> list[str]:
    """Return the ids of the members who take no part in an item because of a conflict."""
    return sorted(map(str, barred.reasons(item, barred.members_of(item))))


def seal(meeting: PanelMeeting, closed_at: Any) -> None:
    """Write the minutes into a meeting, with their hash."""
    meeting.minutes = document_of(meeting, closed_at)
    meeting.minutes_hash = content_hash(meeting.minutes)


def is_whole(meeting: PanelMeeting) -> bool:
    """Say whether the minutes are what they were when they were sealed."""
    return content_hash(meeting.minutes) == meeting.minutes_hash


def seen_by(meeting: PanelMeeting, items: set[str]) -> dict[str, Any]:
    """Return the minutes for somebody who may see these items: of the others, that they were."""
    document = meeting.minutes
    shown = [
        one if one["id"] in items else {"item": one["item"], "hidden": True}
        for one in document.get("items", [])
    ]
    return {**document, "items": shown}
