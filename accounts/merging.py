"""Merging an organisation that was entered twice: everything that refers to it moves.

The apps above say how their rows move (``register``, from ready()); a test fails when a foreign
key to an organisation has no mover. What was filed and published stays as it was written.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import invitations, notifications
from accounts.comparing import print_of
from accounts.joining import lock
from accounts.models import Membership, Organisation, User
from accounts.recording import note_organisation
from accounts.roles import Level
from accounts.states import OrganisationStatus
from core import rights
from core.clock import database_now
from core.errors import DomainError
from core.workflow import Act

Move = Callable[[Organisation, Organisation], int]  # from, to; returns how many rows moved
CHANGED = gettext_lazy(
    "The particulars or members changed while the page was open. Compare them again."
)


@dataclass(frozen=True, slots=True)
class Mover:
    """How the rows of one foreign key to an organisation come to refer to another one."""

    model: str  # "submissions.Declaration"
    field: str  # "organisation"
    move: Move | None = None  # None: the column is set to the other one
    # What the merge would leave behind, in words; nothing when everything moves.
    leaves: Callable[[Organisation, Organisation], str | Promise | None] | None = None

    def __call__(self, source: Organisation, target: Organisation) -> int:
        if self.move is not None:
            return self.move(source, target)
        rows: Any = apps.get_model(self.model)._base_manager
        moved: int = rows.filter(**{self.field: source}).update(**{self.field: target})
        return moved


_movers: dict[str, Mover] = {}


def register(*movers: Mover) -> None:
    """Say how rows move; called once, from an app's ready()."""
    _movers.update({f"{one.model}.{one.field}": one for one in movers})


def movers() -> dict[str, Mover]:
    return dict(sorted(_movers.items()))


def left_behind(source: Organisation, target: Organisation) -> list[str | Promise]:
    """Say what of the one does not come along into the other."""
    told = (one.leaves(source, target) for one in movers().values() if one.leaves)
    return [why for why in told if why]


def newcomers(source: Organisation, target: Organisation) -> list[User]:
    """Return who acts for the one and not yet for the other."""
    there = target.memberships.values("user")
    people = User.objects.filter(memberships__organisation=source).exclude(pk__in=there)
    return list(people.order_by("joined_at", "pk"))


# The step "merge" of an organisation -----------------------------------------------------


def can_be_merged(organisation: Organisation, act: Act) -> None:
    """Refuse a merge into nothing, into itself, or into what was merged away."""
    target = act.inputs.get("into")
    if target is None:
        raise DomainError(_("Choose the organisation that stays."), field="into")
    if target.pk == organisation.pk:
        raise DomainError(_("An organisation is not merged into itself."), field="into")
    target = lock(target.pk)  # as it is now; held already, in order, by who merges two
    if target.merged_into_id is not None:
        raise DomainError(_("That organisation was merged into another one."), field="into")
    if not rights.can(act.actor, "merge", target):
        raise DomainError(_("You may not merge into that organisation."), field="into")
    if why := wrong_way_round(organisation, target):
        raise DomainError(why, field="into")
    seen = act.inputs.get("seen")
    if seen is not None and seen != print_of(organisation, target, members=True):
        raise DomainError(CHANGED)


def wrong_way_round(source: Organisation, target: Organisation) -> str:
    """Say why it is the other one that must stay; empty when this one may."""
    if source.status == OrganisationStatus.VERIFIED != target.status:
        return _("The verified organisation stays: merge the other one into it.")
    if notifications.owners(source) and not notifications.owners(target):
        return _(
            "Nobody who can sign in owns the organisation that would stay: "
            "merge it into this one instead."
        )
    return ""


def merge(organisation: Organisation, act: Act) -> tuple[str, ...]:
    """Move everything over, and let the row point to where it went."""
    target: Organisation = act.inputs["into"]
    told = {one.pk: one for one in notifications.owners(organisation)}
    told |= {one.pk: one for one in notifications.owners(target)}
    came, left = newcomers(organisation, target), left_behind(organisation, target)
    moved = {name: mover(organisation, target) for name, mover in movers().items()}
    organisation.merged_into = target
    organisation.verified_at = None
    organisation.status_reason = act.reason
    act.details.update({"into": str(target.pk), "moved": moved})
    note_organisation(
        "absorbed",
        target,
        actor=act.actor,
        reason=act.reason,
        details={"organisation": str(organisation.pk), "moved": moved},
    )
    notifications.tell_merged(
        _by_age(told.values()), organisation, target, newcomers=came, left=left
    )
    return ("merged_into", "verified_at", "status_reason")


def _by_age(people: Iterable[User]) -> list[User]:
    return sorted(people, key=lambda one: (one.joined_at, one.pk))


# The movers of this app ------------------------------------------------------------------


def _move_members(source: Organisation, target: Organisation) -> int:
    """Let every member belong to the other one: known ones as they are, new ones as viewers.

    Anybody can enter an organisation of the same name and own it. Who may edit and own the one
    that stays its owners say; only where it has none at all (and so no members) levels come along.
    """
    known = target.memberships.values_list("user", flat=True)
    members = source.memberships.all()
    count = members.count()
    Membership.objects.filter(organisation=source, user__in=list(known)).delete()
    kept = {} if not target.memberships.exists() else {"level": Level.VIEW}
    members.update(organisation=target, **kept)
    return count


def _withdraw_invitations(source: Organisation, _target: Organisation) -> int:
    """Take back what was offered: whoever accepts must know which organisation it is."""
    open_ones = invitations.unanswered(source)
    return open_ones.update(withdrawn_at=database_now())


def _repoint(source: Organisation, target: Organisation) -> int:
    """Let what was merged earlier lead straight to where everything is now."""
    rows = Organisation.objects.filter(merged_into=source)
    return rows.update(merged_into=target)


OWN = (
    Mover("accounts.Membership", "organisation", _move_members),
    Mover("accounts.Invitation", "organisation", _withdraw_invitations),
    Mover("accounts.Organisation", "merged_into", _repoint),
)
