"""What the sheets of an activity tell: runs of the statistics, and scenarios tried on them."""

import uuid

import pgtrigger
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.immutable import append_only
from core.lifecycle import status_guard
from core.querysets import VisibleQuerySet
from evaluation.figures.states import FINISHED, STATISTIC_RUN, UNFINISHED, RunStatus
from submissions.models import Activity


class StatisticRunQuerySet(VisibleQuerySet["StatisticRun"]):
    def unfinished(self) -> "StatisticRunQuerySet":
        return self.filter(status__in=UNFINISHED)

    def computed(self) -> "StatisticRunQuerySet":
        return self.filter(status=RunStatus.COMPUTED)

    def without_documents(self) -> "StatisticRunQuerySet":
        """Leave out what is large; a list reads neither."""
        return self.defer("input", "result")


class StatisticRun(models.Model):
    """The statistics of an activity over every sheet that counted when it was asked for.

    ``input`` is all that they are worked out from, and ``seed`` what is drawn by: who computes
    them again finds the same (``evaluation.statistics.whole``).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    activity = models.ForeignKey(
        Activity, verbose_name=_("activity"), on_delete=models.PROTECT, related_name="figures"
    )
    status = models.CharField(
        _("state"),
        max_length=20,
        choices=RunStatus.choices,
        default=RunStatus.ASKED,
        editable=False,
    )
    asked_by = models.ForeignKey(
        User, verbose_name=_("asked by"), on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField(_("asked for on"))
    claimed_at = models.DateTimeField(_("begun"), null=True)  # by the worker that is at it
    attempts = models.PositiveSmallIntegerField(default=0)
    finished_at = models.DateTimeField(_("finished"), null=True)
    # {"points": "75"}: a line at so many points; {"places": 20}: below the best so many.
    cut = models.JSONField(_("cut line"))
    seed = models.PositiveBigIntegerField(_("seed"))
    draws = models.PositiveIntegerField(
        _("draws"), validators=[MinValueValidator(100), MaxValueValidator(100_000)]
    )
    level = models.DecimalField(_("level of the intervals"), max_digits=3, decimal_places=2)
    input = models.JSONField(editable=False)
    input_hash = models.CharField(_("SHA-256 of the input"), max_length=64, editable=False)
    # What tells whether anything came since, without reading the input.
    sheets = models.PositiveIntegerField(_("score sheets"))
    newest_sheet_at = models.DateTimeField(_("newest score sheet"), null=True)
    criteria_hash = models.CharField(_("criteria"), max_length=64)
    generated = models.BooleanField(_("with generated scores"))
    method = models.CharField(_("method"), max_length=60, blank=True)
    result = models.JSONField(default=dict, editable=False)
    why_failed = models.TextField(_("why it failed"), blank=True)

    objects = StatisticRunQuerySet.as_manager()

    class Meta:
        verbose_name = _("figures of an activity")
        verbose_name_plural = _("figures of activities")
        ordering = ("-asked_at", "id")
        indexes = (
            models.Index(fields=("-asked_at", "id")),
            models.Index(fields=("activity", "-asked_at")),
        )
        constraints = (
            # Whoever asks for what is at work already gets that one.
            models.UniqueConstraint(
                fields=("activity",),
                condition=Q(status__in=sorted(UNFINISHED)),
                name="evaluation_run_at_work_once",
            ),
            models.CheckConstraint(
                condition=Q(level__gt=0, level__lt=1), name="evaluation_run_level"
            ),
            models.CheckConstraint(
                condition=~Q(status__in=sorted(FINISHED)) | Q(finished_at__isnull=False),
                name="evaluation_run_finished",
            ),
        )
        triggers = (
            status_guard(STATISTIC_RUN),
            pgtrigger.Protect(
                name="asked_stays",
                operation=pgtrigger.UpdateOf(
                    "activity_id", "asked_by_id", "asked_at", "cut", "seed", "draws", "level",
                    "input", "input_hash", "sheets", "newest_sheet_at", "criteria_hash",
                    "generated",
                ),
            ),
            pgtrigger.Protect(
                name="finished_stays",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__status__in=sorted(FINISHED)),
            ),
            pgtrigger.Protect(name="kept", operation=pgtrigger.Delete),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.activity} ({timezone.localtime(self.asked_at):%Y-%m-%d %H:%M})"


class FigureScenario(models.Model):
    """Other weights, gates or experts tried on a run, kept with who would have flipped.

    Nothing follows from it: what an activity goes by is changed by a change of its criteria.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    run = models.ForeignKey(
        StatisticRun, verbose_name=_("figures"), on_delete=models.PROTECT, related_name="scenarios"
    )
    title = models.CharField(_("title of the scenario"), max_length=120)
    inputs = models.JSONField(_("what was tried"))
    # [{"case", "before": [total, verdict, place, taken], "after": [...]}], by the key of the case
    flips = models.JSONField(_("what would flip"))
    saved_by = models.ForeignKey(
        User, verbose_name=_("saved by"), on_delete=models.PROTECT, related_name="+"
    )
    saved_at = models.DateTimeField(_("saved on"), auto_now_add=True)

    objects = VisibleQuerySet["FigureScenario"].as_manager()

    class Meta:
        verbose_name = _("scenario")
        verbose_name_plural = _("scenarios")
        ordering = ("-saved_at", "id")
        indexes = (models.Index(fields=("-saved_at", "id")),)
        triggers = (append_only(),)

    def __str__(self) -> str:
        return self.title
