"""What the members of a panel are mailed: the date, and that it does not stand."""

from typing import Any

from accounts.holders import officers_with
from accounts.models import User
from accounts.notifications import address
from core import mail
from core.moments import written
from evaluation.models import PanelItem, PanelMeeting


def announced(meeting: PanelMeeting) -> None:
    _tell("panel_announced", meeting)


def off(meeting: PanelMeeting, reason: str) -> None:
    """Tell that the meeting is not held as it was announced."""
    _tell("panel_off", meeting, reason=reason)


def conflict(item: PanelItem, but: User) -> None:
    """Tell the officers of the case, except who noted it, that an expert who scored it left."""
    declaration = item.case.declaration
    for officer in officers_with("read", item.case):
        if officer.pk == but.pk:
            continue
        link = address("admin:evaluation_case_change", item.case_id, language=officer.language)
        values = {"reader": officer.name, "number": declaration.number, "link": link}
        mail.write("panel_conflict", to=officer.email, language=officer.language, context=values)


def told(meeting: PanelMeeting) -> list[User]:
    """Return who gets a mail about a meeting."""
    members = meeting.members.filter(expert__user__is_active=True).select_related("expert__user")
    return [one.expert.user for one in members.order_by("pk")]


def _tell(template: str, meeting: PanelMeeting, **context: Any) -> None:
    for to in told(meeting):
        values = {
            "reader": to.name,
            "title": meeting.title,
            "activity": meeting.activity,
            "begins": written(meeting.starts_at),
            "place": meeting.place,
            "link": address("evaluation:panel", meeting.pk, language=to.language),
            **context,
        }
        mail.write(template, to=to.email, language=to.language, context=values)
