"""What the enterprise is told about the judgement, dimension by dimension."""

import uuid

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.lifecycle import status_guard
from core.querysets import VisibleQuerySet
from evaluation.letters.states import LETTER, LetterStatus
from evaluation.models.cases import Case
from submissions.models.kept import fixed, kept


class FeedbackLetter(models.Model):
    """The letter of a case: a passage for each dimension, and one for the whole."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.OneToOneField(
        Case, verbose_name=_("case"), on_delete=models.PROTECT, related_name="letter"
    )
    status = models.CharField(
        _("state"),
        max_length=20,
        choices=LetterStatus.choices,
        default=LetterStatus.WRITING,
        editable=False,
    )
    passages = models.JSONField(default=dict)  # code of the dimension -> text
    overall = models.TextField(_("on the whole"), blank=True)
    # Counts the saves: a save that began from an older count is refused, and nothing typed lost.
    revision = models.PositiveIntegerField(default=0)
    # Keys of the remarks of evaluation.letters.tone that an officer read and let stand.
    confirmed = models.JSONField(default=list)
    begun_by = models.ForeignKey(
        User, verbose_name=_("begun by"), on_delete=models.PROTECT, related_name="+"
    )
    begun_at = models.DateTimeField(_("begun"))
    saved_by = models.ForeignKey(
        User, verbose_name=_("last saved by"), on_delete=models.PROTECT, related_name="+"
    )
    saved_at = models.DateTimeField(_("last saved"))
    finished_by = models.ForeignKey(
        User, verbose_name=_("finished by"), null=True, on_delete=models.PROTECT, related_name="+"
    )
    finished_at = models.DateTimeField(_("finished on"), null=True)
    handed_out_at = models.DateTimeField(_("handed out on"), null=True)
    # SHA-256 of the canonical JSON of what was handed out (evaluation.letters.document_of).
    content_hash = models.CharField(_("seal"), max_length=64, blank=True)

    objects = VisibleQuerySet["FeedbackLetter"].as_manager()

    class Meta:
        verbose_name = _("feedback letter")
        verbose_name_plural = _("feedback letters")
        ordering = ("-saved_at", "id")
        indexes = (models.Index(fields=("-saved_at", "id")),)
        constraints = (
            models.CheckConstraint(
                condition=~Q(status__in=(LetterStatus.FINISHED, LetterStatus.HANDED_OUT))
                | Q(finished_by__isnull=False, finished_at__isnull=False),
                name="evaluation_letter_finished",
            ),
            models.CheckConstraint(
                condition=Q(status=LetterStatus.HANDED_OUT, handed_out_at__isnull=False)
                & ~Q(content_hash="")
                | ~Q(status=LetterStatus.HANDED_OUT) & Q(handed_out_at=None, content_hash=""),
                name="evaluation_letter_handed_out",
            ),
        )
        triggers = (
            status_guard(LETTER),
            kept(),
            fixed("begun_stays", "case_id", "begun_by_id", "begun_at"),
            # What was finished is read before it is released, and goes out as it was read.
            fixed(
                "finished_stays",
                *("passages", "overall", "revision", "saved_by_id", "saved_at"),
                condition=~pgtrigger.Q(old__status=LetterStatus.WRITING),
            ),
            pgtrigger.Protect(
                name="handed_out_stays",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__status=LetterStatus.HANDED_OUT),
            ),
            pgtrigger.Trigger(
                name="with_the_release",
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf("status"),
                condition=pgtrigger.Q(new__status=LetterStatus.HANDED_OUT),
                func="""
                    IF NOT EXISTS (
                        SELECT 1 FROM evaluation_decision
                        WHERE case_id = NEW.case_id AND released_at IS NOT NULL
                    ) THEN
                        RAISE EXCEPTION 'feedback letter: no decision was released'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        )

    def __str__(self) -> str:
        return str(self.case)
