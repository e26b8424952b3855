"""Defences and on-site verifications: arranged, answered by the enterprise once, reported.

What an activity asks for says its procedure. The report is the officers' and the panel's; it
changes no score sheet, and the enterprise learns of the appointment only.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from core import rights
from core.canonical import content_hash
from core.clock import database_now
from core.errors import DomainError, TransitionError
from core.workflow import Act, Step, Workflow
from evaluation import procedures
from evaluation.conflicts import found_late, of_officers
from evaluation.letters import writing as letter_writing
from evaluation.models import Case, Expert, Procedure, Verification
from evaluation.verifications import mails
from evaluation.verifications.states import (
    VERIFICATION,
    Answer,
    Kind,
    Result,
    VerificationStatus,
)
from evaluation.writes import record

LONGEST = 20000  # characters of a report
LONGEST_POINT = 400
MOST_POINTS = 20


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an officer fills in to arrange one."""

    kind: str
    held_at: dt.datetime
    place: str
    prepare: str
    points: Sequence[str]
    experts: Sequence[Expert] = ()
    officers: Sequence[User] = ()


@transaction.atomic
def arrange(case_id: UUID, wanted: Wanted, *, actor: User) -> Verification:
    """Arrange a defence or a visit, and tell the enterprise and who takes part."""
    # Held: the case is decided before this, or after.
    case = Case.objects.select_for_update(no_key=True).get(pk=case_id)
    if not rights.can(actor, "verify", case):
        if rights.can(actor, rights.READ, case):
            raise TransitionError(_("This is arranged while the case is scored and not decided."))
        raise PermissionDenied(f"arrange a verification of {case_id}")
    now = database_now()
    _is_asked_for(case, wanted.kind)
    if wanted.held_at <= now:
        raise DomainError(_("This moment has passed already."), field="held_at")
    points = _points(wanted.points)
    _can_take_part(case, wanted)
    for field, text in (("place", wanted.place), ("prepare", wanted.prepare)):
        letter_writing.names_nobody(case, text, field=field)
    made = Verification.objects.create(
        case=case,
        kind=wanted.kind,
        held_at=wanted.held_at,
        place=_text(wanted.place, "place", _("Say where it is held."), 400),
        prepare=_text(wanted.prepare, "prepare", _("Say what the enterprise prepares.")),
        points=points,
        arranged_by=actor,
        arranged_at=now,
    )
    made.experts.set(wanted.experts)
    made.officers.set(wanted.officers)
    record("verification.arranged", made, actor, details=_told(made, wanted))
    mails.arranged(made)
    return made


def _is_asked_for(case: Case, kind: str) -> None:
    if kind not in Kind.values:
        raise DomainError(_("Choose what is held."), field="kind")
    if asked_for(case, kind) == Procedure.Verified.NONE:
        said = {
            Kind.DEFENCE: _("This activity asks for no defence."),
            Kind.SITE_VISIT: _("This activity asks for no on-site verification."),
        }
        raise DomainError(said[Kind(kind)], field="kind")
    rows = Verification.objects.filter(case=case, kind=kind, status=VerificationStatus.ARRANGED)
    if rows.exists():
        raise DomainError(_("It is arranged already. Cancel it first."), field="kind")


def asked_for(case: Case, kind: str) -> str:
    """Return for which declarations the activity asks for it."""
    return str(getattr(procedures.of(case.declaration.activity), kind))


def _points(points: Sequence[str]) -> list[str]:
    listed = [" ".join(one.split()) for one in points if one.strip()]
    if not listed:
        raise DomainError(_("Say what is verified, one point in a line."), field="points")
    if len(listed) > MOST_POINTS:
        raise DomainError(_("At most %(most)d points.") % {"most": MOST_POINTS}, field="points")
    if any(len(one) > LONGEST_POINT for one in listed):
        said = _("A point has at most %(most)d characters.") % {"most": LONGEST_POINT}
        raise DomainError(said, field="points")
    return listed


def _can_take_part(case: Case, wanted: Wanted) -> None:
    if wanted.kind == Kind.DEFENCE and not wanted.experts:
        raise DomainError(_("A defence is held before experts. Choose one."), field="experts")
    if not wanted.experts and not wanted.officers:
        raise DomainError(_("Choose who takes part."), field="officers")
    keys = [one.pk for one in wanted.experts]
    available = set(Expert.objects.available().filter(pk__in=keys).values_list("pk", flat=True))
    found = found_late.against(case, wanted.experts)
    for expert in wanted.experts:
        if expert.pk not in available:
            raise DomainError(_("%s is not available.") % expert, field="experts")
        for reason in found.get(expert.pk, ()):
            said = _("%(expert)s cannot take part. %(reason)s")
            raise DomainError(said % {"expert": expert, "reason": reason}, field="experts")
    for officer in wanted.officers:
        if not rights.can(officer, "verify", case):
            raise DomainError(_("%s may not take part.") % officer, field="officers")


def _text(given: object, field: str, missing: str, longest: int = LONGEST) -> str:
    text = str(given or "").strip()
    if not text:
        raise DomainError(missing, field=field)
    if len(text) > longest:
        said = _("The text is too long: at most %(most)d characters.") % {"most": longest}
        raise DomainError(said, field=field)
    return text


def _told(made: Verification, wanted: Wanted) -> dict[str, Any]:
    return {
        "case": str(made.case_id),
        "kind": made.kind,
        "held_at": made.held_at.isoformat(),
        "experts": sorted(str(one.pk) for one in wanted.experts),
        "officers": sorted(str(one.pk) for one in wanted.officers),
    }


# Its life -------------------------------------------------------------------------------------


def _is_not_answered(row: Verification, _act: Act) -> None:
    if row.answered_at is not None:
        raise DomainError(_("You have answered already. It can be answered once."))


def _lies_ahead(row: Verification, act: Act) -> None:
    if act.arrived_at >= row.held_at:
        raise DomainError(_("The moment of the appointment has passed."))


def _answer(row: Verification, act: Act) -> tuple[str, ...]:
    answer = act.inputs.get("answer")
    if answer not in Answer.values:
        raise DomainError(_("Choose an answer."), field="answer")
    reason = str(act.inputs.get("answer_reason") or "").strip()
    if answer == Answer.ANOTHER and not reason:
        raise DomainError(_("Please give a reason."), field="answer_reason")
    row.answer, row.answer_reason = answer, reason if answer == Answer.ANOTHER else ""
    row.answered_by, row.answered_at = act.actor, act.at
    act.details["answer"] = answer
    return "answer", "answer_reason", "answered_by", "answered_at"


def _report(row: Verification, act: Act) -> tuple[str, ...]:
    row.findings = _text(act.inputs.get("findings"), "findings", _("Write what was found."))
    row.results = _results(row, act.inputs.get("results") or ())
    row.reported_by, row.reported_at = act.actor, act.at
    row.content_hash = content_hash(document_of(row))
    act.details["content_hash"] = row.content_hash
    return "findings", "results", "reported_by", "reported_at", "content_hash"


def _results(row: Verification, given: Sequence[tuple[str, str]]) -> list[dict[str, str]]:
    """Return what was found of each point, in their order; none is left out."""
    found = []
    for number, point in enumerate(row.points):
        result, note = given[number] if number < len(given) else ("", "")
        if result not in Result.values:
            raise DomainError(_("Say what was found of every point."), field=f"result_{number}")
        found.append({"point": point, "result": result, "note": note.strip()})
    return found


def _was_held(row: Verification, act: Act) -> None:
    require_held(row, act.at)


def require_held(row: Verification, now: dt.datetime) -> None:
    if now < row.held_at:
        raise DomainError(_("It has not been held yet."))


def _nobody_has_a_conflict(row: Verification, _act: Act) -> None:
    """Asked when it was arranged, and again: a tie may have come up since."""
    experts = list(row.experts.select_related("user").order_by("pk"))
    why = found_late.against(row.case, experts)
    officers = list(row.officers.order_by("pk"))
    why = of_officers.tied([one.pk for one in officers], row.case.declaration) | why
    for person in (*experts, *officers):
        for reason in why.get(person.pk, ()):
            said = _("%(expert)s took part and may not. %(reason)s Cancel it and arrange another.")
            raise DomainError(said % {"expert": person, "reason": reason})


def document_of(row: Verification) -> dict[str, Any]:
    """Return the report as the document its seal is taken of.

    Without files it is what it was before reports had any: those seals hold on.
    """
    files = [one.sealed() for one in row.files.order_by("file_name", "sha256")]
    return {
        "verification": str(row.pk),
        "case": str(row.case_id),
        "kind": row.kind,
        "held_at": row.held_at.isoformat(),
        "place": row.place,
        "experts": sorted(str(pk) for pk in row.experts.values_list("pk", flat=True)),
        "officers": sorted(str(pk) for pk in row.officers.values_list("pk", flat=True)),
        "findings": row.findings,
        "results": row.results,
        **({"files": files} if files else {}),
    }


def _keep_reason(row: Verification, act: Act) -> tuple[str, ...]:
    row.reason = act.reason
    return ("reason",)


def _tell_answered(row: Verification, _act: Act) -> None:
    mails.answered(row)


def _tell_cancelled(row: Verification, _act: Act) -> None:
    mails.cancelled(row)


VERIFICATIONS: Workflow[Verification] = Workflow(
    VERIFICATION,
    Verification,
    {
        "answer": Step(
            guards=(_is_not_answered, _lies_ahead), change=_answer, after=(_tell_answered,)
        ),
        "report": Step(guards=(_was_held, _nobody_has_a_conflict), change=_report),
        "cancel": Step(change=_keep_reason, after=(_tell_cancelled,)),
    },
)


def awaiting_report(rows: QuerySet[Verification]) -> QuerySet[Verification]:
    """Return those whose moment has passed."""
    return rows.filter(status=VerificationStatus.ARRANGED, held_at__lte=database_now())


# With the case --------------------------------------------------------------------------------


def nothing_is_open(case: Case, _act: Act) -> None:
    """Decide after what was arranged is reported, and what the activity asks for was held."""
    rows = Verification.objects.filter(case=case)
    if rows.filter(status=VerificationStatus.ARRANGED).exists():
        raise DomainError(
            _("A defence or on-site verification is arranged. Report on it or cancel it first.")
        )
    done = set(rows.filter(status=VerificationStatus.REPORTED).values_list("kind", flat=True))
    said = {
        Kind.DEFENCE: _("This activity asks for a defence of every declaration."),
        Kind.SITE_VISIT: _("This activity asks for an on-site verification of every declaration."),
    }
    how = procedures.of(case.declaration.activity)
    for kind, sentence in said.items():
        if getattr(how, kind) == Procedure.Verified.EVERY and kind not in done:
            raise DomainError(sentence)
