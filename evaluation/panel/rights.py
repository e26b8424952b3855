"""Rows of the table of rights: meetings of the panel, their items, who sits and who votes.

The enterprise has no row here, before the release or after. A member who has a conflict with an
item has none on it: neither title nor papers, neither notes nor the outcome.
"""

from typing import Any

from django.db.models import Model, Q

from accounts.roles import Role
from core.rights import Address, Bar, ObjectRights, rule, staff
from evaluation.models import (
    Commitment,
    ConflictCheck,
    PanelBallot,
    PanelItem,
    PanelMeeting,
    PanelMember,
    PanelRecusal,
    PanelVoter,
    ScoreSheet,
)
from evaluation.panel.states import KNOWN_TO_MEMBERS, WITH_PAPERS, MeetingStatus
from evaluation.relations import (
    COMPETING,
    EXPERTS,
    JOINTLY,
    OFFICER,
    OFFICERS,
    bars,
    competing,
    joint_to,
)
from evaluation.states import SheetStatus


def sitting(user: Any) -> Q | None:
    """Sit on the panel of a meeting, once it is announced."""
    if not user.is_authenticated or Role.EXPERT not in user.roles:
        return None
    seats = PanelMember.objects.filter(expert=user.pk)
    return Q(pk__in=seats.values("meeting"), status__in=sorted(KNOWN_TO_MEMBERS))


def taking_part(user: Any) -> Q | None:
    """Sit on the panel that an item is before, having promised confidentiality."""
    if not user.is_authenticated or Role.EXPERT not in user.roles:
        return None
    seats = PanelMember.objects.filter(expert=user.pk, meeting__status__in=sorted(KNOWN_TO_MEMBERS))
    promised = Commitment.objects.filter(person=user.pk)
    return Q(
        meeting__in=seats.values("meeting"),
        meeting__activity__in=promised.values("activity"),
    )


def recused(user: Any) -> Q | None:
    """Name the items of cases one takes no part in, as one said or an officer noted at a panel."""
    rows = PanelRecusal.objects.filter(member__expert=user.pk)
    return Q(case__in=rows.values("item__case"))


def sat_on_its_panel(user: Any) -> Q | None:
    """Name the cases of meetings one sat on: who proposed does not decide as an officer."""
    items = PanelItem.objects.filter(
        meeting__members__expert=user.pk, meeting__status__in=sorted(KNOWN_TO_MEMBERS)
    )
    return Q(pk__in=items.values("case"))


def known_conflict(user: Any) -> Q | None:
    """Name the items one declared a conflict with, or had one found, when asked to score."""
    said = ConflictCheck.objects.filter(
        assignment__expert=user.pk, answer=ConflictCheck.Answer.CONFLICT
    )
    found = ScoreSheet.objects.filter(assignment__expert=user.pk, status=SheetStatus.EXCLUDED)
    return Q(case__in=said.values("assignment__case")) | Q(
        case__in=found.values("assignment__case")
    )


RECUSED = "items of cases one takes no part in, by one’s own word or an officer’s"
CASE_BAR = Bar(
    OFFICERS,
    sat_on_its_panel,
    "cases of a panel one sat on",
    frozenset({"decide", "release", "co_release"}),
)
KNOWN = "items one had declared a conflict with, or where one was found, when asked to score"

OBJECTS = (
    ObjectRights(
        "panel meeting",
        PanelMeeting,
        relations={Role.EXPERT: sitting, **OFFICER},
        rules=[
            # Not "read": an officer with a conflict must not come in by the members' door.
            rule(Role.EXPERT, "attend"),
            rule(Role.OFFICER, "read add"),
            rule(Role.OFFICER, "edit", {MeetingStatus.PREPARED}),
            rule(Role.OFFICER, "run", WITH_PAPERS),
            rule(Role.OFFICER, "lead", WITH_PAPERS | {MeetingStatus.PREPARED}),
            rule(Role.OFFICER, "cancel", {MeetingStatus.PREPARED, MeetingStatus.ANNOUNCED}),
        ],
        bars=[Bar(OFFICERS, competing("activity"), COMPETING)],
    ),
    ObjectRights(
        "panel item",
        PanelItem,
        relations={Role.EXPERT: taking_part, **OFFICER},
        rules=[rule(Role.EXPERT, "see"), rule(Role.OFFICER, "read run")],
        bars=[
            *bars("case"),
            Bar(EXPERTS, joint_to("case__declaration"), JOINTLY),
            Bar(EXPERTS, recused, RECUSED),
            Bar(EXPERTS, known_conflict, KNOWN),
        ],
    ),
)

# Seen by officers with what they belong to; ballots by nobody singly, but for the rows they are.
PARTS: dict[type[Model], str] = {
    PanelMember: "meeting",
    PanelRecusal: "item",
    PanelVoter: "item",
    PanelBallot: "item",
}

ADDRESSES: dict[str, Address] = {
    "evaluation:panel-list": staff(Role.EXPERT),
    "evaluation:panel": staff(Role.EXPERT, needs="attend panel meeting"),
    "evaluation:panel-*": staff(Role.EXPERT, needs="see panel item"),
    "evaluation:panel-minutes": staff(Role.EXPERT, needs="attend panel meeting"),
    "evaluation:panel-promise": staff(Role.EXPERT, needs="attend panel meeting"),
}


def with_papers(user: Any) -> Q | None:
    """Hold the role on the declarations of items one takes part in, until the meeting is over."""
    if taking_part(user) is None:
        return None
    items = PanelItem.objects.with_right(user, "see").filter(
        meeting__status__in=sorted(WITH_PAPERS)
    )
    return Q(pk__in=items.values("case__declaration"))
