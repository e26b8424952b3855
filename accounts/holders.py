"""Who holds a role now, and who of them may do something about a certain row."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import Model, QuerySet, UUIDField, Value

from accounts.models import RoleGrant, User
from accounts.roles import Role
from core import rights


def holders(role: Role) -> QuerySet[User]:
    """Return the active people to whom a role is granted, in a stable order."""
    granted = User.objects.filter(is_active=True, grants__role=role, grants__revoked_at=None)
    return granted.order_by("joined_at", "pk")


def officers_with(right: str, obj: Model) -> list[User]:
    """Return the officers who hold ``right`` on this very row now; one question for each."""
    return [one for one in officers() if rights.can(one, right, obj)]


def officers() -> list[User]:
    """Return the officers, ready to be asked what they may do."""
    return _with_roles(holders(Role.OFFICER))


def able(people: Iterable[User], right: str, rows: QuerySet[Any]) -> set[tuple[UUID, Any]]:
    """Return the pairs of person and row on which an active one holds ``right``; two queries."""
    found = _with_roles({one.pk: one for one in people if one.is_active}.values())
    parts = [
        rights.with_right(rows.order_by(), one, right)
        .annotate(who=Value(one.pk, UUIDField()))
        .values_list("who", "pk")
        for one in found
    ]
    return set(parts[0].union(*parts[1:], all=True)) if parts else set()


def _with_roles(people: Iterable[User]) -> list[User]:
    """Return the people with their roles read: one question for all of them."""
    found = list(people)
    granted = defaultdict(set)
    rows = RoleGrant.objects.filter(user__in=found, revoked_at=None)
    for person, role in rows.values_list("user", "role"):
        granted[person].add(role)
    for one in found:
        one.roles = frozenset(granted[one.pk])
    return found
