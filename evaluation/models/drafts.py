"""Criteria in the making: drafts of a set, and the change of what an open activity is judged by."""

import uuid

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.lifecycle import status_guard
from core.querysets import VisibleQuerySet
from evaluation.models.criteria import CriteriaSet
from evaluation.states import CRITERIA_CHANGE, CRITERIA_DRAFT, ChangeStatus, DraftStatus
from reference.names import in_language
from submissions.models import Activity


class CriteriaDraft(models.Model):
    """A criteria set being written; sealed by an officer who wrote none of it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    document = models.JSONField()
    based_on = models.ForeignKey(
        CriteriaSet,
        verbose_name=_("based on"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    reason = models.TextField(_("reason of the change"), blank=True)
    status = models.CharField(
        _("state"),
        max_length=20,
        choices=DraftStatus.choices,
        default=DraftStatus.WRITING,
        editable=False,
    )
    # Counts the saves: a save that began from an older count is refused, and nothing typed lost.
    revision = models.PositiveIntegerField(default=0)
    writers = models.ManyToManyField(User, verbose_name=_("written by"), related_name="+")
    created_at = models.DateTimeField(_("begun"), auto_now_add=True)
    updated_at = models.DateTimeField(_("last saved"), auto_now=True)
    proposed_by = models.ForeignKey(
        User, verbose_name=_("proposed by"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    proposed_at = models.DateTimeField(_("proposed"), null=True)
    sealed_as = models.OneToOneField(
        CriteriaSet,
        verbose_name=_("sealed as"),
        null=True,
        on_delete=models.PROTECT,
        related_name="draft",
    )

    objects = VisibleQuerySet["CriteriaDraft"].as_manager()

    class Meta:
        verbose_name = _("draft of a criteria set")
        verbose_name_plural = _("drafts of criteria sets")
        ordering = ("-updated_at", "id")
        constraints = (
            models.CheckConstraint(
                condition=~Q(status=DraftStatus.PROPOSED) | Q(proposed_by__isnull=False),
                name="evaluation_draft_proposed",
            ),
            models.CheckConstraint(
                condition=~Q(status=DraftStatus.SEALED) | Q(sealed_as__isnull=False),
                name="evaluation_draft_sealed",
            ),
        )
        triggers = (
            status_guard(CRITERIA_DRAFT),
            # What waits for a signature is not rewritten under the eyes of who signs.
            pgtrigger.Trigger(
                name="fixed_while_proposed",
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf("document", "reason"),
                condition=~pgtrigger.Q(old__status=DraftStatus.WRITING),
                func="""
                    IF NEW.document IS DISTINCT FROM OLD.document
                        OR NEW.reason IS DISTINCT FROM OLD.reason THEN
                        RAISE EXCEPTION 'criteria draft: it is no longer being written'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        )

    def __str__(self) -> str:
        return f"{in_language(self.document['names'])} {self.document['version']}"


class CriteriaChange(models.Model):
    """Another version of the criteria for an activity that is open: reason and two officers."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    activity = models.ForeignKey(
        Activity,
        verbose_name=_("activity"),
        on_delete=models.PROTECT,
        related_name="criteria_changes",
    )
    previous = models.ForeignKey(
        CriteriaSet, verbose_name=_("until now"), on_delete=models.PROTECT, related_name="+"
    )
    criteria_set = models.ForeignKey(
        CriteriaSet, verbose_name=_("from then on"), on_delete=models.PROTECT, related_name="+"
    )
    reason = models.TextField(_("reason of the change"))
    status = models.CharField(
        _("state"),
        max_length=20,
        choices=ChangeStatus.choices,
        default=ChangeStatus.PROPOSED,
        editable=False,
    )
    proposed_by = models.ForeignKey(
        User, verbose_name=_("proposed by"), on_delete=models.PROTECT, related_name="+"
    )
    proposed_at = models.DateTimeField(_("proposed"), auto_now_add=True)
    confirmed_by = models.ForeignKey(
        User, verbose_name=_("confirmed by"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    confirmed_at = models.DateTimeField(_("confirmed"), null=True)
    # What it did to the results there were: [{"case", "before", "after", ...}] at confirmation.
    effect = models.JSONField(default=list, editable=False)

    objects = VisibleQuerySet["CriteriaChange"].as_manager()

    class Meta:
        verbose_name = _("change of criteria")
        verbose_name_plural = _("changes of criteria")
        ordering = ("-proposed_at", "id")
        constraints = (
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("proposed_by")),
                name="evaluation_change_two_officers",
            ),
            models.CheckConstraint(
                condition=~Q(status=ChangeStatus.CONFIRMED) | Q(confirmed_by__isnull=False),
                name="evaluation_change_confirmed",
            ),
            models.UniqueConstraint(
                fields=("activity",),
                condition=Q(status=ChangeStatus.PROPOSED),
                name="evaluation_change_one_proposed",
            ),
        )
        triggers = (
            status_guard(CRITERIA_CHANGE),
            pgtrigger.Protect(name="kept", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="confirmed_stays",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__status=ChangeStatus.CONFIRMED),
            ),
        )

    def __str__(self) -> str:
        return f"{self.activity}: {self.previous} → {self.criteria_set}"
