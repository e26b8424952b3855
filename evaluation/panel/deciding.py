"""What the panel has to say in the decision on a case, where an activity has a panel."""

from django.utils.translation import gettext as _

from core.errors import DomainError
from core.workflow import Act
from evaluation import procedures
from evaluation.models import Case, Decision, PanelItem
from evaluation.panel_states import ItemStatus, MeetingStatus, Proposal

# What each outcome of a decision would be called by the panel.
AGREES = {
    Decision.Outcome.INCLUDED: Proposal.INCLUDE,
    Decision.Outcome.NOT_INCLUDED: Proposal.NOT_INCLUDE,
    Decision.Outcome.DEFERRED: Proposal.DEFER,
}


def spoken(case: Case) -> PanelItem | None:
    """Return what the panel said last of a case; of a meeting that is closed."""
    rows = PanelItem.objects.filter(
        case=case, status=ItemStatus.VOTED, meeting__status=MeetingStatus.CLOSED
    )
    return rows.select_related("meeting").order_by("-meeting__closed_at").first()


def panel_has_spoken(case: Case, _act: Act) -> None:
    """Decide on nothing before the panel, where the activity has one."""
    if not may_be_decided(case):
        raise DomainError(_("The panel has not spoken about this declaration yet."))


def otherwise_has_a_reason(case: Case, act: Act) -> None:
    """Whoever decides otherwise than the panel proposes says why; it is kept with the act."""
    item = spoken(case)
    if item is None:
        return
    act.details["panel"] = {"item": str(item.pk), "proposal": item.proposal}
    if item.proposal != AGREES[Decision.Outcome(act.inputs["outcome"])] and not act.reason:
        said = _("The panel proposes otherwise: please give a reason.")
        raise DomainError(said, field="reason")


def may_be_decided(case: Case) -> bool:
    return not has_panel(case) or spoken(case) is not None


def has_panel(case: Case) -> bool:
    return procedures.of(case.declaration.activity).panel
