"""One question of the expert one signs in as, passed on in other words and answered."""

import datetime as dt
import uuid

from accounts.models import User
from core.clock import database_now
from core.errors import DomainError
from evaluation.clarifications.clarifying import CLARIFICATIONS, ask, day_of
from evaluation.clarifications.states import ClarificationStatus
from evaluation.models import Assignment, Clarification
from evaluation.notifications import members_of

DAYS = 14
ASKED = "In our own trials such figures held for weeks only. Over how long was this measured?"
WORDING = "Over how long were the stated figures measured, and in which seasons?"
ANSWER = (
    "Over fourteen months without a break, both winters included. Invented for the demonstration."
)


def answered(assignment: Assignment, officer: User) -> None:
    """Lead one question to its answer; what a visitor did with it meanwhile is theirs."""
    key = uuid.uuid5(assignment.pk, "question of the demonstration")
    try:
        row = _asked(assignment, key)
    except DomainError:
        return  # the visitor has submitted the sheet
    if row is None:
        return
    if row.status == ClarificationStatus.ASKED:
        due_on = day_of(database_now()) + dt.timedelta(days=DAYS)
        row = CLARIFICATIONS.perform(
            "pass_on", row.pk, actor=officer, wording=WORDING, due_on=due_on
        )
    members = members_of(assignment.case)
    if row.status == ClarificationStatus.PASSED_ON and members:
        CLARIFICATIONS.perform("answer", row.pk, actor=members[0], answer=ANSWER)


def _asked(assignment: Assignment, key: uuid.UUID) -> Clarification | None:
    """Return the question, asked now when no other case has one."""
    known = Clarification.objects.filter(pk=key).first()
    if known or Clarification.objects.exists():
        return known
    actor = assignment.expert.user
    return ask(assignment.pk, actor=actor, key=key, question=ASKED, section="performance")
