"""What was said of conflicts of interest, and promised: evidence, written once."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.immutable import append_only
from core.querysets import VisibleQuerySet
from evaluation.models.cases import Assignment
from evaluation.models.decisions import Decision
from evaluation.models.sheets import ScoreSheet
from submissions.models import Activity


class ConflictCheck(models.Model):
    """What an expert answered when asked for a conflict, by names and title alone."""

    class Answer(models.TextChoices):
        NONE = "none", _("no conflict of interest")
        CONFLICT = "conflict", _("conflict of interest")

    assignment = models.ForeignKey(
        Assignment, verbose_name=_("assignment"), on_delete=models.PROTECT, related_name="checks"
    )
    answer = models.CharField(_("answer"), max_length=20, choices=Answer.choices)
    text = models.TextField(_("because"), blank=True)
    # Names, number and title as the page had them.
    shown = models.JSONField(_("what was shown"), default=dict)
    answered_at = models.DateTimeField(_("answered"))

    objects = VisibleQuerySet["ConflictCheck"].as_manager()

    class Meta:
        verbose_name = _("declaration of interests")
        verbose_name_plural = _("declarations of interests")
        ordering = ("-answered_at", "-pk")
        indexes = (models.Index(fields=("-answered_at", "-id")),)
        triggers = (append_only(),)

    def __str__(self) -> str:
        return f"{self.assignment}: {self.get_answer_display()}"


class Commitment(models.Model):
    """A promise of confidentiality: once by each expert in each activity."""

    activity = models.ForeignKey(
        Activity, verbose_name=_("activity"), on_delete=models.PROTECT, related_name="+"
    )
    person = models.ForeignKey(
        User, verbose_name=_("person"), on_delete=models.PROTECT, related_name="+"
    )
    version = models.CharField(_("version of the text"), max_length=20)
    text = models.TextField(_("text"))  # as it was read, in that language
    text_hash = models.CharField(_("hash of the text"), max_length=64)
    signed_at = models.DateTimeField(_("signed"))

    objects = VisibleQuerySet["Commitment"].as_manager()

    class Meta:
        verbose_name = _("promise of confidentiality")
        verbose_name_plural = _("promises of confidentiality")
        ordering = ("-signed_at", "-pk")
        indexes = (models.Index(fields=("-signed_at", "-id")),)
        constraints = (
            models.UniqueConstraint(
                fields=("activity", "person"), name="evaluation_commitment_once"
            ),
        )
        triggers = (append_only(),)

    def __str__(self) -> str:
        return f"{self.person} – {self.activity}"


class LateConflict(models.Model):
    """A conflict found when the sheet was in: why it counts no more, and what that changed."""

    sheet = models.OneToOneField(
        ScoreSheet,
        verbose_name=_("score sheet"),
        primary_key=True,
        on_delete=models.PROTECT,
        related_name="late_conflict",
    )
    reason = models.TextField(_("reason"))
    evidence = models.TextField(_("evidence"), blank=True)
    recorded_by = models.ForeignKey(
        User, verbose_name=_("recorded by"), on_delete=models.PROTECT, related_name="+"
    )
    recorded_at = models.DateTimeField(_("recorded"))
    # The decision that stood; it was sent back, unless it had been released.
    decision = models.ForeignKey(
        Decision,
        verbose_name=_("decision"),
        null=True,
        on_delete=models.PROTECT,
        related_name="late_conflicts",
    )
    # Both can be worked out again from the scores and the sealed set.
    result_before = models.JSONField(default=dict)
    result_after = models.JSONField(default=dict)

    objects = VisibleQuerySet["LateConflict"].as_manager()

    class Meta:
        verbose_name = _("late conflict")
        verbose_name_plural = _("late conflicts")
        ordering = ("-recorded_at", "pk")
        triggers = (append_only(),)

    def __str__(self) -> str:
        return str(self.sheet)
