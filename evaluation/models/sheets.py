"""What an expert gave: the score sheet and its scores."""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.lifecycle import status_guard
from core.querysets import VisibleQuerySet
from evaluation.models.cases import Assignment
from evaluation.models.criteria import Indicator
from evaluation.states import SHEET, CaseStatus, Recommendation, SheetStatus

# The sheet is locked while a score is written: none slips in beside the submission that seals it.
SEALED_WITH_SHEET = f"""
    FOREACH sheet IN ARRAY ARRAY[OLD.sheet_id, NEW.sheet_id] LOOP
        SELECT status INTO found FROM evaluation_scoresheet
            WHERE assignment_id = sheet FOR SHARE;
        IF found <> '{SheetStatus.DRAFT}' THEN
            RAISE EXCEPTION 'score: the sheet is sealed' USING ERRCODE = 'check_violation';
        END IF;
    END LOOP;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
"""  # noqa: S608 -- the one value put in is a constant of ours

SEALED = f"""
    IF TG_OP = 'UPDATE' AND OLD.status = '{SheetStatus.SUBMITTED}'
        AND NEW.status = '{SheetStatus.DRAFT}'
        AND to_jsonb(NEW) - '{{status,submitted_at,reopened,updated_at}}'::text[]
            = to_jsonb(OLD) - '{{status,submitted_at,reopened,updated_at}}'::text[]
        AND EXISTS (
            SELECT 1 FROM evaluation_assignment assignment
              JOIN evaluation_case own ON own.id = assignment.case_id
             WHERE assignment.id = OLD.assignment_id AND own.status = '{CaseStatus.IN_REVIEW}'
        ) THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'UPDATE' AND OLD.status = '{SheetStatus.SUBMITTED}'
        AND NEW.status = '{SheetStatus.EXCLUDED}'
        AND to_jsonb(NEW) - '{{status,updated_at}}'::text[]
            = to_jsonb(OLD) - '{{status,updated_at}}'::text[]
        AND EXISTS (SELECT 1 FROM evaluation_lateconflict WHERE sheet_id = OLD.assignment_id) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'score sheet: it is sealed' USING ERRCODE = 'check_violation';
"""  # noqa: S608 -- the values put in are constants of ours


class ScoreSheetQuerySet(VisibleQuerySet["ScoreSheet"]):
    def submitted(self) -> "ScoreSheetQuerySet":
        return self.filter(status=SheetStatus.SUBMITTED)


class ScoreSheet(models.Model):
    """One expert's scores and comments for one version of a declaration."""

    assignment = models.OneToOneField(
        Assignment,
        verbose_name=_("assignment"),
        primary_key=True,
        on_delete=models.PROTECT,
        related_name="sheet",
    )
    status = models.CharField(
        _("state"),
        max_length=20,
        choices=SheetStatus.choices,
        default=SheetStatus.DRAFT,
        editable=False,
    )
    comment = models.TextField(_("overall comment"), blank=True)
    recommendation = models.CharField(
        _("recommendation"), max_length=20, choices=Recommendation.choices, blank=True
    )
    # For chair, panel and officers only: never part of what the enterprise is told.
    remark = models.TextField(_("confidential remark to the panel"), blank=True)
    revision = models.PositiveIntegerField(default=0)  # counts the saves that changed something
    # Entry -> [page that wrote it, what the page was begun from]; see evaluation.desk.saving.
    written = models.JSONField(default=dict, editable=False)
    updated_at = models.DateTimeField(auto_now=True)
    submitted_at = models.DateTimeField(_("submitted"), null=True)
    # Why an officer gave it back last; the expert reads it.
    reopened = models.TextField(_("reopened, because"), blank=True, editable=False)
    # In the seals of the audit, which auditors read: a hash of one score alone could be guessed.
    salt = models.CharField(max_length=64, default="", editable=False)
    # Generated scores of the demonstration; marked wherever they are shown.
    generated = models.BooleanField(_("generated"), default=False, editable=False)

    objects = ScoreSheetQuerySet.as_manager()

    class Meta:
        verbose_name = _("score sheet")
        verbose_name_plural = _("score sheets")
        ordering = ("submitted_at", "assignment")
        constraints = (
            models.CheckConstraint(
                condition=Q(status=SheetStatus.DRAFT, submitted_at=None)
                | (~Q(status=SheetStatus.DRAFT) & Q(submitted_at__isnull=False)),
                name="evaluation_scoresheet_submitted",
            ),
        )
        triggers = (
            status_guard(SHEET),
            # What is in stays as it is; it is excluded once, with its reason beside it.
            pgtrigger.Trigger(
                name="sealed",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=~pgtrigger.Q(old__status=SheetStatus.DRAFT),
                func=SEALED,
            ),
        )

    def __str__(self) -> str:
        return str(self.assignment)


class Score(models.Model):
    """One value for one indicator, from 0 to the best of the set, with its comment.

    While the sheet is being written there may be a comment and no value yet. An indicator said
    not to apply has no value either, and is left out of every mean.
    """

    sheet = models.ForeignKey(ScoreSheet, on_delete=models.PROTECT, related_name="scores")
    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="+")
    value = models.PositiveSmallIntegerField(_("score"), null=True)
    not_applicable = models.BooleanField(_("not applicable"), default=False)
    comment = models.TextField(_("comment"), blank=True)
    evidence = models.JSONField(_("evidence"), default=list)  # documents of evaluation.desk.anchors

    objects = VisibleQuerySet["Score"].as_manager()

    class Meta:
        verbose_name = _("score")
        verbose_name_plural = _("scores")
        constraints = (
            models.UniqueConstraint(fields=("sheet", "indicator"), name="evaluation_score_once"),
            models.CheckConstraint(condition=Q(value__lte=100), name="evaluation_score_range"),
            models.CheckConstraint(
                condition=Q(not_applicable=False) | Q(value=None),
                name="evaluation_score_or_not_applicable",
            ),
        )
        triggers = (
            pgtrigger.Trigger(
                name="sealed_with_sheet",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                declare=[("sheet", "uuid"), ("found", "text")],
                func=SEALED_WITH_SHEET,
            ),
        )

    def __str__(self) -> str:
        return f"{self.indicator}: {self.value}"
