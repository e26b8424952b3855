"""Who is mailed what, in the language of each reader.

No mail about a case carries a score, and none reaches the enterprise before the release.
"""

import datetime as dt
from typing import Any

from django.urls import reverse
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.holders import officers_with
from accounts.models import Membership, User
from accounts.notifications import address, naming
from accounts.roles import Level
from core import mail
from evaluation.models import (
    Assignment,
    AssignmentPlan,
    AvoidanceRequest,
    Case,
    Decision,
    Expert,
    LateConflict,
    Nomination,
    Replacement,
    ScoreSheet,
    StatisticRun,
)

REVIEW_COMPLETE = _("The review of this declaration is complete.")
NOT_IN_POOL = _("You are no longer in the expert pool.")
SHORT = dt.timedelta(minutes=1)  # whoever asked still looks at the page
NOMINATION = "expert_nomination"
NOMINATION_DECLINED = "expert_nomination_declined"


def invited(assignment: Assignment) -> None:
    path = ("evaluation:invitation", assignment.pk)
    expert = assignment.expert.user
    _write("assignment_invitation", expert, assignment.case, path, due_at=assignment.due_at)


def declined(assignment: Assignment, template: str = "assignment_declined") -> None:
    path = ("admin:evaluation_case_change", assignment.case_id)
    _write(
        template,
        assignment.invited_by,
        assignment.case,
        path,
        naming([assignment.expert.user]),
        expert=str(assignment.expert),
        reason=assignment.reason,
    )


def cancelled(assignment: Assignment, reason: str | Promise) -> None:
    """Tell experts that they are no longer asked."""
    path = ("evaluation:work-list",)
    _write("assignment_cancelled", assignment.expert.user, assignment.case, path, reason=reason)


# Plans ----------------------------------------------------------------------------------


def invited_by_plan(expert: Expert, plan: AssignmentPlan, number: int) -> None:
    """Ask an expert for all that a plan gives them in one mail."""
    _of_plan("plan_invitation", expert, plan, number=number, due_at=plan.due_at)


def released_by_plan(expert: Expert, plan: AssignmentPlan, number: int, reason: str) -> None:
    """Tell an expert that what they had not answered is not asked any more."""
    _of_plan("plan_undone", expert, plan, number=number, reason=reason)


def _of_plan(template: str, expert: Expert, plan: AssignmentPlan, **context: Any) -> None:
    to = expert.user
    link = address("evaluation:work-list", language=to.language)
    values = {"reader": to.name, "activity": plan.activity, "link": link, **context}
    mail.write(template, to=to.email, language=to.language, context=values)


def nobody_left(owed: Replacement) -> None:
    """Tell the officer who published the plan that nobody can take the seat."""
    officer = owed.plan.published_by
    assert officer  # noqa: S101 -- a constraint of the table
    path = ("admin:evaluation_case_change", owed.declined.case_id)
    _write("replacement_missing", officer, owed.declined.case, path)


def scored(case: Case) -> None:
    """Tell the officers who may decide; those with a conflict hear nothing."""
    path = ("admin:evaluation_case_change", case.pk)
    for officer in officers_with("read", case):
        _write("case_scored", officer, case, path)


def to_co_release(case: Case, officer: User) -> None:
    """Ask whoever signs for CAEPI; what was decided stands on the page alone."""
    _write("decision_to_co_release", officer, case, ("admin:evaluation_case_change", case.pk))


def reopened(sheet: ScoreSheet) -> None:
    """Tell the expert that a sealed sheet is open again, and why."""
    path = ("evaluation:scoring-desk", sheet.pk)
    expert = sheet.assignment.expert.user
    _write("sheet_reopened", expert, sheet.assignment.case, path, reason=sheet.reopened)


def late_conflict(found: LateConflict, but: User) -> None:
    """Tell the officers of the case, except who found it."""
    case = found.sheet.assignment.case
    path = ("admin:evaluation_case_change", case.pk)
    for officer in officers_with("read", case):
        if officer.pk != but.pk:
            _write("late_conflict", officer, case, path)


def avoidance_asked(row: AvoidanceRequest) -> None:
    """Tell the officers who may decide; those with a conflict hear nothing."""
    for officer in officers_with("decide", row):
        values = {"reader": officer.name, "number": row.declaration.number}
        name = "admin:evaluation_avoidancerequest_change"
        link = address(name, row.pk, language=officer.language)
        mail.write(
            "avoidance_asked",
            to=officer.email,
            language=officer.language,
            context={**values, "link": link},
        )


def avoidance_decided(row: AvoidanceRequest) -> None:
    """Tell who asked, if they may still sign in; by the page alone what was answered."""
    to = row.asked_by
    if not to.is_active:
        return
    link = address("evaluation:avoidance", row.declaration_id, language=to.language)
    values = {"reader": to.name, "number": row.declaration.number, "link": link}
    mail.write("avoidance_decided", to=to.email, language=to.language, context=values)


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
            outcome=Decision.Outcome(decision.outcome).label,
            statement=decision.statement,
        )


def members_of(case: Case) -> list[User]:
    mine = Membership.objects.filter(
        organisation=case.declaration.organisation_id,
        level__in=(Level.EDIT, Level.OWN),
        user__is_active=True,
    )
    return [one.user for one in mine.select_related("user").order_by("pk")]


# Long work ------------------------------------------------------------------------------


def figures_ended(run: StatisticRun) -> None:
    """Tell who asked for figures that they are there, or that they cannot be computed."""
    _ended("figures_ended", "admin:evaluation_statisticrun_change", run)


def plan_ended(plan: AssignmentPlan) -> None:
    """Tell who asked for a plan what it came to; the page alone says why."""
    _ended("plan_ended", "admin:evaluation_assignmentplan_change", plan)


def _ended(template: str, page: str, work: StatisticRun | AssignmentPlan) -> None:
    """Tell the end of work that was long enough to be left alone, to whom still may see it.

    It is written with the step that ends the work, and a piece of work ends once.
    """
    to, at = work.asked_by, work.finished_at
    if at is None or at - work.asked_at <= SHORT or not to.is_active:
        return
    if not type(work).objects.visible_to(to).filter(pk=work.pk).exists():
        return
    link = address(page, work.pk, language=to.language)
    values = {"reader": to.name, "work": work, "status": str(work.status), "link": link}
    mail.write(template, to=to.email, language=to.language, context=values)


# The pool ---------------------------------------------------------------------------------


def pool(template: str, expert: Expert, **context: Any) -> None:
    """Tell a person what became of their place in the pool."""
    to = expert.user
    link = address("evaluation:expert-profile", language=to.language)
    values = {"reader": to.name, "link": link, **context}
    mail.write(template, to=to.email, language=to.language, context=values)


def nominated(nomination: Nomination, token: str) -> None:
    """Send the link; it lets in, so no member of staff reads the mail."""
    language = nomination.language
    mail.write(
        NOMINATION,
        to=nomination.address,
        language=language,
        context={
            "reader": nomination.name,
            "unit": nomination.unit,
            "until": nomination.expires_at,
            "link": address("evaluation:nomination", token, language=language),
        },
        secret=True,
    )


def nomination_declined(nomination: Nomination) -> None:
    """Tell who nominated, by the page alone: a name in the mail would outlive the nomination."""
    to = nomination.nominated_by
    page: tuple[Any, ...] = ("admin:evaluation_nomination_change", nomination.pk)
    if nomination.by_organisation:
        page = ("evaluation:put-forward", nomination.organisation_id)
    link = address(*page, language=to.language)
    values = {"reader": to.name, "link": link}
    mail.write(NOMINATION_DECLINED, to=to.email, language=to.language, context=values)


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
