"""Early looks into a sealed activity: asked for by one officer, granted by another, for a day."""

import uuid

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.querysets import VisibleQuerySet
from submissions.models.declarations import Declaration


class EarlyLook(models.Model):
    """An officer may read one declaration of a sealed activity before it closes; for what reason.

    It counts once another officer granted it, until ``until``.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    declaration = models.ForeignKey(
        Declaration, on_delete=models.PROTECT, related_name="early_looks"
    )
    reason = models.TextField(_("reason"))
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    granted_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    granted_at = models.DateTimeField(null=True)
    until = models.DateTimeField(null=True)

    objects = VisibleQuerySet["EarlyLook"].as_manager()

    class Meta:
        verbose_name = _("early look")
        verbose_name_plural = _("early looks")
        ordering = ("-asked_at", "id")
        constraints = (
            models.CheckConstraint(
                condition=Q(granted_by=None, granted_at=None, until=None)
                | Q(granted_by__isnull=False, granted_at__isnull=False, until__isnull=False)
                & ~Q(granted_by=F("asked_by")),
                name="submissions_look_by_two",
            ),
            models.UniqueConstraint(
                fields=("declaration", "asked_by"),
                condition=Q(granted_at=None),
                name="submissions_look_asked_once",
            ),
        )
        triggers = (
            pgtrigger.Protect(
                name="asked_stays",
                operation=pgtrigger.UpdateOf("declaration_id", "reason", "asked_by_id", "asked_at"),
            ),
            pgtrigger.Protect(name="kept", operation=pgtrigger.Delete),
        )

    def __str__(self) -> str:
        return f"{self.declaration_id} {self.asked_by_id}"
