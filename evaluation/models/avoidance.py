"""What an enterprise asks before the review: that a certain person does not judge."""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.lifecycle import status_guard
from core.querysets import VisibleQuerySet
from evaluation.conflicts.avoidance_states import AVOIDANCE, AvoidanceStatus
from submissions.models import Declaration


class AvoidanceRequest(models.Model):
    """A person whom the applicant does not want to judge, and what became of it."""

    declaration = models.ForeignKey(
        Declaration, verbose_name=_("declaration"), on_delete=models.PROTECT, related_name="+"
    )
    named = models.CharField(_("name of the person"), max_length=100)
    unit = models.CharField(_("where the person works"), max_length=200, blank=True)
    reason = models.TextField(_("reason"), max_length=4000)
    evidence = models.TextField(_("evidence"), max_length=4000, blank=True)
    status = models.CharField(
        _("state"),
        max_length=20,
        choices=AvoidanceStatus.choices,
        default=AvoidanceStatus.ASKED,
        editable=False,
    )
    asked_by = models.ForeignKey(
        User, verbose_name=_("asked by"), on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField(_("asked on"))
    # Whom the officer found under the name; without one, whoever bears it.
    person = models.ForeignKey(
        User,
        verbose_name=_("account of the person"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    decided_by = models.ForeignKey(
        User,
        verbose_name=_("answered by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    decided_at = models.DateTimeField(_("answered on"), null=True, blank=True)
    answer = models.TextField(_("answer to the enterprise"), blank=True)

    objects = VisibleQuerySet["AvoidanceRequest"].as_manager()

    class Meta:
        verbose_name = _("avoidance request")
        verbose_name_plural = _("avoidance requests")
        ordering = ("-asked_at", "-pk")
        indexes = (
            models.Index(fields=("declaration", "status")),
            models.Index(fields=("-asked_at", "-id")),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(status__in=("asked", "withdrawn"), decided_by=None)
                | Q(status__in=("admitted", "refused"), decided_by__isnull=False),
                name="evaluation_avoidancerequest_decided",
            ),
        )
        triggers = (
            status_guard(AVOIDANCE),
            pgtrigger.Protect(name="no_deletion", operation=pgtrigger.Delete),
        )

    def __str__(self) -> str:
        return f"{self.declaration}: {self.named}"
