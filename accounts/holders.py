"""Who holds a role now, and who of them may do something about a certain row."""

from django.db.models import Model, QuerySet

from accounts.models import User
from accounts.roles import Role
from core import rights


def holders(role: Role) -> QuerySet[User]:
    """Return the active people to whom a role is granted, in a stable order."""
    granted = User.objects.filter(is_active=True, grants__role=role, grants__revoked_at=None)
    return granted.order_by("joined_at", "pk")


def officers_with(right: str, obj: Model) -> list[User]:
    """Return the officers who hold ``right`` on this very row now."""
    return [one for one in holders(Role.OFFICER) if rights.can(one, right, obj)]
