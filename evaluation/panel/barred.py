"""Who takes no part in an item, and why: ties as for experts, what was said, what was noted.

The same as the table of rights has as a condition (``panel_rights.taking_part``); a test holds
the two against each other.
"""

from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from evaluation.conflicts.finding import Kind, conflicts_of
from evaluation.models import ConflictCheck, PanelItem, PanelMember, PanelRecusal, ScoreSheet
from evaluation.states import SheetStatus

SAID = _("The expert declared a conflict of interest when asked to score it.")
FOUND = _("A conflict of interest was found after the expert had scored it.")


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
    for expert in _said(item, keys):
        found[expert].append(str(SAID))
    for expert in _found(item, keys):
        found[expert].append(str(FOUND))
    # At whichever meeting it was said.
    recusals = PanelRecusal.objects.filter(item__case=item.case_id, member__expert__in=keys)
    for expert, reason in recusals.values_list("member__expert", "reason"):
        found[expert].append(reason)
    return dict(found)


def _said(item: PanelItem, experts: list[UUID]) -> Iterable[UUID]:
    rows = ConflictCheck.objects.filter(
        assignment__case=item.case_id,
        assignment__expert__in=experts,
        answer=ConflictCheck.Answer.CONFLICT,
    )
    return rows.values_list("assignment__expert", flat=True).distinct()


def _found(item: PanelItem, experts: list[UUID]) -> Iterable[UUID]:
    rows = ScoreSheet.objects.filter(
        assignment__case=item.case_id, assignment__expert__in=experts, status=SheetStatus.EXCLUDED
    )
    return rows.values_list("assignment__expert", flat=True).distinct()


def members_of(item: PanelItem) -> list[PanelMember]:
    """Return all members of the meeting of an item, the chair first."""
    rows = PanelMember.objects.filter(meeting=item.meeting_id)
    return list(rows.select_related("expert__user", "expert__employer").order_by("seat", "pk"))


def takes_part(item: PanelItem, member: PanelMember) -> bool:
    return not reasons(item, [member])
