"""What an objector is told on the page of the link: what happened, and what comes next."""

import datetime as dt

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from evaluation.models import Objection
from evaluation.objections.states import RULED, ObjectionStatus

Told = dict[str, str]  # as components/alert.html takes it


def told(objection: Objection, *, still_open: bool) -> Told:
    """Say in a few sentences where an objection stands; ``still_open``: the publicity goes on."""
    state = ObjectionStatus(objection.status)
    if state == ObjectionStatus.SENT:
        return _unconfirmed(still_open=still_open)
    if state == ObjectionStatus.RECEIVED:
        return {"tone": "success", "text": f"{_confirmed(objection)} {_received(objection)}"}
    if state == ObjectionStatus.ADMITTED:
        return {"tone": "info", "text": _admitted(objection)}
    return {"tone": "info", "text": _settled(objection)}


def _unconfirmed(*, still_open: bool) -> Told:
    if still_open:
        text = _("This objection counts only when you confirm it.")
        return {"tone": "warning", "text": text}
    late = _(
        "The publicity of this entry was over before the objection was confirmed; it was not "
        "received."
    )
    return {"tone": "danger", "text": late}


def _confirmed(objection: Objection) -> str:
    said = _("You confirmed this objection on %(moment)s. It has the number %(number)s.")
    return said % {"moment": _moment(objection.received_at), "number": objection.number}


def _received(objection: Objection) -> str:
    said = _(
        "Officers without a part in this entry now examine whether it is admitted, and rule on it "
        "until the end of %(day)s. Until then the entry is not listed."
    ) % {"day": _day(objection.due_on)}
    return f"{said} {_where(objection)}"


def _admitted(objection: Objection) -> str:
    said = _(
        "The objection was admitted on %(moment)s. The applicant can answer it until the end of "
        "%(answer)s, and it is ruled on until the end of %(day)s."
    ) % {
        "moment": _moment(objection.admitted_at),
        "answer": _day(objection.respond_until),
        "day": _day(objection.due_on),
    }
    return f"{said} {_where(objection)}"


def _where(objection: Objection) -> str:
    if not objection.address:
        return _("This page shows what becomes of it.")
    said = _("You are told by mail to %(address)s, and this page shows it.")
    return said % {"address": objection.address}


def _settled(objection: Objection) -> str:
    ruled = _("The ruling was made on %(moment)s; you read it below.")
    said = {
        ObjectionStatus.REFUSED: _("The objection was not admitted on %(moment)s."),
        ObjectionStatus.WITHDRAWN: _("The objection was withdrawn on %(moment)s."),
    }
    words = said.get(ObjectionStatus(objection.status), ruled)
    return words % {"moment": _moment(objection.settled_at)}


def closed_to_applicant(objection: Objection) -> str:
    """Say to an applicant whose answer came too late why it was not taken."""
    day = _day(objection.settled_at and localtime(objection.settled_at).date())
    if objection.status in RULED:
        return _(
            "Your answer was not sent: the objection was ruled on meanwhile, on %(day)s "
            "(%(outcome)s). No answer is needed."
        ) % {"day": day, "outcome": objection.get_status_display()}
    if objection.status == ObjectionStatus.WITHDRAWN:
        return _(
            "Your answer was not sent: the objection was withdrawn meanwhile, on %(day)s. No "
            "answer is needed."
        ) % {"day": day}
    if objection.responded_at is not None:
        return _("Your answer was not sent: one was sent already, and it is given once.")
    return _("Your answer was not sent: the day until which you could answer has passed.")


def _moment(moment: dt.datetime | None) -> str:
    return date_format(localtime(moment), "DATETIME_FORMAT")


def _day(day: dt.date | None) -> str:
    return date_format(day, "DATE_FORMAT") if day else ""
