"""Minutes and votes of the panel held against what the audit kept when they were closed."""

from core.canonical import content_hash
from evaluation.models import PanelItem, PanelMeeting
from evaluation.panel.states import ItemStatus
from evaluation.replaying.findings import Findings
from evaluation.replaying.records import Said, said_of
from submissions.models import Activity

CLOSED = "panel meeting.close"
COUNTED, ANNULLED = "panel item.close_vote", "panel item.repeat_vote"


def check_panels(activity: Activity, found: Findings) -> None:
    """Report minutes and votes that are not as they were closed, or that no act closed."""
    _check_minutes(activity, found)
    _check_votes(activity, found)


def _check_minutes(activity: Activity, found: Findings) -> None:
    stored = {str(one.pk): one for one in PanelMeeting.objects.filter(activity=activity)}
    said = {one.subject: one for one in said_of("panel meeting", stored, (CLOSED,))}
    for key, meeting in stored.items():
        recorded = said[key].details["minutes"] if key in said else ""
        if meeting.minutes_hash != recorded:
            found.fault(meeting, "its seal is not the one that was recorded")
        elif recorded and content_hash(meeting.minutes) != recorded:
            found.fault(meeting, "it is not what was sealed")
        elif recorded:
            found.counts["minutes"] += 1


def _check_votes(activity: Activity, found: Findings) -> None:
    stored = {str(one.pk): one for one in PanelItem.objects.filter(meeting__activity=activity)}
    last: dict[str, Said] = {}
    for one in said_of("panel item", stored, (COUNTED, ANNULLED)):
        last[one.subject] = one
    for key, item in stored.items():
        act = last.get(key)
        counted = act is not None and act.act == COUNTED
        if (item.status == ItemStatus.VOTED) != counted:
            found.fault(item, "it is not voted on as the audit says")
        elif act is not None and counted:
            _check_vote(item, act, found)


def _check_vote(item: PanelItem, act: Said, found: Findings) -> None:
    told = act.details
    if (item.counts, item.proposal) != (told["votes"], told["proposal"]):
        found.fault(item, "its votes are not those that were counted")
    elif item.figures_hash != told.get("figures", ""):  # an older act does not tell
        found.fault(item, "its figures are not those that were voted on")
    else:
        found.counts["votes of panels"] += 1
