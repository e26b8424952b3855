"""Who a session belongs to: the person, with the roles granted, in one query."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.postgres.expressions import ArraySubquery
from django.core.exceptions import ValidationError
from django.db.models import OuterRef

from accounts.models import RoleGrant, User


class PortalBackend(AuthenticationBackend):
    """Signs in as allauth does; every page after that knows the roles without asking again."""

    def get_user(self, user_id: Any) -> User | None:
        held = RoleGrant.objects.filter(user=OuterRef("pk"), revoked_at=None).values("role")
        people = User.objects.annotate(held=ArraySubquery(held))
        try:
            user = people.get(pk=user_id)
        except (User.DoesNotExist, ValidationError):  # the latter: a session of another make
            return None
        user.__dict__["roles"] = frozenset(user.held)
        return user if self.user_can_authenticate(user) else None
