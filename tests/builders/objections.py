"""Objections in each state, brought there by the steps a person takes."""

import datetime as dt
import re
from itertools import count
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts.models import User
from core.models import StoredMail
from evaluation.clarifications.clarifying import end_of
from evaluation.models import Case, Objection
from evaluation.objections import files as objection_files
from evaluation.objections import objecting
from evaluation.objections.objecting import Said
from evaluation.objections.states import RULED, ObjectionStatus
from evaluation.objections.workflow import OBJECTIONS
from evaluation.states import CaseStatus
from tests.builders import accounts, clock, evaluation, hostile_files

_numbers = count(1)
RULING = {"ruling": "The measurements hold.", "summary": "The figures were checked and hold."}
STEPS = {
    ObjectionStatus.NOT_UPHELD: "dismiss",
    ObjectionStatus.CORRECTED: "correct",
    ObjectionStatus.UPHELD: "uphold",
}


def said(**given: Any) -> Said:
    """Return what a form holds; a substantive objection with evidence, unless said."""
    return Said(
        **{
            "name": "Wen Yi",
            "unit": "A rival",
            "address": f"objector{next(_numbers)}@example.org",
            "phone": "+86 10 5555 0100",
            "statement": "The removal rate was measured elsewhere.",
            "proposed_kind": "substantive",
            "evidence": "Report 7 of the station.",
            **given,
        }
    )


def posted(**given: Any) -> dict[str, Any]:
    """Return what a browser sends of the form."""
    told = said(**given)
    names = ("name", "unit", "address", "phone", "statement", "proposed_kind", "evidence")
    found = {name: getattr(told, name) for name in names}
    return found | ({"protected": "on"} if told.protected else {})


def picture(name: str = "proof.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, hostile_files.png(), "image/png")


def sent(case: Case | None = None, *, files: int = 0, **given: Any) -> Objection:
    """Return an objection nobody has confirmed."""
    entry = case or evaluation.case(CaseStatus.PUBLICITY)
    with objection_files.SHELF.stored(picture(f"proof{n}.png") for n in range(files)) as stored:
        return objecting.send(entry.pk, said(**given), stored)


def confirm(row: Objection) -> Objection:
    return OBJECTIONS.perform("confirm", row.pk, actor=None)


def received(case: Case | None = None, **given: Any) -> Objection:
    return confirm(sent(case, **given))


def admit(
    row: Objection, *, actor: User | None = None, kind: str = "substantive", **given: Any
) -> Objection:
    return OBJECTIONS.perform(
        "admit", row.pk, actor=actor or accounts.officer(), kind=kind, **given
    )


def admitted(case: Case | None = None, *, kind: str = "substantive", **given: Any) -> Objection:
    return admit(received(case, **given), kind=kind)


def refuse(row: Objection, *, actor: User | None = None, why: str = "no_evidence") -> Objection:
    return OBJECTIONS.perform(
        "refuse", row.pk, actor=actor or accounts.officer(), reason="Nothing to check.", refusal=why
    )


def respond(row: Objection, *, actor: User | None = None, text: str = "It was here.") -> Objection:
    owner = actor or accounts.owner_of(row.case.declaration.organisation)
    return OBJECTIONS.perform("respond", row.pk, actor=owner, response=text)


def rule(row: Objection, step: str, *, actor: User | None = None, **given: Any) -> Objection:
    officer = actor or accounts.officer()
    return OBJECTIONS.perform(step, row.pk, actor=officer, **{**RULING, **given})


def ruled(state: str, case: Case | None = None, **given: Any) -> Objection:
    """Return one that was ruled on, after the applicant answered."""
    kind = "formal" if state == ObjectionStatus.CORRECTED else "substantive"
    row = admitted(case, kind=kind, **given)
    respond(row)
    return rule(row, STEPS[ObjectionStatus(state)])


def objection(state: str, **given: Any) -> Objection:
    """Return one in any state."""
    if state in RULED:
        return ruled(state, **given)
    if state == ObjectionStatus.WITHDRAWN:
        return OBJECTIONS.perform("withdraw", received(**given).pk, actor=None)
    made = {
        ObjectionStatus.SENT: sent,
        ObjectionStatus.RECEIVED: received,
        ObjectionStatus.ADMITTED: admitted,
        ObjectionStatus.REFUSED: lambda **more: refuse(received(**more)),
    }
    return made[ObjectionStatus(state)](**given)


def token_of(row: Objection) -> str:
    """Return the token in the mail to the objector."""
    mail = StoredMail.objects.filter(recipient=row.address, template="objection_sent").latest(
        "created_at"
    )
    (token,) = re.findall(r"/objections/([^/\s]+)/", mail.body)
    return str(token)


def after_the_answer(row: Objection) -> Any:
    """Stop the clock when the applicant can no longer answer."""
    assert row.respond_until
    return clock.stopped(end_of(row.respond_until))


def after_the_end(case: Case, **more: float) -> Any:
    """Stop the clock when the publicity of a case is over, or so long after."""
    ends = Case.objects.get(pk=case.pk).publicity_ends_at or timezone.now()
    return clock.stopped(ends + dt.timedelta(**more))
