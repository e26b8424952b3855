"""What the members of a panel are mailed: the date, and that it does not stand."""

from typing import Any

from accounts.notifications import address
from core import mail
from evaluation.models import PanelMeeting


def announced(meeting: PanelMeeting) -> None:
    _tell("panel_announced", meeting)


def off(meeting: PanelMeeting, reason: str) -> None:
    """Tell that the meeting is not held as it was announced."""
    _tell("panel_off", meeting, reason=reason)


def _tell(template: str, meeting: PanelMeeting, **context: Any) -> None:
    members = meeting.members.filter(expert__user__is_active=True).select_related("expert__user")
    for member in members.order_by("pk"):
        to = member.expert.user
        values = {
            "reader": to.name,
            "title": meeting.title,
            "activity": meeting.activity,
            "starts_at": meeting.starts_at,
            "place": meeting.place,
            "link": address("evaluation:panel", meeting.pk, language=to.language),
            **context,
        }
        mail.write(template, to=to.email, language=to.language, context=values)
