"""Plans: who shall judge which declaration of an activity, asked for, drawn, published."""

import uuid

import pgtrigger
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.immutable import append_only
from core.lifecycle import status_guard
from core.querysets import VisibleQuerySet
from evaluation.models.cases import Assignment, Case
from evaluation.models.experts import Expert
from evaluation.planning.states import PLAN, PlanStatus
from submissions.models import Activity

MOST_NEED = 15


class AssignmentPlan(models.Model):
    """What was asked for, the seed it was drawn with, and what it came to.

    Never changed once it is drawn, nor deleted: another wish is another plan, so that it can be
    seen how often there was a draw.
    """

    class Origin(models.TextChoices):
        DRAWN = "drawn", _("drawn")
        BY_HAND = "by_hand", _("edited by hand")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    activity = models.ForeignKey(
        Activity,
        verbose_name=_("activity"),
        on_delete=models.PROTECT,
        related_name="assignment_plans",
    )
    name = models.CharField(_("name of the plan"), max_length=120)
    origin = models.CharField(
        _("made by"),
        max_length=20,
        choices=Origin.choices,
        default=Origin.DRAWN,
        editable=False,
    )
    status = models.CharField(
        _("state"),
        max_length=20,
        choices=PlanStatus.choices,
        default=PlanStatus.ASKED,
        editable=False,
    )
    need = models.PositiveSmallIntegerField(
        _("experts per declaration"),
        default=5,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_NEED)],
        help_text=_("An odd number."),
    )
    cap = models.PositiveSmallIntegerField(
        _("most declarations per expert"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("Empty: no limit but the own one of each expert."),
    )
    per_organisation = models.PositiveSmallIntegerField(
        _("most experts of one organisation"),
        default=2,
        validators=[MinValueValidator(1)],
    )
    specialists = models.PositiveSmallIntegerField(
        _("at least so many of the sub-category"), default=3
    )
    economists = models.BooleanField(
        _("one expert with economics where there is one"), default=True
    )
    # In hundredths of affinity: what a seat of the plan before is worth more than another.
    price = models.PositiveSmallIntegerField(
        _("price of a change"),
        default=0,
        validators=[MaxValueValidator(100)],
        help_text=_(
            "How much better an expert has to fit, in hundredths, before a seat of the plan it is "
            "based on is given to another one. 0: all seats are drawn anew."
        ),
    )
    base = models.ForeignKey(
        "self",
        verbose_name=_("based on"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="followers",
    )
    seed = models.CharField(_("seed of the draw"), max_length=64, editable=False)
    asked_by = models.ForeignKey(
        User, verbose_name=_("asked by"), on_delete=models.PROTECT, related_name="+", editable=False
    )
    asked_at = models.DateTimeField(_("asked for on"), editable=False)
    # Begun so often; a computation that ends its worker again and again is given up.
    attempts = models.PositiveSmallIntegerField(default=0, editable=False)
    finished_at = models.DateTimeField(_("finished"), null=True, editable=False)
    failure = models.CharField(_("why not computed"), max_length=500, blank=True, editable=False)
    # Figures, what is missing, clashes, and why loads differ (evaluation.planning.reading).
    outcome = models.JSONField(_("outcome"), default=dict, editable=False)
    published_by = models.ForeignKey(
        User,
        verbose_name=_("published by"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
    )
    published_at = models.DateTimeField(_("published"), null=True, editable=False)
    due_at = models.DateTimeField(_("score sheets due"), null=True, editable=False)
    undone_at = models.DateTimeField(_("undone"), null=True, editable=False)

    objects = VisibleQuerySet["AssignmentPlan"].as_manager()

    class Meta:
        verbose_name = _("assignment plan")
        verbose_name_plural = _("assignment plans")
        ordering = ("-asked_at", "id")
        indexes = (
            models.Index(fields=("-asked_at", "id")),
            models.Index(fields=("status", "asked_at")),
        )
        constraints = (
            models.UniqueConstraint(fields=("activity", "name"), name="evaluation_plan_named_once"),
            models.CheckConstraint(
                condition=Q(need__gte=1, need__lte=MOST_NEED), name="evaluation_plan_need"
            ),
            models.CheckConstraint(
                condition=~Q(status__in=(PlanStatus.PUBLISHED, PlanStatus.UNDONE))
                | Q(published_by__isnull=False, published_at__isnull=False),
                name="evaluation_plan_published",
            ),
        )
        triggers = (
            status_guard(PLAN),
            pgtrigger.Protect(name="kept", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="asked_stays",
                operation=pgtrigger.UpdateOf(
                    "activity_id", "name", "origin", "need", "cap", "per_organisation",
                    "specialists", "economists", "price", "base_id", "seed", "asked_by_id",
                    "asked_at",
                ),
            ),
            pgtrigger.Protect(
                name="outcome_stays",
                operation=pgtrigger.UpdateOf("outcome", "finished_at"),
                condition=pgtrigger.Q(old__finished_at__isnull=False),
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return self.name


class PlanInputs(models.Model):
    """What a plan was drawn from, exactly: it can be explained, and drawn again. Never changed."""

    plan = models.OneToOneField(
        AssignmentPlan, primary_key=True, on_delete=models.PROTECT, related_name="inputs"
    )
    # See evaluation.planning.inputs for what it holds.
    document = models.JSONField()
    content_hash = models.CharField(max_length=64)
    read_at = models.DateTimeField()

    objects = VisibleQuerySet["PlanInputs"].as_manager()

    class Meta:
        verbose_name = _("inputs of a plan")
        verbose_name_plural = _("inputs of plans")
        triggers = (append_only(),)

    def __str__(self) -> str:
        return f"{self.plan_id}: {self.content_hash}"


class PlanSeat(models.Model):
    """One expert at one declaration, as a plan has it."""

    plan = models.ForeignKey(AssignmentPlan, on_delete=models.PROTECT, related_name="seats")
    case = models.ForeignKey(
        Case, verbose_name=_("case"), on_delete=models.PROTECT, related_name="+"
    )
    expert = models.ForeignKey(
        Expert, verbose_name=_("expert"), on_delete=models.PROTECT, related_name="+"
    )
    # Was asked before the plan was drawn: the plan builds around it.
    standing = models.BooleanField(_("asked before"), default=False)
    # Millionths of affinity.
    points = models.PositiveIntegerField(_("affinity"))

    objects = VisibleQuerySet["PlanSeat"].as_manager()

    class Meta:
        verbose_name = _("seat of a plan")
        verbose_name_plural = _("seats of plans")
        ordering = ("plan", "case", "expert")
        constraints = (
            models.UniqueConstraint(
                fields=("plan", "case", "expert"), name="evaluation_planseat_once"
            ),
        )
        triggers = (append_only(),)

    def __str__(self) -> str:
        return f"{self.case_id} – {self.expert_id}"

    @property
    def hundredths(self) -> str:
        """The affinity as pages show it."""
        return f"{self.points / 10_000:.1f}"


class PlannedAssignment(models.Model):
    """Which plan asked an expert: at its publication, or later in the place of one who declined."""

    assignment = models.OneToOneField(
        Assignment, primary_key=True, on_delete=models.PROTECT, related_name="planned"
    )
    plan = models.ForeignKey(AssignmentPlan, on_delete=models.PROTECT, related_name="asked")

    objects = VisibleQuerySet["PlannedAssignment"].as_manager()

    class Meta:
        verbose_name = _("assignment of a plan")
        verbose_name_plural = _("assignments of plans")
        triggers = (append_only(),)

    def __str__(self) -> str:
        return f"{self.plan_id}: {self.assignment_id}"


class Replacement(models.Model):
    """A seat that became free, and who was drawn for it: owed first, drawn once."""

    declined = models.OneToOneField(
        Assignment,
        verbose_name=_("declined"),
        primary_key=True,
        on_delete=models.PROTECT,
        related_name="replacement",
    )
    plan = models.ForeignKey(
        AssignmentPlan,
        verbose_name=_("assignment plan"),
        on_delete=models.PROTECT,
        related_name="replacements",
    )
    owed_at = models.DateTimeField(_("owed since"))
    drawn_at = models.DateTimeField(_("drawn"), null=True)
    # None: nobody was left, or nobody is needed any more.
    assignment = models.OneToOneField(
        Assignment,
        verbose_name=_("in their place"),
        null=True,
        on_delete=models.PROTECT,
        related_name="replaces",
    )
    # How many could have been drawn, the place of the one who was, load and affinity then.
    details = models.JSONField(_("details"), default=dict)

    objects = VisibleQuerySet["Replacement"].as_manager()

    class Meta:
        verbose_name = _("replacement")
        verbose_name_plural = _("replacements")
        ordering = ("-owed_at", "declined")
        constraints = (
            models.CheckConstraint(
                condition=Q(assignment=None) | Q(drawn_at__isnull=False),
                name="evaluation_replacement_drawn",
            ),
            models.CheckConstraint(
                condition=Q(assignment=None) | ~Q(assignment=F("declined")),
                name="evaluation_replacement_another",
            ),
        )
        triggers = (
            pgtrigger.Protect(
                name="drawn_stays",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__drawn_at__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"{self.declined_id}"
