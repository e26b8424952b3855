"""Sets of rules tried on what was filed before they are used."""

import uuid

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.querysets import VisibleQuerySet
from submissions.models.activities import Activity
from submissions.models.rules import RuleSet


class RuleTrial(models.Model):
    """One set of rules run over what was first filed in one activity; kept as it came out.

    The worker goes through the first versions by their keys, from ``after`` to ``until``, and
    counts in ``result`` (``submissions.trying``).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    rule_set = models.ForeignKey(
        RuleSet, verbose_name=_("set of rules"), on_delete=models.PROTECT, related_name="trials"
    )
    activity = models.ForeignKey(
        Activity, verbose_name=_("activity"), on_delete=models.PROTECT, related_name="+"
    )
    asked_by = models.ForeignKey(
        User, verbose_name=_("asked by"), on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField(_("asked for on"))
    after = models.PositiveBigIntegerField(default=0)
    until = models.PositiveBigIntegerField()
    result = models.JSONField(_("result"), default=dict)
    finished_at = models.DateTimeField(_("finished"), null=True)

    objects = VisibleQuerySet["RuleTrial"].as_manager()

    class Meta:
        verbose_name = _("trial of a set of rules")
        verbose_name_plural = _("trials of sets of rules")
        ordering = ("-asked_at", "id")
        indexes = (models.Index(fields=("-asked_at", "id")),)
        constraints = (
            # Whoever asks for what is at work already gets that one.
            models.UniqueConstraint(
                fields=("rule_set", "activity"),
                condition=Q(finished_at=None),
                name="submissions_trial_at_work_once",
            ),
        )
        triggers = (
            pgtrigger.Protect(
                name="asked_stays",
                operation=pgtrigger.UpdateOf(
                    "rule_set_id", "activity_id", "asked_by_id", "asked_at", "until"
                ),
            ),
            pgtrigger.Protect(
                name="result_stays",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__finished_at__isnull=False),
            ),
            pgtrigger.Protect(name="kept", operation=pgtrigger.Delete),
        )

    def __str__(self) -> str:
        return f"{self.rule_set}: {self.activity}"
