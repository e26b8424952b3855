"""What each step of an expert's life in the pool asks and does."""

import datetime as dt
from uuid import UUID

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Role
from accounts.services import grant_role, revoke_role
from core.errors import DomainError
from core.workflow import Act, Step, Workflow
from evaluation import notifications
from evaluation.models import Assignment, Employment, Expert
from evaluation.pool.states import EXPERT
from evaluation.workflow import perform_assignment


def day_of(moment: dt.datetime) -> dt.date:
    """Return the day it is in Beijing: what renewals are counted by."""
    return timezone.localtime(moment, timezone.get_default_timezone()).date()


def a_year_after(day: dt.date) -> dt.date:
    # The 29th of February has no day of its own in the next year.
    return day.replace(year=day.year + 1, day=28 if (day.month, day.day) == (2, 29) else day.day)


def _is_complete(expert: Expert, _act: Act) -> None:
    if not expert.fields.exists():
        raise DomainError(_("Choose at least one field."), field="fields")
    # An advisory role stands in for no employer.
    employed = expert.employments.filter(kind=Employment.Kind.EMPLOYED, mistaken=False)
    if not employed.exclude(name="").exists():
        raise DomainError(_("Name the employer; conflicts are looked for by it."))


def _is_confirmed(_expert: Expert, act: Act) -> None:
    if act.inputs.get("confirmed") is not True:
        raise DomainError(
            _("Please confirm that the profile is complete and true."), field="confirmed"
        )


def _is_overdue(expert: Expert, act: Act) -> None:
    if expert.renewed_until is None or expert.renewed_until >= day_of(act.at):
        raise DomainError(_("The renewal is not overdue."))


def _has_no_open_work(expert: Expert, _act: Act) -> None:
    if Assignment.objects.unfinished().filter(expert=expert).exists():
        raise DomainError(
            _("You are asked to score a declaration. Submit the score sheet or decline first.")
        )


def _apply(expert: Expert, act: Act) -> tuple[str, ...]:
    expert.applied_at = expert.confirmed_at = act.at
    expert.renewed_until, expert.status_reason = None, ""
    return "applied_at", "confirmed_at", "renewed_until", "status_reason"


def _enrol(expert: Expert, act: Act) -> tuple[str, ...]:
    expert.renewed_until = a_year_after(day_of(act.at))
    act.details["renewed_until"] = expert.renewed_until.isoformat()
    return ("renewed_until",)


def _renew(expert: Expert, act: Act) -> tuple[str, ...]:
    expert.confirmed_at = act.at
    return "confirmed_at", *_enrol(expert, act)


def _keep_reason(expert: Expert, act: Act) -> tuple[str, ...]:
    expert.status_reason = act.reason
    return ("status_reason",)


def _give_role(expert: Expert, _act: Act) -> None:
    if Role.EXPERT not in expert.user.roles:
        grant_role(expert.user, Role.EXPERT, actor=None)  # the enrolment is what is decided


def _take_role(expert: Expert, _act: Act) -> None:
    if Role.EXPERT in expert.user.roles:
        revoke_role(expert.user, Role.EXPERT, actor=None)


def _cancel_work(expert: Expert, _act: Act) -> None:
    """Ask nothing more of who was removed; plans draw others, the office sees what stays short."""
    with translation.override(settings.LANGUAGE_CODE):  # not that of the officer
        reason = str(notifications.NOT_IN_POOL)
    for one in Assignment.objects.unfinished().filter(expert=expert).order_by("pk"):
        perform_assignment(
            "cancel", one.pk, actor=None, reason=reason, in_words=notifications.NOT_IN_POOL
        )


def _tell_enrolled(expert: Expert, _act: Act) -> None:
    notifications.pool("expert_enrolled", expert, until=expert.renewed_until)


def _tell_refused(expert: Expert, act: Act) -> None:
    notifications.pool("expert_refused", expert, reason=act.reason)


def _tell_removed(expert: Expert, act: Act) -> None:
    notifications.pool("expert_removed", expert, reason=act.reason)


class ExpertWorkflow(Workflow[Expert]):
    def _lock(self, pk: UUID | int | str) -> Expert:
        # The account first, as who erases it does: the steps give and take its role.
        list(User.objects.select_for_update(no_key=True).filter(pk=str(pk)))
        return super()._lock(pk)


EXPERTS: Workflow[Expert] = ExpertWorkflow(
    EXPERT,
    Expert,
    {
        "enrol": Step(guards=(_is_complete,), change=_enrol, after=(_give_role, _tell_enrolled)),
        "refuse": Step(change=_keep_reason, after=(_tell_refused,)),
        "apply": Step(change=_apply),
        "renew": Step(guards=(_is_confirmed, _is_complete), change=_renew),
        "lapse": Step(guards=(_is_overdue,)),
        "remove": Step(change=_keep_reason, after=(_cancel_work, _take_role, _tell_removed)),
        "leave": Step(guards=(_has_no_open_work,), after=(_take_role,)),
    },
    since="status_since",
)
