"""What of an objection is not open to an officer, and why: said before anything is typed.

The guards of the steps ask the same sentences.
"""

import datetime as dt
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core import rights
from core.sentences import follow
from evaluation.clarifications.clarifying import end_of
from evaluation.models import Decision, Objection, PanelItem
from evaluation.objections.states import OPEN, ObjectionKind, ObjectionStatus

Asked = Callable[[Objection, Any, dt.datetime], str]


def not_formal(objection: Objection, _officer: Any, _now: dt.datetime) -> str:
    if objection.kind == ObjectionKind.FORMAL:
        return ""
    return _("An entry stays after an objection that is upheld only if it is not substantive.")


def can_still_answer(objection: Objection, _officer: Any, now: dt.datetime) -> str:
    """Ask to wait: nobody rules against who has not answered and still can."""
    if not _waits_for_the_answer(objection, now):
        return ""
    return _("The applicant can still answer. Wait for the answer, or the day.")


def admitted_oneself(objection: Objection, officer: Any, _now: dt.datetime) -> str:
    """Ask for two officers for what takes an entry out."""
    if officer is not None and objection.handled_by_id != officer.pk:
        return ""
    return _("You admitted this objection. Another officer must rule to remove the entry.")


RULINGS: dict[str, tuple[Asked, ...]] = {
    "dismiss": (),
    "correct": (not_formal, can_still_answer),
    "uphold": (can_still_answer, admitted_oneself),
}


def closed(objection: Objection, officer: Any, now: dt.datetime) -> dict[str, str]:
    """Return which rulings are not open to an officer who may rule, with every reason."""
    if objection.status != ObjectionStatus.ADMITTED:
        return {}
    told = {
        step: follow(*(one(objection, officer, now) for one in asked))
        for step, asked in RULINGS.items()
    }
    return {step: why for step, why in told.items() if why}


def no_part(objection: Objection, officer: Any) -> str:
    """Say why an officer who reads an open objection takes no step of it; empty when one may."""
    status = ObjectionStatus(objection.status)
    right = "handle" if status == ObjectionStatus.RECEIVED else "rule"
    if status not in OPEN or rights.can(officer, right, objection):
        return ""
    return _("%(why)s Other officers admit or refuse the objections to it, and rule on them.") % {
        "why": _part_taken(objection.case_id, officer)
    }


def _part_taken(case: UUID, officer: Any) -> str:
    signed = Decision.objects.standing().filter(case=case)
    for row in signed.values("decided_by", "released_by", "co_released_by"):
        if row["decided_by"] == officer.pk:
            return _("You take no part: you decided on this entry.")
        if row["released_by"] == officer.pk:
            return _("You take no part: you released the decision on this entry.")
        if row["co_released_by"] == officer.pk:
            return _("You take no part: you signed the decision on this entry for CAEPI.")
    if PanelItem.objects.filter(case=case, meeting__members__expert=officer.pk).exists():
        return _("You take no part: you sat on the panel this entry was before.")
    return _("You take no part: you have a conflict of interest with this entry.")


def heard(objection: Objection, now: dt.datetime) -> str:
    """Say whether the applicant was heard before a ruling, and until when it can answer."""
    if objection.responded_at is not None or objection.respond_until is None:
        return ""
    day = {"day": date_format(objection.respond_until, "DATE_FORMAT")}
    if _waits_for_the_answer(objection, now):
        return _("Not yet: it can answer until the end of %(day)s. After a ruling it cannot.") % day
    return _("It did not answer; it could until the end of %(day)s.") % day


def _waits_for_the_answer(objection: Objection, now: dt.datetime) -> bool:
    until = objection.respond_until
    return objection.responded_at is None and until is not None and now < end_of(until)
