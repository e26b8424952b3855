"""What the panel has to say in the decision on a case, where an activity has a panel."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.canonical import content_hash
from core.errors import DomainError
from core.models import AuditEntry
from core.workflow import Act
from evaluation import procedures
from evaluation.models import Case, Decision, PanelItem
from evaluation.panel import barred, voting
from evaluation.panel.states import ItemStatus, MeetingStatus, Proposal
from evaluation.results import case_result

# What each outcome of a decision would be called by the panel.
AGREES = {
    Decision.Outcome.INCLUDED: Proposal.INCLUDE,
    Decision.Outcome.NOT_INCLUDED: Proposal.NOT_INCLUDE,
    Decision.Outcome.DEFERRED: Proposal.DEFER,
}


def spoken(case: Case) -> PanelItem | None:
    """Return what the panel said last of a case as it is now; of a meeting that is closed."""
    rows = _said(case)
    if not rows.exists():
        return None
    now = content_hash(case_result(case))
    return rows.filter(figures_hash=now).first()


def _said(case: Case) -> QuerySet[PanelItem]:
    return _said_of([case.pk])


def _said_of(cases: Iterable[UUID]) -> QuerySet[PanelItem]:
    rows = PanelItem.objects.filter(
        case__in=cases, status=ItemStatus.VOTED, meeting__status=MeetingStatus.CLOSED
    )
    return rows.select_related("meeting", "case__declaration").order_by("-meeting__closed_at")


@dataclass(frozen=True, slots=True)
class Vote:
    """How the panel voted on a case at a meeting that is over, and why that counts no more."""

    item: PanelItem
    fault: str = ""

    def __str__(self) -> str:
        meeting = self.item.meeting
        day = timezone.localtime(meeting.closed_at, timezone.get_default_timezone()).date()
        said = _("voted on in “%(meeting)s”, on %(day)s: %(proposal)s") % {
            "meeting": meeting,
            "day": date_format(day, "DATE_FORMAT"),
            "proposal": self.item.get_proposal_display(),
        }
        return f"{said}. {self.fault}" if self.fault else said


def votes_on(cases: Iterable[Case]) -> dict[UUID, Vote]:
    """Return of each case on which the panel voted how, and whether that still counts."""
    known = {one.pk: one for one in cases}
    last: dict[UUID, PanelItem] = {}
    for item in _said_of(known):
        last.setdefault(item.case_id, item)
    return {key: _vote(known[key], item) for key, item in last.items()}


def _vote(case: Case, last: PanelItem) -> Vote:
    item = spoken(case)
    if item is None:
        return Vote(last, _("It does not count any more: the figures have changed since."))
    if barred.reasons(item, voting.voted(item)):
        said = _("It does not count any more: somebody voted who may not take part by now.")
        return Vote(item, said)
    return Vote(item)


def panel_has_spoken(case: Case, _act: Act) -> None:
    """Decide on nothing before the panel, where the activity has one."""
    if (missing := _missing(case)) is not None:
        raise DomainError(missing)


def _missing(case: Case) -> str | None:
    """Return why the panel has still to speak about a case; None where it need not."""
    if not has_panel(case):
        return None
    item = spoken(case)
    if item is None and _said(case).exists():
        return _(
            "The panel voted on other figures than those of now. "
            "Put the declaration on another agenda."
        )
    if item is None:
        return _("The panel has not spoken about this declaration yet.")
    if barred.reasons(item, voting.voted(item)):
        return _(
            "Somebody voted who may not take part in it any more. "
            "Put the declaration on another agenda."
        )
    return None


def panel_still_has_spoken(case: Case, _act: Act) -> None:
    """Asked when it is decided, and again: a tie of who voted may have come up since."""
    if (missing := _missing(case)) is not None:
        said = _("The decision needs the vote of the panel: send it back first. %(missing)s")
        raise DomainError(said % {"missing": missing})


def otherwise_has_a_reason(case: Case, act: Act) -> None:
    """Whoever decides otherwise than the panel proposes says why; it is kept with the act."""
    item = spoken(case)
    if item is None:
        return
    act.details["panel"] = {"item": str(item.pk), "proposal": item.proposal}
    if item.proposal != AGREES[Decision.Outcome(act.inputs["outcome"])] and not act.reason:
        said = _("The panel proposes otherwise: please give a reason.")
        raise DomainError(said, field="reason")


def told_of(decision: Decision) -> tuple[Proposal, str] | None:
    """Return what the panel proposed when this was decided, and the reason that was given."""
    acts = AuditEntry.objects.filter(
        act="case.decide", subject_type="case", subject_id=str(decision.case_id)
    )
    act = acts.filter(details__decision=decision.pk).order_by("-pk").first()
    if act is None or "panel" not in act.details:
        return None
    return Proposal(act.details["panel"]["proposal"]), act.reason


def may_be_decided(case: Case) -> bool:
    return _missing(case) is None


def has_panel(case: Case) -> bool:
    return procedures.of(case.declaration.activity).panel
