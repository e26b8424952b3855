"""How a person comes to hold a role on a row; the apps above use these in their tables."""

from typing import Any

from django.db.models import Q

from accounts.models import Membership
from accounts.roles import Level, Role
from core.rights import Relation

LEVELS = {
    Role.VIEWER: (Level.VIEW, Level.EDIT, Level.OWN),
    Role.EDITOR: (Level.EDIT, Level.OWN),
    Role.OWNER: (Level.OWN,),
}


def everyone(_user: Any) -> Q | None:
    return Q()


def signed_in(user: Any) -> Q | None:
    return Q() if user.is_authenticated else None


def granted(role: Role) -> Relation:
    """Hold ``role`` on every row, by having been granted it."""

    def relation(user: Any) -> Q | None:
        return Q() if user.is_authenticated and role in user.roles else None

    return relation


def member(role: Role, path: str = "organisation") -> Relation:
    """Hold ``role`` on the rows whose ``path`` is an organisation one belongs to."""

    def relation(user: Any) -> Q | None:
        if not user.is_authenticated:
            return None
        mine = Membership.objects.filter(user=user, level__in=LEVELS[role])
        return Q(**{f"{path}__in": mine.values("organisation")})

    return relation


def self_only(path: str) -> Relation:
    """Hold the role on one's own rows."""

    def relation(user: Any) -> Q | None:
        return Q(**{path: user.pk}) if user.is_authenticated else None

    return relation
