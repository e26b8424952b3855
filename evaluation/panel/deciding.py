"""What the panel has to say in the decision on a case, where an activity has a panel."""

from collections.abc import Iterable, Mapping
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
from evaluation.conflicts import pairs
from evaluation.models import Case, Decision, PanelItem, PanelVoter
from evaluation.panel import barred, voting
from evaluation.panel.states import ItemStatus, MeetingStatus, Proposal
from evaluation.results import case_result, case_results

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
    return _said_of([case.pk]).select_related("case__declaration")


def _said_of(cases: Iterable[UUID]) -> QuerySet[PanelItem]:
    rows = voted().filter(case__in=cases)
    ordered = rows.select_related("meeting").order_by("-meeting__closed_at")
    return ordered.defer("meeting__minutes")


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
    """Return of each case on which the panel voted how, and whether that still counts.

    The cases bring their declarations and criteria sets; as many questions for many as for one.
    Of conflicts it learns by the pairs a plan is drawn by, as ``rooms`` does.
    """
    known = {one.pk: one for one in cases}
    said: dict[UUID, list[PanelItem]] = {}
    for one in _said_of(known):
        said.setdefault(one.case_id, []).append(one)
    if not said:
        return {}
    now = {
        key: content_hash(result)
        for key, result in case_results(known[key] for key in said).items()
    }
    counting = {
        key: item
        for key, items in said.items()
        if (item := _with_figures(items, now[key])) is not None
    }
    broken = _voted_with_a_conflict(counting, known)
    return {key: _vote(items, counting.get(key), broken) for key, items in said.items()}


def _with_figures(items: Iterable[PanelItem], figures: str) -> PanelItem | None:
    return next((one for one in items if one.figures_hash == figures), None)


def _voted_with_a_conflict(
    counting: Mapping[UUID, PanelItem], known: Mapping[UUID, Case]
) -> set[UUID]:
    """Return the cases on which somebody voted who may not take part by now."""
    rows = PanelVoter.objects.filter(item__in=[one.pk for one in counting.values()])
    voters = set(rows.values_list("item__case", "member__expert"))
    if not voters:
        return set()
    out = pairs.out([known[key] for key in counting], sorted({who for _case, who in voters}))
    return {case for case, _who in voters & out}


def _vote(items: list[PanelItem], counting: PanelItem | None, broken: set[UUID]) -> Vote:
    if counting is None:
        return Vote(items[0], _("It does not count any more: the figures have changed since."))
    if counting.case_id in broken:
        said = _("It does not count any more: somebody voted who may not take part by now.")
        return Vote(counting, said)
    return Vote(counting)


def panel_has_spoken(case: Case, _act: Act) -> None:
    """Decide on nothing before the panel, where the activity has one."""
    if (lacking := missing(case)) is not None:
        raise DomainError(lacking)


def missing(case: Case) -> str | None:
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
    if (lacking := missing(case)) is not None:
        said = _("The decision needs the vote of the panel: send it back first. %(missing)s")
        raise DomainError(said % {"missing": lacking})


def otherwise_has_a_reason(case: Case, act: Act) -> None:
    """Whoever decides otherwise than the panel proposes says why; it is kept with the act."""
    item = spoken(case)
    if item is None:
        return
    act.details["panel"] = {"item": str(item.pk), "proposal": item.proposal}
    if _is_otherwise(item.proposal, act.inputs["outcome"]) and not act.reason:
        said = _("The panel proposes otherwise: please give a reason.")
        raise DomainError(said, field="reason")


def _is_otherwise(proposal: str, outcome: str) -> bool:
    return proposal != AGREES[Decision.Outcome(outcome)]


def told_of(decision: Decision) -> tuple[Proposal, str] | None:
    """Return what the panel proposed when this was decided, and why that was not followed."""
    acts = AuditEntry.objects.filter(
        act="case.decide", subject_type="case", subject_id=str(decision.case_id)
    )
    act = acts.filter(details__decision=decision.pk).order_by("-pk").first()
    if act is None or "panel" not in act.details:
        return None
    proposal = Proposal(act.details["panel"]["proposal"])
    return proposal, act.reason if _is_otherwise(proposal, decision.outcome) else ""


def voted() -> QuerySet[PanelItem]:
    """Return the items on which a panel voted; whether that still counts is another matter."""
    return PanelItem.objects.filter(status=ItemStatus.VOTED, meeting__status=MeetingStatus.CLOSED)


def may_be_decided(case: Case) -> bool:
    return missing(case) is None


def has_panel(case: Case) -> bool:
    return procedures.of(case.declaration.activity).panel
