"""Who is mailed what about a question to the enterprise, in the language of each reader.

No mail names the expert who asked. The enterprise is sent the question as the officer put it; the
answer is read in the portal alone.
"""

from functools import partial
from typing import Any

from django.urls import reverse
from django.utils import translation

from accounts.holders import officers_with
from accounts.models import User
from core import mail, rights
from evaluation.clarifications.places import words_of
from evaluation.models import Assignment, Clarification
from evaluation.notifications import members_of
from evaluation.states import AssignmentStatus, SheetStatus


def asked(clarification: Clarification) -> None:
    """Tell the officers who may pass it on; those with a conflict hear nothing."""
    path = ("admin:evaluation_clarification_change", clarification.pk)
    for officer in officers_with("handle", clarification):
        _write("clarification_asked", officer, clarification, path)


def passed_on(clarification: Clarification) -> None:
    """Tell those who may answer for the organisation."""
    case = clarification.assignment.case
    path = ("evaluation:clarification-list", case.declaration_id)
    for member in members_of(case):
        _write(
            "clarification_passed_on",
            member,
            clarification,
            path,
            question=clarification.wording,
            due_on=clarification.due_on,
        )


def declined(clarification: Clarification) -> None:
    """Tell who asked, and nobody else."""
    _tell_asker("clarification_declined", clarification, reason=clarification.reason)


def lapsed(clarification: Clarification) -> None:
    _tell_asker("clarification_lapsed", clarification)


def answered(clarification: Clarification) -> None:
    """Tell every expert of the case; whose sheet is in learns that it stays as it is."""
    for assignment in _readers(clarification):
        sheet = getattr(assignment, "sheet", None)
        _write(
            "clarification_answered",
            assignment.expert.user,
            clarification,
            ("evaluation:scoring-desk", assignment.pk),
            submitted=sheet is not None and sheet.status == SheetStatus.SUBMITTED,
        )


def _tell_asker(template: str, clarification: Clarification, **context: Any) -> None:
    assignment = clarification.assignment
    expert = assignment.expert.user
    if assignment.status == AssignmentStatus.ACCEPTED and expert.is_active:
        path = ("evaluation:scoring-desk", assignment.pk)
        _write(template, expert, clarification, path, **context)


def _readers(clarification: Clarification) -> list[Assignment]:
    rows = Assignment.objects.filter(
        case=clarification.assignment.case_id,
        status=AssignmentStatus.ACCEPTED,
        expert__user__is_active=True,
    )
    rows = rows.exclude(sheet__status=SheetStatus.EXCLUDED)
    asked = rows.select_related("expert__user", "sheet").order_by("invited_at", "pk")
    return [one for one in asked if rights.can(one.expert.user, "see", clarification)]


def _write(
    template: str, to: User, clarification: Clarification, path: tuple[Any, ...], **context: Any
) -> None:
    name, *args = path
    with translation.override(to.language):
        address = reverse(name, args=args)
    declaration = clarification.assignment.case.declaration
    mail.write(
        template,
        to=to.email,
        language=to.language,
        context={
            "reader": to.name,
            "number": declaration.number,
            "title": declaration.title,
            "place": partial(words_of, clarification),  # called in the language of the mail
            "path": address,
            **context,
        },
    )
