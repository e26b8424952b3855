"""People with an account, and the roles they were given."""

import uuid
from collections.abc import Iterator
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.names import no_link
from accounts.roles import GRANTED_CHOICES, STAFF
from core.querysets import VisibleQuerySet

MAIL_LANGUAGES = [("en", "English"), ("zh-hans", "简体中文")]


class UserManager(BaseUserManager["User"]):
    def get_queryset(self) -> VisibleQuerySet["User"]:
        return VisibleQuerySet(self.model, using=self._db)

    # Written out: made by ``from_queryset``, the manager would lose its type.
    def visible_to(self, user: Any) -> VisibleQuerySet["User"]:
        return self.get_queryset().visible_to(user)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=(username or "").lower())


class User(AbstractBaseUser):
    """A person with an account. The id is a pseudonym: erasure blanks the other columns."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(_("e-mail address"), unique=True)  # lower case, see Meta
    name = models.CharField(_("full name"), max_length=150)
    language = models.CharField(
        _("language of mails"),
        max_length=10,
        default="en",
        choices=MAIL_LANGUAGES,
    )
    is_active = models.BooleanField(_("may sign in"), default=True)
    joined_at = models.DateTimeField(_("joined"), auto_now_add=True)
    # Raised when rights change or the account is shut: every session signed in before ends.
    session_epoch = models.PositiveIntegerField(default=0, editable=False)
    # Addresses the account once had: their stored mails are blanked with the person.
    former_addresses = models.JSONField(default=list, editable=False)
    erased_at = models.DateTimeField(_("erased"), null=True, editable=False)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        constraints = (
            models.CheckConstraint(
                condition=Q(email=Lower("email")), name="accounts_user_email_lower"
            ),
        )

    def __str__(self) -> str:
        return self.name or self.email

    def clean(self) -> None:
        super().clean()
        try:
            no_link(self.name)
        except ValidationError as error:
            raise ValidationError({"name": error}) from None

    @cached_property
    def roles(self) -> frozenset[str]:
        """The roles granted, as they were when this object was loaded."""
        return frozenset(self.grants.filter(revoked_at=None).values_list("role", flat=True))

    def get_session_auth_hash(self) -> str:
        return f"{super().get_session_auth_hash()}.{self.session_epoch}"

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        for hashed in super().get_session_auth_fallback_hash():
            yield f"{hashed}.{self.session_epoch}"

    @property
    def is_staff(self) -> bool:
        """Whether Django admin lets one in at all; what is found there the table decides."""
        return bool(self.roles & STAFF)

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """Django's own permissions are not used: ``core.rights`` is the one table."""
        return False

    def has_module_perms(self, app_label: str) -> bool:
        return False


class RoleGrant(models.Model):
    """A role given to a person, from when until when, by whom."""

    user = models.ForeignKey(
        User, verbose_name=_("person"), on_delete=models.PROTECT, related_name="grants"
    )
    role = models.CharField(_("role"), max_length=20, choices=GRANTED_CHOICES)
    granted_by = models.ForeignKey(
        User,
        verbose_name=_("granted by"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    granted_at = models.DateTimeField(_("granted"), auto_now_add=True)
    revoked_at = models.DateTimeField(_("taken away"), null=True)

    objects = VisibleQuerySet["RoleGrant"].as_manager()

    class Meta:
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        constraints = (
            models.UniqueConstraint(
                fields=("user", "role"),
                condition=Q(revoked_at=None),
                name="accounts_rolegrant_once",
            ),
            models.CheckConstraint(
                condition=Q(role__in=[code for code, _label in GRANTED_CHOICES]),
                name="accounts_rolegrant_role",
            ),
        )

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()}"
