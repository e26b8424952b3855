"""By what a declaration is judged: dimensions, indicators, weights, bands, gates."""

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.immutable import append_only
from core.querysets import VisibleQuerySet
from reference.names import in_language
from submissions.models import Activity


class CriteriaSet(models.Model):
    """Dimensions, indicators, weights, bands and gates, as they were when sealed.

    Rows are written once; a change is a new version. ``content_hash`` is the SHA-256 of the
    canonical JSON of the whole set (``evaluation.criteria``).
    """

    code = models.SlugField(_("code"), max_length=40)
    version = models.PositiveSmallIntegerField(_("version"))
    names = models.JSONField(_("names"))
    # Points as text: {"dimension_minimum": "60", "recommended": "75", "panel": "60"}.
    gates = models.JSONField(_("gates"))
    # Scores run from 0 to this number; whatever it is, they count as points from 0 to 100.
    best = models.PositiveSmallIntegerField(_("scores run to"), default=100)
    content_hash = models.CharField(_("seal"), max_length=64, editable=False)
    based_on = models.ForeignKey(
        "self", verbose_name=_("based on"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    reason = models.TextField(_("reason of the change"), blank=True)
    # Nobody for what the portal comes with.
    proposed_by = models.ForeignKey(
        User, verbose_name=_("proposed by"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    sealed_by = models.ForeignKey(
        User, verbose_name=_("sealed by"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(_("sealed"), auto_now_add=True)

    objects = VisibleQuerySet["CriteriaSet"].as_manager()

    class Meta:
        verbose_name = _("criteria set")
        verbose_name_plural = _("criteria sets")
        ordering = ("code", "-version")
        constraints = (
            models.UniqueConstraint(fields=("code", "version"), name="evaluation_criteria_once"),
            models.CheckConstraint(
                condition=Q(best__gte=2, best__lte=100), name="evaluation_criteria_scale"
            ),
            models.CheckConstraint(
                condition=Q(proposed_by=None, sealed_by=None)
                | (
                    Q(proposed_by__isnull=False, sealed_by__isnull=False)
                    & ~Q(proposed_by=F("sealed_by"))
                ),
                name="evaluation_criteria_two_officers",
            ),
        )
        triggers = (append_only(),)

    def __str__(self) -> str:
        return f"{self.name} {self.version}"

    @property
    def name(self) -> str:
        return in_language(self.names)

    def with_dimensions(self) -> "list[Dimension]":
        """Return the dimensions in their order, each with all its indicators at hand."""
        return list(self.dimensions.prefetch_related("indicators"))

    def asked_in(self, field: str | None) -> "list[Dimension]":
        """Return the dimensions, each with the indicators asked of declarations in a field.

        ``field`` is the code of a field of technology. One that names no fields is asked always.
        """
        asked = Indicator.objects.filter(Q(fields=[]) | Q(fields__contains=[field]))
        return list(self.dimensions.prefetch_related(models.Prefetch("indicators", asked)))


class Dimension(models.Model):
    """One of the five heads: advanced nature, practicability, economy, maturity, service."""

    criteria_set = models.ForeignKey(
        CriteriaSet, on_delete=models.PROTECT, related_name="dimensions"
    )
    code = models.SlugField(max_length=40)
    names = models.JSONField()
    weight = models.PositiveSmallIntegerField(_("weight"))  # of 100
    # Points as text, like the gates; empty: the gate of the set holds.
    minimum = models.CharField(_("minimum of this dimension"), max_length=6, blank=True)
    order = models.PositiveSmallIntegerField()

    objects = VisibleQuerySet["Dimension"].as_manager()

    class Meta:
        verbose_name = _("dimension")
        verbose_name_plural = _("dimensions")
        ordering = ("criteria_set", "order")
        constraints = (
            models.UniqueConstraint(
                fields=("criteria_set", "code"), name="evaluation_dimension_once"
            ),
            models.CheckConstraint(
                condition=Q(weight__gte=1, weight__lte=100), name="evaluation_dimension_weight"
            ),
        )
        triggers = (append_only(),)

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return in_language(self.names)


class Indicator(models.Model):
    """What an expert scores, with anchored bands and the evidence to look at."""

    dimension = models.ForeignKey(Dimension, on_delete=models.PROTECT, related_name="indicators")
    code = models.SlugField(max_length=60)
    names = models.JSONField()
    weight = models.PositiveSmallIntegerField(_("weight"))  # of 100 within the dimension
    # [{"from": 90, "to": 100, "texts": {"en": ..., "zh-hans": ...}}, ...] from best to worst
    bands = models.JSONField(default=list)
    # Sections of the declaration to show beside the score: ["technology", "cases"]
    evidence = models.JSONField(default=list)
    # Codes of the fields of technology it is asked in; empty: in all of them.
    fields = models.JSONField(_("asked in the fields"), default=list)
    # Points as text: a mean below them stands against inclusion, whatever the total.
    veto_below = models.CharField(_("veto below"), max_length=6, blank=True)
    not_applicable = models.BooleanField(_("may be said not to apply"), default=False)
    order = models.PositiveSmallIntegerField()

    objects = VisibleQuerySet["Indicator"].as_manager()

    class Meta:
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")
        ordering = ("dimension", "order")
        constraints = (
            models.UniqueConstraint(fields=("dimension", "code"), name="evaluation_indicator_once"),
            models.CheckConstraint(
                condition=Q(weight__gte=1, weight__lte=100), name="evaluation_indicator_weight"
            ),
        )
        triggers = (append_only(),)

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return in_language(self.names)


class ActivityCriteria(models.Model):
    """Which criteria set an activity is judged by; fixed when the activity opens."""

    activity = models.OneToOneField(
        Activity,
        verbose_name=_("activity"),
        primary_key=True,
        on_delete=models.PROTECT,
        related_name="criteria",
    )
    criteria_set = models.ForeignKey(
        CriteriaSet, verbose_name=_("criteria set"), on_delete=models.PROTECT, related_name="+"
    )
    experts_wanted = models.PositiveSmallIntegerField(_("experts per declaration"), default=5)

    objects = VisibleQuerySet["ActivityCriteria"].as_manager()

    class Meta:
        verbose_name = _("criteria of an activity")
        verbose_name_plural = _("criteria of activities")
        ordering = ("activity",)
        constraints = (
            models.CheckConstraint(
                condition=Q(experts_wanted__gte=1), name="evaluation_activitycriteria_wanted"
            ),
        )
        triggers = (
            # Once an activity is open, only a change that a second officer confirmed moves it.
            pgtrigger.Trigger(
                name="sealed_by_opening",
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf("criteria_set_id", "experts_wanted"),
                func="""
                    IF (NEW.criteria_set_id <> OLD.criteria_set_id
                            OR NEW.experts_wanted <> OLD.experts_wanted)
                        AND EXISTS (
                            SELECT 1 FROM submissions_activity
                            WHERE id = NEW.activity_id AND status <> 'prepared'
                        )
                        AND (NEW.experts_wanted <> OLD.experts_wanted OR NOT EXISTS (
                            SELECT 1 FROM evaluation_criteriachange
                            WHERE activity_id = NEW.activity_id AND status = 'confirmed'
                                AND previous_id = OLD.criteria_set_id
                                AND criteria_set_id = NEW.criteria_set_id
                        )) THEN
                        RAISE EXCEPTION 'criteria: the activity has been opened'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        )

    def __str__(self) -> str:
        return f"{self.activity}: {self.criteria_set}"
