"""The life of an objection: what each step asks and does.

Whoever takes a step that touches the entry holds the objection first and the case second; the
clock, which clears the case, holds the case alone.
"""

import datetime as dt
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from core.canonical import content_hash
from core.errors import DomainError
from core.wakeup import wake
from core.workflow import Act, Step, Workflow
from evaluation.clarifications.clarifying import day_of, end_of
from evaluation.models import Case, Objection
from evaluation.objections import mails, naming, objecting, open_to
from evaluation.objections.states import OBJECTION, ObjectionKind, Refusal
from evaluation.states import CaseStatus
from evaluation.workflow import CASES, END_PUBLICITY
from reference import working_days

LONGEST = 8000  # characters of an answer or a ruling
LONGEST_SUMMARY = 2000
LATEST = 90  # days an officer may give the applicant


def _in_time(objection: Objection, act: Act) -> None:
    """Hold the case: it is cleared before this, or finds an objection."""
    case = Case.objects.select_for_update(no_key=True).get(pk=objection.case_id)
    if not objecting.is_open(case, act.arrived_at):
        raise DomainError(
            _(
                "The publicity of this entry was over before the objection was confirmed; it was "
                "not received."
            )
        )


def _receive(objection: Objection, act: Act) -> tuple[str, ...]:
    objection.received_at = act.at
    objection.due_on = working_days.after(day_of(act.at), settings.OBJECTION_DAYS).day
    # The case is held (``_in_time``): no other objection to it takes its place now.
    rows = Objection.objects.filter(case=objection.case_id)
    objection.place = (rows.aggregate(last=Max("place"))["last"] or 0) + 1
    act.details.update(
        case=str(objection.case_id), place=objection.place, due_on=objection.due_on.isoformat()
    )
    return "received_at", "due_on", "place"


def _kind_is_known(_objection: Objection, act: Act) -> None:
    if act.inputs.get("kind") not in ObjectionKind.values:
        raise DomainError(_("Say whether the objection is substantive."), field="kind")


def _admit(objection: Objection, act: Act) -> tuple[str, ...]:
    objection.kind, objection.handled_by, objection.admitted_at = (
        act.inputs["kind"],
        act.actor,
        act.at,
    )
    objection.respond_until = _day(act)
    objection.evidence_told = _told(objection, act)
    act.details.update(
        kind=objection.kind,
        respond_until=objection.respond_until.isoformat(),
        told=content_hash(objection.told_content()),
    )
    return "kind", "handled_by", "admitted_at", "respond_until", "evidence_told"


def _told(objection: Objection, act: Act) -> str:
    """Return what the applicant reads of the evidence; nothing where nothing is passed on."""
    if not str(act.inputs.get("evidence_told") or "").strip():
        return ""
    text = _text(act, "evidence_told", LONGEST, "")
    _names_nobody(objection, text, "evidence_told")
    return text


def _day(act: Act) -> dt.date:
    today = day_of(act.arrived_at)
    day: dt.date | None = act.inputs.get("respond_until")
    if day is None:
        return working_days.after(today, settings.OBJECTION_ANSWER_DAYS).day
    if day < today:
        raise DomainError(_("This day has passed already."), field="respond_until")
    if day > today + dt.timedelta(days=LATEST):
        said = _("This is more than %(days)d days away.") % {"days": LATEST}
        raise DomainError(said, field="respond_until")
    return day


def _refusal_is_known(_objection: Objection, act: Act) -> None:
    if act.inputs.get("refusal") not in Refusal.values:
        raise DomainError(_("Choose why it is not admitted."), field="refusal")


def _reason_names_nobody(objection: Objection, act: Act) -> None:
    """Keep names out of the audit, where the reason of a step stays for ever."""
    _names_nobody(objection, act.reason, "reason")


def _refuse(objection: Objection, act: Act) -> tuple[str, ...]:
    objection.refusal, objection.reason = act.inputs["refusal"], act.reason
    objection.handled_by, objection.settled_at = act.actor, act.at
    act.details["refusal"] = objection.refusal
    return "refusal", "reason", "handled_by", "settled_at"


def _settle(objection: Objection, act: Act) -> tuple[str, ...]:
    objection.settled_at = act.at
    return ("settled_at",)


# The applicant --------------------------------------------------------------------------


def _may_answer(objection: Objection, act: Act) -> None:
    if objection.responded_at is not None:
        raise DomainError(_("The answer was sent already; it is given once."))
    if objection.respond_until is None or act.arrived_at >= end_of(objection.respond_until):
        raise DomainError(_("The day until which this could be answered has passed."))


def _respond(objection: Objection, act: Act) -> tuple[str, ...]:
    objection.response = _text(act, "response", LONGEST, _("Write the answer."))
    objection.responded_at, objection.responded_by = act.at, act.actor
    return "response", "responded_at", "responded_by"


# The ruling -----------------------------------------------------------------------------


def _is_open(objection: Objection, act: Act) -> None:
    """Ask what the page of the objection says before a ruling is typed."""
    for asked in open_to.RULINGS[act.step.name]:
        if said := asked(objection, act.actor, act.at):
            raise DomainError(said)


def _rule(objection: Objection, act: Act) -> tuple[str, ...]:
    ruling = _text(act, "ruling", LONGEST, _("Write the ruling."))
    summary = _text(act, "summary", LONGEST_SUMMARY, _("Write what is published."))
    _names_nobody(objection, ruling, "ruling")
    _names_nobody(objection, summary, "summary")
    objection.ruling, objection.summary = ruling, summary
    objection.ruled_by, objection.settled_at = act.actor, act.at
    act.details.update(
        case=str(objection.case_id),
        kind=objection.kind,
        content=content_hash(objection.ruled_content()),
    )
    return "ruling", "summary", "ruled_by", "settled_at"


def _names_nobody(objection: Objection, text: str, field: str) -> None:
    if told := naming.told_by(objection, text):
        said = _("This tells who objects: “%(words)s”. Write it without.") % {"words": told}
        raise DomainError(said, field=field)


def _text(act: Act, field: str, longest: int, missing: str) -> str:
    text = str(act.inputs.get(field) or "").strip()
    if not text:
        raise DomainError(missing, field=field)
    if len(text) > longest:
        said = _("The text is too long: at most %(most)d characters.") % {"most": longest}
        raise DomainError(said, field=field)
    return text


def _remove_entry(objection: Objection, _act: Act) -> None:
    """Take the entry out, unless another objection has done so already."""
    case = Case.objects.select_for_update(no_key=True).get(pk=objection.case_id)
    if case.status == CaseStatus.PUBLICITY:
        CASES.perform("uphold_objection", case.pk, actor=None, objection=objection.pk)


def _let_go_on(_objection: Objection, _act: Act) -> None:
    """The clock clears the entry if nothing else stands in the way and its time is over."""
    transaction.on_commit(lambda: wake(END_PUBLICITY))


def _tell(what: Any) -> Any:
    return lambda objection, _act: what(objection)


RULING = (_tell(mails.ruled), _let_go_on)

OBJECTIONS: Workflow[Objection] = Workflow(
    OBJECTION,
    Objection,
    {
        "confirm": Step(guards=(_in_time,), change=_receive, after=(_tell(mails.received),)),
        "withdraw": Step(change=_settle, after=(_tell(mails.withdrawn), _let_go_on)),
        "admit": Step(guards=(_kind_is_known,), change=_admit, after=(_tell(mails.admitted),)),
        "refuse": Step(
            guards=(_refusal_is_known, _reason_names_nobody),
            change=_refuse,
            after=(_tell(mails.refused), _let_go_on),
        ),
        "respond": Step(guards=(_may_answer,), change=_respond, after=(_tell(mails.answered),)),
        "dismiss": Step(guards=(_is_open,), change=_rule, after=RULING),
        "correct": Step(guards=(_is_open,), change=_rule, after=RULING),
        "uphold": Step(guards=(_is_open,), change=_rule, after=(_remove_entry, *RULING)),
    },
    shown="hear",
)
