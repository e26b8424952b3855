"""Organisations, and the people who act for them."""

import uuid
from typing import Any

import pgtrigger
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts import credit_code
from accounts.keys import NameKey, NumberKey
from accounts.models.people import User
from accounts.names import no_link
from accounts.roles import Level
from accounts.states import ORGANISATION, OrganisationStatus
from core.lifecycle import status_guard
from core.querysets import VisibleQuerySet
from reference.models import Country

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
    status = models.CharField(
        _("verification"),
        max_length=20,
        choices=OrganisationStatus.choices,
        default=OrganisationStatus.UNVERIFIED,
        editable=False,
    )
    verified_at = models.DateTimeField(_("verified on"), null=True, editable=False)
    # Why an officer refused, or took the verification back: told to the members.
    status_reason = models.TextField(_("reason"), blank=True, editable=False)
    merged_into = models.ForeignKey(
        "self",
        verbose_name=_("merged into"),
        null=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="absorbed",
    )

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        constraints = (
            models.CheckConstraint(
                condition=~Q(name_en="", name_zh=""), name="accounts_organisation_named"
            ),
            models.CheckConstraint(
                condition=Q(status=OrganisationStatus.MERGED, merged_into__isnull=False)
                | (~Q(status=OrganisationStatus.MERGED) & Q(merged_into=None)),
                name="accounts_organisation_merged",
            ),
            models.CheckConstraint(
                condition=~Q(status=OrganisationStatus.VERIFIED) | Q(verified_at__isnull=False),
                name="accounts_organisation_verified",
            ),
        )
        # Whose twin or namesake it is, is asked at every question what an officer may do.
        indexes = (
            models.Index(NameKey("name_en"), name="accounts_organisation_key_en"),
            models.Index(NameKey("name_zh"), name="accounts_organisation_key_zh"),
            models.Index(
                NumberKey("registration_number"), "country", name="accounts_organisation_key_no"
            ),
        )
        triggers = (status_guard(ORGANISATION),)

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        if not (self.name_en or self.name_zh):
            raise ValidationError({"name_en": _("Give the name in English or in Chinese.")})
        for field in ("name_en", "name_zh"):
            try:
                no_link(getattr(self, field))
            except ValidationError as error:
                raise ValidationError({field: error}) from None
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
        triggers = (
            # Looked at when the transaction commits, behind the lock of the organisation: of two
            # owners who leave at once the second finds that nobody else is left.
            pgtrigger.Trigger(
                name="owned",
                when=pgtrigger.After,
                operation=pgtrigger.Update | pgtrigger.Delete,
                timing=pgtrigger.Deferred,
                func="""
                    PERFORM 1 FROM accounts_organisation
                        WHERE id = OLD.organisation_id FOR NO KEY UPDATE;
                    IF EXISTS (SELECT 1 FROM accounts_membership
                            WHERE organisation_id = OLD.organisation_id)
                        AND NOT EXISTS (SELECT 1 FROM accounts_membership
                            WHERE organisation_id = OLD.organisation_id AND level = 'own')
                    THEN
                        RAISE EXCEPTION 'organisation % would be without an owner',
                            OLD.organisation_id USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NULL;
                """,
            ),
        )

    def __str__(self) -> str:
        return f"{self.user} – {self.organisation} ({self.get_level_display()})"
