"""The vote of one member on one item.

By open ballot the row of who voted says what. By secret ballot it says nothing, and the ballot
names nobody. All ballots of an item are written anew with each vote, shuffled and under new keys:
neither their order, their keys nor the transaction that wrote them tells which came with whom.
"""

import secrets
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Role
from core import rights
from core.errors import DomainError
from evaluation.models import PanelBallot, PanelItem, PanelMember, PanelVoter
from evaluation.panel.barred import takes_part
from evaluation.panel.running import lock_item
from evaluation.panel.states import Choice, ItemStatus, MeetingStatus, Presence
from evaluation.writes import record


@transaction.atomic
def vote(item_id: UUID, choice: str, *, actor: User) -> None:
    """Vote once. The item is locked: one vote after the other."""
    item = lock_item(item_id)
    if not rights.can(actor, "see", item):
        raise PermissionDenied(f"vote on panel item {item_id}")
    member = item.meeting.members.select_related("expert__user").get(expert=actor.pk)
    _may_vote(item, member)
    if choice not in Choice.values:
        raise DomainError(_("Choose one of the answers."), field="choice")
    secret = item.meeting.secret
    PanelVoter.objects.create(item=item, member=member, choice="" if secret else choice)
    if secret:
        _put_in(item, choice)
    record("panel item.voted", item, actor)


def _may_vote(item: PanelItem, member: PanelMember) -> None:
    in_session = item.meeting.status == MeetingStatus.IN_SESSION
    if item.status != ItemStatus.VOTING or not in_session:
        raise DomainError(_("The vote on this item is not open."))
    if member.presence != Presence.PRESENT:
        raise DomainError(_("You vote once the officers have noted that you are present."))
    if Role.OFFICER in member.expert.user.roles:
        raise DomainError(_("An officer does not sit on the panel."))
    if not takes_part(item, member):
        raise PermissionDenied(f"vote on panel item {item.pk}")
    if PanelVoter.objects.filter(item=item, member=member).exists():
        raise DomainError(_("You have voted on this item already."))


def _put_in(item: PanelItem, choice: str) -> None:
    box = PanelBallot.objects.filter(item=item)
    choices = [*box.values_list("choice", flat=True), choice]
    secrets.SystemRandom().shuffle(choices)
    box.delete()
    PanelBallot.objects.bulk_create(PanelBallot(item=item, choice=one) for one in choices)


def counts(item: PanelItem) -> dict[str, int]:
    """Return how many said what. Asked when the vote is closed, and never shown before."""
    rows = PanelBallot if item.meeting.secret else PanelVoter
    said = list(rows.objects.filter(item=item).values_list("choice", flat=True))
    return {one: said.count(one) for one in Choice.values}


def empty(item: PanelItem) -> None:
    """Take every vote on an item out again: it is annulled."""
    PanelVoter.objects.filter(item=item).delete()
    PanelBallot.objects.filter(item=item).delete()


def voted(item: PanelItem) -> list[PanelMember]:
    """Return who has voted, in the order of the members, which is not that of voting."""
    rows = PanelMember.objects.filter(votes__item=item)
    return list(rows.select_related("expert__user", "expert__employer").order_by("seat", "pk"))
