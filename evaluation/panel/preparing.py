"""A meeting in preparation: its members and its agenda. Fixed from the announcement on."""

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Role
from core import rights
from core.clock import database_now
from core.errors import DomainError
from evaluation import procedures
from evaluation.models import Case, Expert, PanelItem, PanelMeeting, PanelMember
from evaluation.panel.barred import takes_part
from evaluation.panel.states import NOT_OVER, ItemStatus, Seat
from evaluation.states import CaseStatus
from evaluation.writes import demand_ever, record
from submissions.models import Activity

MOST_MEMBERS = 30
MOST_ITEMS = 100
EDITED = ("title", "starts_at", "place", "secret")


@transaction.atomic
def prepare(activity: Activity, *, actor: User, **given: Any) -> PanelMeeting:
    """Begin a meeting of the panel of an activity."""
    demand_ever(actor, "add", PanelMeeting)
    # Held: two who begin one at once number them one after the other.
    rows = Activity.objects.select_for_update(of=("self",), no_key=True)
    held = rows.get(pk=activity.pk)
    if not rights.can(actor, "manage", held):
        raise PermissionDenied(f"prepare a panel of {activity.pk}")
    if not procedures.of(held).panel:
        said = _("The procedure of this activity has no panel meeting.")
        raise DomainError(said, field="activity")
    now = database_now()
    if given["starts_at"] <= now:
        raise DomainError(_("This moment has passed already."), field="starts_at")
    last = PanelMeeting.objects.filter(activity=held).aggregate(last=Max("number"))["last"]
    made = PanelMeeting.objects.create(
        activity=held, number=(last or 0) + 1, prepared_by=actor, prepared_at=now, **given
    )
    record("panel meeting.prepared", made, actor, {"number": made.number})
    return made


@transaction.atomic
def edit(meeting_id: UUID, *, actor: User, **given: Any) -> PanelMeeting:
    """Change what a meeting in preparation says of itself."""
    meeting = lock(meeting_id, actor, "edit")
    for name in EDITED:
        setattr(meeting, name, given[name])
    if meeting.starts_at <= database_now():
        raise DomainError(_("This moment has passed already."), field="starts_at")
    meeting.save(update_fields=EDITED)
    record("panel meeting.changed", meeting, actor)
    return meeting


def lock(meeting_id: UUID, actor: User | None, right: str) -> PanelMeeting:
    """Hold a meeting on which one has the right: what belongs to it changes by one at a time."""
    rows = PanelMeeting.objects.select_for_update(of=("self",), no_key=True)
    meeting = rows.select_related("activity").get(pk=meeting_id)
    if rights.can(actor, right, meeting):
        return meeting
    if rights.can(actor, rights.READ, meeting):
        said = _("This is not possible in the present state: %(state)s.")
        raise DomainError(said % {"state": meeting.get_status_display()})
    raise PermissionDenied(f"{right} on panel meeting {meeting_id}")


# Members ---------------------------------------------------------------------------------


@transaction.atomic
def add_member(
    meeting_id: UUID, expert_id: UUID, *, actor: User, seat: str = Seat.MEMBER
) -> PanelMember:
    """Let an expert of the pool sit on the panel. Who scores may; an officer may not."""
    meeting = lock(meeting_id, actor, "edit")
    expert = Expert.objects.select_related("user").get(pk=expert_id)
    _may_sit(meeting, expert)
    if seat == Seat.CHAIR:
        meeting.members.filter(seat=Seat.CHAIR).update(seat=Seat.MEMBER)
    made = PanelMember.objects.create(meeting=meeting, expert=expert, seat=seat)
    record("panel meeting.member added", meeting, actor, {"expert": str(expert.pk), "seat": seat})
    return made


def _may_sit(meeting: PanelMeeting, expert: Expert) -> None:
    if not Expert.objects.available().filter(pk=expert.pk).exists():
        raise DomainError(_("%s is not available.") % expert, field="expert")
    if Role.OFFICER in expert.user.roles:
        raise DomainError(_("An officer does not sit on the panel."), field="expert")
    if meeting.members.filter(expert=expert).exists():
        raise DomainError(_("%s is on the panel already.") % expert, field="expert")
    if meeting.members.count() >= MOST_MEMBERS:
        said = _("At most %(most)d members.") % {"most": MOST_MEMBERS}
        raise DomainError(said, field="expert")


@transaction.atomic
def remove_member(meeting_id: UUID, member_id: int, *, actor: User) -> None:
    meeting = lock(meeting_id, actor, "edit")
    member = meeting.members.get(pk=member_id)
    if member.recusals.exists():
        said = _("%s declared a conflict at this meeting. That is kept, and the member with it.")
        raise DomainError(said % member, field="member")
    meeting.items.filter(lead=member).update(lead=None)
    expert = str(member.expert_id)
    member.delete()
    record("panel meeting.member removed", meeting, actor, {"expert": expert})


@transaction.atomic
def make_chair(meeting_id: UUID, member_id: int, *, actor: User) -> None:
    """Give the chair to a member; whoever had it is a member again."""
    meeting = lock(meeting_id, actor, "edit")
    member = meeting.members.get(pk=member_id)
    meeting.members.filter(seat=Seat.CHAIR).update(seat=Seat.MEMBER)
    meeting.members.filter(pk=member.pk).update(seat=Seat.CHAIR)
    record("panel meeting.chair given", meeting, actor, {"expert": str(member.expert_id)})


def candidates(meeting: PanelMeeting) -> QuerySet[Expert]:
    """Return the experts who may be asked to sit on the panel."""
    found = Expert.objects.available().exclude(panels__meeting=meeting)
    officers = {"user__grants__role": Role.OFFICER, "user__grants__revoked_at": None}
    return found.exclude(pk__in=Expert.objects.filter(**officers).values("pk")).select_related(
        "user"
    )


# Agenda ----------------------------------------------------------------------------------


def waiting(meeting: PanelMeeting, actor: User) -> QuerySet[Case]:
    """Return the cases of the activity that are scored and on no agenda of a meeting to come."""
    taken = PanelItem.objects.filter(meeting__status__in=NOT_OVER)
    found = Case.objects.with_right(actor, "decide").filter(
        declaration__activity=meeting.activity_id, status=CaseStatus.SCORED
    )
    return found.exclude(pk__in=taken.values("case")).order_by("declaration__number", "pk")


@transaction.atomic
def add_items(meeting_id: UUID, cases: list[UUID], *, actor: User) -> int:
    """Put cases on the agenda, after what is there; return how many."""
    meeting = lock(meeting_id, actor, "edit")
    # Held: two who put the same case on two agendas come one after the other.
    held = Case.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=cases)
    list(held.order_by("pk"))
    found = list(waiting(meeting, actor).filter(pk__in=cases))
    if len(found) != len(set(cases)):
        said = _("A case can be chosen that is scored and on no other agenda.")
        raise DomainError(said, field="cases")
    last = meeting.items.aggregate(last=Max("place"))["last"] or 0
    if meeting.items.count() + len(found) > MOST_ITEMS:
        raise DomainError(_("At most %(most)d items.") % {"most": MOST_ITEMS}, field="cases")
    PanelItem.objects.bulk_create(
        PanelItem(meeting=meeting, place=last + number, case=case)
        for number, case in enumerate(found, 1)
    )
    details = {"cases": [str(one.pk) for one in found]}
    record("panel meeting.items added", meeting, actor, details)
    return len(found)


@transaction.atomic
def remove_item(meeting_id: UUID, item_id: UUID, *, actor: User) -> None:
    meeting = lock(meeting_id, actor, "edit")
    item = _item(meeting, item_id, actor)
    if item.recusals.exists():
        said = _("A member declared a conflict with this item. That is kept, and the item with it.")
        raise DomainError(said, field="item")
    case = str(item.case_id)
    item.delete()
    _number(meeting, list(meeting.items.order_by("place").values_list("pk", flat=True)))
    record("panel meeting.item removed", meeting, actor, {"case": case})


@transaction.atomic
def move_item(meeting_id: UUID, item_id: UUID, by: int, *, actor: User) -> None:
    """Move an item one place up (-1) or down (1)."""
    meeting = lock(meeting_id, actor, "edit")
    _item(meeting, item_id, actor)
    order = list(meeting.items.order_by("place").values_list("pk", flat=True))
    here = order.index(item_id)
    there = min(max(here + by, 0), len(order) - 1)
    order.insert(there, order.pop(here))
    _number(meeting, order)
    record("panel meeting.item moved", meeting, actor, {"item": str(item_id), "to": there + 1})


def _number(meeting: PanelMeeting, order: list[UUID]) -> None:
    for place, key in enumerate(order, 1):
        meeting.items.filter(pk=key).update(place=place)


@transaction.atomic
def set_lead(meeting_id: UUID, item_id: UUID, member_id: int, *, actor: User) -> None:
    """Say who presents an item; another may be named until it is voted on."""
    meeting = lock(meeting_id, actor, "lead")
    item = _item(meeting, item_id, actor)
    member = meeting.members.select_related("expert__user").get(pk=member_id)
    if item.status != ItemStatus.WAITING:
        said = _("The lead stays as it was when the vote was opened. Annul the vote first.")
        raise DomainError(said, field="lead")
    if not takes_part(item, member):
        said = _("%s may not take part in this item.") % member
        raise DomainError(said, field="lead")
    item.lead = member
    item.save(update_fields=["lead"])
    details = {"item": str(item.pk), "expert": str(member.expert_id)}
    record("panel meeting.lead named", meeting, actor, details)


def _item(meeting: PanelMeeting, item_id: UUID, actor: User) -> PanelItem:
    """Return an item one may see; one with a conflict has no hand in it either."""
    mine = PanelItem.objects.visible_to(actor).filter(meeting=meeting)
    found = mine.select_related("case__declaration").filter(pk=item_id).first()
    if found is None:
        raise PermissionDenied(f"panel item {item_id}")
    return found
