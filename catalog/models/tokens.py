"""Tokens by which programs of partners ask more often, and for more at once."""

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from catalog.states import TOKEN, TokenStatus
from core.lifecycle import status_guard
from core.querysets import VisibleQuerySet

MOST_PER_MINUTE = 100_000


class ApiToken(models.Model):
    """A token of a program; the token itself is known to the partner alone.

    What it allows is written once. A token with another limit is another token.
    """

    class Scope(models.TextChoices):
        READ = "read", _("read the catalogue")
        BULK = "bulk", _("pages of up to 1,000 rows")

    name = models.CharField(_("for whom"), max_length=100)
    hint = models.CharField(_("begins with"), max_length=12, editable=False)
    hash = models.CharField(max_length=64, unique=True, editable=False)
    scopes = ArrayField(
        models.CharField(max_length=10, choices=Scope.choices), verbose_name=_("scopes")
    )
    per_minute = models.PositiveIntegerField(_("requests a minute"))
    expires_on = models.DateField(_("valid until"))
    status = models.CharField(
        _("state"),
        max_length=10,
        choices=TokenStatus.choices,
        default=TokenStatus.ACTIVE,
        editable=False,
    )
    made_by = models.ForeignKey(
        User, verbose_name=_("made by"), on_delete=models.PROTECT, related_name="+", editable=False
    )
    made_at = models.DateTimeField(_("made"), auto_now_add=True)

    objects = VisibleQuerySet["ApiToken"].as_manager()

    class Meta:
        verbose_name = _("token of a program")
        verbose_name_plural = _("tokens of programs")
        ordering = ("-made_at", "pk")
        constraints = (
            models.CheckConstraint(
                name="catalog_token_scopes",
                condition=Q(scopes__contained_by=["read", "bulk"]) & Q(scopes__len__gte=1),
            ),
            models.CheckConstraint(
                name="catalog_token_per_minute",
                condition=Q(per_minute__gte=1, per_minute__lte=MOST_PER_MINUTE),
            ),
        )
        triggers = (
            status_guard(TOKEN),
            pgtrigger.Protect(
                name="issued_once",
                operation=pgtrigger.Delete
                | pgtrigger.UpdateOf(
                    *("hash", "hint", "name", "scopes", "per_minute", "expires_on"),
                    *("made_by_id", "made_at"),
                ),
            ),
        )

    def __str__(self) -> str:
        return self.name
