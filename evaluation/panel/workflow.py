"""What each step of a panel meeting and of an item on its agenda asks and does."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from core.canonical import content_hash
from core.errors import DomainError
from core.workflow import Act, Step, Workflow
from evaluation.models import PanelItem, PanelMeeting, PanelMember
from evaluation.panel import barred, mails, minutes, readiness, voting
from evaluation.panel.counting import LEAST_VOTERS, proposal, quorate
from evaluation.panel.running import lock_item
from evaluation.panel.states import ITEM, MEETING, ItemStatus, MeetingStatus, Presence
from evaluation.results import case_result
from evaluation.states import CaseStatus
from evaluation.verifications import verifying

# The meeting -----------------------------------------------------------------------------


def _is_ready(meeting: PanelMeeting, act: Act) -> None:
    _refuse_first(readiness.to_announce(meeting, act.at))


def _refuse_first(missing: Iterator[str]) -> None:
    if (said := next(missing, None)) is not None:
        raise DomainError(said)


def _announce(meeting: PanelMeeting, act: Act) -> tuple[str, ...]:
    meeting.announced_at, meeting.reason = act.at, ""
    return "announced_at", "reason"


def _tell_announced(meeting: PanelMeeting, _act: Act) -> None:
    mails.announced(meeting)


def _keep_reason(meeting: PanelMeeting, act: Act) -> tuple[str, ...]:
    meeting.reason = act.reason
    return ("reason",)


def _clear_attendance(meeting: PanelMeeting, act: Act) -> tuple[str, ...]:
    """Members are asked anew: nobody is noted as present or excused."""
    meeting.members.update(presence="", present_from=None, left_at=None)
    return _keep_reason(meeting, act)


def _tell_off(meeting: PanelMeeting, act: Act) -> None:
    if meeting.announced_at is not None:
        mails.off(meeting, act.reason)


def _is_quorate(meeting: PanelMeeting, act: Act) -> None:
    _refuse_first(readiness.to_open(meeting))
    act.details.update(
        present=meeting.members.filter(presence=Presence.PRESENT).count(),
        members=meeting.members.count(),
    )


def _open(meeting: PanelMeeting, act: Act) -> tuple[str, ...]:
    meeting.opened_at = act.at
    return ("opened_at",)


def _no_vote_is_open(meeting: PanelMeeting, _act: Act) -> None:
    if meeting.items.filter(status=ItemStatus.VOTING).exists():
        raise DomainError(_("A vote is open. Close or annul it first."))


def _votes_hold(meeting: PanelMeeting, _act: Act) -> None:
    rows = meeting.items.filter(status=ItemStatus.VOTED).select_related("case__declaration")
    for item in rows.order_by("place"):
        _nobody_voted_with_a_conflict(item)


def _nobody_voted_with_a_conflict(item: PanelItem) -> None:
    if barred.reasons(item, voting.voted(item)):
        said = _("Somebody voted on item %(item)d who may not take part in it. Annul the vote.")
        raise DomainError(said % {"item": item.place})


def _close(meeting: PanelMeeting, act: Act) -> tuple[str, ...]:
    meeting.closed_at = act.at
    minutes.seal(meeting, act.at)
    act.details["minutes"] = meeting.minutes_hash
    return "closed_at", "minutes", "minutes_hash"


MEETINGS: Workflow[PanelMeeting] = Workflow(
    MEETING,
    PanelMeeting,
    {
        "announce": Step(
            guards=(_is_ready,),
            change=_announce,
            after=(_tell_announced,),
        ),
        "take_back": Step(change=_clear_attendance, after=(_tell_off,)),
        "open": Step(guards=(_is_quorate,), change=_open),
        "close": Step(guards=(_no_vote_is_open, _votes_hold), change=_close),
        "cancel": Step(change=_keep_reason, after=(_tell_off,)),
    },
)

# An item ---------------------------------------------------------------------------------

OF_THE_VOTE = ("counts", "proposal", "away", "voters_possible", "voters_present")


def _in_session(item: PanelItem, _act: Act) -> None:
    if item.meeting.status != MeetingStatus.IN_SESSION:
        raise DomainError(_("The meeting is not in session."))


def _case_is_scored(item: PanelItem, _act: Act) -> None:
    if item.case.status != CaseStatus.SCORED:
        raise DomainError(readiness.not_scored(item))


def _is_concluded(item: PanelItem, _act: Act) -> None:
    _refuse_first(readiness.lead(item))
    if not item.conclusion:
        raise DomainError(_("Write the conclusion of the lead reviewer first."))


def room(item: PanelItem) -> tuple[list[PanelMember], list[PanelMember]]:
    """Return the members who may take part in an item, and those of them who are present."""
    members = barred.members_of(item)
    out = barred.reasons(item, members)
    able = [one for one in members if one.expert_id not in out]
    return able, [one for one in able if one.presence == Presence.PRESENT]


def _has_quorum(item: PanelItem, act: Act) -> None:
    able, present = room(item)
    if len(present) < LEAST_VOTERS or not quorate(len(present), len(able)):
        raise DomainError(
            _("%(present)d of the %(able)d members who may take part are present: too few to vote.")
            % {"present": len(present), "able": len(able)}
        )
    act.details.update(present=len(present), able=len(able))


def _enough_voted(item: PanelItem, _act: Act) -> None:
    able, _present = room(item)
    voted = item.voters.count()
    if voted < LEAST_VOTERS or not quorate(voted, len(able)):
        raise DomainError(
            _("%(voted)d of the %(able)d members who may take part have voted: too few.")
            % {"voted": voted, "able": len(able)}
        )


def _everybody_voted(item: PanelItem, _act: Act) -> None:
    """Nobody is left out: a vote annulled and repeated with one more would tell that one's."""
    _able, present = room(item)
    voted = {one.pk for one in voting.voted(item)}
    missing = ", ".join(str(one) for one in present if one.pk not in voted)
    if missing:
        said = _("Not everybody who is present has voted yet: %(names)s")
        raise DomainError(said % {"names": missing})


def _voters_hold(item: PanelItem, _act: Act) -> None:
    _nobody_voted_with_a_conflict(item)


def _verifications_are_in(item: PanelItem, act: Act) -> None:
    """The panel votes on what was found as well."""
    verifying.nothing_is_open(item.case, act)


def _keep_figures(item: PanelItem, _act: Act) -> tuple[str, ...]:
    item.figures_hash = content_hash(case_result(item.case))
    return ("figures_hash",)


def _figures_hold(item: PanelItem, _act: Act) -> None:
    if content_hash(case_result(item.case)) != item.figures_hash:
        said = _("The figures of item %(item)d changed while the vote was open. Annul the vote.")
        raise DomainError(said % {"item": item.place})


def _count(item: PanelItem, act: Act) -> tuple[str, ...]:
    able, present = room(item)
    item.counts = voting.counts(item)
    item.proposal = proposal(item.counts)
    item.away = minutes.away_from(item)
    item.voters_possible, item.voters_present = len(able), len(present)
    act.details.update(votes=item.counts, proposal=item.proposal, figures=item.figures_hash)
    return OF_THE_VOTE


def _annul(item: PanelItem, act: Act) -> tuple[str, ...]:
    voting.empty(item)
    item.counts, item.proposal, item.away = {}, "", []
    item.voters_possible = item.voters_present = 0
    item.figures_hash = ""
    item.annulled = [*item.annulled, {"at": act.at.isoformat(), "reason": act.reason}]
    return (*OF_THE_VOTE, "figures_hash", "annulled")


ITEMS: Workflow[PanelItem] = Workflow(
    ITEM,
    PanelItem,
    {
        "open_vote": Step(
            guards=(
                _in_session,
                _case_is_scored,
                _verifications_are_in,
                _is_concluded,
                _has_quorum,
            ),
            change=_keep_figures,
        ),
        "close_vote": Step(
            guards=(
                _in_session,
                _case_is_scored,
                _enough_voted,
                _everybody_voted,
                _voters_hold,
                _figures_hold,
            ),
            change=_count,
        ),
        "repeat_vote": Step(guards=(_in_session,), change=_annul),
    },
)


@transaction.atomic
def perform_item(name: str, pk: UUID, *, actor: Any, reason: str = "") -> PanelItem:
    """Take a step of an item; its meeting is held first, so that it is not closed meanwhile."""
    lock_item(pk)
    return ITEMS.perform(name, pk, actor=actor, reason=reason)
