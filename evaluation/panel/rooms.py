"""Of each item of an agenda how many members may take part, before anybody is in the room.

For all items at once, by the pairs a plan is drawn by: it asks as often for one item as for many,
and may find a tie more than ``barred`` does for one item, never one less.
"""

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, replace
from uuid import UUID

from django.utils.translation import gettext as _

from evaluation.conflicts import pairs
from evaluation.models import PanelItem, PanelMeeting, PanelMember
from evaluation.panel import barred
from evaluation.panel.counting import LEAST_VOTERS, wanted
from evaluation.panel.pages import Entry
from evaluation.panel.states import NOT_OVER


@dataclass(frozen=True, slots=True)
class Room:
    """How many members of a meeting may take part in an item."""

    able: int
    members: int

    @property
    def is_enough(self) -> bool:
        return self.able >= LEAST_VOTERS

    def __str__(self) -> str:
        numbers = {"able": self.able, "members": self.members}
        if not self.is_enough:
            said = _("%(able)d of %(members)d members may take part: too few for a vote.")
            return said % numbers
        quorum = {"wanted": max(wanted(self.able), LEAST_VOTERS)}
        said = _("%(able)d of %(members)d members may take part; %(wanted)d make the quorum.")
        return said % (numbers | quorum)


@dataclass(frozen=True, slots=True)
class Seats:
    """Who sits on a panel, and who of them takes no part in which case."""

    experts: Sequence[UUID]
    out: Set[tuple[UUID, UUID]]

    def may(self, item: PanelItem, member: PanelMember) -> bool:
        return (item.case_id, member.expert_id) not in self.out

    def room(self, item: PanelItem) -> Room:
        able = sum((item.case_id, who) not in self.out for who in self.experts)
        return Room(able, len(self.experts))


def seats(meeting: PanelMeeting, items: Iterable[PanelItem]) -> Seats:
    """Return who takes part in the items; as many questions for many as for one."""
    experts = list(meeting.members.values_list("expert", flat=True))
    cases = [one.case for one in items] if experts else []
    return Seats(experts, pairs.out(cases, experts) if cases else frozenset())


def of(meeting: PanelMeeting, items: Iterable[PanelItem]) -> dict[UUID, Room]:
    """Return the room of each item, by its id; nothing while nobody sits on the panel."""
    rows = list(items)
    found = seats(meeting, rows)
    return {one.pk: found.room(one) for one in rows} if found.experts else {}


def beside(
    entries: Sequence[Entry], meeting: PanelMeeting, members: Sequence[PanelMember] = ()
) -> list[Entry]:
    """Write its room beside each item the reader sees, and who of the members may lead it.

    Until the meeting is over.
    """
    if meeting.status not in NOT_OVER:
        return list(entries)
    found = seats(meeting, [one.item for one in entries if one.item])
    return [_beside(one, one.item, found, members) if one.item else one for one in entries]


def _beside(entry: Entry, item: PanelItem, found: Seats, members: Sequence[PanelMember]) -> Entry:
    lead = item.lead
    # Nobody is called barred by a tie that the step itself would not find.
    out = lead is not None and not found.may(item, lead) and not barred.takes_part(item, lead)
    return replace(
        entry,
        room=found.room(item) if found.experts else None,
        may_lead=[one for one in members if found.may(item, one) or (one == lead and not out)],
        lead_is_out=out,
    )
