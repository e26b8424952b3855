"""Who acts for the holder of a technology: the editors and owners of its organisation.

A holder may have nobody here: an earlier list named it, or its people left.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db.models import QuerySet

from accounts.models import Membership, User
from accounts.roles import Level
from catalog.models import Technology
from core import dated
from core.reminders import Due, Reader


def acting() -> QuerySet[Membership]:
    """Return the memberships of those who may write in the name of an organisation."""
    return Membership.objects.filter(level__in=(Level.EDIT, Level.OWN), user__is_active=True)


def members_of(technology: Technology) -> list[User]:
    """Return those who may answer for the holder."""
    rows = acting().filter(organisation=technology.holder_id)
    return [one.user for one in rows.select_related("user").order_by("pk")]


def nobody_acts_for(technology: Technology) -> bool:
    return not acting().filter(organisation=technology.holder_id).exists()


def acts_for(technology: Technology, person: User) -> bool:
    return acting().filter(organisation=technology.holder_id, user=person).exists()


def readers(dues: Sequence[Due], link: Callable[[Due, str], str]) -> Iterable[Iterable[Reader]]:
    """Name those who may answer for the holder of each date; one question for all of them.

    ``link``: what a date leads to, in a language.
    """
    rows = acting().filter(organisation__in={due.context["technology"].holder_id for due in dues})
    by_house: dict[Any, list[User]] = {}
    for row in rows.select_related("user").order_by("pk"):
        by_house.setdefault(row.organisation_id, []).append(row.user)
    for due in dues:
        people = by_house.get(due.context["technology"].holder_id, ())
        yield [dated.reader(one, link=link(due, one.language)) for one in people]
