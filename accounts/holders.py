"""Who holds a role now, and who of them may do something about a certain row."""

from collections import defaultdict

from django.db.models import Model, QuerySet

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


def _with_roles(people: QuerySet[User]) -> list[User]:
    """Return the people with their roles read: one question for all of them."""
    found = list(people)
    granted = defaultdict(set)
    rows = RoleGrant.objects.filter(user__in=found, revoked_at=None)
    for person, role in rows.values_list("user", "role"):
        granted[person].add(role)
    for one in found:
        one.roles = frozenset(granted[one.pk])
    return found
