"""The steps of an earlier list; its release lists every entry, in one transaction."""

from typing import Any, cast

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from catalog import publishing
from catalog.earlier import holders
from catalog.earlier.states import EARLIER_LIST, EarlierStatus
from catalog.models import EarlierList, Technology
from core import rights
from core.errors import DomainError
from core.workflow import Act, Step, Workflow

ANOTHER_RELEASES = gettext_lazy("A second officer releases the list: you proposed it yourself.")
TIED = gettext_lazy("You may not judge a holder in this list: another officer has to act on it.")


def has_entries(one: EarlierList, _act: Act) -> None:
    if not one.entries.exists():
        raise DomainError(_("There is no technology in this list yet. Read its sheet first."))


def officer_is_another(one: EarlierList, act: Act) -> None:
    if act.actor is None or one.proposed_by_id == act.actor.pk:
        raise DomainError(str(ANOTHER_RELEASES))


def holders_are_settled(one: EarlierList, act: Act) -> None:
    """Look once more who the holders are, and whether one of them is the officer's own."""
    holders.hold(one)
    holders.reconsider(one)
    holders.recognise(one)
    if not rights.can(act.actor, act.step.right, one):
        raise DomainError(str(TIED))


def sign_proposal(one: EarlierList, act: Act) -> tuple[str, ...]:
    one.proposed_by, one.proposed_at, one.returned_because = act.actor, act.at, ""
    act.details["entries"] = one.entries.count()
    return "proposed_by", "proposed_at", "returned_because"


def note_return(one: EarlierList, act: Act) -> tuple[str, ...]:
    one.returned_because = act.reason
    return ("returned_because",)


def sign_release(one: EarlierList, act: Act) -> tuple[str, ...]:
    one.released_by, one.released_at = act.actor, act.at
    act.details["entries"] = one.entries.count()
    return "released_by", "released_at"


def list_entries(one: EarlierList, act: Act) -> None:
    """Put every technology of the list into the catalogue, in the order of the list."""
    holders.settle(one, actor=cast(User, act.actor))
    for entry in one.entries.select_related("earlier_list").order_by("place"):
        publishing.enter(Technology(earlier=entry, holder_id=cast(Any, entry.organisation_id)), act)


EARLIER_LISTS: Workflow[EarlierList] = Workflow(
    EARLIER_LIST,
    EarlierList,
    {
        "propose": Step(guards=(has_entries, holders_are_settled), change=sign_proposal),
        "send_back": Step(change=note_return),
        "release": Step(
            guards=(officer_is_another, holders_are_settled),
            change=sign_release,
            after=(list_entries,),
        ),
    },
)


def to_release(rows: QuerySet[EarlierList], user: User) -> QuerySet[EarlierList]:
    """Return those another officer proposed."""
    return rows.filter(status=EarlierStatus.PROPOSED).exclude(proposed_by=user.pk)
