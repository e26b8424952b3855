"""Whose move is it: what waits for the person who signed in, in each of their roles."""

from collections.abc import Iterator

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Organisation, User
from accounts.roles import Role
from core.moments import written
from evaluation.models import (
    Assignment,
    Expert,
    PanelMeeting,
)
from evaluation.panel.states import WITH_PAPERS
from evaluation.states import AssignmentStatus
from pool_portal.answers_owed import answers_owed
from pool_portal.office_work import officers_desk
from pool_portal.work_items import SHOWN, Desk, Item
from submissions.models import Activity, Declaration
from submissions.states import EDITABLE, ActivityStatus, Status


def desks(user: User) -> Iterator[Desk]:
    """Yield a desk for each role the person has; an enterprise's desk comes when none."""
    if Role.OFFICER in user.roles:
        yield officers_desk(user)
    if Role.EXPERT in user.roles:
        yield _experts_desk(user)
    organisations = list(Organisation.objects.of_member(user))
    if organisations or not user.roles:
        yield _enterprise_desk(user, organisations)


def _enterprise_desk(user: User, organisations: list[Organisation]) -> Desk:
    open_for_work = Declaration.objects.with_right(user, "edit").filter(status__in=EDITABLE)
    items = [
        Item(
            str(one),
            reverse("submissions:declaration-detail", args=[one.pk]),
            one.organisation.name,
            {"label": one.get_status_display(), "tone": _tone(one.status)},
        )
        for one in open_for_work.select_related("organisation").order_by("-updated_at")[:SHOWN]
    ]
    return Desk(
        _("Declarations that wait for you"),
        [*answers_owed(user), *items],
        _("No declaration waits for you."),
        reverse("submissions:declaration-list"),
        _("All declarations"),
        [*_first_steps(user, organisations), *_open_activities()],
    )


def _tone(status: str) -> str:
    return "warning" if status == Status.RETURNED else "neutral"


def _first_steps(user: User, organisations: list[Organisation]) -> Iterator[Item]:
    if not organisations:
        yield Item(
            _("Enter your organisation"),
            reverse("accounts:organisation-create"),
            _("A declaration is filed by an organisation; enter yours once."),
        )
    for one in organisations:
        yield Item(one.name, reverse("accounts:organisation-detail", args=[one.pk]))


def _open_activities() -> Iterator[Item]:
    for activity in Activity.objects.filter(status=ActivityStatus.OPEN):
        closes = written(activity.closes_at)
        yield Item(
            activity.title,
            reverse("submissions:activity-detail", args=[activity.code]),
            _("open until %(time)s") % {"time": closes},
        )


def _experts_desk(user: User) -> Desk:
    waiting = (
        Assignment.objects.visible_to(user)
        .filter(expert__user=user)
        .filter(
            Q(status=AssignmentStatus.INVITED)
            | Q(status=AssignmentStatus.ACCEPTED, sheet__submitted_at=None)
        )
        .select_related("case__declaration")
        .order_by("due_at", "invited_at")
    )
    items = [
        Item(
            str(one.case.declaration),
            _expert_url(one),
            status={"label": one.get_status_display(), "tone": "info"},
        )
        for one in waiting[:SHOWN]
    ]
    return Desk(
        _("Reviews that wait for you"),
        [*_panels(user), *items],
        _("No review waits for you."),
        reverse("evaluation:work-list"),
        _("All reviews"),
        list(_own_profile(user)),
    )


def _panels(user: User) -> Iterator[Item]:
    """Yield the meetings of panels one sits on that are not over, the next first."""
    mine = PanelMeeting.objects.with_right(user, "attend").filter(status__in=WITH_PAPERS)
    for one in mine.select_related("activity").order_by("starts_at", "pk")[:SHOWN]:
        begins = written(one.starts_at)
        yield Item(
            _("Panel meeting: %(title)s") % {"title": one.title},
            reverse("evaluation:panel", args=[one.pk]),
            begins,
            {"label": one.get_status_display(), "tone": "info"},
        )


def _own_profile(user: User) -> Iterator[Item]:
    if Expert.objects.filter(pk=user.pk).exists():
        yield Item(_("Your profile in the pool"), reverse("evaluation:expert-profile"))


def _expert_url(assignment: Assignment) -> str:
    invited = assignment.status == AssignmentStatus.INVITED
    name = "evaluation:invitation" if invited else "evaluation:scoring-desk"
    return reverse(name, args=[assignment.pk])
