"""Who takes no part in an item, and why: ties as for experts, what was said, what was noted.

The same as the table of rights has as a condition (``panel_rights.taking_part``); a test holds
the two against each other.
"""

from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from evaluation.conflicts import found_late
from evaluation.conflicts.finding import Kind, conflicts_of
from evaluation.models import PanelItem, PanelMember, PanelRecusal


def reasons(item: PanelItem, members: Iterable[PanelMember]) -> dict[UUID, list[str]]:
    """Return why each of the members may not take part, by expert; who may is not there."""
    experts = [one.expert for one in members]
    keys = [one.pk for one in experts]
    found: dict[UUID, list[str]] = defaultdict(list)
    for expert, conflicts in conflicts_of(experts, item.case.declaration).items():
        for conflict in conflicts:
            if conflict.kind == Kind.PANEL:
                continue  # with its own words, below
            found[expert].append(str(conflict.reason))
    for expert, why in found_late.of_case(item.case_id, keys):
        found[expert].append(str(why))
    # At whichever meeting it was said.
    recusals = PanelRecusal.objects.filter(item__case=item.case_id, member__expert__in=keys)
    for expert, reason in recusals.values_list("member__expert", "reason"):
        found[expert].append(reason)
    return dict(found)


def members_of(item: PanelItem) -> list[PanelMember]:
    """Return all members of the meeting of an item, the chair first."""
    rows = PanelMember.objects.filter(meeting=item.meeting_id)
    return list(rows.select_related("expert__user", "expert__employer").order_by("seat", "pk"))


def takes_part(item: PanelItem, member: PanelMember) -> bool:
    return not reasons(item, [member])
