"""Who is asking: people, the organisations they act for, and the roles they were given."""

import uuid
from collections.abc import Iterator
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts import credit_code
from accounts.roles import GRANTED_CHOICES, STAFF, Level
from core.querysets import VisibleQuerySet
from reference.models import Country

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


NOT_A_CREDIT_CODE = _(
    "This is not a unified social credit code: 18 characters, the last of which checks the others."
)


class OrganisationQuerySet(VisibleQuerySet["Organisation"]):
    def of_member(self, user: Any, *levels: str) -> "OrganisationQuerySet":
        """Those the person belongs to, at one of ``levels`` (none given: at any)."""
        mine = Membership.objects.filter(user=user)
        if levels:
            mine = mine.filter(level__in=levels)
        return self.filter(pk__in=mine.values("organisation"))


class Organisation(models.Model):
    """An enterprise, institute or other body that declares, at home or abroad."""

    class Kind(models.TextChoices):
        ENTERPRISE = "enterprise", _("enterprise")
        INSTITUTE = "institute", _("research institute")
        UNIVERSITY = "university", _("university")
        ASSOCIATION = "association", _("association or alliance")
        PUBLIC = "public", _("public body")
        OTHER = "other", _("other")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name_en = models.CharField(_("name in English"), max_length=200, blank=True)
    name_zh = models.CharField(_("name in Chinese"), max_length=200, blank=True)
    country = models.ForeignKey(
        Country, verbose_name=_("country or region of registration"), on_delete=models.PROTECT
    )
    registration_number = models.CharField(
        _("registration number"),
        max_length=60,
        blank=True,
        help_text=_(
            "In China: the unified social credit code, for example 91350100M000100Y43. "
            "Not shown to the public."
        ),
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    website = models.URLField(
        _("website"), blank=True, validators=[URLValidator(schemes=["http", "https"])]
    )
    # An invented organisation of the demonstration; real ones are shown with sourced facts only.
    invented = models.BooleanField(default=False, editable=False)
    created_at = models.DateTimeField(_("registered"), auto_now_add=True)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        constraints = (
            models.CheckConstraint(
                condition=~Q(name_en="", name_zh=""), name="accounts_organisation_named"
            ),
        )

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        if not (self.name_en or self.name_zh):
            raise ValidationError({"name_en": _("Give the name in English or in Chinese.")})
        if self.country_id == "CN" and self.registration_number:
            self.registration_number = credit_code.normalised(self.registration_number)
            if not credit_code.is_valid(self.registration_number):
                raise ValidationError({"registration_number": NOT_A_CREDIT_CODE})

    @property
    def name(self) -> str:
        chinese_first = (get_language() or "").startswith("zh")
        names = (self.name_zh, self.name_en) if chinese_first else (self.name_en, self.name_zh)
        return names[0] or names[1]


class Membership(models.Model):
    """A person acting for an organisation."""

    user = models.ForeignKey(
        User, verbose_name=_("person"), on_delete=models.PROTECT, related_name="memberships"
    )
    organisation = models.ForeignKey(
        Organisation,
        verbose_name=_("organisation"),
        on_delete=models.PROTECT,
        related_name="memberships",
    )
    level = models.CharField(_("level"), max_length=10, choices=Level.choices)
    since = models.DateTimeField(_("since"), auto_now_add=True)

    objects = VisibleQuerySet["Membership"].as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = (
            models.UniqueConstraint(
                fields=("user", "organisation"), name="accounts_membership_once"
            ),
            models.CheckConstraint(
                condition=Q(level__in=Level.values), name="accounts_membership_level"
            ),
        )

    def __str__(self) -> str:
        return f"{self.user} – {self.organisation} ({self.get_level_display()})"
