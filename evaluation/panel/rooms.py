"""Of each item of an agenda how many members may take part, before anybody is in the room.

For all items at once, by the pairs a plan is drawn by: it asks as often for one item as for many,
and may find a tie more than ``barred`` does for one item, never one less.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from django.utils.translation import gettext as _

from evaluation.conflicts import found_late
from evaluation.models import PanelItem, PanelMeeting
from evaluation.panel.counting import LEAST_VOTERS, wanted
from evaluation.panel.pages import Entry
from evaluation.panel.states import NOT_OVER
from evaluation.planning import conflict_pairs
from evaluation.planning.conflict_pairs import Declared


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


def of(meeting: PanelMeeting, items: Iterable[PanelItem]) -> dict[UUID, Room]:
    """Return the room of each item, by its id; nothing while nobody sits on the panel."""
    rows = list(items)
    experts = list(meeting.members.values_list("expert", flat=True))
    if not rows or not experts:
        return {}
    out = _out(rows, experts)
    return {
        one.pk: Room(sum((one.case_id, who) not in out for who in experts), len(experts))
        for one in rows
    }


def _out(items: Sequence[PanelItem], experts: Sequence[UUID]) -> set[tuple[UUID, UUID]]:
    """Return who takes no part in which case."""
    declared = [
        Declared(one.case_id, one.case.declaration.organisation_id, one.case.version_id)
        for one in items
    ]
    found = conflict_pairs.pairs(declared, experts, conflict_pairs.TO_SIT)
    return {*found, *found_late.of_cases([one.case for one in declared], experts)}


def beside(entries: Sequence[Entry], meeting: PanelMeeting) -> list[Entry]:
    """Write its room beside each item the reader sees, until the meeting is over."""
    if meeting.status not in NOT_OVER:
        return list(entries)
    rooms = of(meeting, [one.item for one in entries if one.item])
    return [replace(one, room=rooms.get(one.item.pk)) if one.item else one for one in entries]
