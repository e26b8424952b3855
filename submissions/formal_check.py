"""What the steps of the formal check write down: what is to be corrected, why one was rejected."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from core.clock import database_now
from core.errors import DomainError, TransitionError
from core.workflow import Act
from reference import working_days
from reference.models import Term
from reference.vocabularies import Vocabulary
from submissions.models import Attachment, Correction, Declaration, Rejection
from submissions.scheme import Scheme
from submissions.scheme.fields import TEXTS, FieldSpec
from submissions.states import Status

# Within so many working days after the day of the rejection.
DAYS_TO_CONTEST = 10


def note_checker(declaration: Declaration, act: Act) -> tuple[str, ...]:
    declaration.checked_by = act.actor
    return ("checked_by",)


def ask_corrections(declaration: Declaration, act: Act) -> tuple[str, ...]:
    """Write down each thing to correct.

    ``corrections`` are section, reason and perhaps: field; or kind, or attachment (its key); code;
    proposal.
    """
    corrections = act.inputs.get("corrections") or []
    if not corrections:  # a return opens what it names: one without anything would open all
        raise DomainError(_("Name at least one thing to correct."))
    due_on: dt.date | None = act.inputs.get("due_on")
    if due_on and due_on < _day(act.at):
        raise DomainError(_("This day has passed already."), field="due_on")
    scheme = declaration.activity.scheme.load()
    Correction.objects.bulk_create(
        _correction(declaration, scheme, one, act, due_on) for one in corrections
    )
    declaration.returns += 1
    declaration.corrections_due_on = due_on
    act.details.update(corrections=len(corrections))
    if due_on:
        act.details.update(due_on=due_on.isoformat())
    return ("returns", "corrections_due_on")


def overdue(declaration: Declaration, at: dt.datetime | None = None) -> dt.date | None:
    """Return the day the corrections were due, when it has passed: they are not taken any more.

    ``at``: when it is asked; now by the database's clock, which decides, when nobody says.
    """
    due = declaration.corrections_due_on if declaration.status == Status.RETURNED else None
    return due if due and _day(at or database_now()) > due else None


def give_time(declaration: Declaration, act: Act) -> tuple[str, ...]:
    """Move the day the corrections are due; what was asked for stays as it was asked."""
    before: dt.date | None = declaration.corrections_due_on
    due_on: dt.date | None = act.inputs.get("due_on")
    if before is None:
        raise DomainError(_("No day was set: the corrections may come at any time."))
    if due_on is None or due_on <= before:
        message = _("Choose a later day than %(day)s.")
        raise DomainError(message % {"day": before.isoformat()}, field="due_on")
    if due_on < _day(act.at):
        raise DomainError(_("This day has passed already."), field="due_on")
    declaration.corrections_due_on = due_on
    act.details.update(before=before.isoformat(), due_on=due_on.isoformat())
    return ("corrections_due_on",)


def _correction(
    declaration: Declaration,
    scheme: Scheme,
    asked: Mapping[str, Any],
    act: Act,
    due_on: dt.date | None,
) -> Correction:
    if not asked["reason"].strip():
        raise DomainError(_("Say what is to be corrected."))
    attachment = _filed_file(declaration, asked.get("attachment"))
    correction = Correction(
        version=declaration.version,
        section=asked["section"],
        field=asked.get("field", ""),
        kind=attachment.kind if attachment else asked.get("kind", ""),
        attachment=attachment,
        code=asked.get("code", ""),
        reason=asked["reason"],
        proposal=asked.get("proposal", "").strip(),
        asked_by=act.actor,
        due_on=due_on,
    )
    _check_place(scheme, correction)
    _check_code(Vocabulary.RETURN_REASON, correction.code)
    return correction


def _filed_file(declaration: Declaration, key: Any) -> Attachment | None:
    if not key:
        return None
    filed = {one["id"] for one in declaration.version.content["attachments"]}  # type: ignore[union-attr]  # in check there is one
    found = declaration.attachments.filter(pk=key).first() if str(key) in filed else None
    if found is None:
        raise DomainError(_("This file is not part of what was filed."))
    return found


def _check_place(scheme: Scheme, correction: Correction) -> None:
    try:
        part = scheme.section(correction.section)
    except KeyError:
        message = _("The scheme has no section %(key)s.")
        raise DomainError(message % {"key": correction.section}) from None
    members = {one.key: one for one in part.members}
    if correction.field and correction.field not in members:
        raise DomainError(_("The scheme has no field %(key)s.") % {"key": correction.field})
    if correction.kind and correction.kind not in part.attachments:
        raise DomainError(_("Files of this kind are not asked for there."))
    if correction.proposal:
        _check_wording(members.get(correction.field), correction.proposal)


def _check_wording(spec: Any, wording: str) -> None:
    """Refuse what the applicant could not take over and file as it stands."""
    if not isinstance(spec, FieldSpec) or spec.kind not in TEXTS:
        raise DomainError(_("A wording can be proposed for a text only."))
    if fault := spec.fault(wording, lambda _source: ()):
        raise DomainError(fault)


def _check_code(vocabulary: Vocabulary, code: str) -> None:
    if code and not Term.objects.active().filter(vocabulary=vocabulary, code=code).exists():
        raise DomainError(_("Choose one of the list."), field="code")


def note_rejection(declaration: Declaration, act: Act) -> tuple[str, ...]:
    code = act.inputs.get("code", "")
    _check_code(Vocabulary.REJECTION_REASON, code)
    made = Rejection.objects.create(
        declaration=declaration,
        version=declaration.version,  # type: ignore[misc]  # in check there is one
        code=code,
        reason=act.reason,
        rejected_by=act.actor,
        rejected_at=act.at,
        contest_until=working_days.after(_day(act.at), DAYS_TO_CONTEST).day,
    )
    act.details.update(code=code)
    if contest_until(declaration):
        act.details.update(contest_until=made.contest_until.isoformat())
    return ()


def may_be_contested(declaration: Declaration, act: Act) -> None:
    """Refuse a second contest over the same version, and one that comes too late."""
    rows = _of_version(declaration)
    if not rows or any(one.contested_at for one in rows):
        raise TransitionError(_("A rejection can be contested once; this was done."))
    until = rows[-1].contest_until
    if _day(act.arrived_at) > until:
        message = _("The rejection could be contested until %(day)s.")
        raise TransitionError(message % {"day": until.isoformat()})


def note_contest(declaration: Declaration, act: Act) -> tuple[str, ...]:
    Rejection.objects.filter(pk=_last(declaration).pk).update(
        statement=act.reason, contested_by=act.actor, contested_at=act.at
    )
    return ()


def reopen(declaration: Declaration, act: Act) -> tuple[str, ...]:
    """Let the rejection fall; who says so checks on."""
    _answer(declaration, act, upheld=False)
    return note_checker(declaration, act)


def uphold(declaration: Declaration, act: Act) -> tuple[str, ...]:
    _answer(declaration, act, upheld=True)
    return ()


def _answer(declaration: Declaration, act: Act, *, upheld: bool) -> None:
    Rejection.objects.filter(
        declaration=declaration, contested_at__isnull=False, answered_at=None
    ).update(upheld=upheld, answer=act.reason, answered_by=act.actor, answered_at=act.at)


def _last(declaration: Declaration) -> Rejection:
    return Rejection.objects.filter(declaration=declaration).latest("pk")


def _of_version(declaration: Declaration) -> list[Rejection]:
    """Return the rejections of the version in force, the last one last."""
    return list(Rejection.objects.filter(version=declaration.version_id).order_by("pk"))


def contest_until(declaration: Declaration) -> dt.date | None:
    """Return until which day the rejection in force may be contested; None: not, or no more."""
    rows = _of_version(declaration)
    return None if not rows or any(one.contested_at for one in rows) else rows[-1].contest_until


def may_contest_until(declaration: Declaration) -> dt.date | None:
    """Return the day until which the rejection may be contested still; None when it may not."""
    until = contest_until(declaration) if declaration.status == Status.REJECTED else None
    return until if until and _day(database_now()) <= until else None


def _day(moment: dt.datetime) -> dt.date:
    return timezone.localdate(moment, timezone.get_default_timezone())
