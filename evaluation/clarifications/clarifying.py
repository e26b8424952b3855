"""Questions to the enterprise: an expert asks, an officer passes on or declines, it answers.

The enterprise reads what the officer put to it, never who asked, how many asked or what was
declined. Its answer goes to every expert of the case alike.
"""

import datetime as dt
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from core import rights
from core.clock import database_now
from core.errors import DomainError, TransitionError
from core.workflow import Act, Step, Workflow
from evaluation import review_steps
from evaluation.clarifications import mails
from evaluation.clarifications.states import CLARIFICATION, ClarificationStatus
from evaluation.models import Clarification, ScoreSheet
from evaluation.pool.profiles import each
from evaluation.states import CaseStatus
from evaluation.writes import record

MOST_ASKED = 20  # about one declaration by one expert
LONGEST = 4000  # characters of a question
LONGEST_ANSWER = 8000
LATEST = 90  # days an officer may give
# Who pressed the button in time and waits for the lock is never overtaken by the clock.
PATIENCE = dt.timedelta(minutes=5)


def end_of(day: dt.date) -> dt.datetime:
    """Return the first moment after a day, Beijing."""
    after = dt.datetime.combine(day + dt.timedelta(days=1), dt.time())
    return timezone.make_aware(after, timezone.get_default_timezone())


def day_of(moment: dt.datetime) -> dt.date:
    return timezone.localtime(moment, timezone.get_default_timezone()).date()


@transaction.atomic
def ask(
    assignment_id: UUID,
    *,
    actor: User,
    key: UUID,
    question: str,
    section: str = "",
    field: str = "",
) -> Clarification:
    """Ask about a declaration one is scoring; sent again with the same key it is the same question.

    The case and the sheet are locked, as for a submission: no question comes after it.
    """
    case = review_steps.lock_case_of(assignment_id)
    sheet = _sheet(assignment_id, actor)
    if known := Clarification.objects.filter(pk=key).first():
        if known.assignment_id != sheet.pk:
            raise DomainError(_("Please open the page again and send the question once more."))
        return known
    if case.status != CaseStatus.IN_REVIEW:
        raise DomainError(_("The review of this declaration is complete."))
    if sheet.assignment.clarifications.count() >= MOST_ASKED:
        raise DomainError(_("You have asked as many questions as one expert can ask."))
    made = Clarification.objects.create(
        pk=key,
        assignment=sheet.assignment,
        section=section,
        field=field,
        question=_text(question, "question", LONGEST, _("Write the question.")),
        asked_at=database_now(),
    )
    record("clarification.asked", made, actor)
    mails.asked(made)
    return made


def _sheet(assignment_id: UUID, actor: User) -> ScoreSheet:
    rows = ScoreSheet.objects.select_for_update(of=("self",), no_key=True)
    sheet = rows.select_related("assignment__case").get(pk=assignment_id)
    if rights.can(actor, "score", sheet):
        return sheet
    if rights.can(actor, rights.READ, sheet):
        raise TransitionError(_("The score sheet has been submitted; nothing more can be asked."))
    raise PermissionDenied(f"ask about {assignment_id}")


def _text(given: object, field: str, longest: int, missing: str) -> str:
    text = str(given or "").strip()
    if not text:
        raise DomainError(missing, field=field)
    if len(text) > longest:
        said = _("The text is too long: at most %(most)d characters.") % {"most": longest}
        raise DomainError(said, field=field)
    return text


# Its life -------------------------------------------------------------------------------


def _review_goes_on(clarification: Clarification, _act: Act) -> None:
    if clarification.assignment.case.status != CaseStatus.IN_REVIEW:
        raise DomainError(_("The review of this declaration is complete."))


def _pass_on(clarification: Clarification, act: Act) -> tuple[str, ...]:
    missing = _("Write the question as the enterprise shall read it.")
    wording = _text(act.inputs.get("wording"), "wording", LONGEST, missing)
    clarification.wording, clarification.passed_on_at = wording, act.at
    clarification.due_on = _day(act)
    act.details["due_on"] = clarification.due_on.isoformat()
    act.details["reworded"] = wording != clarification.question
    return "wording", "passed_on_at", "due_on"


def _day(act: Act) -> dt.date:
    day: dt.date | None = act.inputs.get("due_on")
    if day is None:
        raise DomainError(_("Say until which day it is to be answered."), field="due_on")
    today = day_of(act.arrived_at)
    if day < today:
        raise DomainError(_("This day has passed already."), field="due_on")
    if day > today + dt.timedelta(days=LATEST):
        said = _("This is more than %(days)d days away.") % {"days": LATEST}
        raise DomainError(said, field="due_on")
    return day


def _decline(clarification: Clarification, act: Act) -> tuple[str, ...]:
    clarification.reason = act.reason
    return ("reason",)


def _is_in_time(clarification: Clarification, act: Act) -> None:
    if act.arrived_at >= end_of(_due(clarification)):
        raise DomainError(_("The day until which this could be answered has passed."))


def _is_over(clarification: Clarification, act: Act) -> None:
    if act.at < end_of(_due(clarification)) + PATIENCE:
        raise DomainError(_("There is still time to answer."))


def _due(clarification: Clarification) -> dt.date:
    assert clarification.due_on  # noqa: S101 -- the database has no passed-on row without it
    return clarification.due_on


def _answer(clarification: Clarification, act: Act) -> tuple[str, ...]:
    text = _text(act.inputs.get("answer"), "answer", LONGEST_ANSWER, _("Write the answer."))
    clarification.answer, clarification.answered_at = text, act.at
    return "answer", "answered_at"


def _tell_passed_on(clarification: Clarification, _act: Act) -> None:
    mails.passed_on(clarification)


def _tell_declined(clarification: Clarification, _act: Act) -> None:
    mails.declined(clarification)


def _tell_answered(clarification: Clarification, _act: Act) -> None:
    mails.answered(clarification)


def _tell_lapsed(clarification: Clarification, _act: Act) -> None:
    mails.lapsed(clarification)


CLARIFICATIONS: Workflow[Clarification] = Workflow(
    CLARIFICATION,
    Clarification,
    {
        "pass_on": Step(guards=(_review_goes_on,), change=_pass_on, after=(_tell_passed_on,)),
        "decline": Step(change=_decline, after=(_tell_declined,)),
        "answer": Step(guards=(_is_in_time,), change=_answer, after=(_tell_answered,)),
        "lapse": Step(guards=(_is_over,), after=(_tell_lapsed,)),
    },
)


def lapse_due() -> int:
    """End every question that was not answered in time; return how many. Safe to run twice."""
    last = day_of(database_now() - PATIENCE)
    due = Clarification.objects.filter(status=ClarificationStatus.PASSED_ON, due_on__lt=last)
    keys = due.order_by("due_on", "pk").values_list("pk", flat=True)
    return each(keys, lambda pk: CLARIFICATIONS.perform("lapse", pk, actor=None))
