"""Who is mailed what, in the language of each reader.

No mail about a case carries a score, and none reaches the enterprise before the release.
"""

from typing import Any

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from accounts.holders import officers_with
from accounts.models import Membership, User
from accounts.notifications import naming
from accounts.roles import Level
from core import mail
from evaluation.models import Assignment, Case, Decision

REVIEW_COMPLETE = _("The review of this declaration is complete.")


def invited(assignment: Assignment) -> None:
    path = ("evaluation:invitation", assignment.pk)
    expert = assignment.expert.user
    _write("assignment_invitation", expert, assignment.case, path, due_at=assignment.due_at)


def declined(assignment: Assignment) -> None:
    path = ("admin:evaluation_case_change", assignment.case_id)
    _write(
        "assignment_declined",
        assignment.invited_by,
        assignment.case,
        path,
        naming([assignment.expert.user]),
        expert=str(assignment.expert),
        reason=assignment.reason,
    )


def cancelled(assignment: Assignment, *, complete: bool) -> None:
    """Tell experts that they are no longer asked; ``complete``: the others have finished."""
    reason = REVIEW_COMPLETE if complete else assignment.reason
    path = ("evaluation:work-list",)
    _write("assignment_cancelled", assignment.expert.user, assignment.case, path, reason=reason)


def scored(case: Case) -> None:
    """Tell the officers who may decide; those with a conflict hear nothing."""
    path = ("admin:evaluation_case_change", case.pk)
    for officer in officers_with("read", case):
        _write("case_scored", officer, case, path)


def released(decision: Decision) -> None:
    """Tell those who file for the organisation."""
    case = decision.case
    path = ("evaluation:decision-detail", case.declaration_id)
    for member in members_of(case):
        _write(
            "decision_released",
            member,
            case,
            path,
            outcome=decision.get_outcome_display,
            statement=decision.statement,
        )


def members_of(case: Case) -> list[User]:
    mine = Membership.objects.filter(
        organisation=case.declaration.organisation_id,
        level__in=(Level.EDIT, Level.OWN),
        user__is_active=True,
    )
    return [one.user for one in mine.select_related("user").order_by("pk")]


def _write(
    template: str,
    to: User,
    case: Case,
    path: tuple[Any, ...],
    named: dict[str, list[str]] | None = None,
    **context: Any,
) -> None:
    name, *args = path
    with translation.override(to.language):
        address = reverse(name, args=args)
    mail.write(
        template,
        to=to.email,
        language=to.language,
        context={
            "reader": to.name,
            "number": case.declaration.number,
            "title": case.declaration.title,
            "organisation": case.declaration.organisation,
            "activity": case.declaration.activity,
            "path": address,
            **context,
        },
        named=named,
    )
